#!/usr/bin/env bash
# The chance that plan prints is the share of equal candidates that come out eligible, and what cannot be never is.
. "$(dirname "$0")/lib.sh"
scripts=${SOURCE:?the project}/tests/e2e
python3 "$scripts/plan_tells_the_truth.py" "$HEADGATE" "${RUNS:-200}" >out 2>err || fail "plan and run disagree"
