#!/usr/bin/env bash
# Nobody reads what a live run says, on stdout or stderr: it is done all the same, no signal ends it, and its decision is
# the usual one.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
printf 'profiles: {a: {text: "yes", delay_ms: 10}, b: {text: "yes", delay_ms: 10, wrong: {share: 0.1}}}\n' > provider.yaml
start_provider provider.yaml
cases 60; suite; gate
for arm in a b; do http_route "$arm" 'limits: {in_flight: 8}'; done
got=0; hg run demo.gate.yaml --reports usual >out 2>err || got=$?
[ "$got" -le 2 ] || fail "ended with $got"
# closed HOW: as a shell line that runs "$@" with streams that nobody reads.
closed() {
  rm -rf reports; local code=0
  (set +o pipefail; "$@") || code=$?
  cat code > said 2>/dev/null || echo "$code" > said
  rm -f code
  [ "$(cat said)" = "$got" ] || [ "$(cat said)" = 4 ] || fail "ended with $(cat said)"
  same "$(run_folder)/decision.json" "$(run_folder demo usual)/decision.json"
}
to_pipe() { { hg run demo.gate.yaml 2>err && echo 0 > code || echo $? > code; } | head -n 0; while [ ! -s code ]; do sleep 0.01; done; }
both_to_pipe() { { hg run demo.gate.yaml 2>&1 && echo 0 > code || echo $? > code; } | true; while [ ! -s code ]; do sleep 0.01; done; }
no_streams() { hg run demo.gate.yaml >&- 2>&- && echo 0 > code || echo $? > code; }
closed to_pipe; closed both_to_pipe; closed no_streams
