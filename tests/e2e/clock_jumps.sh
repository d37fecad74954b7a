# The system clock goes back an hour and then forward a day while a run is at it: time-outs and latencies do not notice,
# and the decision is the same.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
library=$(ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null | head -1)
[ -n "$library" ] || exit 77

cases 60; suite; gate 'latency: {p95_max_ms: 20000}'
cat > worker.py <<'PY'
import json, sys, time
for line in sys.stdin:
    time.sleep(0.02)
    print(json.dumps({"id": json.loads(line)["id"], "output": "yes"}), flush=True)
PY
for arm in a b; do
  printf 'route: demo_%s\nkind: process\ncommand: [python3, worker.py]\nlimits: {in_flight: 2, timeout: 20s}\n' "$arm" > "$arm.yaml"
done

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
jq -se '[.[] | select(.t == "result") | .latency_ms] | length == 120 and min >= 15 and max < 20000' "$journal" >/dev/null ||
  fail "latencies: $(jq -c 'select(.t == "result") | .latency_ms' "$journal" | sort -n | sed -n '1p;$p' | tr '\n' ' ')"
# The clock did jump: what the run says of itself is wall time.
jq -e '(.ended | fromdate) - (.started | fromdate) > 80000' "$(run_folder)/run.json" >/dev/null ||
  fail "the clock did not jump: $(cat "$(run_folder)/run.json")"
