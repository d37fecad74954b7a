#!/usr/bin/env bash
# A finished run is shown again; with --retry-errors its cells that ended in an error are asked again, and only those.
. "$(dirname "$0")/lib.sh"
project 60
cat > worker.sh <<'SH'
#!/bin/sh
text=$(cat)
echo "$text" >> called
case "$text" in *" 7") [ -e mended ] || exit 1 ;; esac
echo yes
SH
chmod +x worker.sh
printf 'route: demo_live\nkind: process\ncommand: [./worker.sh]\nmode: per_case\nspeaks: text\n' > b.yaml
errors() { jq .arms.candidate.route_errors "$(run_folder)/decision.json"; }
expect 0 run demo.gate.yaml
[ "$(errors)" = 1 ] || fail "$(errors) route errors"
[ "$(wc -l < called)" = 60 ] || fail "$(wc -l < called) calls"
touch mended
expect 0 run demo.gate.yaml
has err 'already decided'
[ "$(wc -l < called)" = 60 ] || fail "a finished run was asked again"
expect 0 run demo.gate.yaml --retry-errors
[ "$(errors)" = 0 ] || fail "$(errors) route errors are left"
[ "$(wc -l < called)" = 61 ] || fail "$(( $(wc -l < called) - 60 )) calls were made again"
[ "$(ls -d reports/demo/2*/ | wc -l)" = 1 ] || fail "a second run was begun"
expect 0 show
expect 0 run demo.gate.yaml --retry-errors
has err 'ended in an error'
[ "$(wc -l < called)" = 61 ] || fail "asked again without need"
