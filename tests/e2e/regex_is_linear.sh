#!/usr/bin/env bash
# A pattern that makes backtracking engines wait for years is answered at once.
. "$(dirname "$0")/lib.sh"
project 40
sed -i 's/{kind: equals.*/{kind: not_regex, pattern: "(a+)+$"}/' eval_suites/demo/suite.yaml
long=$(printf 'a%.0s' $(seq 100000))
for arm in a b; do { printf '{"case_id":"c00001","trial":0,"output":"%s!"}\n' "$long"; sed 1d $arm.jsonl; } > x; mv x $arm.jsonl; done
start=$(date +%s%N)
expect 0 run demo.gate.yaml
[ $(( ($(date +%s%N) - start) / 1000000 )) -lt 10000 ] || fail "it took more than ten seconds"
