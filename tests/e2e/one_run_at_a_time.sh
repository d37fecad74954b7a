#!/usr/bin/env bash
# A second run of the same plan is told who holds the folder; a killed holder holds nothing.
. "$(dirname "$0")/lib.sh"
project 20000
"$HEADGATE" run demo.gate.yaml --jobs 1 >first.out 2>/dev/null &
first=$!
wait_for_journal $first 1
kill -STOP $first
expect 6 run demo.gate.yaml
matches err "locked by pid $first since "
expect 6 decide "$(run_folder)"
expect 3 show
kill -CONT $first
code=0; wait $first || code=$?
[ $code = 0 ] || fail "the first run was disturbed: $code"
expect 0 run demo.gate.yaml
has err 'already decided'

"$HEADGATE" run demo.gate.yaml --again --jobs 1 >/dev/null 2>&1 &
wait_for_journal $! 1 2; kill -9 $!; wait $! 2>/dev/null || true
expect 0 run demo.gate.yaml
