#!/usr/bin/env bash
# suite show: a suite by name, range or folder, and one case in full; hostile text stays text.
. "$(dirname "$0")/lib.sh"
project 30
printf '# demo\n## 1.0.0\nfirst\n' > eval_suites/demo/CHANGELOG.md
expect 0 suite release eval_suites/demo --date 2026-11-20
expect 0 suite show demo
has out 'demo@1.0.0, released: 30 cases'; has out '1.0.0 of 2026-11-20'; has out 'severe class harm: hurts somebody'
has out '"kind":"equals"'; [ "$(grep -c 'question' out)" = 30 ] || fail "not every case is listed"
for name in demo@^1.0 eval_suites/demo ./eval_suites/demo@1.0.0; do expect 0 suite show $name; has out 'demo@1.0.0'; done
(cd eval_suites && expect 0 suite show demo && has out 'demo@1.0.0')
expect 0 suite show demo --filter severity=severe; has out '1 case'; has out c00001; lacks out c00002
expect 0 suite show demo c00002; has out '| question 2'; has out '| yes'
expect 0 suite show demo c00002 --json
[ "$(jq -r '.case.id + " " + .case.expected + " " + .format' out)" = 'c00002 yes headgate/suite-case/1' ] || fail "wrong case"
expect 0 suite show demo --json
[ "$(jq -r '(.cases|length|tostring) + " " + .versions[0].date' out)" = '30 2026-11-20' ] || fail "wrong list"

expect 3 suite show demo c00o02; has err "no case 'c00o02' in demo@1.0.0"; has err "did you mean 'c00002'?"
expect 3 suite show dmeo; has err "did you mean 'demo'?"
expect 3 suite show demo@2.0.0; has err "has no version '2.0.0'"
expect 3 suite show demo --filter severity=none
expect 3 suite show; expect 3 suite show demo c00001 more

printf '{"id":"evil","input":"\\u001b[31m::error::x\\nsecond","tags":["\\u202egnp"],"expected":"\\u0007"}\n' >> eval_suites/demo/cases.jsonl
expect 0 suite show demo@draft evil
LC_ALL=C grep -q $'\x1b' out && fail "an escape sequence got through"
LC_ALL=C grep -q $'\xe2\x80\xae' out && fail "a bidirectional control got through"
has out '| second'
expect 0 suite show demo@draft; LC_ALL=C grep -q $'\x1b' out && fail "an escape sequence got through"
expect 0 suite show demo@draft evil --json; [ "$(jq -r .case.expected out)" = $'\a' ] || fail "JSON does not keep the text"
expect 3 suite show demo; has err 'is not what was released'
