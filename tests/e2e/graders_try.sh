# One grader on one reply: 0 where it passes, 1 where it fails, 2 where it cannot judge, 3 for what is written wrongly.
. "$(dirname "$0")/lib.sh"
export TMPDIR=$work  # where others leave nothing in between

echo 'Your refund of 12.50 EUR is on its way.' > reply.txt
echo '{"id":"refund-1","expected":"refund","severity":"severe","note":"whatever a suite has beside"}' > case.json

expect 0 graders try contains --reply reply.txt --case case.json
has out 'pass, score 1.000: contains "refund"'
expect 1 graders try not_contains --reply reply.txt --case case.json
has out 'FAIL'
expect 0 graders try number --reply reply.txt --options '{"value": 12.5}' --json
jq -e '.pass and .score == 1 and .status == "ok" and .grader.kind == "number"' out >/dev/null || fail "--json"
expect 0 graders try '{"kind":"length","max":20,"unit":"words"}' --reply reply.txt
printf 'REFUND' | expect 0 graders try icontains --reply - --case case.json

# A recorded reply, with what only those have.
echo '{"case_id":"x","output":"","tool_calls":[{"id":"1","name":"refund","arguments":{"amount":12}}]}' > call.json
expect 0 graders try tool_calls --reply call.json --options '{"required":["refund"]}'
expect 1 graders try contains --reply call.json --case case.json
echo '{"case_id":"x","documents":[{"id":"b"},{"id":"a"}]}' > found.json
echo '{"expected":["a"]}' > relevant.json
sed -i 's/"documents"/"output":"","documents"/' found.json
expect 0 graders try retrieval --reply found.json --case relevant.json --options '{"metric":"mrr","at_least":0.5}'

# What cannot be judged is neither a pass nor a failure.
expect 2 graders try recorded --reply reply.txt
: > nothing.txt
expect 2 graders try not_contains --reply nothing.txt --case case.json

# A criterion's numbers are shown.
expect 0 graders try mean_of --reply reply.txt --options '{"at_least":0.5,"criteria":[{"name":"brief","grader":{"kind":"length","max":20,"unit":"words"}}]}'
has out 'brief 1.000'

# A plugin that the gate names.
mkdir -p plugins
cat > plugins/yes.py <<'PY'
import json, sys
for line in sys.stdin:
    print(json.dumps({"id": json.loads(line)["id"], "pass": True, "reason": "yes", "measures": {"warmth": 0.5}}), flush=True)
PY
cat > named.gate.yaml <<'Y'
plugins: {warm: {command: [python3, plugins/yes.py]}}
Y
expect 0 graders try plugin --options '{"name":"warm"}' --reply reply.txt --gate named.gate.yaml
has out 'warmth 0.500'
expect 3 graders try plugin --options '{"name":"warm"}' --reply reply.txt

# Faults are said, and where.
expect 3 graders try contians --reply reply.txt
has err "'contains'"
expect 3 graders try llm-rubric --reply reply.txt
has err '`judge`'
expect 3 graders try contains
has err '--reply FILE'
expect 3 graders try contains --reply missing.txt
has err 'missing.txt'
expect 3 graders try contains --reply reply.txt --case reply.txt
expect 3 graders try contains --reply reply.txt --options '{"valeu":"x"}'
has err 'valeu'
expect 3 graders try contains --reply reply.txt --options '[1]'
expect 3 graders try '{"kind":"contains"' --reply reply.txt
[ -z "$(ls -d headgate-try-* 2>/dev/null)" ] || fail "a folder was left"
