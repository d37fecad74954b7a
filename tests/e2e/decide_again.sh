#!/usr/bin/env bash
# The recorded evidence decides again: the same under the sealed rules, and under others, which are named.
. "$(dirname "$0")/lib.sh"
project 40 2 3 4
expect 0 run demo.gate.yaml
folder=$(run_folder); cp "$folder/decision.json" sealed
rm "$folder/decision.json"
expect 0 decide "$folder" --json
same out sealed; same "$folder/decision.json" sealed
gate 'floor: {min_pass_rate: 0.9}'; cp demo.gate.yaml strict.gate.yaml
expect 2 decide "$(basename "$folder")" --gate strict.gate.yaml
has err 'strict.gate.yaml'
same "$folder/decision.json" sealed
expect 2 decide "$folder" --gate strict.gate.yaml --write
has "$folder/decision.other.json" '"decision":"inconclusive"'
same "$folder/decision.json" sealed
expect 0 show
printf 'x' | dd of="$folder/plan.jsonl" bs=1 seek=40 conv=notrunc status=none
expect 5 decide "$folder"
