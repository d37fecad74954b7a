#!/usr/bin/env bash
# A pull request walked by hand: an edited prompt, the flip and its reply in `check`, the fix, and then the gate decides.
. "$(dirname "$0")/lib.sh"
mkdir -p eval_suites/desk prompts
for i in $(seq 60); do
  printf '{"id":"refund-%02d","input":"order %d came broken, I want my money back","expected":"refund"}\n' $i $i
done > eval_suites/desk/cases.jsonl
cat > eval_suites/desk/suite.yaml <<'YAML'
suite: desk
version: 1.0.0
graders:
  - {kind: equals, value: "{{case.expected}}"}
YAML
# A small model: it files a message under one of the labels that its instructions name, or says that it may not.
cat > worker.py <<'PY'
import json, re, sys
for line in sys.stdin:
    request = json.loads(line)
    with open("calls", "a") as calls:
        calls.write(request["model"] + " " + request["case"]["id"] + "\n")
    told = request["messages"][0]["content"]
    labels = re.search(r"labels: (.*)", told).group(1).split(", ")
    number = int(re.search(r"order (\d+)", request["messages"][-1]["content"]).group(1))
    if "careful" in told and number % 20 == 0:
        reply = "I cannot help with money."
    else:
        reply = "refund" if "refund" in labels else labels[0]
    print(json.dumps({"id": request["id"], "output": reply}), flush=True)
PY
for version in 1 2; do
  printf 'File the message under one of these labels: refund, login\n' > prompts/v$version.md
  printf 'route: desk_v%s\nkind: process\ncommand: [python3, worker.py]\nmodel: small-%s\n' $version $version
  printf 'prompt: {version: v%s, system: prompts/v%s.md, user: "{{case.input}}"}\n' $version $version
done > both
sed -n 1,5p both > v1.yaml; sed -n 6,10p both > v2.yaml
cat > desk.gate.yaml <<'YAML'
gate: desk
baseline: v1.yaml
candidate: v2.yaml
suites: [./eval_suites/desk]
evidence: {min_cases: 50}
rules:
  quality: {metric: pass, max_loss: 0.08}
YAML
calls() { if [ -e calls ]; then wc -l < calls; else echo 0; fi; }

expect 0 check desk.gate.yaml
has out 'none seen: 60 cases'
[ "$(calls)" = 120 ] || fail "$(calls) calls for 120 cells"

# The edit under review. Only the candidate is called; the answer names the case and quotes what it says now.
echo 'Be careful with money.' >> prompts/v2.md
expect 1 check desk.gate.yaml --baseline reuse
has <(sed -n 1p out) 'REGRESSION: 3 of 60 cases'
has <(sed -n 2p out) 'refund-20: "I cannot help with money."; equals: '
[ "$(calls)" = 180 ] || fail "$(( $(calls) - 120 )) calls for one changed arm"
expect 0 try desk.gate.yaml refund-20 --arm candidate
has out '| Be careful with money.'; has out '| I cannot help with money.'

# The fix, first only where it failed.
sed -i 's/^Be careful.*/Be polite./' prompts/v2.md
expect 0 check desk.gate.yaml --only failures --baseline reuse
has out 'none seen: 3 cases'
[ "$(calls)" = 184 ] || fail "$(( $(calls) - 181 )) calls for three cases of one arm"
expect 0 check desk.gate.yaml --baseline reuse
has out 'none seen: 60 cases'

# Nothing of this was an attempt; the gate decides on its own calls.
expect 3 show
before=$(calls)
expect 0 run desk.gate.yaml
has out 'ELIGIBLE for internal'
[ $(( $(calls) - before )) = 120 ] || fail "the gate did not ask by itself"
