#!/usr/bin/env bash
# Killed at random moments, the same command ends with the decision of an undisturbed run, byte for byte.
. "$(dirname "$0")/lib.sh"
project 8000 7 70 700
expect 0 run demo.gate.yaml --reports undisturbed
RANDOM=${SEED:-$$}; echo "SEED=$RANDOM"
for round in 1 2 3 4 5 6 7 8; do
  "$HEADGATE" run demo.gate.yaml --jobs $((1 + round % 3)) >/dev/null 2>&1 &
  size=$(stat -c %s "$(run_folder 2>/dev/null)/journal.jsonl" 2>/dev/null || true)
  wait_for_journal $! $((${size:-0} + RANDOM * 20))
  kill -9 $! 2>/dev/null || true
  wait $! 2>/dev/null || true
  [ ! -e "$(run_folder 2>/dev/null)/decision.json" ] || break
done
expect 0 run demo.gate.yaml
same "$(run_folder)/decision.json" "$(run_folder demo undisturbed)/decision.json"
[ "$(ls -d reports/demo/*/ | wc -l)" = 1 ] || fail "a second run was begun"
