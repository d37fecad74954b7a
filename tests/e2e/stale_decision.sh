#!/usr/bin/env bash
# A decision that does not follow from the evidence beside it is never shown as one.
. "$(dirname "$0")/lib.sh"
project 40 1
expect 1 run demo.gate.yaml
folder=$(run_folder)
sed -i 's/"decision":"not_eligible"/"decision":"eligible"/' "$folder/decision.json"
expect 5 show
expect 1 run demo.gate.yaml
has err 'does not follow'
expect 1 show
has "$folder/decision.previous.json" '"decision":"eligible"'

# A run that crashes leaves no decision behind, and the newest run is the one without.
project 20000
expect 0 run demo.gate.yaml
"$HEADGATE" run demo.gate.yaml --again --jobs 1 >/dev/null 2>&1 &
wait_for_journal $! 20000000 & sleep 0.3
kill -9 $! 2>/dev/null || true; kill -9 %1 2>/dev/null || true; wait 2>/dev/null || true
[ -e "$(run_folder)/decision.json" ] || expect 3 show
