#!/usr/bin/env bash
# doctor says before a run what the run would stumble over: a key that is refused or not there, a dead endpoint, a model
# nobody knows, no price. It pays for no call. And a key that is refused ends a run without reaching disk or screen.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
cat > provider.yaml <<'YAML'
profiles:
  a: {text: "yes", models: [model-a]}
  b: {text: "yes", models: [model-b], key: {bearer: sk-good-00000000, echo: true}}
YAML
start_provider provider.yaml
cases 30; suite; gate
price='price: {input_per_mtok: 1, output_per_mtok: 2}'
export B_KEY=sk-good-00000000
http_route a "$price"; http_route b "$price" 'key: env:B_KEY'
bare=$(provider_stats '[.profiles[].by_status["200"] // 0] | add')
expect 0 doctor demo.gate.yaml; same <(head -1 out) <(echo ready)
has out 'ok: route demo_a: endpoint: answers in '; has out 'ok: route demo_b: price: '; has out 'ok: reports in reports: '
[ "$(provider_stats .bodies.different)" = 0 ] || [ "$(provider_get /log | jq '[.log[] | select(.method == "POST")] | length')" = 0 ] || fail "doctor paid for a call"
expect 0 doctor demo.gate.yaml --json; jq -e '.format == "headgate/doctor/1" and .ready and .warnings == 0' out >/dev/null || fail "json"
[ ! -e reports ] || fail "doctor wrote something"

# A key that is refused; the server repeats what it was sent, in various clothes.
export B_KEY=sk-test-0000SECRET0000
secret() { ! grep -rqF -e 0000SECRET0000 out err reports 2>/dev/null || fail "the key came out"; }
expect 4 doctor demo.gate.yaml; has out 'wrong: route demo_b: endpoint: the key is refused: HTTP 401'
has out '[secret B_KEY]'; has out 'check the value of env:B_KEY'; secret
expect 4 run demo.gate.yaml
has err 'route demo_b: the provider refuses the key (env:B_KEY): HTTP 401'; has err '[secret B_KEY]'; secret
[ "$(grep -c '"arm":"candidate"' "$(run_folder)/journal.jsonl")" = 0 ] || fail "the refused route has results"
[ ! -e "$(run_folder)/decision.json" ] || fail "a refused run decided"
expect 4 try demo.gate.yaml c00001; has err 'refuses the key'; secret
expect 4 check demo.gate.yaml; secret
export B_KEY=sk-good-00000000
expect 0 run demo.gate.yaml; [ "$(ls -d reports/demo/2*/ | wc -l)" = 1 ] || fail "another run was begun"; has out ELIGIBLE

# No key: said at its place before any call; doctor says it beside the rest.
before=$(provider_stats .requests)
unset B_KEY
for verb in run lint check; do expect 3 $verb demo.gate.yaml; has err 'b.yaml:7:6: error: the environment variable B_KEY is not set'; done
expect 3 try demo.gate.yaml c00001; has err 'B_KEY is not set'
expect 4 doctor demo.gate.yaml; has out 'wrong: route demo_b: secret: the environment variable B_KEY is not set'
has out 'ok: route demo_a: endpoint: answers'
[ "$(($(provider_stats .requests) - before))" -le 1 ] || fail "somebody was called"
sed -i 's/^key: .*/key: sk-test-0000SECRET0000/' b.yaml
for verb in run lint doctor; do expect 3 $verb demo.gate.yaml; has err 'the key is written as env:NAME or file:PATH'; secret; done
export B_KEY=sk-good-00000000; sed -i 's/^key: .*/key: env:B_KEY/' b.yaml

# Nobody there; a model that is not listed; no price, no bound; not asked.
sed -i "s|^endpoint: .*|endpoint: http://127.0.0.1:$(closed_port)/v1|" a.yaml
expect 4 doctor demo.gate.yaml; has out 'wrong: route demo_a: endpoint: cannot connect to 127.0.0.1:'; has out 'Connection refused'
expect 2 try demo.gate.yaml c00001; has out 'baseline connect; candidate pass'; has out 'cannot connect to'
expect 0 doctor demo.gate.yaml --offline; has out 'endpoint: not looked at (--offline)'
http_route a; sed -i 's/^model: .*/model: model-x/; s/^params.*//' a.yaml
expect 0 doctor demo.gate.yaml; has out "warning: route demo_a: endpoint: answers in "; has out "lists no model 'model-x'"
has out 'warning: route demo_a: price: no price'
echo "$price" >> a.yaml; expect 0 doctor demo.gate.yaml; has out 'the output of a call costs and has no bound'

# A route that is an arm and a fallback is looked at once.
http_route a "$price"; http_route b "$price" 'key: env:B_KEY' 'fallback: a.yaml'
expect 0 doctor demo.gate.yaml; [ "$(grep -c 'route demo_a: endpoint' out)" = 1 ] || fail "demo_a is listed twice"

# try: what is sent, what comes back.
http_route a "$price"
expect 0 try demo.gate.yaml c00007
has out 'baseline pass; candidate pass'; has out '| question 7'; has out 'tokens in'; matches out 'trial 0: pass, score 1.000, [0-9.]+ ms, \$'
expect 0 try demo.gate.yaml c00007 --json
jq -e '.arms.candidate.trials[0].reply | .text == "yes" and .usage.output_tokens == 1 and .cost_usd > 0 and .served_by == null' out >/dev/null || fail "json"
