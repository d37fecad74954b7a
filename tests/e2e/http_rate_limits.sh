#!/usr/bin/env bash
# Calls that a provider turns away come again when it said, not before; meanwhile all calls to it wait, whichever arm they
# are of; and nothing is lost by it.
. "$(dirname "$0")/lib.sh"
export A_KEY=sk-rehearsal-0123456789
cases 32; suite; replies a 32; route a; gate

cat > limits.yaml <<'YAML'
profiles:
  once: {text: "yes", rules: [{when: {attempt: 1, first: 4}, status: 429, retry_after: "2", error: {type: rate_limit_error}}]}
  date: {text: "yes", rules: [{when: {index: 30}, status: 429, retry_after: date+2}]}
  busy: {text: "yes", rules: [{when: {index: [29, 30]}, status: 503, retry_after: "1"}]}
  outage: {text: "yes", rules: [{when: {first: 8}, status: 529, error: {type: overloaded_error, message: Overloaded}}]}
  nonsense: {text: "yes", rules: [{when: {index: 30}, status: 429, retry_after: "-5"}, {when: {index: 31}, status: 429, retry_after: soon}]}
  hour: {text: "yes", rules: [{when: {index: 30}, status: 429, retry_after: "3600"}]}
  bucket: {text: "yes", delay_ms: 100, limits: [{kind: bucket, amount: 10, burst: 10, retry_after: none, rejected_cost: 0.25}]}
  crowd: {text: "yes", delay_ms: 20, limits: [{kind: in_flight, amount: 6, status: 529, retry_after: none}]}
  left: {text: "yes"}
  right: {text: "yes", rules: [{when: {index: 30}, status: 429, retry_after: "2"}]}
YAML
start_provider limits.yaml

# Runs that wait, each for a provider of its own.
LIMITS='{in_flight: 4}' live_run once &
LIMITS='{in_flight: 1}' live_run date &
live_run busy &
live_run outage &
live_run nonsense &
LIMITS='{in_flight: 1, retry_after: ignore}' live_run hour &
LIMITS='{in_flight: 32}' live_run bucket &
LIMITS='{in_flight: 16}' live_run crowd &
wait $(jobs -p | grep -vx "$PROVIDER_PID")
provider_stats > stats.json

# is PROFILE FILTER…: it said eligible in spite of it all, every case was answered once, and the provider saw that.
is() {
  local profile=$1; shift
  ended "$profile" 0
  for filter in '.answered == 32' '.repeats == 0' "$@"; do
    jq -e ".profiles.$profile | $filter" stats.json > /dev/null || fail "$profile: not so: $filter $(jq -c ".profiles.$profile" stats.json)"
  done
}
is once '.by_status["429"] >= 2' '.too_early == 0' '.least_gap_same_body_ms >= 1990'
turned_away=$(jq '.profiles.once.by_status["429"]' stats.json)
has out "32 calls in $((32 + turned_away)) tries"
[ "$(recorded 'select(.t == "try" and .error == "rate_limited" and .http_status == 429) | .number' once | wc -l)" = "$turned_away" ] ||
  fail "not every try is in the journal"
is date '.requests == 33' '.too_early == 0' '.least_gap_ms >= 900'  # a date has whole seconds
is busy '.by_status["503"] == 2' '.too_early == 0' '.least_gap_same_body_ms >= 990'
is outage '.by_status["529"] == 8'
is nonsense '.by_status["429"] == 2' '.least_gap_same_body_ms >= 990'
is hour '.requests == 33'
# How many at once, how many a second: found out, and not run into again and again.
is bucket '.rejected >= 1' '.rejected <= 64'
is crowd '.by_status["529"] >= 1' '.by_status["529"] <= 64' '.most_in_flight <= 16'

# Two routes with one key at one host are one pool: what turns away one of them holds up the other.
LIMITS='{in_flight: 1}'
live a left; live b right
expect 0 run demo.gate.yaml --reports pooled --no-progress
provider_stats '.profiles | "\(.left.requests) \(.right.requests)"' > out; same out <(echo '32 33')
provider_get /log | jq -e '[.log[] | select(.path | test("^/(left|right)/"))] | sort_by(.at_ms)
  | (map(.status == 429) | index(true)) as $rejected | .[$rejected + 1].at_ms - .[$rejected].at_ms >= 1990' > /dev/null ||
  fail "a call went out while the provider had asked for two seconds"
