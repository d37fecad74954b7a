#!/usr/bin/env bash
# Whatever is wrong with the file of a route that is called over HTTP is said at its place before anything is called or
# recorded, and a key that stands in a file is never repeated.
. "$(dirname "$0")/lib.sh"
project 40
export A_KEY=sk-live-0123456789
live() { { printf 'route: live\nkind: openai\nendpoint: http://127.0.0.1:9/v1\nmodel: m\n'; printf '%s\n' "$@"; } > b.yaml; }
refused() { # PLACE TEXT
  for verb in lint run; do
    expect 3 $verb demo.gate.yaml
    has err "b.yaml:$1: error: $2"
    [ "$(grep -c ': error: ' err)" = 1 ] || fail "more than one complaint"
  done
  [ ! -e reports ] || fail "a run was begun"
}
live 'key: env:A_KEY'; expect 0 lint demo.gate.yaml b.yaml; expect 0 plan demo.gate.yaml

live 'key: env:NO_SUCH_KEY'; refused 5:6 'the environment variable NO_SUCH_KEY is not set'
has err 'hint: set it: export NO_SUCH_KEY='
expect 0 plan demo.gate.yaml; has err 'NO_SUCH_KEY is not set: a run would be refused'  # a plan calls nobody
export EMPTY_KEY=; live 'key: env:EMPTY_KEY'; refused 5:6 'the environment variable EMPTY_KEY is empty'
live 'key: sk-SECRET-0000'; refused 5:6 'the key is written as env:NAME or file:PATH'; lacks err SECRET
expect 3 lint --json demo.gate.yaml; lacks out SECRET
live 'headers: {X-Team: sk-SECRET-0000}'; refused 5:19 'a header is written as env:NAME or file:PATH'; lacks err SECRET
live 'headers: {Host: env:A_KEY}'; refused 5:11 "the header 'Host' is set by headgate itself"

sed_endpoint() { live "${2:-}"; sed -i "s|^endpoint: .*|endpoint: $1|" b.yaml; }
sed_endpoint 127.0.0.1:9/v1; refused 3:11 'the endpoint is not a URL'
sed_endpoint ftp://127.0.0.1/v1; refused 3:11 "the endpoint's scheme is neither http nor https"
sed_endpoint https:///v1; refused 3:11 'the endpoint names no host'
sed_endpoint https://ana:SECRET@127.0.0.1/v1; refused 3:11 'an endpoint holds no user and no password'; lacks err SECRET
sed_endpoint env:A_KEY; refused 3:11 'the endpoint is not a URL (the value of env:A_KEY)'; lacks err sk-live

live 'price: {input_per_mtok: -1, output_per_mtok: 1}'; refused 5:25 "'input_per_mtok' must be between 0"
live 'limits: {timeout: 30}'; refused 5:19 "'timeout' must be a text"
live 'ca_file: gone.pem'; refused 5:10 ''
live 'params: {messages: []}'; refused 5:10 "the parameter 'messages' is set by headgate itself"
live 'params: {n: 2}'; refused 5:13 "a call has one reply: 'n' may only be 1"
live 'command: [sh]'; refused 5:1 "'command' is for kind: process, this route is kind: openai"
live 'temperature: 0'; refused 5:1 "unknown key 'temperature' in route"; has err 'hint: write it into params'
live 'fallback: b.yaml'; refused 5:11 'a route is not its own fallback'
live 'prompt: {user: "Dear {{case.vars.name}}"}'; refused 5:22 'cases c00001, c00002, c00003 and 37 more have no {{case.vars.name}}'

# A budget that nobody can keep.
live; gate; echo 'budget: {max_usd: 5}' >> demo.gate.yaml
expect 3 run demo.gate.yaml; matches err '^demo.gate.yaml:[0-9]+:19: error: .*b.yaml names no price'
live 'price: {per_call_usd: 0}'; expect 0 lint demo.gate.yaml
gate; echo 'readiness: {fallback_tested: [c00001]}' >> demo.gate.yaml
expect 3 run demo.gate.yaml; has err 'neither route of this gate has a fallback'
cp a.yaml other.yaml; live 'fallback: other.yaml'; expect 0 lint demo.gate.yaml
sed -i 's/c00001\]/c0001]/' demo.gate.yaml; expect 3 run demo.gate.yaml; has err "did you mean 'c00001'?"

# The same replies under the name of the live route: one digest.
gate; live 'key: env:A_KEY' 'stream: true'; expect 0 plan demo.gate.yaml --json
jq -r '.plan.routes[1].digest' out > live.digest
cp b.yaml live.yaml; printf 'route: recorded\nkind: replay\nreplies: b.jsonl\nof: live.yaml\n' > b.yaml
env -u A_KEY "$HEADGATE" plan demo.gate.yaml --json > out
jq -r '.plan.routes[1].digest' out | cmp -s - live.digest || fail "of: a live route gives another digest"
expect 0 run demo.gate.yaml
grep -rqF sk-live reports && fail "a key reached the disk" || true
