#!/usr/bin/env bash
# What comes back over HTTP and is no reply is an error: never graded, whatever a not_ grader would say of its text, never
# kept, and asked again only where that may help.
. "$(dirname "$0")/lib.sh"
export A_KEY=sk-rehearsal-0123456789
cases 40; suite; replies a 40; route a; gate
sed -i 's/{kind: equals.*/{kind: not_contains, value: forbidden}/' eval_suites/demo/suite.yaml

printf '<html><body>proxy login</body></html>' > login.html
printf '{"id":"x","choices":[{"index":0,"finish_reason":"stop","mess' > cut.json
cat > faults.yaml <<'YAML'
text: "yes"
profiles:
  error_in_200: {text: "yes", rules: [{when: {equals: question 1}, body: {error: {message: limit exceeded, type: rate_limit_error}}}]}
  length: {text: "yes", rules: [{when: {equals: question 1}, finish: length, text: hel}]}
  filtered: {text: "yes", rules: [{when: {equals: question 1}, finish: content_filter, text: ""}]}
  refused: {text: "yes", rules: [{when: {equals: question 1}, finish: refusal}]}
  no_choice: {text: "yes", rules: [{when: {equals: question 1}, body: {id: x, choices: []}}]}
  no_text: {text: "yes", rules: [{when: {equals: question 1}, body: {choices: [{finish_reason: stop, message: {role: assistant, content: null}}]}}]}
  blank: {text: "yes", rules: [{when: {equals: question 1}, text: " \n "}]}
  html: {text: "yes", rules: [{when: {equals: question 1}, body_file: login.html, content_type: text/html}]}
  half: {text: "yes", rules: [{when: {equals: question 1}, body_file: cut.json}]}
  another: {text: "yes", rules: [{when: {equals: question 1}, body: {answer: "yes"}}]}
  nothing: {text: "yes", rules: [{when: {equals: question 1}, body: ""}]}
  cut: {text: "yes", rules: [{when: {equals: question 1}, cut: {in: body, after: 40}}]}
  chunk: {text: "yes", rules: [{when: {equals: question 1}, framing: chunked, cut: {in: chunk, after: 20}}]}
  too_long: {text: "yes", rules: [{when: {equals: question 1}, content_length: 100000}]}
  too_short: {text: "yes", rules: [{when: {equals: question 1}, content_length: 20}]}
  context: {text: "yes", rules: [{when: {equals: question 1}, status: 400, error: {code: context_length_exceeded, type: invalid_request_error, message: too long}}]}
  bad_request: {text: "yes", rules: [{when: {equals: question 1}, status: 400, error: {message: no such parameter}}]}
  not_found: {text: "yes", rules: [{when: {equals: question 1}, status: 404}]}
  large: {text: "yes", rules: [{when: {equals: question 1}, status: 413}]}
  unprocessable: {text: "yes", rules: [{when: {equals: question 1}, status: 422}]}
  redirect: {text: "yes", rules: [{when: {equals: question 1}, status: 302, location: /elsewhere/v1/chat/completions}]}
  elsewhere: {}
  broken: {text: "yes", rules: [{when: {equals: question 1}, status: 500, error: {type: server_error, message: oops}}]}
YAML
start_provider faults.yaml

# What is asked again waits between its tries, so all runs go at once, a few at a time.
profiles=$(sed -n 's/^  \([a-z0-9_]*\): {text.*/\1/p' faults.yaml)
asked=()
for profile in $profiles; do
  live_run "$profile" --cache "kept/$profile" & asked+=($!)
  [ ${#asked[@]} -lt 6 ] || { wait "${asked[0]}"; asked=("${asked[@]:1}"); }
done
wait "${asked[@]}"

provider_stats > stats.json

# ends PROFILE STATUS KIND TRIES: the severe case ended so, after that many requests; the other cases are as ever.
ends() {
  ended "$1" 2
  has out 'c00001'  # not a failure of the model: what the answer lacks is this case
  jq -rs '(map(select(.arm == "candidate" and .case == "c00001")) | map("\(.status) \(.error) \(.tries // 1)") | join(", ")),
          (map(select(.t == "grade")) | length), (map(select(.t == "try")) | length),
          (map(select(.t == "result" and .status != "ok" and has("output"))) | length)' \
    "$(run_folder demo "$1")/journal.jsonl" | paste -sd ' ' > seen
  [ "$(cat seen)" = "$2 $3 $4 79 $(($4 - 1)) 0" ] || fail "$1: its journal has $(cat seen)"
  [ "$(jq ".profiles.$1.requests" stats.json)" = $((39 + $4)) ] || fail "$1: $(jq ".profiles.$1.requests" stats.json) requests"
  expect 0 cache stats "kept/$1" --json; has out '"replies": 39'
}
# says PROFILE TEXT: what a person is told of that case.
says() {
  expect 2 show --failed --json --reports "$1"
  jq -r '.cases[] | select(.candidate.reply == null) | "\(.id) \(.candidate.message)"' out > said
  [ "$(wc -l < said)" = 1 ] || fail "$1: not one case that failed"
  has said c00001; has said "$2"
}

ends error_in_200 provider_error error_in_reply 3; says error_in_200 'limit exceeded'
ends length route_error truncated 1; says length "after 3 characters: 'hel'"
ends filtered route_error content_filter 1
ends no_choice route_error empty_reply 1
ends no_text route_error empty_reply 1
ends blank route_error empty_reply 1
ends html route_error malformed_reply 3; says html '<html><body>proxy login</body></html>'
ends half route_error malformed_reply 3; says half '"finish_reason":"stop","mess'
ends another route_error malformed_reply 3
ends nothing route_error malformed_reply 3
# The connection ended before the body did.
ends cut provider_error reset 4
ends chunk provider_error reset 4
ends too_long provider_error reset 4
ends too_short route_error malformed_reply 3
ends context route_error context_too_long 1; says context 'HTTP 400: context_length_exceeded: too long'
ends bad_request route_error request_rejected 1; says bad_request 'no such parameter'
ends not_found route_error request_rejected 1
ends large route_error request_rejected 1
ends unprocessable route_error request_rejected 1
ends redirect route_error request_rejected 1; says redirect 'answers with a redirect; write the endpoint it leads to'
[ "$(jq .profiles.elsewhere.requests stats.json)" = 0 ] || fail "a redirect was followed"

# Others are answered, and it says the same again and again: the request itself is what the provider cannot bear.
ends broken provider_error server_error 3; says broken 'HTTP 500: server_error: oops'

# A refusal in words is what the model said: graded, and marked as a refusal.
ended refused 0
[ "$(recorded 'select(.t == "result" and .arm == "candidate" and .case == "c00001") | "\(.finish_reason) \(.output)"' refused)" = \
  'refusal yes' ] || fail "a refusal in words is recorded otherwise"
