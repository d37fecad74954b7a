#!/usr/bin/env bash
# reuse: latest takes the baseline's replies from earlier runs: one new case costs one call of the baseline.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
# A program that notes for which case it was asked, and answers yes but where its files say otherwise.
cat > worker.py <<'PY'
import json, os, sys
name = sys.argv[1]
def listed(what):
    return open(name + "." + what).read().split() if os.path.exists(name + "." + what) else []
for line in sys.stdin:
    call = json.loads(line)
    case = call["case"]["id"]
    with open(name + ".asked", "a") as asked:
        asked.write(case + "\n")
    reply = {"error": "timeout"} if case in listed("broken") else {"output": "no" if case in listed("wrong") else "yes"}
    print(json.dumps({"id": call["id"], **reply}), flush=True)
PY
live() { printf 'route: demo_%s\nkind: process\ncommand: [python3, worker.py, %s]\n' "$1" "$1" > "$1.yaml"; }
asked() { if [ -e "$1.asked" ]; then sort "$1.asked" | tr '\n' ' '; fi; }  # and forgets
count() { [ -e "$1.asked" ] && wc -l < "$1.asked" || echo 0; }
anew() { rm -f ./*.asked; }
reuse() { sed -i "s|^baseline: .*|baseline: {route: a.yaml, reuse: $1}|" demo.gate.yaml; }

cases 30; suite; live a; live b; gate 'errors: {max_rate: 0.5}'; reuse latest
expect 0 plan demo.gate.yaml; has out 'no earlier reply of the baseline fits'
expect 0 run demo.gate.yaml --no-progress
has err 'no earlier reply of the baseline fits; all of them are asked'
[ "$(count a)" = 30 ] && [ "$(count b)" = 30 ] || fail "the first run asked for $(count a) and $(count b)"
first=$(basename "$(run_folder)")
[ "$(jq '[.baseline_reused, .baseline_from, .baseline_since]' -c "$(run_folder)/run.json")" = '[0,[],""]' ] || fail "run.json tells of reuse"
expect 0 run demo.gate.yaml --no-progress; has err 'already decided'

# One case more: one call of the baseline. The candidate is asked anew, all of it.
anew; cases 31
expect 0 plan demo.gate.yaml
has out "30 of the baseline's 31 replies are from run $first, none older than"; has out 'weaker for it: quality and severe, where what a provider changed'
expect 0 plan demo.gate.yaml --json
[ "$(jq -c '[.calls, .routes.baseline.calls, .routes.candidate.calls, .estimate.reused.replies, .estimate.reused.runs[0], .plan.baseline_reuse]' out)" \
  = "[32,1,31,30,\"$first\",\"latest\"]" ] || fail "plan says $(jq -c '[.calls, .estimate.reused]' out)"
[ ! -e a.asked ] || fail "plan asked somebody"
expect 0 run demo.gate.yaml --no-progress
has err "30 of the baseline's 31 replies are from run $first, none older than"
[ "$(asked a)" = 'c00031 ' ] || fail "the baseline was asked for $(asked a)"
[ "$(count b)" = 31 ] || fail "the candidate was asked for $(count b) cases"
has out "30 of the baseline's from run $first, none older than"
has out "the baseline's replies are reused (latest)"
[ "$(jq -c '[.baseline_reused, .baseline_from]' "$(run_folder)/run.json")" = "[30,[\"$first\"]]" ] || fail "run.json: $(jq -c .baseline_reused "$(run_folder)/run.json")"
[ "$(jq -r .baseline_since "$(run_folder)/run.json")" = "$(jq -r .replies_since "reports/demo/$first/run.json")" ] || fail "a wrong age"

# A check of the gate does the same, and what a check was told is never a run's.
anew; expect 0 check demo.gate.yaml --no-progress
[ "$(count a)" = 0 ] && [ "$(count b)" = 31 ] || fail "the check asked for $(count a) and $(count b)"
anew; cases 32
expect 0 check demo.gate.yaml --no-progress; [ "$(asked a)" = 'c00032 ' ] || fail "the check asked the baseline for $(asked a)"
anew; expect 0 run demo.gate.yaml --no-progress
[ "$(asked a)" = 'c00032 ' ] || fail "a check's reply was taken for a run's: the baseline was asked for $(asked a)"

# A new attempt at the same plan: nothing is asked of the baseline, which ended in an error here and is asked again there.
anew; cases 33; echo c00033 > a.broken
got=0; hg run demo.gate.yaml --no-progress >out 2>err || got=$?
[ "$(asked a)" = 'c00033 ' ] || fail "the baseline was asked for $(asked a)"
rm a.broken; anew
expect 0 run demo.gate.yaml --no-progress --again
[ "$(asked a)" = 'c00033 ' ] || fail "an error was taken for a reply, or a reply for an error: $(asked a)"
anew; expect 0 run demo.gate.yaml --no-progress --again
[ "$(count a)" = 0 ] && [ "$(count b)" = 33 ] || fail "--again asked for $(count a) and $(count b)"

# An edited case is another call, and so is another route.
anew; sed -i 's/question 7"/question seven"/' eval_suites/demo/cases.jsonl
expect 0 run demo.gate.yaml --no-progress; [ "$(asked a)" = 'c00007 ' ] || fail "the baseline was asked for $(asked a)"
last=$(basename "$(run_folder)")
anew; echo 'model: another' >> a.yaml
expect 0 run demo.gate.yaml --no-progress; [ "$(count a)" = 33 ] || fail "replies of another route were taken"
sed -i '/^model/d' a.yaml

# A run by its name: its replies alone; what it is not asked for is asked.
anew; reuse "$first"
expect 0 plan demo.gate.yaml; has out "29 of the baseline's 33 replies are from run $first"
expect 0 run demo.gate.yaml --no-progress; [ "$(asked a)" = 'c00007 c00031 c00032 c00033 ' ] || fail "the baseline was asked for $(asked a)"
reuse 20200101T000000Z-00000000; anew
for verb in plan run; do expect 3 $verb demo.gate.yaml; has err "no run '20200101T000000Z-00000000'"; has err "$last"; done
check=$(ls reports/demo/checks | head -1); reuse "reports/demo/checks/$check"
expect 3 run demo.gate.yaml; has err 'is a check'
[ ! -e a.asked ] && [ ! -e b.asked ] || fail "somebody was asked"

# Whoever only grades again has no replies of its own to give.
reuse latest
sed -i 's/equals/contains/' eval_suites/demo/suite.yaml
expect 0 regrade "$last" --gate demo.gate.yaml --no-progress
regraded=$(basename "$(run_folder)"); reuse "$regraded"
expect 3 run demo.gate.yaml; has err "only graded the replies of $last again"
