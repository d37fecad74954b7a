#!/usr/bin/env bash
# `run --json` and `show --json` print decision.json byte for byte; progress and complaints stay on stderr.
. "$(dirname "$0")/lib.sh"
project 40 3 4
expect 0 run demo.gate.yaml --json
same out "$(run_folder)/decision.json"
expect 0 show --json
same out "$(run_folder)/decision.json"
grep -q '"format":"headgate/decision/1"' out || fail "no format"
