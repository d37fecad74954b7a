#!/usr/bin/env bash
# A second Ctrl-C stops at once, and the journal is still good.
. "$(dirname "$0")/lib.sh"
project 20000
"$HEADGATE" run demo.gate.yaml --jobs 1 >out 2>err & pid=$!
wait_for_journal $pid 50000
kill -INT $pid; kill -INT $pid
code=0; wait $pid || code=$?
[ $code = 130 ] || fail "ended with $code"
expect 0 run demo.gate.yaml
lacks err 'checksum'
