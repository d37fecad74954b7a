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
  resume=$(sed -n 's/^to go on: headgate //p' out)
  [ -n "$resume" ] || fail "no resume command"
  expect 3 show
  eval "expect 0 $resume"
  has err 'going on'
  same "$(run_folder)/decision.json" "$(run_folder demo undisturbed)/decision.json"
  [ "$(ls -d reports/demo/*/ | wc -l)" = 1 ] || fail "a second run was begun"
  # A further attempt that is interrupted: whoever obeys the exit status is not given the older yes, whoever wants to
  # know why is told.
  decided=$(basename "$(run_folder)")
  "$HEADGATE" run demo.gate.yaml --jobs 1 --again >out 2>err & pid=$!
  wait_for_journal $pid 100000 2
  kill -$signal $pid; wait $pid || true
  open=$(ls reports/demo | grep '^2' | grep -v "^$decided\$")
  for words in 'show' 'show demo'; do
    expect 3 $words
    has err "the latest decided run is $decided"; has err 'to go on: headgate run demo.gate.yaml --jobs 1'
  done
  for words in 'explain' 'explain demo' 'explain c00002'; do
    expect 0 $words
    [ "$(grep -c . err)" -le 2 ] && has err "note: run $open is newer and unfinished; to go on: headgate run demo.gate.yaml --jobs 1"
    lacks err '--again'; lacks out "$open"
  done
  expect 3 show "$open"
  has err 'has no decision'; has err 'to go on: headgate run demo.gate.yaml --jobs 1'; lacks err '--again'
done
