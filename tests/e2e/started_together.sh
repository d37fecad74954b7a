#!/usr/bin/env bash
# Of two runs that start at the same moment exactly one does the work; the other is refused or shows the result.
. "$(dirname "$0")/lib.sh"
project 3000
for i in 1 2 3; do "$HEADGATE" run demo.gate.yaml --quiet >out$i 2>err$i & pids[i]=$!; done
done_by=0
for i in 1 2 3; do
  code=0; wait "${pids[i]}" || code=$?
  case $code in 0) done_by=$((done_by + 1)) ;; 6) ;; *) cat err$i >&2; fail "run $i ended with $code" ;; esac
done
[ $done_by -ge 1 ] || fail "nobody finished"
[ "$(ls -d reports/demo/*/ | wc -l)" = 1 ] || fail "the plan was run twice"
