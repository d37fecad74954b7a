#!/usr/bin/env bash
# Gate, route and suite are complained about together, at most twenty a file, with a count of the rest.
. "$(dirname "$0")/lib.sh"
project 40
for i in $(seq 30); do printf '{"id":"c%d","input":"x","sevrity":"severe"}\n' "$i"; done > eval_suites/demo/cases.jsonl
echo 'replise: x' >> b.yaml
gate 'qualitty: {max_loss: 0.1}'
expect 3 run demo.gate.yaml
matches err '^demo.gate.yaml:[0-9]+:[0-9]+: error: '
matches err '^b.yaml:4:1: error: '
[ "$(grep -c '^eval_suites/demo/cases.jsonl:' err)" = 20 ] || fail "not capped at twenty"
matches err 'and 10 more'
