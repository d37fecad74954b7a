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

# A run that crashes leaves no decision behind; the decision of the run before it is not shown in its place.
project 20000
expect 0 run demo.gate.yaml --quiet
"$HEADGATE" run demo.gate.yaml --again --jobs 1 >/dev/null 2>&1 &
wait_for_journal $! 50000 3
kill -9 $!; wait $! 2>/dev/null || true
[ ! -e "$(run_folder)/decision.json" ] || fail "the run was over before it could be killed"
expect 3 show
has err 'to go on: headgate run'
