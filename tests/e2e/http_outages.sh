#!/usr/bin/env bash
# A provider that is down, or turns everybody away, is hammered by nobody: the run ends early, inconclusive, says what it
# met and how to go on; and when the provider is back, going on runs the rest asks for the rest alone.
. "$(dirname "$0")/lib.sh"
export A_KEY=sk-rehearsal-0123456789
cases 60; suite; replies a 60; route a; gate
sed -i 's/{kind: equals.*/{kind: not_contains, value: forbidden}/' eval_suites/demo/suite.yaml
cat > outages.yaml <<'YAML'
profiles:
  errors_in_200: {body: {error: {message: something went wrong, type: server_error}}}
  quota_in_200: {body: {error: {message: quota, type: insufficient_quota, code: insufficient_quota}}}
  down: {status: 500, error: {type: server_error, message: oops}}
  closed: {instead: close}
  hour: {text: "yes", rules: [{when: {index: 11}, status: 429, retry_after: "3600"}]}
  impatient: {text: "yes", rules: [{when: {equals: question 1}, status: 429, retry_after: "1"}]}
  waits: {text: "yes", rules: [{when: {equals: question 1}, status: 429, retry_after: "1"}]}
YAML
start_provider outages.yaml
LIMITS='{in_flight: 8}'
live_run errors_in_200 &
live_run quota_in_200 &
live_run down &
live_run closed &
LIMITS='{in_flight: 1}' live_run hour --deadline 6s &
live_run impatient --fail-fast &
LIMITS='{in_flight: 8, timeout: 4s, deadline: 4s}' live_run waits &
wait $(jobs -p | grep -vx "$PROVIDER_PID")
provider_stats > stats.json
requests() { jq ".profiles.$1.requests" stats.json; }
states() { recorded 'select(.t == "result" and .arm == "candidate") | "\(.status) \(.error)"' "$1" | sort | uniq -c | tr -s ' ' | sed 's/^ //'; }

# Every single answer an error with a good status: nothing is graded, nobody is called eligible.
for profile in errors_in_200 quota_in_200; do
  ended $profile 2
  [ "$(states $profile)" = '60 provider_error error_in_reply' ] || fail "$profile: $(states $profile)"
  [ "$(recorded 'select(.t == "grade") | .cell' $profile | wc -l)" = 60 ] || fail "$profile: an error was graded"  # the baseline's
  [ "$(requests $profile)" -le 180 ] || fail "$profile: $(requests $profile) requests"
  has out 'evidence.provider_errors'; matches out 'candidate +demo_[a-z0-9_]+ +60 +0 +0 +0 +60'
done

# Nothing has ever come back: it stops after twenty calls and those on their way, whatever they could have been tried again.
for profile in down closed; do
  ended $profile 2
  [ "$(requests $profile)" -ge 20 ] && [ "$(requests $profile)" -le 40 ] || fail "$profile: $(requests $profile) requests"
  has out 'going on runs the rest'; has out 'all failed: '; has out 'not run'
done
ended down 2; has out 'HTTP 500: server_error: oops'

# An hour is more than this start has.
ended hour 2
[ "$(requests hour)" = 11 ] || fail "hour: $(requests hour) requests"
has out 'going on runs the rest'; has out 'the time of this start is over (6 s)'
[ "$(states hour)" = '10 ok null' ] || fail "hour: $(states hour)"
live_run hour; ended hour 0
[ "$(provider_stats .profiles.hour.repeats)" = 0 ] || fail "hour: what was answered was asked again"

# Who will not wait does not; who waits, waits as long as one call may.
ended impatient 2
[ "$(how_ended c00001 impatient)" = 'provider_error rate_limited 1' ] || fail "impatient: $(how_ended c00001 impatient)"
[ "$(requests impatient)" = 60 ] || fail "impatient: $(requests impatient) requests"
ended waits 2
matches <(how_ended c00001 waits) '^provider_error rate_limited [2-9]$'
[ "$(states waits | wc -l)" = 2 ] || fail "waits: $(states waits)"
