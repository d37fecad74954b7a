#!/usr/bin/env bash
# Every case is held against the prompt of a live route before anything is called.
. "$(dirname "$0")/lib.sh"
project 40
printf '#!/bin/sh\n' > work.sh; chmod +x work.sh
mkdir prompts
printf 'You are kind.\nThe customer is {{case.vars.name}}.\n' > prompts/v1.md
printf 'route: live\nkind: process\ncommand: [./work.sh]\nprompt: {version: v1, system: prompts/v1.md}\n' > b.yaml
expect 3 plan demo.gate.yaml
matches err '^prompts/v1.md:2:17: error: cases c00001, c00002, c00003 and 37 more have no \{\{case.vars.name\}\}'
has err 'The customer is {{case.vars.name}}.'
printf 'You are kind to {{case.id}}.\n' > prompts/v1.md
expect 0 plan demo.gate.yaml --json; before=$(jq -r .plan.routes[1].digest out)
printf 'You are rude to {{case.id}}.\n' > prompts/v1.md
expect 0 plan demo.gate.yaml --json
[ "$(jq -r .plan.routes[1].digest out)" != "$before" ] || fail "another prompt is another route"
printf 'Say {{case.expected}}.\n' > prompts/v1.md
expect 3 plan demo.gate.yaml; matches err '^prompts/v1.md:1:5: error: a prompt must not give'
printf 'Say {{case.nonsense}}.\n' > prompts/v1.md
expect 3 lint b.yaml; matches err "^prompts/v1.md:1:5: error: unknown template variable 'case.nonsense'"
