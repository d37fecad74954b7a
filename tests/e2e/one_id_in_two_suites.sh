#!/usr/bin/env bash
# A recorded reply names its case alone, so an id may stand in one suite only; a known failure is named once.
. "$(dirname "$0")/lib.sh"
project 40
cp -r eval_suites/demo eval_suites/other
sed -i 's/suite: demo/suite: other/' eval_suites/other/suite.yaml
sed -i 's/suites: \[demo\]/suites: [demo, other]/' demo.gate.yaml
expect 3 run demo.gate.yaml
matches err "^demo.gate.yaml:4:[0-9]+: error: 40 case ids of this suite also stand in suite 'demo'"
sed -i 's/, other\]/]/' demo.gate.yaml
known='{case: c00001, owner: o@example.com, reason: r, until: '
printf 'known_failures: [%s2020-01-01}, %s2099-01-01}]\n' "$known" "$known" >> demo.gate.yaml
expect 3 run demo.gate.yaml
has err "case 'c00001' stands here twice"
