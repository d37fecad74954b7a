#!/usr/bin/env bash
# Ids, gate and run names never become paths outside the run folder.
. "$(dirname "$0")/lib.sh"
project 40
sed -i 's/"id":"c00002"/"id":"..\/..\/escape"/' eval_suites/demo/cases.jsonl
sed -i 's/"case_id":"c00002"/"case_id":"..\/..\/escape"/' a.jsonl b.jsonl
mkdir -p deep/er; cd deep/er
hg run ../../demo.gate.yaml --reports reports >"$work/out" 2>"$work/err" || true
cd "$work"
[ -z "$(find . -name '*escape*')" ] || fail "a file was made from an id"
[ "$(ls deep)" = er ] || fail "something was written outside"
sed -i 's|^gate: .*|gate: "../../outside"|' demo.gate.yaml
hg run demo.gate.yaml >out 2>err || true
[ ! -e ../outside ] && [ ! -e outside ] && [ ! -e ../../outside ] || fail "a gate's name left the reports"
