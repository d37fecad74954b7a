#!/usr/bin/env bash
# What plan says of the shipped gates, as approved. HEADGATE_APPROVE=1 rewrites; read the difference first.
. "$(dirname "$0")/lib.sh"
approved=${SOURCE:?the project}/tests/golden/approved/plan
ln -s "$SOURCE/eval_suites" eval_suites; ln -s "$SOURCE/fixtures" fixtures
# Digests, and the seed that follows from them, change with every suite; times with every run.
steady() {
  sed -E -e 's/sha256:[0-9a-f]{64}/sha256:…/' -e 's/, [0-9a-f]{8}(\)?)( |$)/, …\1\2/' -e 's/seed [0-9]+/seed …/' \
    -e 's/("as_of": )"[^"]*"/\1"…"/' -e 's/("seed": )[0-9]+/\1"…"/' "$1"
}
for gate in support_b support_c; do
  for format in txt json; do
    expect 0 plan fixtures/support/$gate.gate.yaml $([ $format = json ] && echo --json)
    steady out > now
    if [ -n "${HEADGATE_APPROVE:-}" ]; then mkdir -p "$approved"; cp now "$approved/$gate.$format"; fi
    cmp -s now "$approved/$gate.$format" || { diff "$approved/$gate.$format" now | head -20 >&2; fail "plan of $gate is not what was approved"; }
  done
done
[ ! -e reports ] || fail "plan wrote something"
