#!/usr/bin/env bash
# Cut anywhere, the journal keeps exactly its whole records; the run goes on from there to the same decision.
. "$(dirname "$0")/lib.sh"
project 20 7
expect 2 run demo.gate.yaml --limit 4
hg run demo.gate.yaml --limit 4 --json > good 2>/dev/null || true
folder=$(run_folder); cp "$folder/journal.jsonl" whole
size=$(stat -c %s whole)
for ((cut = 0; cut < size; cut += size / 60 + 1)); do
  rm -f "$folder/decision.json" "$folder"/journal.torn-*
  head -c $cut whole > "$folder/journal.jsonl"
  hg run demo.gate.yaml --limit 4 --json > out 2>err || true
  same good out
done
