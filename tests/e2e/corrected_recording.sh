#!/usr/bin/env bash
# --resume reads a recorded reply again: one that was corrected since is not carried over.
. "$(dirname "$0")/lib.sh"
project 40
for arm in a b; do printf 'model: model-%s\n' "$arm" >> "$arm.yaml"; done  # the route keeps its digest
expect 0 run demo.gate.yaml
first=$(basename "$(run_folder)")
replies b 40 $(seq 1 40)
expect 1 run demo.gate.yaml --resume "$first"
has err 'carried 40 of 80 cells'
has err 'not carried: 40 of the candidate (recorded otherwise now); cases: 0 changed, 0 added, 0 removed'
second=$(basename "$(run_folder)")
sed -i 's/model-b/model-c/' b.yaml
expect 1 run demo.gate.yaml --resume "$second"
has err "carried 40 of 80 cells over from $second; not carried: 40 of the candidate (another route); cases: 0 changed"
