#!/usr/bin/env bash
# The thresholds that init writes are those that so many cases carry: plan says so, and run decides.
. "$(dirname "$0")/lib.sh"
for n in 20 30 40 80 100 200 500 1000; do
  expect 0 init n$n --cases $n
  has out 'next: headgate run'; has out 'headgate suite release'
  stage=$([ $n -lt 100 ] && echo shadow || echo internal)
  expect 0 plan n$n/starter.gate.yaml --json
  [ "$(jq -r '.can_say_eligible + " " + .plan.stage' out)" = "can $stage" ] || fail "$n cases: $(jq -r .headline out)"
  [ $n -lt 100 ] || [ "$(jq '[.needs[] | select(.rule == "quality") | .passes >= 0.75] | all' out)" = true ] ||
    fail "$n cases: an equal candidate hardly passes quality"
  expect 0 run n$n/starter.gate.yaml --quiet
  has out "ELIGIBLE for $stage"
done
