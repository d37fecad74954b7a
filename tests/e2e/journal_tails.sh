#!/usr/bin/env bash
# Whatever a crash left behind the last whole record is set aside, and the run goes on.
. "$(dirname "$0")/lib.sh"
project 40 7
expect 0 run demo.gate.yaml
folder=$(run_folder); cp "$folder/decision.json" good
for tail in zeros half garbage; do
  rm -f "$folder/decision.json" "$folder"/journal.torn-*
  case $tail in
    zeros) head -c 4096 /dev/zero ;;
    half) printf '{"t":"result","q":99,"call":"abc","out":"par' ;;
    garbage) head -c 500 "$HEADGATE" ;;
  esac >> "$folder/journal.jsonl"
  expect 0 run demo.gate.yaml
  ls "$folder"/journal.torn-* >/dev/null || fail "$tail: no torn file"
  matches err 'note: .*torn'
  same good "$folder/decision.json"
done
