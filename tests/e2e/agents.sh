# An agent's calls, transcript and state are kept in the journal, graded, shown and graded again; what was not recorded
# is no pass.
. "$SOURCE/tests/e2e/lib.sh"

mkdir -p eval_suites/demo
for i in $(seq 1 30); do
  printf '{"id":"c%05d","input":"refund order %d","vars":{"n":%d},"expected":{"actions":[{"name":"refund","arguments":{"order":%d}}]}}\n' \
    "$i" "$i" "$i" "$i"
done > eval_suites/demo/cases.jsonl
cat > eval_suites/demo/suite.yaml <<'YAML'
suite: demo
version: 1.0.0
graders:
  - {kind: tool_calls, required: "{{case.expected./actions}}", order: exact, ignore: "get_*"}
  - {kind: transcript, before: {tool: refund, requires: {user_says: "(?i)yes"}}, ends_with_answer: true}
  - {kind: state, pointer: /refunded, equals: ["{{case.vars.n}}"]}
YAML
# agent ARM JQ_FILTER: every case done well, and then the filter.
agent() {
  jq -nc 'range(1; 31) | . as $n | {case_id: ("c" + ("0000\($n)"[-5:])), output: "done", state: {refunded: [$n]},
    recorded: {stopped: false}, transcript: [{role: "user", content: "Yes, refund it."},
      {role: "assistant", content: null, tool_calls: [{id: "a", function: {name: "get_order", arguments: "{}"}},
        {id: "b", function: {name: "refund", arguments: "{\"order\":\($n).0}"}}]},
      {role: "tool", tool_call_id: "a", content: "{}"}, {role: "tool", tool_call_id: "b", content: "ok"},
      {role: "assistant", content: "It is done."}]}' | jq -c "if .case_id == \"c00007\" then $2 else . end" > "$1.jsonl"
}
route a; route b; gate
sed -i '/severe/d' demo.gate.yaml
# verdict_on JQ_FILTER: pass or the failed grader's reason, or why the cell has no grade, of the candidate's case 7.
verdict_on() {
  agent b "$1"
  hg try demo.gate.yaml c00007 --json > out 2>err || true
  jq -r '.arms.candidate.trials[0] | if .error then "\(.error.kind): \(.error.message)"
    elif .pass then "pass" else (.graders[] | select(.pass | not) | .reason) end' out
}
judged() { local got; got=$(verdict_on "$1"); case $got in $2) ;; *) fail "after $1: $got" ;; esac; }

agent a .
agent b '.state = {refunded: [8]}'
expect 0 run demo.gate.yaml --even-if-undecidable --no-progress
has out 'c00007'
# What was recorded is in the journal, and the run can be graded again, and replayed, without the recordings.
recorded 'select(.t == "result" and .case == "c00007" and .arm == "candidate") | .state | tojson' > out
has out '{"refunded":[8]}'
recorded 'select(.t == "result") | .transcript | length' | sort -u > out
echo 5 | cmp -s - out || fail "transcripts are not whole"
run=$(run_folder)
printf 'route: again\nkind: replay\nfrom: {run: %s, arm: candidate}\n' "$run" > b.yaml
rm b.jsonl
expect 0 run demo.gate.yaml --even-if-undecidable --no-progress --reports again
recorded 'select(.t == "result" and .case == "c00007" and .arm == "candidate") | .state | tojson' again > out
has out '{"refunded":[8]}'
route b

judged . 'pass'
judged '.state = {refunded: [8]}' '/refunded/0 is 8, expected 7'
judged '.transcript[1].tool_calls[1].function.arguments = "{\"order\":8}"' 'call 1 of "refund": /order is 8, expected 7'
judged '.transcript[1].tool_calls += [{id: "x", function: {name: "drop", arguments: "{}"}}]' '*2 calls where 1*'
judged '.transcript[0].content = "No."' '*before the user says*'
judged '.transcript |= .[:-1]' '*not with the assistant*'
# What is missing or cannot be read is no pass and no failure: nobody knows.
judged 'del(.state)' 'reply_missing: *no state came with the reply'
judged 'del(.transcript)' 'reply_missing: *no transcript came with the reply'
judged '.transcript[0].role = "narrator"' 'grader_failed: *turn 1 has the role*'
judged '.transcript = {}' 'malformed_reply: the transcript is not a list'
judged 'del(.output)' 'reply_missing: *only grades were recorded*'
judged '.output = null' 'empty_reply: *'

# A flag of the recording is an error of its own kind, once the route says what it means.
printf 'fields: {error: {from: /recorded/stopped, map: {"true": step_limit, "false": null}}}\n' >> b.yaml
judged '.recorded.stopped = true' 'step_limit: *'
agent b '.recorded.stopped = "perhaps"'
expect 3 lint demo.gate.yaml
has err "the map for /recorded/stopped has no 'perhaps'"
