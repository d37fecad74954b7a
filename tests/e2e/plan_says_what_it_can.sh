#!/usr/bin/env bash
# plan opens with whether this gate can say eligible, and writes nothing.
. "$(dirname "$0")/lib.sh"
project 40
expect 0 plan demo.gate.yaml
head -1 out | grep -q '^This gate can say eligible for internal' || fail "wrong headline"
has out '80 cells'; has out 'rules in force'; has out 'evidence.min_cases = 20'
gate 'floor: {min_pass_rate: 0.99}'
expect 0 plan demo.gate.yaml
head -1 out | grep -q '^This gate cannot say eligible for internal: floor' || fail "wrong headline"
expect 0 plan demo.gate.yaml --json
has out '"can_say_eligible": "cannot"'
expect 2 run demo.gate.yaml
expect 0 plan demo.gate.yaml --trials 3 --seed 5; has out '240 cells'; has out 'seed 5'
[ "$(ls)" != "" ] && [ ! -e reports/demo/plan ] || fail "plan wrote something"
