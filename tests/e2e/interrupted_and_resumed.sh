#!/usr/bin/env bash
# Ctrl-C ends the run in order: 130, no decision, and a command that goes on and decides as if nothing had happened.
. "$(dirname "$0")/lib.sh"
project 20000
expect 0 run demo.gate.yaml --reports undisturbed
for signal in INT TERM; do
  rm -rf reports
  "$HEADGATE" run demo.gate.yaml --jobs 1 >out 2>err & pid=$!
  wait_for_journal $pid 100000
  kill -$signal $pid
  code=0; wait $pid || code=$?
  [ $code = $([ $signal = INT ] && echo 130 || echo 143) ] || fail "SIG$signal ended with $code"
  [ ! -e "$(run_folder)/decision.json" ] || fail "an interrupted run decided"
  resume=$(sed -n 's/^to go on: headgate //p' err)
  [ -n "$resume" ] || fail "no resume command"
  expect 3 show
  eval "expect 0 $resume"
  has err 'going on'
  same "$(run_folder)/decision.json" "$(run_folder demo undisturbed)/decision.json"
  [ "$(ls -d reports/demo/*/ | wc -l)" = 1 ] || fail "a second run was begun"
done
