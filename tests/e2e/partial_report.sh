#!/usr/bin/env bash
# Interrupted: what is known so far is said, marked partial, and no decision is written; going on takes it away.
. "$(dirname "$0")/lib.sh"
project 20000 $(seq 10 10 20000)
gate 'must_pass: {cases: [c20000]}'
for signal in INT TERM; do
  rm -rf reports
  "$HEADGATE" run demo.gate.yaml --jobs 1 >out 2>err & pid=$!
  wait_for_journal $pid 200000
  kill -$signal $pid
  code=0; wait $pid || code=$?
  [ $code = $([ $signal = INT ] && echo 130 || echo 143) ] || fail "SIG$signal ended with $code"
  [ "$(sed -n 1p out)" = 'INTERRUPTED: no decision' ] || fail "first line"
  matches <(sed -n 2p out) '^[0-9]+ of 40000 cells done'
  matches out '^  baseline demo_a: [0-9]+ pass, 0 fail'; matches out 'flips so far: [1-9][0-9]* regression'
  matches out '^  so far, on [0-9]+ of 20000 cases:'; matches out '^    quality \(partial\): '
  matches <(tail -1 out) '^to go on: headgate run demo.gate.yaml --jobs 1$'
  [ "$(cat out err | grep -c 'to go on')" = 1 ] || fail "how to go on is not said once"
  lacks out 'evidence.'; lacks out 'must_pass'
  folder=$(run_folder)
  [ ! -e "$folder/decision.json" ] || fail "an interrupted run decided"
  has "$folder/partial.md" '# INTERRUPTED: no decision'
  expect 1 run demo.gate.yaml
  [ ! -e "$folder/partial.md" ] || fail "partial.md stands beside a decision"
done
# Quiet: the headline, the count, how to go on; nothing else.
rm -rf reports
"$HEADGATE" run demo.gate.yaml --jobs 1 --quiet >out 2>err & pid=$!
wait_for_journal $pid 200000
kill -INT $pid; wait $pid || true
cat err >> out
[ "$(wc -l < out)" = 3 ] || fail "more than three lines"
matches <(sed -n 2p out) '^[0-9]+ of 40000 cells done$'
matches <(sed -n 3p out) '^to go on: headgate run demo.gate.yaml --jobs 1 --quiet$'
# The same as JSON.
rm -rf reports
"$HEADGATE" run demo.gate.yaml --jobs 1 --json >out 2>err & pid=$!
wait_for_journal $pid 200000
kill -INT $pid; wait $pid || true
jq -e '.format == "headgate/partial/1" and .answer == "interrupted" and .decision == null and .done < .cells
  and (.findings | all(.partial))' out >/dev/null || fail "json"
# A check that is interrupted has no answer, and goes on.
"$HEADGATE" check demo.gate.yaml --jobs 1 >out 2>err & pid=$!
while kill -0 $pid 2>/dev/null && [ "$(cat reports/demo/checks/*/journal.jsonl 2>/dev/null | wc -c)" -lt 200000 ]; do sleep 0.005; done
kill -INT $pid; code=0; wait $pid || code=$?
[ $code = 130 ] || fail "an interrupted check ended with $code"
matches <(sed -n 1p out) '^INTERRUPTED: no answer; [0-9]+ of 40000 cells measured'
lacks out 'not_started'
expect 1 check demo.gate.yaml
has err 'going on with the check'; has out 'REGRESSION: 2000 of 20000 cases'; has out 'and 1980 more'
[ "$(ls -d reports/demo/checks/*/ | wc -l)" = 1 ] || fail "a second check was begun"
