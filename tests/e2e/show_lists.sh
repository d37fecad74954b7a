#!/usr/bin/env bash
# show lists what flipped, what failed, and what a filter selects; an empty list says so.
. "$(dirname "$0")/lib.sh"
project 40
awk 'NR % 2 { sub(/}$/, ",\"segments\":{\"language\":\"de\"}}") } NR % 2 == 0 { sub(/}$/, ",\"segments\":{\"language\":\"en\"}}") } 1' eval_suites/demo/cases.jsonl > cases.new
mv cases.new eval_suites/demo/cases.jsonl
sed -i '1a segments: {language: [de, en]}' eval_suites/demo/suite.yaml
replies a 40 8; replies b 40 3 4
sed -i '/c00011/d' b.jsonl
expect 2 run demo.gate.yaml
expect 2 show --flips --where language=de
has out '2 flips where language=de:'
matches out '^  regression   c00003 language=de'
lacks out c00004
expect 2 show --failed
has out '3 cases that fail or err:'
matches out '^  pass -> reply_missing  c00011 language=de$'
expect 2 show --where 'id=c0000?'
has out '9 cases where id=c0000?:'
matches out '^  fail -> pass  c00008 language=en$'
expect 2 show --where language=de --failed --full
matches out '      fail equals: found "no", expected "yes"'
expect 2 show --where 'id=none'
has out 'no case where id=none'
expect 3 show --where langage=de
matches err '^--where:1:1: error: unknown key'
expect 2 show --failed --json
jq -e '.format == "headgate/show/1" and .decision.decision == "inconclusive" and ([.cases[].id] == ["c00003", "c00004", "c00011"])
  and .cases[2].candidate.error == "reply_missing" and .cases[0].baseline.pass and .cases[0].segments.language == "de"' out >/dev/null || fail "json"
expect 2 show --json
same out "$(run_folder)/decision.json"
