#!/usr/bin/env bash
# --offline: recorded replies only. Where something would have to be called, nothing is, and no empty run is left.
. "$(dirname "$0")/lib.sh"
project 60
expect 0 run demo.gate.yaml --offline
expect 0 check demo.gate.yaml --offline
expect 0 try demo.gate.yaml c00001 --offline
cat > worker.sh <<'SH'
#!/bin/sh
echo called >> called
cat >/dev/null
echo yes
SH
chmod +x worker.sh
printf 'route: demo_live\nkind: process\ncommand: [./worker.sh]\nmode: per_case\nspeaks: text\n' > b.yaml
before=$(find reports -type d | wc -l)
expect 3 run demo.gate.yaml --offline
has err 'demo_live'
expect 3 check demo.gate.yaml --offline
expect 3 try demo.gate.yaml c00001 --offline
[ ! -e called ] || fail "the route was called"
[ "$(find reports -type d | wc -l)" = "$before" ] || fail "an empty folder is left"
expect 0 show
# What was recorded by an earlier start is no call.
expect 0 run demo.gate.yaml
rm called
rm "$(run_folder)"/decision.json
expect 0 run demo.gate.yaml --offline
[ ! -e called ] || fail "the route was called again"
