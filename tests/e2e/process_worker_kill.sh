# Killed at any moment and started again, a run over programs ends with the bytes of an undisturbed one, repeats no more
# calls than were in flight, and leaves no program behind.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77

in_flight=4; kills=8
mark="headgate-kill-$$"  # in the arguments of every child, to find survivors by
cases 150; suite; gate
cat > worker.py <<'PY'
import json, os, sys, time
answered = os.open(sys.argv[2] + "/answered", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
for line in sys.stdin:
    request = json.loads(line)
    time.sleep(0.004)
    os.write(answered, (request["id"] + "\n").encode())
    print(json.dumps({"id": request["id"], "output": "no" if request["case"]["id"].endswith(sys.argv[3]) else "yes"}), flush=True)
PY
# Each writes down what it answers, in a folder: a file that a command names is part of the route, and must not change.
for arm in a b; do
  mkdir "log_$arm"
  [ "$arm" = a ] && bad=5 || bad=7
  printf 'route: demo_%s\nkind: process\ncommand: [python3, worker.py, %s, %s, "%s"]\nlimits: {in_flight: %s}\n' \
    "$arm" "$mark" "$work/log_$arm" "$bad" "$in_flight" > "$arm.yaml"
done

sum() { cat log_a/answered log_b/answered 2>/dev/null || true; }

killed=0
while [ "$killed" -lt "$kills" ]; do
  before=$(sum | wc -l)
  [ "$before" -lt 260 ] || break
  "$HEADGATE" run demo.gate.yaml --no-progress --even-if-undecidable >out 2>err &
  pid=$!
  more=$((RANDOM % 40 + 1))
  while kill -0 "$pid" 2>/dev/null && [ "$(sum | wc -l)" -lt $((before + more)) ]; do sleep 0.003; done
  kill -9 "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  killed=$((killed + 1))
done
[ "$killed" -ge 4 ] || fail "only $killed kills"
got=0; hg run demo.gate.yaml --no-progress --even-if-undecidable >out 2>err || got=$?
[ "$got" -le 2 ] || fail "the last start ended with $got"
cp "$(run_folder)/decision.json" killed.json

all=$(sum | wc -l); distinct=$(sum | sort -u | wc -l)
[ "$distinct" = 300 ] || fail "$distinct calls were answered, not 300"
[ $((all - distinct)) -le $((killed * 2 * in_flight)) ] ||
  fail "$((all - distinct)) calls were repeated after $killed kills with 2 x $in_flight in flight"
for _ in $(seq 100); do pgrep -f "$mark" >/dev/null || break; sleep 0.05; done
pgrep -af "$mark" && fail "programs live on"

# The same, undisturbed.
rm -rf reports log_?/answered
got=0; hg run demo.gate.yaml --no-progress --even-if-undecidable >out 2>err || got=$?
[ "$got" -le 2 ] || fail "the undisturbed run ended with $got"
[ "$(sum | wc -l)" = 300 ] || fail "undisturbed, $(sum | wc -l) calls were answered"
same "$(run_folder)/decision.json" killed.json
