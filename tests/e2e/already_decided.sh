#!/usr/bin/env bash
# A finished run is shown, not paid for again; --again, other rules or other recordings are another run.
. "$(dirname "$0")/lib.sh"
project 40
expect 0 run demo.gate.yaml --json; cp out first
expect 0 run demo.gate.yaml --json
same out first; has err 'already decided'
count() { ls -d reports/demo/*/ | wc -l; }
[ "$(count)" = 1 ] || fail "it was run again"
expect 0 run demo.gate.yaml --again; [ "$(count)" = 2 ] || fail "--again did not run"
expect 0 run demo.gate.yaml --set rules.quality.max_loss=0.25; [ "$(count)" = 3 ] || fail "other rules did not run"
replies b 40 1
expect 1 run demo.gate.yaml; [ "$(count)" = 4 ] || fail "other recordings did not run"
