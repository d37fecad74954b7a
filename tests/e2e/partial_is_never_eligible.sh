#!/usr/bin/env bash
# A filtered or limited run is not the gate.
. "$(dirname "$0")/lib.sh"
project 80
expect 2 run demo.gate.yaml --limit 60
expect 2 run demo.gate.yaml --filter 'id=c000*' --limit 70
expect 3 run demo.gate.yaml --filter 'idd=c1'
has err 'did you mean'
