#!/usr/bin/env bash
# One new severe failure blocks a candidate that is better on average.
. "$(dirname "$0")/lib.sh"
project 40 1
replies a 40 5 6 7 8 9 10 11 12
expect 1 run demo.gate.yaml
has out c00001
has "$(run_folder)/decision.json" '"decision":"not_eligible"'
has "$(run_folder)/decision.json" severe_new_failures
