#!/usr/bin/env bash
# Two thousand brackets are a located complaint, not a crash.
. "$(dirname "$0")/lib.sh"
project 40
{ printf '{"id":"c1","input":'; printf '[%.0s' $(seq 2000); printf ']%.0s' $(seq 2000); printf '}\n'; } > eval_suites/demo/cases.jsonl
expect 3 run demo.gate.yaml
matches err '^eval_suites/demo/cases.jsonl:1:[0-9]+: error: .*64'
has err 'hint: '
