#!/usr/bin/env bash
# A cell that could not be measured is no good news: exit 2, unless a regression was seen all the same.
. "$(dirname "$0")/lib.sh"
project 40
broken() {
  { printf '{"case_id":"%s","trial":0,"error":"%s"}\n' "$2" "$3"; grep -vF "\"case_id\":\"$2\"" "$1.jsonl"; } > "$1.new"
  mv "$1.new" "$1.jsonl"
}
broken b c00005 timeout
expect 2 check demo.gate.yaml
has <(sed -n 1p out) 'not measured: 1 of 80 cells not ok (candidate timeout 1); no regression among the rest'
has <(sed -n 2p out) 'c00005, candidate: route_error (timeout)'
expect 2 check demo.gate.yaml --json
jq -e '.answer == "not_measured" and .regressions == []
  and [.errors[] | [.case, .arm, .status, .kind]] == [["c00005","candidate","route_error","timeout"]]' out >/dev/null || fail "json"
# Only that one is left to be looked at.
expect 2 check demo.gate.yaml --only failures --json
jq -e '.cases == 1' out >/dev/null || fail "--only failures"
# The baseline's error leaves it open whether the candidate is worse.
replies b 40; broken a c00006 connect
expect 2 check demo.gate.yaml
has out 'baseline connect 1'
# A reply that is missing.
replies a 40; grep -v c00009 b.jsonl > b.new; mv b.new b.jsonl
expect 2 check demo.gate.yaml
has out 'candidate reply_missing 1'
# A regression beside it was seen.
answer b c00020 no
expect 1 check demo.gate.yaml
has out 'REGRESSION: 1 of 40 cases'; has out '1 cell not measured'
# In several trials one failing is enough, and an error in another does not hide it.
awk '{print; sub(/"trial":0/, "\"trial\":1"); print}' a.jsonl > a.new; mv a.new a.jsonl
replies b 40
awk '{print; sub(/"trial":0/, "\"trial\":1"); if (/c00030/) sub("yes", "no"); if (/c00031/) sub(/"output":"yes"/, "\"error\":\"timeout\""); print}' b.jsonl > b.new; mv b.new b.jsonl
expect 1 check demo.gate.yaml --trials 2
has out 'REGRESSION: 1 of 40 cases'; has out 'c00030 trial 1'
has out 'c00031, candidate, trial 1: route_error (timeout)'
