#!/usr/bin/env bash
# Whom a suite may ask is the gate's to say: a judge that is not named, is no judge, or has no price under a budget is
# refused at its place. A judge may be a program, and one that floods, dies or says nothing leaves cells ungraded.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null && command -v jq >/dev/null || exit 77
project 30 7
printf 'suite: demo\nversion: 1.0.0\nsevere_classes: {harm: hurts somebody}\ngraders:\n  - {kind: judge, judge: rubric, rubric: "agrees with {{case.expected}}", votes: 3}\n' > eval_suites/demo/suite.yaml
cat > judge.py <<'PY'
import json, sys
how = sys.argv[1]
for line in sys.stdin:
    asked = json.loads(line)
    said = "\n".join(message["content"] for message in asked["messages"])
    assert "schema" in asked and asked["model"] == "words", asked
    if how == "dies": sys.exit(3)
    text = json.dumps({"rubric": {"reason": "so it is", "verdict": "fail" if "\nno\nREPLY" in said else "pass"}})
    if how == "floods": text = "x" * (1 << 20)
    if how == "says_nothing": text = ""
    print(json.dumps({"id": asked["id"], "output": text, "cost_usd": 0.0001}), flush=True)
PY
judge() { printf 'route: judge\nkind: process\ncommand: [python3, judge.py, %s]\nmodel: words\n' "$1" > judge.yaml; }
judge good; echo 'judges: {rubric: judge.yaml}' >> demo.gate.yaml
judged() { sed -i "s|^judges: .*|judges: $1|" demo.gate.yaml; }
expect 0 plan demo.gate.yaml; matches out 'judge rubric +180 calls'; has out 'only the program of route judge says what an answer costs'
expect 2 run demo.gate.yaml --no-progress --even-if-undecidable
has out 'judges: 180 calls, $0.018'
[ "$(jq -r 'select(.t == "grade" and .pass == false) | .cell' "$(run_folder)/journal.jsonl" | wc -l)" = 1 ] || fail "not the one reply fails"
! grep '"t":"result"' "$(run_folder)/journal.jsonl" | grep -q '"ask":"0/v3"' || fail "more votes than asked for"
expect 0 explain c00007; has out 'so it is'
expect 0 try demo.gate.yaml c00007; has out 'so it is'
for how in floods dies says_nothing; do
  judge "$how"; expect 2 run demo.gate.yaml --no-progress --even-if-undecidable --again
  jq -e -s '[.[] | select(.t == "grade")] | length > 0 and all(.error == "unparsable_verdict" or .error == "judge_failed")' "$(run_folder)/journal.jsonl" >/dev/null ||
    fail "$how: $(jq -c 'select(.t == "grade")' "$(run_folder)/journal.jsonl" | head -3)"
done

judge good
refused() { expect 3 lint demo.gate.yaml; matches err "^demo.gate.yaml:[0-9]+:[0-9]+: error: .*$1"; }
sed -i '/^judges/d' demo.gate.yaml; refused "suite 'demo' asks judge 'rubric', which this gate does not name"; has err 'judges: {rubric: routes/rubric.yaml}'
echo 'judges: {rubrik: judge.yaml}' >> demo.gate.yaml; refused "asks judge 'rubric'"; has err "did you mean 'rubrik'?"
judged '{rubric: {calibration: none.json}}'; refused "judge 'rubric' is asked, and has no route"; has err 'none.json'
judged '{rubric: {route: judge.yaml, calibration: a.jsonl}}'; refused "'a.jsonl' is no calibration"
judged '{rubric: a.yaml}'; refused "route 'demo_a' is recorded, and nobody recorded what a judge will be asked"
judged '{rubric: nowhere.yaml}'; refused "there is no route file 'nowhere.yaml'"
judged '{rubric: {rout: judge.yaml}}'; expect 3 lint demo.gate.yaml; has err 'demo.gate.yaml'
printf 'route: own\nkind: generic_http\nendpoint: http://127.0.0.1:9/x\nrequest: {q: "{{case.input}}"}\n' > own.yaml
judged '{rubric: own.yaml}'; refused "route 'own' sends \{\{case.input\}\}, and a judge is asked about no case"
printf 'route: spare\nkind: openai\nendpoint: http://127.0.0.1:9/v1\nmodel: m\nfallback: judge.yaml\n' > spare.yaml
judged '{rubric: spare.yaml}'; refused "route 'spare' has a fallback, and another model's verdict is another judge's"
# A key that is written down is refused and not repeated, in a judge's file as in any other; so is a budget without a price.
printf 'route: judge\nkind: openai\nendpoint: http://127.0.0.1:9/v1\nmodel: m\nkey: sk-0123456789abcdef0123\n' > judge.yaml
judged '{rubric: judge.yaml}'; expect 3 lint demo.gate.yaml; matches err '^judge.yaml:5:6: error: '; lacks err sk-0123
sed -i 's/^key: .*/key: env:JUDGE_KEY/' judge.yaml; echo 'budget: {max_usd: 1}' >> demo.gate.yaml
JUDGE_KEY=x expect 3 lint demo.gate.yaml; has err 'judge.yaml names no price'
sed -i '/^budget/d' demo.gate.yaml
JUDGE_KEY=x expect 3 run demo.gate.yaml --max-usd 1; has err "route 'judge' (judge.yaml) has no price"
expect 3 run demo.gate.yaml; has err JUDGE_KEY
expect 0 plan demo.gate.yaml; has err 'JUDGE_KEY'
got=0; hg doctor demo.gate.yaml --offline >out 2>err || got=$?; [ "$got" = 4 ] || fail "doctor ended with $got"; has out 'route judge: secret'
# A judge that no suite asks needs nothing.
printf 'suite: demo\nversion: 1.0.0\nsevere_classes: {harm: hurts somebody}\ngraders:\n  - {kind: equals, value: "{{case.expected}}"}\n' > eval_suites/demo/suite.yaml
expect 0 run demo.gate.yaml --no-progress --max-usd 1; lacks "$(run_folder)/plan.jsonl" '"judges":[{'
