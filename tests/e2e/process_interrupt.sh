# Ctrl-C lets what is out arrive and records it; a second one ends at once; SIGTERM is a Ctrl-C with little time. No
# program outlives any of them, even one that does not want to go, and the run goes on afterwards.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77

mark="headgate-interrupt-$$"
cases 40; suite; gate
# Answers after PAUSE seconds, not at all where that is "never"; deaf to SIGTERM and Ctrl-C, with a child that is too.
cat > worker.py <<'PY'
import json, signal, subprocess, sys, time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
child = subprocess.Popen(["setsid", "sh", "-c", "trap '' TERM INT HUP; while :; do sleep 1; done # " + sys.argv[1]],
                         stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
pause = open("pause").read().strip()
for line in sys.stdin:
    if pause == "never":
        time.sleep(600)
    time.sleep(float(pause))
    print(json.dumps({"id": json.loads(line)["id"], "output": "yes"}), flush=True)
PY
for arm in a b; do
  printf 'route: demo_%s\nkind: process\ncommand: [python3, worker.py, %s, %s]\nlimits: {in_flight: 2, workers: 2}\n' \
    "$arm" "$mark" "$arm" > "$arm.yaml"
done
journal() { cat "$(run_folder)/journal.jsonl"; }
records() { journal | grep -c "^{\"t\":\"$1\"" || true; }
gone() { ! pgrep -af "$mark" || fail "programs live on"; }
# begin PAUSE: starts the run and waits until calls are out.
begin() {
  rm -rf reports; echo "$1" > pause
  "$HEADGATE" run demo.gate.yaml --no-progress --even-if-undecidable >out 2>err &
  pid=$!
  wait_for_journal "$pid" 300
  while kill -0 "$pid" 2>/dev/null && [ "$(records intent)" -lt "$2" ]; do sleep 0.01; done
}
# end CODE SECONDS: it ends so, within that time.
end() {
  local from=$EPOCHREALTIME got=0
  wait "$pid" || got=$?
  [ "$got" = "$1" ] || fail "ended with $got, not $1"
  awk -v a="$from" -v b="$EPOCHREALTIME" -v most="$2" 'BEGIN { exit !(b - a <= most) }' || fail "took longer than $2 s to end"
  [ ! -e "$(run_folder)/decision.json" ] || fail "an interrupted run decided"
  gone
}

begin 0.2 6
kill -INT "$pid"
end 130 9
[ "$(records intent)" = "$(records result)" ] || fail "$(records intent) calls were sent, $(records result) recorded"
[ "$(records result)" = "$(records grade)" ] || fail "a reply was not graded"
[ "$(records result)" -lt 60 ] || fail "the run went on"
has out 'to go on: '
sent=$(records intent)
echo 0 > pause
got=0; hg run demo.gate.yaml --no-progress --even-if-undecidable >out 2>err || got=$?
[ "$got" -le 2 ] || fail "going on ended with $got"
[ "$(records intent)" = 80 ] || fail "$(records intent) calls for 80 cells, $sent before the interrupt"
lacks err 'in flight when'
gone

begin never 4
kill -INT "$pid"
sleep 0.3
kill -0 "$pid" || fail "one Ctrl-C did not wait"
kill -INT "$pid"
end 130 2.5
out=$(( $(records intent) - $(records result) ))
[ "$out" = 4 ] || fail "$out calls were out, not 4"
echo 0 > pause
got=0; hg run demo.gate.yaml --even-if-undecidable >out 2>err || got=$?
[ "$got" -le 2 ] || fail "going on after two interrupts ended with $got"
has err '4 calls were in flight when an earlier start ended; they may have been paid for and are sent again'
gone

begin never 4
kill -TERM "$pid"
end 143 8
