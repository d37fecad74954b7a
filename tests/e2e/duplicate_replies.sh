#!/usr/bin/env bash
# One text to many different questions is told with its share, also where every grader likes it.
. "$(dirname "$0")/lib.sh"
project 60
for i in $(seq 1 60); do printf '{"case_id":"c%05d","output":"sure: %s"}\n' "$i" "$i"; done > a.jsonl
for i in $(seq 1 60); do
  text="sure: $i"; [ "$i" -gt 42 ] || text='sure, whatever you say'
  printf '{"case_id":"c%05d","output":"%s"}\n' "$i" "$text"
done > b.jsonl
sed -i 's/{kind: equals, value: .*}/{kind: contains, value: sure}/' eval_suites/demo/suite.yaml
# No case says what it expects: nothing in the suite explains equal replies.
sed -i 's/,"expected":"yes"//' eval_suites/demo/cases.jsonl
expect 0 run demo.gate.yaml
d=$(run_folder)/decision.json
[ "$(jq -c '.duplicate_replies | map([.arm, .count, .replied, .share, .most_expected, .cases_total, (.cases | length)])' "$d")" = '[["candidate",42,60,0.7,0,42,42]]' ] ||
  fail "duplicates: $(jq -c .duplicate_replies "$d")"
has "$d" 'the candidate gives one and the same reply to 42 of 60 cases (70.0 %); a reply that does not depend on the question'
has out 'equal replies'
has "$(run_folder)/summary.md" '| candidate | 42 of 60 | 70.0 % | - |'

# Where as many cases expect the same, there is nothing to note.
project 60
expect 0 run demo.gate.yaml
d=$(run_folder)/decision.json
[ "$(jq -c '.duplicate_replies | map([.arm, .count, .most_expected])' "$d")" = '[["baseline",60,60],["candidate",60,60]]' ] || fail "$(jq -c .duplicate_replies "$d")"
lacks "$d" 'one and the same reply'
