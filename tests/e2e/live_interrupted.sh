#!/usr/bin/env bash
# A live run under Ctrl-C, two of them, and SIGTERM: what is out comes in or is left, nothing is decided, and the same
# command goes on without paying again for what came in.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
cat > provider.yaml <<'YAML'
profiles:
  a: {text: "yes", delay_ms: 150}
  b: {text: "yes", delay_ms: 150}
  held: {text: "yes", instead: never}
YAML
start_provider provider.yaml
cases 60; suite; gate
for arm in a b; do http_route "$arm" 'limits: {in_flight: 3}'; done
# begin CALLS: starts the run and waits until so many calls are out.
begin() {
  rm -rf reports
  "$HEADGATE" run demo.gate.yaml --no-progress >out 2>err &
  pid=$!
  wait_for_journal "$pid" 300
  while kill -0 "$pid" 2>/dev/null && [ "$(records intent)" -lt "$1" ]; do sleep 0.01; done
}
# end CODE SECONDS
end() {
  local from=$EPOCHREALTIME got=0
  wait "$pid" || got=$?
  [ "$got" = "$1" ] || fail "ended with $got, not $1"
  awk -v a="$from" -v b="$EPOCHREALTIME" -v most="$2" 'BEGIN { exit !(b - a <= most) }' || fail "took longer than $2 s to end"
  [ ! -e "$(run_folder)/decision.json" ] || fail "an interrupted run decided"
}
go_on() { # all that is left is asked, once
  expect 0 run demo.gate.yaml --no-progress
  [ "$(ls -d reports/demo/*/ | wc -l)" = 1 ] || fail "another run was begun"
}

# What is out comes in, nothing is asked any more, and nothing of it is asked again.
begin 12; kill -INT "$pid"; end 130 30
has out 'to go on: headgate run demo.gate.yaml'; lacks out 'ELIGIBLE for'
[ "$(records intent)" = "$(records result)" ] || fail "$(records intent) calls were sent, $(records result) recorded"
[ "$(records result)" -lt 60 ] || fail "it did not stop"
[ "$(provider_stats .abandoned)" = 0 ] || fail "calls were left though they would have been answered"
expect 3 show; has err 'has no decision'; has err 'to go on: headgate run demo.gate.yaml'
go_on
[ "$(provider_stats '"\(.requests) \(.repeats)"')" = '120 0' ] || fail "requests and repeats: $(provider_stats '"\(.requests) \(.repeats)"')"
lacks err 'in flight when'

# Who never answers is not waited for twice.
for arm in a b; do sed -i "s|/$arm/v1|/held/v1|" "$arm.yaml"; done
begin 6; kill -INT "$pid"
until [ "$(awk '/^ShdPnd:/ { print $2 + 0 }' "/proc/$pid/status")" = 0 ]; do sleep 0.01; done  # or the second is lost in it
kill -0 "$pid" || fail "one Ctrl-C did not wait for what is out"
kill -INT "$pid"; end 130 10
[ "$(calls_out)" = 6 ] || fail "$(calls_out) calls were out"
for arm in a b; do sed -i "s|/held/v1|/$arm/v1|" "$arm.yaml"; done
got=0; hg run demo.gate.yaml --no-progress >out 2>err || got=$?
has err '6 calls were in flight when an earlier start ended'
[ "$got" = 0 ] || fail "going on ended with $got"

# SIGTERM waits for no more than five seconds.
for arm in a b; do sed -i "s|/$arm/v1|/held/v1|" "$arm.yaml"; done
begin 6; kill -TERM "$pid"; end 143 50
[ "$(calls_out)" = 6 ] || fail "$(calls_out) calls were out"
