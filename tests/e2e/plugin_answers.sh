# A grader that is a program: only a clear answer counts. Whatever else it does is "could not judge", never a pass.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77

cases 30; replies a 30; replies b 30; route a; route b
mkdir -p plugins
cat > eval_suites/demo/suite.yaml <<'YAML'
suite: demo
version: 1.0.0
severe_classes: {harm: hurts somebody}
graders:
  - {kind: plugin, name: judge}
YAML
gate
cat >> demo.gate.yaml <<'YAML'
plugins:
  judge: {command: [python3, plugins/judge.py], mode: per_case, limits: {timeout: 5s}}
YAML

judge() { { printf 'import json, os, signal, sys\nquestion = json.load(sys.stdin)\n'; cat; } > plugins/judge.py; }
never_a_pass() {
  expect 2 run demo.gate.yaml --no-progress --again
  # A program that ends badly every time is given up after a few; what was not asked then is not run, and no pass either.
  jq -e 'all(.arms[]; .passed == 0 and .failed == 0 and .ungraded > 0)' "$(run_folder)/decision.json" >/dev/null || fail "$1: it counted"
  has "$(run_folder)/journal.jsonl" plugin_failed
}

judge <<'PY'
print(json.dumps({"pass": question["reply"]["text"] == question["case"]["expected"], "reason": "read it"}))
PY
expect 0 run demo.gate.yaml --no-progress
has "$(run_folder)/journal.jsonl" "read it"

echo 'pass' | judge                                                     # nothing at all
never_a_pass "an empty answer"
echo 'print(json.dumps({"pass": True})); sys.exit(1)' | judge           # a pass, and a failing exit status
never_a_pass "exit status 1"
echo 'sys.stdout.write(json.dumps({"pass": True})); sys.stdout.flush(); os.kill(os.getpid(), signal.SIGKILL)' | judge
never_a_pass "killed by a signal"
echo 'print(json.dumps({"pass": "yes"}))' | judge                       # a word instead of true
never_a_pass "pass: \"yes\""
echo 'print(json.dumps({"pass": True, "score": 7}))' | judge            # outside 0 to 1
expect 2 run demo.gate.yaml --no-progress --again
jq -e 'all(.arms[]; .passed == 0 and .ungraded == 30)' "$(run_folder)/decision.json" >/dev/null || fail "score 7 counted"

# What the program is, is checked before anything runs, at its line.
sed -i 's/python3, plugins/no-such-program, plugins/' demo.gate.yaml
expect 3 run demo.gate.yaml --no-progress
matches err '^demo.gate.yaml:[0-9]+:[0-9]+: error: .*no-such-program'
