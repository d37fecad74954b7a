#!/usr/bin/env bash
# A not_ grader is not satisfied by silence.
. "$(dirname "$0")/lib.sh"
project 40
sed -i 's/{kind: equals.*/{kind: not_contains, value: forbidden}/' eval_suites/demo/suite.yaml
sed -i 2,40d b.jsonl
expect 2 run demo.gate.yaml
has "$(run_folder)/decision.json" '"ungraded":39'
: > b.jsonl
expect 3 run demo.gate.yaml
has err 'b.jsonl'
lacks "$(run_folder)/decision.json" '"decision":"eligible"'
