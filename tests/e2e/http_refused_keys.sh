#!/usr/bin/env bash
# A refused key and a quota that is used up end the run at once: exit 4, the variable that holds the key is named, its
# value is nowhere, and once it is mended the same command goes on.
. "$(dirname "$0")/lib.sh"
export A_KEY=sk-test-0000SECRET0000
cases 40; suite; replies a 40; route a; gate

cat > refusals.yaml <<'YAML'
profiles:
  keyed: {text: "yes", key: {bearer: sk-right-00000000, echo: true}}
  echoed: {status: 401, error: {type: invalid_request_error, message: "Incorrect API key provided: sk-test-0000SECRET0000"}}
  forbidden: {status: 403, body: "<html>no entry for sk-test-0000SECRET0000</html>"}
  quota: {status: 429, error: {type: insufficient_quota, code: insufficient_quota, message: quota}}
  spend_cap: {status: 429, error: {type: rate_limit_error, code: org_spend_limit_exceeded, message: over the cap}}
  unpaid: {status: 402}
  later: {text: "yes", delay_ms: 5, rules: [{when: {index: 21}, status: 401}]}
YAML
start_provider refusals.yaml

no_secret() { # FOLDER
  ! grep -rqF -e SECRET0000 -e "$(printf %s "$A_KEY" | base64)" "$@" out err ||
    fail "the key is in $(grep -rlF -e SECRET0000 "$@" out err)"
}
stops() { # PROFILE WORDS…
  local profile=$1; shift
  live b "$profile"
  expect 4 run demo.gate.yaml --reports "$profile" --no-progress
  has err 'env:A_KEY'
  for words; do has err "$words"; done
  # The first call goes out with those that are sent at once beside it, and nothing after its answer.
  local requests; requests=$(provider_stats ".profiles.$profile.requests")
  [ "$requests" -ge 1 ] && [ "$requests" -le 8 ] || fail "$profile: $requests requests"
  [ ! -e "$(run_folder demo "$profile")/decision.json" ] || fail "$profile: there is a decision"
  no_secret "$profile"
}
stops keyed 'refuses the key' 'HTTP 401' '[secret A_KEY]' 'check the value of env:A_KEY; then go on: headgate run '
stops echoed 'refuses the key' 'HTTP 401' '[secret A_KEY]'
stops forbidden 'refuses the key' 'HTTP 403'
stops quota 'quota' 'HTTP 429: insufficient_quota'; lacks err 'rate limit'
stops spend_cap 'spend cap' 'HTTP 429'; lacks err 'refuses the key'
stops unpaid 'quota' 'HTTP 402' 'raise it with the provider; then go on: '
expect 4 try demo.gate.yaml c00001; has err 'raise it with the provider'; lacks err 'then go on'

# With the right key the same command goes on, in the same folder.
live b keyed
A_KEY=sk-right-00000000 expect 0 run demo.gate.yaml --reports keyed --no-progress
[ "$(ls keyed/demo | wc -l)" = 1 ] || fail "another run was begun"
! grep -rqF sk-right keyed out err || fail "the right key reached the disk"

# Midway: what was answered stays, and is not asked again.
live b later
expect 4 run demo.gate.yaml --reports later --no-progress
kept=$(recorded 'select(.t == "result" and .arm == "candidate" and .status == "ok") | .case' later | wc -l)
[ "$kept" -ge 13 ] && [ "$kept" -le 28 ] || fail "$kept replies were kept"
expect 0 run demo.gate.yaml --reports later --no-progress
[ "$(provider_stats .profiles.later.repeats)" = 0 ] || fail "something was paid twice"
no_secret later

# Seen by nobody else: a key in a file, on no command line and in no message.
printf '%s\n' "$A_KEY" > the.key
live b echoed; sed -i 's/^key: .*/key: file:the.key/' b.yaml
expect 4 run demo.gate.yaml --reports from_file --no-progress
has err 'file:the.key'; no_secret from_file
