#!/usr/bin/env bash
# A run is named by its id, a beginning of it, the digest in it, its gate, or its folder; what fits two runs is refused.
. "$(dirname "$0")/lib.sh"
project 40
expect 0 run demo.gate.yaml
expect 0 check demo.gate.yaml   # no run, and never meant as one
id=$(basename "$(ls -d reports/demo/2*)")
for word in "$id" "${id%?}" "${id#*-}" "$(echo "${id#*-}" | cut -c 1-4)" demo "reports/demo/$id" "reports/demo/$id/"; do
  expect 0 show "$word" --json
  same out "reports/demo/$id/decision.json"
done
expect 0 run demo.gate.yaml --again
second=$(ls reports/demo | grep '^2' | grep -v "^$id\$")
expect 3 show "${id#*-}x"
has err "there are"
expect 3 show demoo
has err "did you mean 'demo'"
expect 3 show 20
has err "'20' names 2 runs"
has err "$id"
has err "$second"
expect 0 show demo --color never
has out "$second"
