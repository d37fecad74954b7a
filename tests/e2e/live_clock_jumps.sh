#!/usr/bin/env bash
# The system clock goes back an hour and then forward a day while replies are on their way: time-outs, pauses and
# latencies do not notice.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
library=$(ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null | head -1)
[ -n "$library" ] || exit 77
printf 'profiles: {a: {text: "yes", delay_ms: 40}, b: {text: "yes", delay_ms: 40, rules: [{when: {every: 20}, status: 429, retry_after: "1"}]}}\n' > provider.yaml
start_provider provider.yaml
cases 60; suite; gate 'latency: {p95_max_ms: 20000}'
for arm in a b; do http_route "$arm" 'limits: {in_flight: 2, timeout: 20s}'; done
echo '+0' > clock
LD_PRELOAD=$library FAKETIME_TIMESTAMP_FILE=$work/clock FAKETIME_NO_CACHE=1 DONT_FAKE_MONOTONIC=1 FAKETIME_DONT_FAKE_MONOTONIC=1 \
  timeout 120 "$HEADGATE" run demo.gate.yaml --no-progress --even-if-undecidable >out 2>err &
pid=$!
wait_for_journal "$pid" 3000
echo '-3600' > clock
wait_for_journal "$pid" 12000
echo '+86400' > clock
got=0; wait "$pid" || got=$?
[ "$got" -le 2 ] || fail "ended with $got"
journal=$(run_folder)/journal.jsonl
[ "$(grep -c '^{"t":"result".*"status":"ok"' "$journal")" = 120 ] || fail "not every cell was answered"
jq -se '[.[] | select(.t == "result") | .latency_ms] | length == 120 and min >= 35 and max < 20000' "$journal" >/dev/null ||
  fail "latencies: $(jq -c 'select(.t == "result") | .latency_ms' "$journal" | sort -n | sed -n '1p;$p' | tr '\n' ' ')"
jq -se '[.[] | select(.t == "result") | .waited_ms // 0] | max < 60000' "$journal" >/dev/null || fail "somebody waited for the clock"
[ "$(provider_stats .profiles.b.too_early)" = 0 ] || fail "a pause was cut short"
jq -e '(.ended | fromdate) - (.started | fromdate) > 80000' "$(run_folder)/run.json" >/dev/null ||
  fail "the clock did not jump: $(cat "$(run_folder)/run.json")"
