#!/usr/bin/env bash
# Grading again takes replies and errors as they were recorded: a mended grader may turn the decision, an error stays the
# error it was, and a case that was never asked has no reply.
. "$(dirname "$0")/lib.sh"
project 40
replies b 40 $(seq 2 20)
printf '{"case_id":"c00030","trial":0,"error":"timeout"}\n' > b.new
grep -v c00030 b.jsonl >> b.new; mv b.new b.jsonl
gate 'errors: {max_rate: 0.2}'
expect 1 run demo.gate.yaml
first=$(basename "$(run_folder)")
cp -r "reports/demo/$first" before

# The same plan: nothing changes but the folder, and the run itself is left alone.
expect 1 regrade "$first" --json
jq -e '.format == "headgate/regrade/1" and .cells.pass_now == 0 and .cells.fail_now == 0 and .cells.missing == 0' out >/dev/null || fail "cells"
again=$(jq -r .folder out)
same "$again/decision.json" "reports/demo/$first/decision.json"
diff -r before "reports/demo/$first" >/dev/null || fail "regrade wrote into the run"
has "$again/run.json" "\"regraded_from\": \"$first\""

# Both answers count now.
sed -i 's/  - {kind: equals, .*/  - {kind: any_of, graders: [{kind: equals, value: "yes"}, {kind: equals, value: "no"}]}/' eval_suites/demo/suite.yaml
expect 0 regrade "$first" --gate demo.gate.yaml
matches out '^ELIGIBLE for internal'
has out "replies: of run $first of 20"
flat() { tr '\n' ' ' < out | tr -s ' ' > flat; }
flat; has flat 'the answer was not_eligible and is eligible now; 19 cells pass now and 0 fail now, of 80 in both'
mended=$(run_folder)
has "$mended/summary.md" "$first"
[ "$(grep -c '"status":"route_error","error":"timeout"' "$mended/journal.jsonl")" = 1 ] || fail "the time-out did not stay one"
lacks "$mended/journal.jsonl" reply_missing
expect 0 show
has out "replies: of run $first"

# New and edited questions have no reply; the case that is edited elsewhere keeps its own.
sed -i 's/question 7"/another question"/' eval_suites/demo/cases.jsonl
printf '{"id":"c00041","input":"question 41","expected":"yes"}\n' >> eval_suites/demo/cases.jsonl
expect 2 regrade "$first" --gate demo.gate.yaml
matches out '^INCONCLUSIVE'
flat; has flat 'no reply is recorded for 4 cells of 2 cases'

# What regrade made is no run of the gate: running it asks the routes.
replies a 41; replies b 41
expect 0 run demo.gate.yaml
lacks err 'already decided'
expect 0 run demo.gate.yaml
has err 'already decided'

# No route is asked, so neither their secrets nor their programs need be there; a plugin is asked, so its must.
printf '#!/bin/sh\necho {}\n' > work.sh; chmod +x work.sh
printf 'route: live\nkind: process\ncommand: [%s]\nenvironment: {K: env:DEMO_KEY}\n' ./gone.sh > b.yaml
expect 3 run demo.gate.yaml; has err 'DEMO_KEY is not set'; has err gone.sh
expect 2 regrade "$first" --gate demo.gate.yaml
lacks err 'DEMO_KEY'; has err 'the candidate route of the gate file is another one now'
printf 'plugins: {check: {command: [./work.sh], environment: {K: env:DEMO_KEY}}}\n' >> demo.gate.yaml
expect 3 regrade "$first" --gate demo.gate.yaml; matches err '^demo.gate.yaml:.*DEMO_KEY is not set'

# Whoever has seen the replies may not choose which of them count.
rm -rf reports; project 60 $(seq 31 60); gate
expect 1 run demo.gate.yaml --no-progress
sed -i '31,60d' eval_suites/demo/cases.jsonl
expect 2 regrade demo --gate demo.gate.yaml --no-progress
has err "30 cases of the run are not in the suites any more"
rm -rf reports; project 60 $(seq 31 60); gate
expect 2 run demo.gate.yaml --limit 25 --no-progress
sed -i '26,60d' eval_suites/demo/cases.jsonl
expect 2 regrade demo --gate demo.gate.yaml --no-progress
