#!/usr/bin/env bash
# A byte-order mark, CRLF or a missing last newline change nothing: not even a digest.
. "$(dirname "$0")/lib.sh"
project 40
expect 0 run demo.gate.yaml --reports plain
{ printf '\xef\xbb\xbf'; sed 's/$/\r/' eval_suites/demo/cases.jsonl; } > x; mv x eval_suites/demo/cases.jsonl
expect 0 run demo.gate.yaml --reports marked
same "$(run_folder demo plain)/decision.json" "$(run_folder demo marked)/decision.json"
cases 40; truncate -s -1 eval_suites/demo/cases.jsonl
expect 0 run demo.gate.yaml --reports cut
same "$(run_folder demo plain)/decision.json" "$(run_folder demo cut)/decision.json"
