#!/usr/bin/env bash
# What this version does not judge yet is an error in a gate file, never ignored.
. "$(dirname "$0")/lib.sh"
project 40
gate 'fallback_rate: {max_rate: 0.05}'
expect 3 run demo.gate.yaml
matches err '^demo.gate.yaml:[0-9]+:[0-9]+: error: .*fallback_rate'
gate
printf 'route: live\nkind: openai\nendpoint: https://example.com/v1\n' > b.yaml
expect 3 run demo.gate.yaml
matches err '^b.yaml:[0-9]+:[0-9]+: error: .*openai'
