#!/usr/bin/env bash
# What init writes runs at once and decides; it never overwrites.
. "$(dirname "$0")/lib.sh"
expect 0 init first
next=$(sed -n 's/^next: headgate //p' out)
expect 0 $next
head -1 out | grep -qi eligible || fail "no decision"
expect 0 plan first/starter.gate.yaml
head -1 out | grep -q 'can say eligible' || fail "its own thresholds are not carried"
expect 0 lint first/starter.gate.yaml first/eval_suites/starter
echo mine > first/starter.gate.yaml
expect 3 init first
[ "$(cat first/starter.gate.yaml)" = mine ] || fail "init overwrote a file"
for n in 20 30 400; do
  expect 0 init n$n --cases $n
  [ "$(wc -l < n$n/eval_suites/starter/cases.jsonl)" = $n ] || fail "not $n cases"
  expect 0 run n$n/starter.gate.yaml
done
