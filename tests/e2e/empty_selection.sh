#!/usr/bin/env bash
# Nothing measured is never green: an empty suite, blank lines, a filter that matches nothing.
. "$(dirname "$0")/lib.sh"
project 40
expect 3 run demo.gate.yaml --filter id=nobody
matches err '0 cases selected'
: > eval_suites/demo/cases.jsonl
expect 3 run demo.gate.yaml
has err 'error: '
printf '\n\n  \n' > eval_suites/demo/cases.jsonl
expect 3 run demo.gate.yaml
has err 'error: '
[ ! -e reports ] || fail "something was written"

# Two terms with a blank between them, and a value that nobody declares: said, with what to write.
project 40
sed -i 's/^version:.*/&\nsegments: {language: [de, en]}/' eval_suites/demo/suite.yaml
expect 3 run demo.gate.yaml --filter 'language=de severity=severe'
has err 'hint: separate terms by a comma'
expect 3 run demo.gate.yaml --filter language=fr
has err "no suite declares language 'fr'; there is de and en"
