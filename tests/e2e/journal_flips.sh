#!/usr/bin/env bash
# A damaged record is reported with its line, its cell runs again, and the verdict stays.
. "$(dirname "$0")/lib.sh"
project 20 7
expect 2 run demo.gate.yaml --limit 4 --json
verdict=$(grep -o '"decision":"[a-z_]*"' out)
folder=$(run_folder); cp "$folder/journal.jsonl" whole; cp "$folder/decision.json" decided
size=$(stat -c %s whole)
for ((at = 3; at < size - 200; at += 97)); do
  cp whole "$folder/journal.jsonl"; cp decided "$folder/decision.json"
  byte=$(od -An -tu1 -j $at -N1 whole | tr -d ' ')
  printf "\\x$(printf %x $((byte ^ 4)))" | dd of="$folder/journal.jsonl" bs=1 seek=$at conv=notrunc status=none
  expect 2 run demo.gate.yaml --limit 4 --json
  has out "$verdict"
  matches "$folder/decision.json" 'journal.jsonl:[0-9]+|damaged|checksum'
done
