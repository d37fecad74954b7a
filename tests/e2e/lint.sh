#!/usr/bin/env bash
# lint says everything about all files, runs nothing, and has the same complaints as JSON.
. "$(dirname "$0")/lib.sh"
project 40
expect 0 lint
has out 'no complaints'; has out 'demo.gate.yaml: gate '; has out 'eval_suites/demo: suite demo'
expect 0 lint .; has out 'eval_suites/demo: suite demo'
printf 'route: x\nkind: replay\nreplies: nowhere.jsonl\n' > odd.yaml
expect 3 lint demo.gate.yaml odd.yaml eval_suites/demo
matches err '^odd.yaml:3:[0-9]+: error: '
expect 3 lint odd.yaml --json
has out '"errors_total": 1'; has out '"line": 3'
printf 'text: "yes"\nrules: [{when: {equals: "question 9"}, status: 400}]\n' > provider.yaml
expect 3 lint provider.yaml
has err 'this looks like a script of fake-provider'; has err '`headgate fake-provider --script provider.yaml` checks it'
printf 'rules: {}\nbaseline: odd.yaml\n' > nothing.yaml
expect 3 lint nothing.yaml; has err 'gate'; lacks err 'fake-provider'
mkdir empty; cd empty; expect 3 lint
[ ! -e ../reports ] || fail "lint wrote something"
