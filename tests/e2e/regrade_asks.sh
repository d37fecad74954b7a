#!/usr/bin/env bash
# Graders that consult a program do so again when a run is graded again; the route itself, a program too, is not started.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
cases 30; replies a 30; route a
cat > eval_suites/demo/suite.yaml <<'YAML'
suite: demo
version: 1.0.0
severe_classes: {harm: hurts somebody}
graders:
  - {kind: plugin, name: judge}
YAML
cat > worker.py <<'PY'
import json, sys
open("asked", "a").write("x")
for line in sys.stdin:
    call = json.loads(line)
    broken = call["case"]["id"] == "c00009"
    print(json.dumps({"id": call["id"], **({"error": "timeout"} if broken else {"output": "Yes"})}), flush=True)
PY
printf 'route: demo_b\nkind: process\ncommand: [python3, worker.py]\n' > b.yaml
judge() {
  printf 'import json, sys\nopen("judged", "a").write("x")\nq = json.load(sys.stdin)\na, b = q["reply"]["text"], q["case"]["expected"]\nprint(json.dumps({"pass": %s, "reason": "read it"}))\n' "$1" > judge.py
}
gate 'errors: {max_rate: 0.3}'
printf 'plugins:\n  judge: {command: [python3, judge.py], mode: per_case, limits: {timeout: 20s}}\n' >> demo.gate.yaml
judge 'a == b'
expect 1 run demo.gate.yaml --no-progress
first=$(basename "$(run_folder)")
started=$(stat -c %s asked)

expect 3 regrade "$first"
has err 'ask plugin judge'
has err '--gate FILE'

: > judged
judge 'a.lower() == b.lower()'
expect 0 regrade "$first" --gate demo.gate.yaml --no-progress
tr '\n' ' ' < out | tr -s ' ' > flat
has flat 'the answer was not_eligible and is eligible now; 29 cells pass now and 0 fail now, of 60 in both'
[ "$(stat -c %s asked)" = "$started" ] || fail "the route was asked again"
[ "$(stat -c %s judged)" = 59 ] || fail "the judge was asked $(stat -c %s judged) times, not for 59 replies"
[ "$(grep -c '"t":"result".*"error":"timeout"' "$(run_folder)/journal.jsonl")" = 1 ] || fail "the time-out did not stay one"
