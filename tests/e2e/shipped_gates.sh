#!/usr/bin/env bash
# The gates and suites that ship: one candidate wins the average and fails a severe class, the other is eligible.
. "$(dirname "$0")/lib.sh"
root=${SOURCE:?folder of the repository}
expect 1 run "$root/fixtures/support/support_b.gate.yaml" --json
has out '"code":"severe_new_failures"'
has out '"code":"quality_noninferior"'
expect 0 run "$root/fixtures/support/support_c.gate.yaml"
for gate in "$root"/fixtures/support/*.gate.yaml; do
  expect 0 plan "$gate"
  expect 0 lint "$gate"
done
cd "$root"
hg lint >"$work/out" 2>"$work/err" || { cd "$work"; fail "lint complains about what ships"; }
