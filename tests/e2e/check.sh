#!/usr/bin/env bash
# check: is any case worse now? Every exit, --only failures, --baseline reuse, and it is never taken for a run.
. "$(dirname "$0")/lib.sh"
project 60 1 7
expect 1 check demo.gate.yaml
[ "$(sed -n 1p out)" = 'REGRESSION: 2 of 60 cases that the baseline passes fail on the candidate' ] || fail "first line"
has <(sed -n 2p out) 'c00001 (severe harm): "no"; equals: found "no", expected "yes"'
has out 'regression  c00007'; has out 'estimand: suite'
matches <(tail -1 out) '^replies and grades: reports/demo/checks/[0-9TZ]+-[0-9a-f]+$'
[ ! -e reports/demo/checks/*/decision.json ] || fail "a check decided"
cp -r reports reports_before

# --json: one line, the same bytes but for the folder.
expect 1 check demo.gate.yaml --json --quiet
jq -e '.format == "headgate/check/1" and .answer == "regression" and .cases == 60 and .errors == []
  and ([.regressions[] | [.case, .suite, .severity, .trial, .reply]] ==
       [["c00001","demo","severe",0,"no"],["c00007","demo","normal",0,"no"]])
  and (.regressions[0].reason | startswith("equals: ")) and .improvements == []' out >/dev/null || fail "json"
same out "$(jq -r .folder out)/check.json"
sed 's/"folder":"[^"]*"//' out > first
expect 1 check demo.gate.yaml --json --jobs 1
same first <(sed 's/"folder":"[^"]*"//' out)

# What failed is asked again; what is mended leaves the list, and an empty list is refused.
answer b c00007 yes
expect 1 check demo.gate.yaml --only failures
has out 'REGRESSION: 1 of 2 cases'; has out 'what failed in'
answer b c00001 yes
expect 0 check demo.gate.yaml --only failures --baseline reuse
has out 'none seen: 1 case, 0 regressions, 0 improvements'
matches out '^baseline: 1 of 1 cell reused, recorded since 2[0-9-]+T[0-9:]+Z$'
expect 3 check demo.gate.yaml --only failures
has err '0 cases selected'
expect 3 check demo.gate.yaml --filter 'id=nobody'
has err '0 cases selected'

# A case that the baseline fails is an improvement, or nothing.
replies a 60 3 4; replies b 60 3
expect 0 check demo.gate.yaml --json
jq -e '.answer == "none_seen" and .improvements == ["c00004"] and .baseline_passes == 58' out >/dev/null || fail "improvement"

# What the baseline said before is taken over where it says it still.
echo 'model: some-model' >> a.yaml  # else it is another route with every other recording
expect 0 check demo.gate.yaml
expect 0 check demo.gate.yaml --baseline reuse --json
jq -e '.baseline_reused == 60' out >/dev/null || fail "baseline reused"
answer a c00010 no
expect 0 check demo.gate.yaml --baseline reuse --json
jq -e '.baseline_reused == 59 and .improvements == ["c00004", "c00010"]' out >/dev/null || fail "a corrected recording"

# Never the latest run, never decided, never gone on with.
expect 3 show
has err 'there are no runs yet'
expect 3 decide "$(ls -d reports/demo/checks/*/ | tail -1)"
has err 'is a check'
expect 0 run demo.gate.yaml
expect 0 show
expect 0 check demo.gate.yaml --quiet
[ "$(wc -l < out)" = 2 ] || fail "--quiet is two lines"
expect 0 show
[ "$(ls -d reports/demo/2*/ | wc -l)" = 1 ] || fail "a check stands among the runs"

# The newest 20 are kept.
for i in $(seq 22); do expect 0 check demo.gate.yaml --limit 2 --quiet; done
[ "$(ls -d reports/demo/checks/*/ | wc -l)" = 20 ] || fail "$(ls -d reports/demo/checks/*/ | wc -l) checks kept"

# What a check saw is never a run's evidence: it may be repeated until it likes what it sees.
expect 3 run demo.gate.yaml --again --resume "$(ls -d reports/demo/checks/*/ | head -1)"
has err "is a check"
