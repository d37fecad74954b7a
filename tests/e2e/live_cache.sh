#!/usr/bin/env bash
# --cache over HTTP: a second attempt makes no call, says so and has no latencies; further trials are asked; what is all
# kept runs without a provider, what is not is refused before anything else. And a baseline's earlier replies.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
cat > provider.yaml <<'YAML'
profiles:
  a: {text: "yes", delay_ms: 5}
  b: {text: "yes", delay_ms: 5, rules: [{when: {equals: "question 5", attempt: 1}, status: 400}]}
YAML
start_provider provider.yaml
cases 80; suite; gate 'latency: {p95_max_ms: 60000}'
for arm in a b; do http_route "$arm" 'limits: {in_flight: 20}' 'price: {input_per_mtok: 1, output_per_mtok: 2}'; done
run() { got=0; hg run demo.gate.yaml --no-progress "$@" >out 2>err || got=$?; [ "$got" -le 2 ] || fail "run $* ended with $got"; }
asked() { [ "$(provider_stats .requests)" = "$1" ] || fail "$(provider_stats .requests) requests, not $1"; }
run --cache kept; asked 160
expect 0 cache stats kept; has out '159 replies'  # an error is no reply
run --cache kept --again; asked 161; has out '1 call, 159 replies from the cache'
journal=$(run_folder)/journal.jsonl
[ "$(grep -c '"cached":true' "$journal")" = 159 ] || fail "cached replies are not marked"
! grep '"cached":true' "$journal" | grep -q latency_ms || fail "a cached reply has a latency of its own"
jq -e '.cells_cached == 159 and .calls == 1 and .spent_usd < 0.001' "$(run_folder)/run.json" >/dev/null || fail "run.json"
expect 0 explain c00007; has out 'from the response cache'
expect 0 try demo.gate.yaml c00007 --cache kept; has out 'from the response cache'; asked 161

# One kept reply never stands for several trials.
run --cache kept --trials 2; asked 321

# Without a provider.
kill "$PROVIDER_PID"; wait "$PROVIDER_PID" || true
run --cache kept --again --offline; has out '0 calls, 160 replies from the cache'
run --cache kept --again; has out '0 calls, 160 replies from the cache'
expect 3 run demo.gate.yaml --cache kept --offline --trials 3; has err '--offline: the reply of '; has err 'is neither recorded nor in the cache'
expect 3 run demo.gate.yaml --offline --again; has err '80 cells of baseline'; has err 'are not recorded'
expect 0 cache clear kept; has out '320 replies'
expect 3 run demo.gate.yaml --cache kept --offline --again
expect 0 cache stats kept; has out 'no replies'

# The baseline's earlier replies stand for it: one new case is one call.
start_provider provider.yaml; for arm in a b; do http_route "$arm" 'limits: {in_flight: 20}'; done
rm -rf reports; sed -i 's|^baseline: .*|baseline: {route: a.yaml, reuse: latest}|' demo.gate.yaml
run; cases 81; run
[ "$(provider_stats '"\(.profiles.a.requests) \(.profiles.b.requests)"')" = '81 161' ] || fail "asked: $(provider_stats .profiles | jq -c 'map_values(.requests)')"
has err "80 of the baseline's 81 replies are from run"
