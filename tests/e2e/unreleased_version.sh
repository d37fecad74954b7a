#!/usr/bin/env bash
# A suite that was raised and not released is not used in silence: the decision says which version it is about.
. "$(dirname "$0")/lib.sh"
project 40
printf '# demo\n\n## 1.0.0\n\nFirst.\n' > eval_suites/demo/CHANGELOG.md
expect 0 suite release eval_suites/demo --date 2026-01-02
sed -i 's/version: 1.0.0/version: 1.1.0/' eval_suites/demo/suite.yaml
expect 0 run demo.gate.yaml
has out 'suite.yaml says 1.1.0, which is not released; this gate uses 1.0.0'
