#!/usr/bin/env bash
# A server that refuses, hangs up, breaks off, never answers or has no address: the run ends by itself, after few calls,
# says why, and is inconclusive; it goes on where it stopped once the server is there.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
cat > provider.yaml <<'YAML'
profiles:
  a: {text: "yes"}
  b: {text: "yes"}
  hangs: {instead: never}
  half: {text: "yes", cut: {in: head, after: 30}}
  resets: {instead: reset}
  closes: {instead: close}
YAML
start_provider provider.yaml
cases 200; suite; gate
http_route a 'limits: {in_flight: 8}'
# stops ENDPOINT KIND TEXT: with the candidate there the run stops, and says that.
stops() {
  local from=$EPOCHREALTIME
  rm -rf reports
  http_route b 'limits: {in_flight: 8, timeout: 500ms}'
  sed -i "s|^endpoint: .*|endpoint: $1|" b.yaml
  expect 2 run demo.gate.yaml
  at_most 60 "$from"
  has err 'are not run: the last '; has err ' calls to demo_b all failed: '; has err "$3"; lacks err 's left'
  has out 'INCONCLUSIVE for internal: demo'; has out 'going on runs the rest'
  jq -s -e --arg kind "$2" '[.[] | select(.t == "try" or .error) | .error] | length >= 10 and all(. == $kind)' \
    "$(run_folder)/journal.jsonl" >/dev/null || fail "other errors than $2"
  # Each call has at most four tries, and far from all 200 cases were tried.
  jq -s -e '[.[] | select(.t == "intent" and .cell % 2 == 1)] | length <= 100 and (group_by(.call) | all(length <= 4))' \
    "$(run_folder)/journal.jsonl" >/dev/null || fail "it went on trying"
}
port=$(closed_port)
stops "http://127.0.0.1:$port/v1" connect "cannot connect to 127.0.0.1:$port: Connection refused"
stops "$PROVIDER_URL/half/v1" reset 'closed '
# Of a fresh connection it can be said how it ended; of one that had been used, only that nothing came.
stops "$PROVIDER_URL/resets/v1" reset ' reply'
stops "$PROVIDER_URL/closes/v1" reset ' reply'
stops http://model.invalid/v1 dns 'no address is known for model.invalid'
lacks err 'closed'
stops "$PROVIDER_URL/hangs/v1" timeout 'within 500 ms (the limit of one try)'
jq -s -e '[.[] | select(.t == "try") | .latency_ms] | length > 0 and min >= 495 and max < 5500' "$(run_folder)/journal.jsonl" \
  >/dev/null || fail "tries did not end at their time-out: $(grep '^{"t":"try"' "$(run_folder)/journal.jsonl" | jq -c .latency_ms | sort -n | tail -1)"
jq -s -e '[.[] | select(.t == "intent" and .cell % 2 == 1)] | group_by(.call) | all(length <= 2)' "$(run_folder)/journal.jsonl" \
  >/dev/null || fail "a call that timed out twice was sent again"
expect 2 show; has out 'INCONCLUSIVE'

# The server is back: the same command asks for what is left.
stops "http://127.0.0.1:$port/v1" connect 'Connection refused'
sed -i "s|^endpoint: .*|endpoint: $PROVIDER_URL/b/v1|" b.yaml
expect 0 run demo.gate.yaml --retry-errors; has out 'ELIGIBLE for internal'
[ "$(ls -d reports/demo/*/ | wc -l)" = 1 ] || fail "another run was begun"

# The baseline down and the candidate perfect is no reason to let it through.
http_route a 'limits: {in_flight: 8}'; sed -i "s|^endpoint: .*|endpoint: http://127.0.0.1:$port/v1|" a.yaml
rm -rf reports
expect 2 run demo.gate.yaml
has err 'calls to demo_a all failed: '; matches out 'evidence.available: Only [0-9]+ of 200 cells of the baseline'
expect 2 show --json; jq -e '.decision == "inconclusive" and .eligible_for == []' out >/dev/null || fail "the decision: $(jq -c .decision out)"
