#!/usr/bin/env bash
# A reader that goes away, or streams that were never open, change neither decision nor exit status.
. "$(dirname "$0")/lib.sh"
project 40
set +o pipefail
"$HEADGATE" run demo.gate.yaml --reports piped 2>err | head -c 1 >/dev/null; code=${PIPESTATUS[0]}
[ "$code" = 0 ] || fail "with a closed pipe it ended with $code"
set -o pipefail
expect 0 run demo.gate.yaml --reports plain
same "$(run_folder demo piped)/decision.json" "$(run_folder demo plain)/decision.json"
"$HEADGATE" run demo.gate.yaml --reports none <&- >&- 2>&- || fail "with closed streams it ended with $?"
same "$(run_folder demo none)/decision.json" "$(run_folder demo plain)/decision.json"
grep -rq 'ligible for' "$(run_folder demo none)/journal.jsonl" && fail "the report went into the journal"
{ "$HEADGATE" run demo.gate.yaml --again; } 2> >(exec true) >out || fail "with a closed stderr it ended with $?"
code=0; "$HEADGATE" show --json > /dev/full 2>err || code=$?
[ $code = 4 ] || fail "a full stdout ended with $code"
