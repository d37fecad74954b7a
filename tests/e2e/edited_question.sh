#!/usr/bin/env bash
# An arm of an earlier run answers only the question it was asked.
. "$(dirname "$0")/lib.sh"
project 40
expect 0 run demo.gate.yaml
for arm in baseline candidate; do
  printf 'route: again_%s\nkind: replay\nfrom: {run: %s, arm: %s}\n' "$arm" "$(run_folder)" "$arm" > "again_$arm.yaml"
done
sed -e 's/a.yaml/again_baseline.yaml/' -e 's/b.yaml/again_candidate.yaml/' -e 's/^gate: demo/gate: again/' demo.gate.yaml > again.gate.yaml
expect 0 run again.gate.yaml
sed -i 's/"input":"question/"input":"other question/' eval_suites/demo/cases.jsonl
expect 2 run again.gate.yaml
has "$(run_folder again)/decision.json" '"ungraded":40'
printf 'route: x\nkind: replay\nfrom: {run: nowhere, arm: baseline}\n' > again_baseline.yaml
expect 3 run again.gate.yaml
