#!/usr/bin/env bash
# What this version does not judge yet is an error in a gate file, never ignored.
. "$(dirname "$0")/lib.sh"
project 40
refused() { # WORD: named where it stands
  expect 3 run demo.gate.yaml
  matches err "^demo.gate.yaml:[0-9]+:[0-9]+: error: .*$1.* is not built yet"
  [ ! -e reports ] || fail "a run was begun"
}
gate 'latency: {p95_max_ms: 900, p95_max_ratio: 1.2}'; refused p95_max_ratio
for key in candidates handoff ledger sequential; do
  gate; echo "$key: x" >> demo.gate.yaml; refused "$key"
done
gate; echo 'readiness: {rollback: {owner: on-call@example.com}}' >> demo.gate.yaml; refused readiness.rollback
gate; echo 'stage: canary' >> demo.gate.yaml; refused 'the stage canary'
