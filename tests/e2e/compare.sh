#!/usr/bin/env bash
# Two runs side by side: equal ones say so, and a route that answers differently to the same question drifts.
. "$(dirname "$0")/lib.sh"
project 40
for arm in a b; do printf 'model: model-%s\n' "$arm" >> "$arm.yaml"; done  # the route is the model, not its recording
expect 0 run demo.gate.yaml
first=$(basename "$(run_folder)")
expect 0 run demo.gate.yaml --again
second=$(basename "$(run_folder)")
expect 0 compare "$first" "$second"
[ "$(sed -n 1p out)" = "IDENTICAL: eligible for internal in both runs" ] || fail "first line"
has out 'candidate drift: none: the same answer in all 40 cells'

replies b 40 1 9
answer b c00020 'yes, but slower'
sed -i -e 's/question 5"/another question"/' -e '/"id":"c00030"/d' eval_suites/demo/cases.jsonl
gate 'floor: {min_pass_rate: 0.5}'
expect 1 run demo.gate.yaml
expect 0 compare "$first" demo --full
matches out '^THE ANSWER CHANGED: eligible for internal -> not_eligible for internal'
has out 'cases: 38 common, 1 changed, 0 added, 1 removed'
has out 'changed c00005'
has out 'removed c00030'
tr '\n' ' ' < out | tr -s ' ' > flat
has flat 'the route answers differently to the same question: 3 of 38 cells, 3 with another outcome (c00001, c00009, c00020)'
has out '- c00009: pass -> fail'
matches out 'not asked -> pass +floor'
has out 'floor.min_pass_rate: not asked -> 0.5'
expect 0 compare "$first" demo --json
jq -e '.format == "headgate/compare/1" and (.identical | not) and .arms.candidate.drift.other_reply == 3 and .arms.baseline.drift.other_reply == 0
  and .arms.candidate.changes[0].id == "c00001" and .arms.candidate.changes[0].b.reply == "no"' out >/dev/null || fail "json"

expect 3 compare "$first" nothing
sed -i 's/"eligible"/"inconclusive"/' "reports/demo/$first/decision.json"
expect 5 compare "$first" demo
