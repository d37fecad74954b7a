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

# A wrong shape hides nothing else: program, size, prompt file and template of the route; class and tag of the gate.
project 40
cat > b.yaml <<YAML
route: live
kind: process
command: [./gone.sh]
limits: {timeout: 5, memory: 2G}
prompt: {system: gone.txt, user: "{{case.inptu}}"}
YAML
gate 'must_pass: {tags: [regresion]}' 'latency: {p95_max_ms: soon}'
sed -i 's/class: "\*"/class: hram/' demo.gate.yaml
expect 3 lint demo.gate.yaml
for place in b.yaml:3:11 b.yaml:4:19 b.yaml:4:30 b.yaml:5:18 b.yaml:5:3; do matches err "^$place"; done
matches err "^demo.gate.yaml:.*the severe class 'hram'"
matches err "^demo.gate.yaml:.*the tag 'regresion'"
matches err "^demo.gate.yaml:.*'p95_max_ms' must be"
