# Sourced first by every script here: a fresh folder, a small project in it, and checks that show what they saw.
set -euo pipefail
: "${HEADGATE:?path of the program under test}"
unset HEADGATE_REPORTS NO_COLOR CLICOLOR_FORCE
export LC_ALL=C

work=$(mktemp -d)
cleanup() { local pid; for pid in $(jobs -p); do { kill -9 "$pid" && wait "$pid"; } 2>/dev/null || true; done; chmod -R u+rwX "$work"; rm -rf "$work"; }
trap cleanup EXIT
cd "$work"

fail() {
  echo "FAILED: $*" >&2
  for f in out err; do [ -e "$f" ] && { echo "--- $f" >&2; head -c 4000 "$f" >&2; }; done
  exit 1
}

hg() { timeout 120 "$HEADGATE" "$@"; }

# expect CODE WORD...: runs headgate, keeps stdout in `out` and stderr in `err`.
expect() {
  local want=$1 got=0; shift
  hg "$@" >out 2>err || got=$?
  [ "$got" = "$want" ] || fail "headgate $* ended with $got, not $want"
}
has() { grep -qF -- "$2" "$1" || fail "'$2' is not in $1"; }
lacks() { ! grep -qF -- "$2" "$1" || fail "'$2' is in $1"; }
matches() { grep -qE -- "$2" "$1" || fail "nothing in $1 matches $2"; }
same() { cmp -s "$1" "$2" || { diff "$1" "$2" | head -5 >&2; fail "$1 and $2 differ"; }; }
run_folder() { ls -dt "${2:-reports}/${1:-demo}"/*/ | head -1 | sed 's|/$||'; }  # the one written last

# cases N: c00001 … in eval_suites/demo; the first is severe. Every answer is "yes".
cases() {
  mkdir -p eval_suites/demo
  awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) printf "{\"id\":\"c%05d\",\"input\":\"question %d\",\"expected\":\"yes\"%s}\n",
    i, i, i == 1 ? ",\"severity\":\"severe\",\"severe_class\":\"harm\"" : "" }' > eval_suites/demo/cases.jsonl
}
suite() {
  cat > eval_suites/demo/suite.yaml <<YAML
suite: demo
version: 1.0.0
severe_classes: {harm: hurts somebody}
graders:
  - {kind: equals, value: "{{case.expected}}"}
YAML
}
# replies ARM N [FAILING…]: those cases are answered "no".
replies() {
  local arm=$1 n=$2; shift 2
  awk -v n="$n" -v bad=" $* " 'BEGIN { for (i = 1; i <= n; i++)
    printf "{\"case_id\":\"c%05d\",\"trial\":0,\"output\":\"%s\"}\n", i, index(bad, " " i " ") ? "no" : "yes" }' > "$arm.jsonl"
}
# answer ARM ID TEXT: that reply instead; the text is the inside of a JSON string.
answer() {
  { printf '{"case_id":"%s","trial":0,"output":"%s"}\n' "$2" "$3"; grep -vF "\"case_id\":\"$2\"" "$1.jsonl"; } > "$1.new"
  mv "$1.new" "$1.jsonl"
}
route() { printf 'route: demo_%s\nkind: replay\nreplies: %s.jsonl\n' "$1" "$1" > "$1.yaml"; }
# gate [LINE…]: further lines are added to the rules.
gate() {
  { printf 'gate: demo\nbaseline: a.yaml\ncandidate: b.yaml\nsuites: [demo]\n'
    printf 'evidence: {min_cases: 20}\nrules:\n  quality: {metric: pass, max_loss: 0.3}\n'
    printf '  severe: [{class: "*", max_new_failures: 0}]\n'
    for line in "$@"; do printf '  %s\n' "$line"; done; } > demo.gate.yaml
}
# project N [FAILING ON B…]
project() {
  local n=$1; shift
  cases "$n"; suite; replies a "$n"; replies b "$n" "$@"; route a; route b; gate
}

# wait_for_journal PID BYTES [RUNS]: waits, briefly each time, until there are that many run folders of the demo gate and
# the newest one's journal holds that many bytes, or the process is gone.
wait_for_journal() {
  local pid=$1 bytes=$2 runs=${3:-1} size
  while kill -0 "$pid" 2>/dev/null; do
    if [ "$(ls -d reports/demo/*/ 2>/dev/null | wc -l)" -ge "$runs" ]; then
      size=$(stat -c %s "$(run_folder)/journal.jsonl" 2>/dev/null || true)
      [ "${size:-0}" -lt "$bytes" ] || return 0
    fi
    sleep 0.005
  done
}

# start_provider [SCRIPT]: a fake provider on a free port, ended with this script. Sets PROVIDER_URL and PROVIDER_PID.
providers=0
start_provider() {
  local name=provider.$((++providers)) script=()
  [ $# = 0 ] || script=(--script "$1")
  "$HEADGATE" fake-provider "${script[@]}" --once-idle 300 >"$name.out" 2>"$name.err" &
  PROVIDER_PID=$!
  until [ -s "$name.out" ]; do
    kill -0 "$PROVIDER_PID" 2>/dev/null || { cat "$name.err" >&2; fail "no fake provider"; }
    sleep 0.01
  done
  PROVIDER_URL=$(head -n 1 "$name.out")
}
# provider_get PATH: what it answers to GET, as /log or /stats?each_body=1.
provider_get() {
  python3 -c 'import ssl, sys, urllib.request as web
web.install_opener(web.build_opener(web.ProxyHandler({}), web.HTTPSHandler(context=ssl._create_unverified_context())))
print(web.urlopen(sys.argv[1], timeout=60).read().decode(), end="")' "$PROVIDER_URL$1"
}
# provider_stats [JQ FILTER]: all of /stats, or what the filter makes of it.
provider_stats() { provider_get /stats | jq -r "${1:-.}"; }
# http_route ARM [LINE…]: a route file of kind openai that calls the fake provider's profile ARM; a call of it costs
# nothing unless a line says otherwise.
http_route() {
  local arm=$1; shift
  { printf 'route: demo_%s\nkind: openai\nendpoint: %s/%s/v1\nmodel: model-%s\nparams: {max_tokens: 16}\n' \
      "$arm" "$PROVIDER_URL" "$arm" "$arm"
    [ $# = 0 ] || printf '%s\n' "$@"; } > "$arm.yaml"
}
# records TYPE: how many records of that type the newest run's journal has.
records() { grep -c "^{\"t\":\"$1\"" "$(run_folder)/journal.jsonl" || true; }
# calls_out [LINES]: how many calls of the newest run were in flight when its journal ended, of those that were sent
# behind its first so many lines.
calls_out() {
  tail -n +$((${1:-0} + 1)) "$(run_folder)/journal.jsonl" | jq -sR '[split("\n")[] | fromjson? | select(.call
    and (.t == "intent" or .t == "try" or .t == "result"))] | group_by([.call, .ask]) | map(select(last.t == "intent")) | length'
}

# live ARM PROFILE [LINE…]: a route to that profile of the fake provider, with the key A_KEY; further lines are added to
# its file. LIMITS holds its limits.
LIMITS='{in_flight: 8}'
live() {
  local arm=$1 profile=$2; shift 2
  { printf 'route: demo_%s\nkind: openai\nendpoint: %s/%s/v1\nkey: env:A_KEY\nmodel: m\n' "$arm" "$PROVIDER_URL" "$profile"
    printf 'limits: %s\n' "$LIMITS"
    for line in "$@"; do printf '%s\n' "$line"; done; } > "$arm.yaml"
}
# recorded JQ FILTER [REPORTS]: what the filter makes of the records of the run written last; nothing where it finds none.
recorded() { jq -r "$1" "$(run_folder demo "${2:-reports}")/journal.jsonl"; }
# how_ended CASE [REPORTS]: status, error and tries of the candidate's cell of that case.
how_ended() {
  recorded "select(.t == \"result\" and .arm == \"candidate\" and .case == \"$1\") | \"\\(.status) \\(.error) \\(.tries // 1)\"" "${2:-reports}"
}
# closed_port: a port of this machine where nobody listens.
closed_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
# at_most SECONDS FROM: since $EPOCHREALTIME was FROM.
at_most() { awk -v a="$2" -v b="$EPOCHREALTIME" -v most="$1" 'BEGIN { exit !(b - a <= most) }' || fail "it took more than $1 s"; }
# live_run PROFILE [OPTION…]: the demo gate with a candidate at that profile, in NAME.out, NAME.err and NAME.code; the run
# is under NAME. Several may go at once. FILE_LINES are further lines of the route's file.
FILE_LINES=()
live_run() {
  local name=$1 code=0; shift
  live "$name" "$name" "${FILE_LINES[@]}"
  sed "s/^candidate: .*/candidate: $name.yaml/" demo.gate.yaml > "$name.gate.yaml"
  hg run "$name.gate.yaml" --reports "$name" --no-progress "$@" > "$name.out" 2> "$name.err" || code=$?
  echo "$code" > "$name.code"
}
# ended PROFILE CODE: how it did end; its words are in `out` and `err` then.
ended() {
  cp "$1.out" out; cp "$1.err" err
  [ "$(cat "$1.code")" = "$2" ] || fail "$1: ended with $(cat "$1.code"), not $2"
}
