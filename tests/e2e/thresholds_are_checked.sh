#!/usr/bin/env bash
# A threshold that is no number, out of range or NaN is refused where it stands.
. "$(dirname "$0")/lib.sh"
project 40
for bad in -0.1 .nan NaN '"0.9"' 1.5 .inf; do
  gate "floor: {min_pass_rate: $bad}"
  expect 3 run demo.gate.yaml
  matches err '^demo.gate.yaml:9:[0-9]+: error: '
done
printf '{"gate":"demo","rules":{"quality":{"max_loss":NaN}}}\n' > demo.gate.json
expect 3 run demo.gate.json
matches err '^demo.gate.json:1:[0-9]+: error: '
[ ! -e reports ] || fail "something was written"
