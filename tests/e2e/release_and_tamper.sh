#!/usr/bin/env bash
# A released version is locked: edited cases are refused until they are a version of their own.
. "$(dirname "$0")/lib.sh"
project 40
expect 3 suite release eval_suites/demo
has err "write the heading '## 1.0.0' there, and a line"
printf '# demo\n\n## 1.0.0\n\nFirst.\n' > eval_suites/demo/CHANGELOG.md
gate; sed -i 's/evidence: .*/evidence: {min_cases: 20, released: true}/' demo.gate.yaml
expect 3 run demo.gate.yaml
has err 'not released: demo@1.0.0'
expect 2 run demo.gate.yaml --even-if-undecidable
expect 0 suite release eval_suites/demo --date 2026-09-01
has out 'released demo 1.0.0'
has eval_suites/demo/suite.lock 2026-09-01
expect 0 run demo.gate.yaml
expect 0 suite release eval_suites/demo
has out 'unchanged'
sed -i 's/question 7"/question seven"/' eval_suites/demo/cases.jsonl
expect 3 run demo.gate.yaml --again
matches err 'error: .*1\.0\.0'
expect 3 suite release eval_suites/demo
sed -i 's/version: 1.0.0/version: 1.1.0/' eval_suites/demo/suite.yaml
expect 3 suite release eval_suites/demo
expect 3 suite release eval_suites/demo --date 2026-02-30
