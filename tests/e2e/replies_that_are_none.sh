#!/usr/bin/env bash
# A reply that was cut, filtered, or that nobody can see is an error of the route, whatever a not_ grader would say of it.
. "$(dirname "$0")/lib.sh"
project 40
sed -i 's/{kind: equals.*/{kind: not_contains, value: forbidden}/' eval_suites/demo/suite.yaml
ends() { sed -i "s/\"output\":\"[^\"]*\"[^}]*}/\"output\":\"$1\"$2}/" b.jsonl; }
for reason in MAX_TOKENS length incomplete SAFETY content_filter error; do
  ends yes ",\"finish_reason\":\"$reason\""
  expect 2 run demo.gate.yaml
done
for blank in '' ' \\n' '\\u200b' '\\u0000'; do
  ends "$blank" ''
  expect 2 run demo.gate.yaml
  has "$(run_folder)/decision.json" '"route_errors":40'
done
ends yes ',"finish_reason":"stop"'
expect 0 run demo.gate.yaml
