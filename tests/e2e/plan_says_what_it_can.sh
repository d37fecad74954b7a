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
expect 2 run demo.gate.yaml --even-if-undecidable
expect 0 plan demo.gate.yaml --trials 3 --seed 5; has out '240 cells'; has out 'seed 5'
[ "$(ls)" != "" ] && [ ! -e reports/demo/plan ] || fail "plan wrote something"
# How often the routes differ: assumed, as asked, or as the latest finished run measured it.
gate; rm -rf reports; replies b 40 5 6 7
expect 0 plan demo.gate.yaml; has out 'No run of this gate is known'; matches out '^  quality +can +40 +.* / '
expect 0 plan demo.gate.yaml --discordance 0.3; has out 'assumed to differ on 30.0 % of cases'
for bad in 1.5 -0.1 x 0.1x nan; do expect 3 plan demo.gate.yaml --discordance "$bad"; has err '--discordance takes a share'; done
expect 0 run demo.gate.yaml
expect 0 plan demo.gate.yaml; has out "In run $(basename "$(run_folder)") the routes differed on 7.5 % of 40 cases"
expect 0 plan demo.gate.yaml --reports elsewhere; has out 'No run of this gate is known'
# A filtered run is no picture of the gate; the one before it is. Nor is one whose evidence is damaged, which is no
# reason to fail.
expect 2 run demo.gate.yaml --filter 'id~c0000'
expect 0 plan demo.gate.yaml; has out 'the routes differed on 7.5 % of 40 cases'
for journal in reports/demo/*/journal.jsonl; do head -n 9 "$journal" > cut; cat cut > "$journal"; done
expect 0 plan demo.gate.yaml; has out 'No run of this gate is known'
# What is said beforehand of replies that are not there, and of calls.
head -30 a.jsonl > some && mv some a.jsonl
expect 0 plan demo.gate.yaml; has out '30 recorded replies, nothing is paid; at least 10 cells have none'
printf 'route: demo_b\nkind: process\ncommand: [/bin/cat]\n' > b.yaml
expect 0 plan demo.gate.yaml --trials 2; has out '80 calls, at most 4 at once, 1 child'
expect 0 plan demo.gate.yaml --json
[ "$(jq -c '[.calls, .routes.candidate.calls, .routes.baseline.calls, .routes.candidate.in_flight]' out)" = '[40,40,0,4]' ] || fail "wrong calls"
