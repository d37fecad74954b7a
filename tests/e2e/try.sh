#!/usr/bin/env bash
# try: one case on both arms, every grader's word for it; nothing is decided and nothing is kept.
. "$(dirname "$0")/lib.sh"
project 40 3
mkdir tmp; export TMPDIR=$work/tmp
expect 0 try demo.gate.yaml c00003
[ "$(sed -n 1p out)" = 'c00003: baseline pass; candidate FAIL' ] || fail "first line"
has out '| question 3'; has out 'recorded: nothing was sent'
has out 'pass equals (score 1.000): '; has out 'FAIL equals (score 0.000): found "no", expected "yes"'
[ ! -e reports ] || fail "something was kept"
[ -z "$(ls -A tmp)" ] || fail "the private folder is still there"
expect 0 try demo.gate.yaml c00003 --arm candidate --json
jq -e '.format == "headgate/try/1" and .all_graded and (.arms | keys == ["candidate"])
  and (.arms.candidate.trials | length == 1) and .arms.candidate.trials[0].reply.text == "no"
  and .arms.candidate.trials[0].pass == false and .arms.candidate.trials[0].graders[0].grader == "equals"' out >/dev/null || fail "json"

# Names: a wrong one is guessed at; the suite may be said too.
expect 3 try demo.gate.yaml c0003
has err "did you mean 'c00003'?"
expect 0 try demo.gate.yaml demo/c00003
cat > worker.py <<'PY'
import json, sys
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"id": request["id"], "output": request["messages"][-1]["content"]}), flush=True)
PY
for arm in a b; do
  echo "be $arm" > $arm.md
  printf 'route: live_%s\nkind: process\ncommand: [python3, worker.py]\n' $arm
  printf 'prompt: {system: %s.md, user: "asked {{case.input}}"}\n' $arm
done > both
sed -n 1,4p both > a.yaml; sed -n 5,8p both > b.yaml
# A live route: what it is sent.
expect 0 try demo.gate.yaml c00003
has out 'sent, system'; has out '| be b'; has out 'sent, user'; has out '| asked question 3'
matches out 'trial 0: FAIL, score 0.000, [0-9.]+ ms'
expect 0 try demo.gate.yaml c00003 --json
jq -e '.arms.baseline.messages == [{"role":"system","content":"be a\n"},{"role":"user","content":"asked question 3"}]
  and .arms.baseline.trials[0].reply.text == "asked question 3"' out >/dev/null || fail "what was sent"
route a; route b; gate

# What could not be measured: exit 2, with its kind and message.
expect 2 try demo.gate.yaml c00003 --trials 2
has out 'trial 1: reply_missing (ungraded): no reply is recorded'
[ -z "$(ls -A tmp)" ] || fail "the private folder is still there"
TMPDIR=$work/nowhere expect 4 try demo.gate.yaml c00003
has err 'TMPDIR'

# Interrupted: the private folder goes all the same.
printf 'import sys\nopen("started", "w")\nsys.stdin.read()\n' > worker.py
printf 'route: slow\nkind: process\ncommand: [python3, worker.py]\n' > b.yaml
"$HEADGATE" try demo.gate.yaml c00003 >out 2>err & pid=$!
until [ -e started ]; do kill -0 $pid || fail "it ended by itself"; sleep 0.01; done
kill -INT $pid; kill -INT $pid || true; code=0; wait $pid || code=$?
[ $code = 130 ] || fail "interrupted with $code"
[ -z "$(ls -A tmp)" ] || fail "the private folder is still there"
