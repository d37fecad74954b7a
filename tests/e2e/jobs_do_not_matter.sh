#!/usr/bin/env bash
# 1, 2, 8 and 64 workers give the same bytes.
. "$(dirname "$0")/lib.sh"
project 2000 11 222 1777
for jobs in 1 2 8 64; do
  expect 0 run demo.gate.yaml --jobs $jobs --reports r$jobs
  same "$(run_folder demo r1)/decision.json" "$(run_folder demo r$jobs)/decision.json"
done
for again in $(seq 10); do
  expect 0 run demo.gate.yaml --again --jobs $((again % 3 + 1)) --json
  same "$(run_folder demo r1)/decision.json" out
done
