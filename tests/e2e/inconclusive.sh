#!/usr/bin/env bash
# Too few cases are no evidence, and a recorded reply that is missing is neither pass nor fail: never exit 0.
. "$(dirname "$0")/lib.sh"
project 10
expect 2 run demo.gate.yaml --even-if-undecidable
has "$(run_folder)/decision.json" '"decision":"inconclusive"'

project 40
sed -i 10,30d b.jsonl
expect 2 run demo.gate.yaml
has "$(run_folder)/decision.json" '"ungraded":21'
