#!/usr/bin/env bash
# The sample decision is what the shipped gate decides, byte for byte, wherever it runs.
. "$(dirname "$0")/lib.sh"
expect 1 run "$SOURCE/fixtures/support/support_b.gate.yaml" --json
same out "$SOURCE/reports/sample/decision.json"
