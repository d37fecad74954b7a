#!/usr/bin/env bash
# What cannot be graded again is refused with the next step.
. "$(dirname "$0")/lib.sh"
project 40
expect 3 regrade nothing
has err "no run 'nothing'"
expect 0 run demo.gate.yaml
expect 3 regrade demo --set rules.quality.max_loss=0.5
has err '--set goes with --gate'
expect 0 check demo.gate.yaml
expect 3 regrade "$(ls -d reports/demo/checks/*)"
has err 'is a check'
sed -i 's/equals/equal/' eval_suites/demo/suite.yaml
expect 3 regrade demo --gate demo.gate.yaml
has err "did you mean 'equals'"
[ "$(ls -d reports/demo/2*/ | wc -l)" = 1 ] || fail "a refused regrade left a folder"
printf 'x' >> "$(ls -d reports/demo/2*)/plan.jsonl"
expect 5 regrade demo
