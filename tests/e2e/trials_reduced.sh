#!/usr/bin/env bash
# How trials become one outcome: said in the gate file or on the command line, told in the decision and in the reports.
. "$(dirname "$0")/lib.sh"
project 60
# The candidate answers every case rightly in two trials of three; the severe one always.
for arm in a b; do { cat $arm.jsonl; sed 's/"trial":0/"trial":1/' $arm.jsonl; sed 's/"trial":0/"trial":2/' $arm.jsonl; } > x; mv x $arm.jsonl; done
sed -i '/c00001/!{/"trial":2/s/"output":"yes"/"output":"no"/}' b.jsonl
sed -i 's/}$/,"cost_usd":0.001,"latency_ms":100}/' b.jsonl
sed -i '1i trials: {count: 3, reduce: majority}' demo.gate.yaml

expect 0 run demo.gate.yaml
d=$(run_folder)/decision.json
[ "$(jq -c '.trials | [.trials, .reduce, .candidate.passed, .candidate.flaky_total, .baseline.flaky_total]' "$d")" = '[3,"majority",[60,60,1],59,0]' ] || fail "trials: $(jq -c .trials "$d")"
jq -e '.trials.candidate | ((.pass_hat[0] - (1 + 59 * 2 / 3) / 60) | fabs) < 1e-12 and ((.pass_hat[1] - (1 + 59 / 3) / 60) | fabs) < 1e-12 and ((.pass_hat[2] - 1 / 60) | fabs) < 1e-12 and .pass_at[1] == 1' "$d" >/dev/null || fail "pass^k: $(jq -c .trials.candidate "$d")"
jq -e '.findings[] | select(.rule == "quality") | .estimate == 0 and (.sentence | contains("by majority")) and (.notes[0] | startswith("majority:"))' "$d" >/dev/null || fail "quality does not name the reducer"
has out 'reduced by majority'
has out '59 flaky cases'
has "$(run_folder)/summary.md" '| candidate | 2 | 1 of 60 | 1.7 % | &#36;0.0600 | 6.0 s |'
[ "$(jq -c '.trials.candidate | keys' "$d")" = '["cases","errors","flaky","flaky_total","mean","pass_at","pass_hat","pass_rate","passed"]' ] || fail "something measured is in the decision"

# Severity acts on the worst trial, whatever the rules reduce by.
sed -i '/c00001/{/"trial":2/s/"output":"yes"/"output":"no"/}' b.jsonl
expect 1 run demo.gate.yaml
jq -e '.reasons[0].rule == "severe"' "$(run_folder)/decision.json" >/dev/null || fail "not severe"

# On the command line it is an override, and other rules give another plan.
expect 1 run demo.gate.yaml --reduce pass^3
[ "$(jq -r .trials.reduce "$(run_folder)/decision.json")" = 'pass^3' ] || fail "--reduce was not taken"
has "$(run_folder)/decision.json" 'overridden on the command line: trials.reduce=pass^3'
expect 0 plan demo.gate.yaml --reduce best
has out 'reduced by best'

# K above the trials is neither 0 nor 1: refused, with its place, also where the command line makes it so.
sed -i 's/reduce: majority/reduce: pass^4/' demo.gate.yaml
expect 3 lint demo.gate.yaml
has err 'demo.gate.yaml:1:28: error: pass^4 takes at least 4 trials, and there are 3'
expect 3 run demo.gate.yaml
expect 3 decide "$(basename "$(run_folder)")" --gate demo.gate.yaml
sed -i 's/count: 3/count: 4/' demo.gate.yaml
expect 3 run demo.gate.yaml --trials 2
has err 'pass^4 takes at least 4 trials, and there are 2'
expect 3 decide "$(basename "$(run_folder)")" --gate demo.gate.yaml
has err 'this run cannot be decided so: pass^4 takes at least 4 trials, and there are 3'
sed -i 's/reduce: pass^4/reduce: median/' demo.gate.yaml
expect 3 lint demo.gate.yaml
has err "'median' is no way to reduce trials"
expect 3 run demo.gate.yaml --reduce median
