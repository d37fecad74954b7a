#!/usr/bin/env bash
# The reason tree ends at replies; one case tells its own story; one operand is a run, or a case of the latest.
. "$(dirname "$0")/lib.sh"
project 40 1 5 6
gate 'must_pass: {cases: [c00005]}' 'floor: {min_pass_rate: 0.5}'
expect 1 run demo.gate.yaml
id=$(basename "$(run_folder)")
expect 0 explain
[ "$(sed -n 1p out)" = "NOT ELIGIBLE for internal: demo" ] || fail "first line"
sed -n 2p out | grep -q '^severe: ' || fail "second line"
matches out '^├─ fail severe: '
matches out 'candidate fail: no'
matches out 'because equals: found "no", expected "yes"'
matches out '^├─ pass quality: '
expect 0 explain "$id" --json
jq -e '.format == "headgate/explain/1" and .answer == "not_eligible" and (.rules[] | select(.rule == "severe") | .deciding[0].id == "c00001" and .deciding[0].candidate.reply == "no")' out >/dev/null || fail "json"

expect 0 explain c00005
has err "'c00005' is taken for a case of the latest run, $id"
[ "$(sed -n 1p out)" = "c00005: baseline pass, candidate fail" ] || fail "first line of a case"
matches out 'must_pass: decides, fails, and it must not: decides not eligible'
matches out 'quality: counts, candidate 0 - baseline 1 = -1; one of 40 cases'
matches out 'severe: left out, the case is not severe'
expect 0 explain demo c00006 --json
jq -e '.case.id == "c00006" and .trials[0].candidate.reply == "no" and ([.rules[] | select(.role == "decides")] | length == 0)' out >/dev/null || fail "case json"

expect 3 explain "$id" c00099
has err "did you mean 'c00009'"
expect 3 explain c0000
has err "no case of that name"
# A run and a case of one name: both are named.
sed -i 's/"c00040"/"demo"/' eval_suites/demo/cases.jsonl a.jsonl b.jsonl
expect 1 run demo.gate.yaml
expect 3 explain demo
has err "'demo' is a run and a case of the latest run"
has err "$(basename "$(run_folder)") demo"
expect 0 explain demo demo
sed -i 's/"not_eligible"/"eligible"/' "$(run_folder)/decision.json"
expect 5 explain
