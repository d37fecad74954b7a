# A program that is up to no good takes nothing with it but its own case: the run ends, says what happened, and leaves no
# process. One misbehaviour a candidate, against a well-behaved baseline.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77

cases 30; suite
mark="headgate-hostile-$$"  # in the arguments of every child, to find survivors by

# worker NAME: a route of that name; the body of its loop is read from stdin, with `request` and say() at hand.
worker() {
  { printf 'import json, os, signal, subprocess, sys, time\n'
    printf 'def say(id, text="yes"):\n    print(json.dumps({"id": id, "output": text}), flush=True)\n'
    printf 'def bad(request):\n    return request["case"]["id"] == "c00007"\n'
    cat; } > "$1.py"
  printf 'route: %s\nkind: process\ncommand: [python3, %s.py, %s]\nlimits: {timeout: 1s, start_timeout: 5s, grace: 200ms, in_flight: 4}\n' \
    "$1" "$1" "$mark" > "$1.yaml"
}
survivors() { pgrep -f "$mark" || true; }

# hostile NAME ERRORS: the candidate NAME ends with that many route errors, and everything else was measured.
hostile() {
  printf 'gate: %s\nbaseline: good.yaml\ncandidate: %s.yaml\nsuites: [demo]\nevidence: {min_cases: 20}\nrules:\n  quality: {metric: pass, max_loss: 0.5}\n' \
    "$1" "$1" > "$1.gate.yaml"
  local got=0
  hg run "$1.gate.yaml" --no-progress >out 2>err || got=$?
  [ "$got" -le 2 ] || fail "$1: ended with $got"
  local errors
  errors=$(jq .arms.candidate.route_errors "$(run_folder "$1")/decision.json")
  [ "$errors" = "$2" ] || fail "$1: $errors route errors, not $2"
  [ -z "$(survivors)" ] || fail "$1: still running: $(survivors)"
}

worker good <<'PY'
for line in sys.stdin:
    say(json.loads(line)["id"])
PY

worker answers_twice <<'PY'
for line in sys.stdin:
    id = json.loads(line)["id"]
    say(id); say(id, "no")
PY
hostile answers_twice 0

worker answers_for_others <<'PY'
for line in sys.stdin:
    say("0" * 32, "no"); say(json.loads(line)["id"])
PY
hostile answers_for_others 0

worker out_of_order <<'PY'
waiting = []
for line in sys.stdin:
    waiting.append(json.loads(line)["id"])
    if len(waiting) == 2:
        for id in reversed(waiting): say(id)
        waiting = []
PY
hostile out_of_order 0

worker banner_first <<'PY'
print("Welcome to the model, version 7", flush=True)
for line in sys.stdin:
    say(json.loads(line)["id"])
PY
hostile banner_first 0

worker windows_lines <<'PY'
for line in sys.stdin:
    sys.stdout.write(json.dumps({"id": json.loads(line)["id"], "output": "yes"}) + "\r\n"); sys.stdout.flush()
PY
hostile windows_lines 0

worker long_lines <<'PY'
for line in sys.stdin:
    id = json.loads(line)["id"]
    print(json.dumps({"pad": "x" * (1 << 20), "id": id, "output": "yes"}), flush=True)
PY
hostile long_lines 0

worker half_a_line <<'PY'
for line in sys.stdin:
    request = json.loads(line)
    if bad(request):
        sys.stdout.write('{"id": "' + request["id"] + '", "outp'); sys.stdout.flush(); os._exit(0)
    say(request["id"])
PY
hostile half_a_line 1

worker nul <<'PY'
for line in sys.stdin:
    request = json.loads(line)
    if bad(request):
        sys.stdout.write("\0\0\0\n"); sys.stdout.flush(); continue
    say(request["id"])
PY
hostile nul 1

worker crashes <<'PY'
for line in sys.stdin:
    request = json.loads(line)
    if bad(request): os.kill(os.getpid(), signal.SIGSEGV)
    say(request["id"])
PY
hostile crashes 1

worker closes_stdout <<'PY'
for line in sys.stdin:
    request = json.loads(line)
    if bad(request):
        os.close(1); time.sleep(60)
    say(request["id"])
PY
hostile closes_stdout 1

worker ignores_the_end <<'PY'
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for line in sys.stdin:
    request = json.loads(line)
    if bad(request): time.sleep(60)
    say(request["id"])
PY
hostile ignores_the_end 1

worker breeds <<'PY'
if os.fork() == 0:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if os.fork() == 0: os.setsid()
    time.sleep(60); os._exit(0)
for line in sys.stdin:
    say(json.loads(line)["id"])
PY
hostile breeds 0

worker floods <<'PY'
for line in sys.stdin:
    request = json.loads(line)
    if bad(request):
        while True: os.write(1, b"x" * 65536)
    sys.stderr.write("noise " * 2000); say(request["id"])
PY
hostile floods 1

worker dies_at_start <<'PY'
open("starts", "a").write("x")
print("no licence found", file=sys.stderr); sys.exit(3)
PY
printf 'gate: dies\nbaseline: good.yaml\ncandidate: dies_at_start.yaml\nsuites: [demo]\nevidence: {min_cases: 20}\nrules:\n  quality: {metric: pass, max_loss: 0.5}\n' > dies.gate.yaml
expect 2 run dies.gate.yaml --no-progress
[ "$(wc -c < starts)" -le 12 ] || fail "started $(wc -c < starts) times though it never answered"
grep -q "no licence found" "$(run_folder dies)/journal.jsonl" || fail "its last words are not recorded"
[ -z "$(survivors)" ] || fail "still running: $(survivors)"
