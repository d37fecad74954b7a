#!/usr/bin/env bash
# Every defect of a cases file is refused with file:line:column, the line, and a hint; nothing is written.
. "$(dirname "$0")/lib.sh"
project 40
good='{"id":"c1","input":"hi","expected":"yes"}'
file=eval_suites/demo/cases.jsonl
refused() {  # LINE COLUMN-PATTERN: of the message about cases.jsonl
  expect 3 run demo.gate.yaml
  matches err "^eval_suites/demo/cases.jsonl:$1:$2: error: "
  has err 'hint: '
  [ ! -e reports ] || fail "something was written"
}
printf '%s\n{"id":"c2","input":"x","severity":"severe","severity":"normal"}\n' "$good" > $file; refused 2 44
printf '%s\n%s\n%s\n' "$good" "${good/c1/c2}" "$good" > $file; refused 3 '[0-9]+'; matches err "duplicate id 'c1'.* 1:[0-9]"
printf '%s\n{"id":"c2" "input":"x"}\n' "$good" > $file; refused 2 '(11|12|13)'
printf '%s\n{"id":"c2","input":"x","exp' "$good" > $file; refused 2 '(2[3-8])'
printf '{"id":"c1","input":"x","sevrity":"severe"}\n' > $file; refused 1 24; has err "did you mean"; has err severity
printf '%s\n{"id":"c2","input":"caf\xe9"}\n' "$good" > $file; refused 2 2[3-6]
printf '%s\n\0\0\0\n%s\n' "$good" "$good" > $file; refused 2 1
printf '{"id":"c1","input":"\\ud800"}\n' > $file; refused 1 '(20|21|22)'
printf '{"id":"c\\u00001","input":"x"}\n' > $file; refused 1 '[0-9]+'
printf '{"id":"c1","input":"x","weight":1e999}\n' > $file; refused 1 '[0-9]+'
printf '{"id":"c1","input":"x","graders":[{"kind":"regex","pattern":"(unclosed"}]}\n' > $file; refused 1 '(6[0-9]|7[0-9])'
printf '{"id":"c1","input":"x","graders":[{"kind":"regx","pattern":"a"}]}\n' > $file; refused 1 '[0-9]+'; has err regex
