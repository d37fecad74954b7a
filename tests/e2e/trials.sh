#!/usr/bin/env bash
# Trials repeat every case; a reply recorded for one trial only leaves the others ungraded.
. "$(dirname "$0")/lib.sh"
project 40
for arm in a b; do { cat $arm.jsonl; sed 's/"trial":0/"trial":1/' $arm.jsonl; } > x; mv x $arm.jsonl; done
expect 0 run demo.gate.yaml --trials 2
has "$(run_folder)/decision.json" '"cells":80'
expect 2 run demo.gate.yaml --repeat 3
has "$(run_folder)/decision.json" '"ungraded":40'
