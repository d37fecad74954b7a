#!/usr/bin/env bash
# check --watch: a change of any file of the gate is answered by the next check, which takes over what it does not touch.
. "$(dirname "$0")/lib.sh"
project 40 5
: >out; : >err
"$HEADGATE" check demo.gate.yaml --watch >out 2>err & pid=$!
# Waits until round N was answered, and that answer is in `round`.
round() {
  local n=$1 tries=0
  until [ "$(grep -c '^watching' err)" -ge "$n" ] &&
        awk -v n="$n" '$0 == "---- check " n {on = 1; next} /^---- check/ {on = 0} on' out > round ; do
    kill -0 $pid 2>/dev/null || fail "the watch ended"
    [ $((tries += 1)) -lt 1500 ] || fail "no round $n"
    sleep 0.02
  done
}
round 1; has round 'REGRESSION: 1 of 40 cases'
# Replies, replaced as an editor does.
answer b c00005 yes
round 2; has round 'none seen: 40 cases'
# A case: only its two cells are run.
sed -i 's/question 9"/question nine"/' eval_suites/demo/cases.jsonl
round 3; has round 'none seen: 40 cases'
matches err 'checking 40 cases on 2 arms, 1 trial; 78 cells taken over'
# In place, two at once: one round, the new failures said to be new.
answer b c00006 no
round 4; has round 'c00006 (new)'
answer b c00002 no
round 5; has round 'REGRESSION: 2 of 40 cases'
grep -n 'regression  c' round > order; has <(sed -n 1p order) 'c00006'; has <(sed -n 2p order) 'c00002 (new)'
# Complaints do not end it; nor does a file that is gone for a while.
echo 'gate: [' > demo.gate.yaml
round 6; has err 'demo.gate.yaml:'
rm demo.gate.yaml
round 7; has err 'No such file'
gate
round 8; has round 'REGRESSION: 2 of 40 cases'
# Saved as it was: nothing new to say.
touch demo.gate.yaml; sleep 0.6
[ "$(grep -c '^---- check' out)" = 8 ] || fail "an unchanged file was checked again"
# A folder of cases gets a new file. What leads there changes no case, so nothing is said of it.
mkdir eval_suites/demo/cases; cp eval_suites/demo/cases.jsonl eval_suites/demo/cases/one.jsonl
{ cat eval_suites/demo/suite.yaml; echo 'cases: cases/*.jsonl'; } > new.yaml; mv new.yaml eval_suites/demo/suite.yaml
sleep 0.6; rm eval_suites/demo/cases.jsonl; sleep 0.6
printf '{"id":"extra","input":"one more","expected":"yes"}\n' > eval_suites/demo/cases/two.jsonl
round 9; has round 'REGRESSION: 2 of 40 cases'; has round '2 cells not measured'
kill -INT $pid; code=0; wait $pid || code=$?
[ $code = 130 ] || fail "Ctrl-C ended it with $code"
