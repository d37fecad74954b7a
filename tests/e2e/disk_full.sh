# A disk that fills up in the middle of a run: no new calls, what is out is still recorded, the message says what to do,
# and once there is room the run goes on without asking anything twice.
. "$SOURCE/tests/e2e/lib.sh"
command -v python3 >/dev/null || exit 77
if [ "${1:-}" != inside ]; then
  unshare -rm true 2>/dev/null || exit 77  # needs a file system of its own
  unshare -rm bash "$SOURCE/tests/e2e/disk_full.sh" inside
  exit
fi

cases 120; suite; gate
cat > worker.py <<'PY'
import json, os, sys, time
answered = os.open(sys.argv[1] + "/answered", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
for line in sys.stdin:
    id = json.loads(line)["id"]
    time.sleep(0.005)
    os.write(answered, (id + "\n").encode())
    print(json.dumps({"id": id, "output": "yes", "documents": [{"id": "kb", "text": "x" * 2000}]}), flush=True)
PY
for arm in a b; do  # each writes down what it answers
  mkdir "log_$arm"
  printf 'route: demo_%s\nkind: process\ncommand: [python3, worker.py, %s]\nlimits: {in_flight: 4}\n' "$arm" "$work/log_$arm" > "$arm.yaml"
done
answered() { cat log_a/answered log_b/answered | wc -l; }

mkdir reports
mount -t tmpfs -o size=300k tmpfs reports || exit 77
trap 'umount reports; cleanup' EXIT
expect 4 run demo.gate.yaml --no-progress --even-if-undecidable
matches err 'no space left for .*journal\.jsonl'
matches err '[0-9]+ bytes? did not fit'
has err 'headgate run demo.gate.yaml'
paid=$(answered)
[ "$paid" -lt 240 ] || fail "all $paid calls were made"
[ ! -e "$(run_folder)/journal.reserve" ] || fail "the reserve is still there"
[ "$(grep -c '^{"t":"result"' "$(run_folder)/journal.jsonl")" = "$paid" ] || fail "not every paid reply is recorded"
[ ! -e "$(run_folder)/decision.json" ] || fail "it decided"

mount -o remount,size=8m reports
got=0; hg run demo.gate.yaml --no-progress --even-if-undecidable >out 2>err || got=$?
[ "$got" -le 2 ] || fail "going on ended with $got"
[ "$(answered)" = 240 ] || fail "$(answered) calls for 240 cells: $((240 - paid)) were left"
[ "$(cat log_a/answered log_b/answered | sort | uniq -d | wc -l)" = 0 ] || fail "a call was repeated"
