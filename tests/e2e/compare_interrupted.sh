#!/usr/bin/env bash
# A run without a decision is not compared, explained or listed; the refusal says how to go on.
. "$(dirname "$0")/lib.sh"
project 40
expect 0 run demo.gate.yaml
first=$(basename "$(run_folder)")
expect 0 run demo.gate.yaml --again
folder=$(run_folder)
rm "$folder/decision.json"
for words in "compare $first $(basename "$folder")" "explain $(basename "$folder")" "show $(basename "$folder") --failed"; do
  expect 3 $words
  has err 'has no decision'
  has err 'to go on: headgate run demo.gate.yaml'
done
