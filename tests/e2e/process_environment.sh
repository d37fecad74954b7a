#!/usr/bin/env bash
# A program's environment is checked before any call: a variable that is not set is said with its name and line, in
# routes and in plugins, and no secret's value is shown or kept.
. "$(dirname "$0")/lib.sh"
project 40
touch called
printf '#!/bin/sh\necho started >> called\n' > work.sh; chmod +x work.sh
cat > b.yaml <<YAML
route: live
kind: process
command: [./work.sh]
environment:
  MODE: strict
  KEY: env:DEMO_KEY
YAML
unset DEMO_KEY
for verb in lint run check; do
  expect 3 $verb demo.gate.yaml
  matches err '^b.yaml:6:8: error: the environment variable DEMO_KEY is not set'
  has err 'hint: set it: export DEMO_KEY='
done
expect 3 lint b.yaml; has err 'DEMO_KEY is not set'
DEMO_KEY='' expect 3 run demo.gate.yaml; has err 'DEMO_KEY is empty'
# A plan asks nothing: it says what a run would want.
expect 0 plan demo.gate.yaml --json
has err 'note: the environment variable DEMO_KEY is not set: a run would be refused'
jq -e .plan out >/dev/null || fail "the note is in the JSON"

export DEMO_KEY=demo-secret-0123456789
expect 0 lint demo.gate.yaml b.yaml; lacks out demo-secret
expect 0 plan demo.gate.yaml --json; cp out first.json
has out 'env:DEMO_KEY'; lacks out demo-secret
DEMO_KEY=another-secret-value expect 0 plan demo.gate.yaml --json
[ "$(jq -r .plan.routes[1].digest out)" = "$(jq -r .plan.routes[1].digest first.json)" ] || fail "a key is no part of the route"

printf '  TOKEN: file:gone.token\n' >> b.yaml
expect 3 run demo.gate.yaml; matches err '^b.yaml:7:10: error: .*gone.token'
expect 0 plan demo.gate.yaml; matches err '^note: .*gone.token.*: a run would be refused'
printf 'plugins: {check: {command: [./work.sh], environment: {K: env:OTHER_KEY}}}\n' >> demo.gate.yaml
expect 3 plan demo.gate.yaml; matches err '^demo.gate.yaml:[0-9]+:[0-9]+: error: .*OTHER_KEY is not set'
[ ! -s called ] || fail "something was started"
