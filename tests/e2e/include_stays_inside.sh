#!/usr/bin/env bash
# A suite reads nothing outside its folder, neither by .. nor by a link, and includes no circle.
. "$(dirname "$0")/lib.sh"
project 40
echo '{"id":"stolen","input":"secret"}' > outside.jsonl
printf 'include: [../../outside.jsonl]\n' >> eval_suites/demo/suite.yaml
expect 3 run demo.gate.yaml
matches err '^eval_suites/demo/suite.yaml:[0-9]+:[0-9]+: error: .*leaves the suite'
suite; ln -s ../../outside.jsonl eval_suites/demo/link.yaml
printf 'include: [link.yaml]\n' >> eval_suites/demo/suite.yaml
expect 3 run demo.gate.yaml
matches err 'leaves the suite'; lacks err secret
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
  strace -f -e trace=open,openat,openat2 -o trace "$HEADGATE" run demo.gate.yaml 2>/dev/null || true
  ! grep -E 'outside.jsonl.*= [0-9]' trace || fail "the target was opened"
fi
suite; printf 'include: [suite.yaml]\n' >> eval_suites/demo/suite.yaml
expect 3 run demo.gate.yaml
matches err 'suite.yaml -> (.*/)?suite.yaml'
