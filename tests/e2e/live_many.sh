#!/usr/bin/env bash
# Thousands of calls in flight; and where a process may have few files open, fewer at once, which is said and is nobody's
# error.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
printf 'profiles: {a: {text: "yes", delay_ms: 1000}, b: {text: "yes", delay_ms: 1000}}\n' > provider.yaml
start_provider provider.yaml
cases 500; suite; gate
echo 'trials: 4' >> demo.gate.yaml
for arm in a b; do http_route "$arm" 'limits: {in_flight: 2000}'; done
if [ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -ge 13000 ]; then
  expect 0 run demo.gate.yaml; lacks err 'files open here'; has out '4000 calls'
  [ "$(provider_stats '"\(.requests) \(.repeats) \(.abandoned)"')" = '4000 0 0' ] || fail "$(provider_stats)"
  [ "$(provider_stats .most_in_flight)" -ge 1000 ] || fail "only $(provider_stats .most_in_flight) in flight"
fi
# The provider has its files already.
sed -i 's/^trials: .*/trials: 1/' demo.gate.yaml; sed -i 's/delay_ms: 1000/delay_ms: 20/g' provider.yaml
kill "$PROVIDER_PID"; start_provider provider.yaml
for arm in a b; do http_route "$arm" 'limits: {in_flight: 2000}'; done
(ulimit -n 256; expect 0 run demo.gate.yaml; expect 0 doctor demo.gate.yaml; has out 'a process may have 256 files open') || exit 1
(ulimit -n 256; expect 0 run demo.gate.yaml --again) || exit 1
has err 'a process may have 256 files open here'; has err 'limits.in_flight'
[ "$(provider_stats '"\(.repeats) \(.most_in_flight <= 130)"')" = '1000 true' ] || fail "$(provider_stats)"
jq -s -e '[.[] | select(.t == "result" and .status != "ok")] == []' "$(run_folder)/journal.jsonl" >/dev/null || fail "errors"
