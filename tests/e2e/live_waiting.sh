#!/usr/bin/env bash
# Who always turns calls away, or never answers, holds a run up no longer than it was told: a call's deadline, the time
# without any success, the time of the start. It says what it waited for.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
cat > provider.yaml <<'YAML'
profiles:
  a: {text: "yes"}
  b: {text: "yes"}
  hangs: {instead: never}
  asks: {status: 429, retry_after: "1"}
  mute: {status: 429}
YAML
start_provider provider.yaml
cases 40; suite; gate
http_route a 'limits: {in_flight: 8}'
# b PROFILE LIMITS
b() { http_route b "limits: {in_flight: 8, $2}"; sed -i "s|/b/v1|/$1/v1|" b.yaml; rm -rf reports; }
ends() { # WORD…: the run is inconclusive, and says the first word as the reason why it stopped
  local from=$EPOCHREALTIME says=$1; shift
  expect 2 run demo.gate.yaml "$@"
  at_most 50 "$from"
  matches err "are not run: $says"; has out 'INCONCLUSIVE for internal: demo'; has out 'going on runs the rest'
  [ "$(jq -r .stopped "$(run_folder)/run.json" | grep -cE "^$says")" = 1 ] || fail "run.json does not say so"
}
b hangs 'timeout: 60s'; ends 'the time of this start is over \(1 s\)' --deadline 1s
# ... also where the gate says it; it is no part of what is decided, so the same run goes on.
b mute 'timeout: 30s'; echo 'budget: {deadline: 2s}' >> demo.gate.yaml
ends 'the time of this start is over \(2 s\)'
sed -i '/^budget/d' demo.gate.yaml; asked=$(provider_stats .profiles.a.requests)
sed -i 's|/mute/v1|/b/v1|' b.yaml; expect 0 run demo.gate.yaml
[ "$(ls -d reports/demo/*/ | wc -l)" = 1 ] || fail "another run was begun"
[ "$(provider_stats '.profiles.a.requests')" = "$asked" ] || fail "the baseline was asked again"

b asks 'no_progress: 2s, timeout: 1s'; ends 'no call to demo_b has succeeded for [2-9] s; the last error: HTTP 429: rate_limit_exceeded'
b hangs 'no_progress: 2s, timeout: 1s'; ends 'no call to demo_b has succeeded for [2-9] s; the last error: no reply from '

# A call's own deadline ends it as what it was turned away for, and nothing of it counts as a quick failure of the model.
b asks 'timeout: 1s, deadline: 2s'
expect 2 run demo.gate.yaml --deadline 4s
jq -s -e '[.[] | select(.t == "result" and .arm == "candidate")] | length >= 8
  and all(.status == "provider_error" and .error == "rate_limited")' "$(run_folder)/journal.jsonl" >/dev/null || fail "no call ended at its deadline"
[ "$(provider_stats .profiles.asks.too_early)" = 0 ] || fail "calls came before their Retry-After"

# --fail-fast waits for nobody: one try each, and over.
b asks 'deadline: 10m'; from=$EPOCHREALTIME
before=$(provider_stats .profiles.asks.requests)
expect 2 run demo.gate.yaml --fail-fast; at_most 30 "$from"
[ "$(($(provider_stats .profiles.asks.requests) - before))" = 40 ] || fail "not one try for each case"
[ "$(grep -c '"error":"rate_limited"' "$(run_folder)/journal.jsonl")" = 40 ] || fail "not every case is rate_limited"
has out 'evidence.provider_errors: 0 of 40 baseline cells and 40 of 40 candidate cells ended in a'
