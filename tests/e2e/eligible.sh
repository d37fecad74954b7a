#!/usr/bin/env bash
# A candidate that loses nothing is eligible; the report answers first, gives the reason second, and ends with the place.
. "$(dirname "$0")/lib.sh"
project 40
expect 0 run demo.gate.yaml
head -1 out | grep -qi eligible || fail "the first line is not the answer"
tail -1 out | grep -q 'reports/demo/' || fail "the last line does not say where the report lies"
folder=$(run_folder)
for file in plan.jsonl journal.jsonl run.json decision.json summary.md junit.xml headgate.log; do
  [ -s "$folder/$file" ] || fail "$file is missing"
done
has "$folder/decision.json" '"decision":"eligible"'
has "$folder/decision.json" '"eligible_for":["shadow","internal"]'
