#!/usr/bin/env bash
# A program that is missing, may not be executed, is for another machine or lacks its interpreter is said at its word
# before any call, for routes and for plugins.
. "$(dirname "$0")/lib.sh"
project 40
use() { printf 'route: live\nkind: process\ncommand: [%s, x]\n' "$1" > b.yaml; }
refused() {
  for verb in lint plan run; do
    expect 3 $verb demo.gate.yaml
    matches err "^b.yaml:3:11: error: .*$1"
  done
  [ ! -e reports ] || fail "a run was begun"
}
use ./gone.sh; refused gone.sh
use no-such-program-anywhere; refused no-such-program-anywhere
printf '#!/bin/sh\n' > mine.sh; use ./mine.sh; refused mine.sh
printf '#!/no/such/interpreter\n' > lost.sh; chmod +x lost.sh; use ./lost.sh; refused lost.sh
printf 'hello\n' > words; chmod +x words; use ./words; refused words
mkdir folder; use ./folder; refused folder
: > nothing; chmod +x nothing; use ./nothing; refused nothing
# A program for a processor that this one is not: the first bytes of our own, with another machine in its head.
head -c 4096 "$HEADGATE" > foreign; printf '\xf3\x00' | dd of=foreign bs=1 seek=18 conv=notrunc 2>/dev/null
chmod +x foreign; use ./foreign; refused foreign

printf '#!/bin/sh\n' > fine.sh; chmod +x fine.sh; use ./fine.sh
expect 0 lint demo.gate.yaml b.yaml
printf 'plugins: {check: {command: [./gone.sh]}}\n' >> demo.gate.yaml
expect 3 plan demo.gate.yaml; matches err '^demo.gate.yaml:[0-9]+:29: error: .*gone.sh'
# A suite may name a plugin; which program that is says the gate, and a suite that tries is refused.
gate; use ./fine.sh
printf '  - {kind: plugin, name: check}\n' >> eval_suites/demo/suite.yaml
expect 3 plan demo.gate.yaml; has err "asks plugin 'check', which this gate does not name"
printf 'plugins: {check: {command: [./fine.sh]}}\n' >> demo.gate.yaml
expect 0 plan demo.gate.yaml --json; jq -e '.plan.plugins.check | startswith("sha256:")' out >/dev/null || fail "no digest"
cp out first.json; echo '# other' >> fine.sh
expect 0 plan demo.gate.yaml --json
[ "$(jq -r .plan.plugins.check out)" != "$(jq -r .plan.plugins.check first.json)" ] || fail "an edited plugin is another"
[ "$(jq -r .plan.routes[1].digest out)" != "$(jq -r .plan.routes[1].digest first.json)" ] || fail "an edited program is another"
printf 'plugins: {check: {command: [./fine.sh]}}\n' >> eval_suites/demo/suite.yaml
expect 3 plan demo.gate.yaml; has err "'plugins' is the operator's to say"
