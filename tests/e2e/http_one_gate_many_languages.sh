#!/usr/bin/env bash
# One gate file, untouched: over OpenAI's two APIs, Anthropic's, a service of one's own, a program and recorded replies it
# finds the same. Only the two route files change.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
export A_KEY=sk-rehearsal-0123456789
cases 40; suite
gate 'floor: {min_pass_rate: 0.5}' 'errors: {max_rate: 0.1}'
sed -i 's/^graders:/&\n  - {kind: not_contains, value: forbidden}/' eval_suites/demo/suite.yaml

# What each arm says: "no" to some, a reply cut at its length to one.
cat > provider.yaml <<'YAML'
profiles:
  a:
    text: "yes"
    answers: [{contains: "question 8?", text: "no"}]
    generic: {answer: {text: "{{text}}"}, why: stop}
  b:
    text: "yes"
    answers:
      - {contains: "question 3?", text: "no"}
      - {contains: "question 8?", text: forbidden fruit}
      - {contains: "question 21?", text: "vielleicht \u00fc\u4f60\U0001F600"}
    generic: {answer: {text: "{{text}}"}, why: stop}
    rules:
      - {when: {contains: "question 30?"}, finish: length, text: "ye", generic: {answer: {text: "ye"}, why: length}}
YAML
start_provider provider.yaml
cat > worker.py <<'PY'
import json, sys
said = {"a": {"question 8?": "no"},
        "b": {"question 3?": "no", "question 8?": "forbidden fruit", "question 21?": "vielleicht \u00fc\u4f60\U0001F600"}}
for line in sys.stdin:
    call = json.loads(line)
    words = call["messages"][-1]["content"].removeprefix("Answer: ")
    reply = {"id": call["id"], "output": said[sys.argv[1]].get(words, "yes"), "finish_reason": "stop"}
    if sys.argv[1] == "b" and words == "question 30?":
        reply.update(output="ye", finish_reason="length")
    print(json.dumps(reply), flush=True)
PY
ask='prompt: {version: v1, user: "Answer: {{case.input}}?"}'

http() { for arm in a b; do live $arm $arm "$ask" "${@:2}"; sed -i "s/^kind: .*/kind: $1/" $arm.yaml; done; }
use_chat() { http openai; }
use_streamed_chat() { http openai 'stream: true'; }
use_responses() { http openai 'api: responses'; }
use_anthropic() { http anthropic 'params: {max_tokens: 64}'; }
use_streamed_anthropic() { http anthropic 'params: {max_tokens: 64}' 'stream: true'; }
use_service() {
  http generic_http 'request: {question: "{{prompt}}", id: "{{case.id}}"}' 'reply: {output: /answer/text, finish_reason: /why}'
  sed -i 's|^endpoint: \(.*\)/v1$|endpoint: \1/ask|' a.yaml b.yaml
}
use_program() {
  for arm in a b; do printf 'route: demo_%s\nkind: process\ncommand: [python3, worker.py, %s]\n%s\n' $arm $arm "$ask" > $arm.yaml; done
}
use_recorded() {
  for arm in a b; do
    local which=baseline; [ $arm = a ] || which=candidate
    printf 'route: demo_%s\nkind: replay\nfrom: {run: %s, arm: %s}\n' $arm "$(run_folder demo chat)" $which > $arm.yaml
  done
}

cp demo.gate.yaml untouched
for how in chat streamed_chat responses anthropic streamed_anthropic service program recorded; do
  use_$how
  expect 2 run demo.gate.yaml --reports $how --no-progress
  same demo.gate.yaml untouched
  jq '{decision, action, eligible_for, findings, flips, reasons, next_stage, not_asked,
       arms: (.arms | map_values(del(.digest)))}' "$(run_folder demo $how)/decision.json" > $how.found
  same chat.found $how.found
  expect 2 show --flips --json --reports $how
  jq '.cases | map([.id, .flip, .baseline.state, .candidate.state, .baseline.reply, .candidate.reply])' out > $how.flips
  same chat.flips $how.flips
done
jq -e '.arms.candidate | .passed == 36 and .failed == 3 and .route_errors == 1' chat.found > /dev/null || fail "found something else"
jq -c '.[]' chat.flips > out
same out - <<'END'
["c00030","regression","pass","truncated","yes",null]
["c00003","regression","pass","fail","yes","no"]
["c00021","regression","pass","fail","yes","vielleicht ü你😀"]
END
