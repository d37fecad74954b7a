#!/usr/bin/env bash
# A count that is missing, negative, absurd or no number makes a cost unknown, which is not zero: a cost rule is not
# passed by it, and under a budget the call counts as what was set aside for it.
. "$(dirname "$0")/lib.sh"
export A_KEY=sk-rehearsal-0123456789
cases 200; suite; replies a 200; route a
sed -i 's/"output":"yes"/&,"cost_usd":0.001/' a.jsonl

profile() { echo "  $1: {text: \"yes\", usage: $2}"; }
{ echo 'profiles:'
  profile told '{input_tokens: 100, output_tokens: 50, cached_tokens: 40, reasoning_tokens: 20}'
  for usage in missing '"null"' negative absurd fractional text; do profile "usage-${usage//\"/}" "$usage"; done
  echo '  once-missing: {text: "yes", usage: {input_tokens: 100, output_tokens: 50}, rules: [{when: {equals: question 9}, usage: missing}]}'
} > usage.yaml
start_provider usage.yaml
price='price: {input_per_mtok: 10, output_per_mtok: 100, cached_input_per_mtok: 5}'
FILE_LINES=("$price" 'params: {max_tokens: 50}')

# 60 at 10, 40 from the cache at 5, 50 at 100, by the million.
gate 'cost: {max_per_case_usd: 0.006}'
live_run told; ended told 0
[ "$(recorded 'select(.t == "result" and .arm == "candidate") | "\(.cost_usd) \(.usage.input_tokens) \(.usage.output_tokens) \(.usage.cached_input_tokens) \(.usage.reasoning_tokens)"' \
  told | sort -u)" = '0.0058 100 50 40 20' ] || fail "another cost"
jq -e '.spent_usd > 1.15999 and .spent_usd < 1.16001 and .spent_is_known' "$(run_folder demo told)/run.json" > /dev/null || fail "spent something else"

for usage in missing null negative absurd fractional text; do
  name=usage-$usage
  live_run "$name"; ended "$name" 2  # graded all the same, and the rule is not passed
  matches out 'inconclusive +cost'; matches out 'candidate +demo_usage-[a-z]+ +200 +200 +0'
  [ "$(recorded 'select(.t == "result" and .arm == "candidate" and has("cost_usd")) | .case' "$name")" = "" ] || fail "$usage: a cost"
  jq -e '.spent_is_known | not' "$(run_folder demo "$name")/run.json" > /dev/null || fail "$usage: run.json knows what was spent"
  has out 'about $1.02 (what some calls cost is not known)'
done
live_run once-missing; ended once-missing 2; matches out 'inconclusive +cost'

# Under a budget. Each call may cost 0.005 and its input; a cap of 0.0401 holds seven, told or not.
gate; rm -rf told usage-missing once-missing
live_run told --max-usd 0.0401; ended told 2
jq -e '.spent_usd <= 0.0401 and .spent_is_known' "$(run_folder demo told)/run.json" > /dev/null || fail "the cap does not hold"
asked=$(recorded 'select(.t == "intent") | .cell' told | wc -l)
[ "$asked" -ge 5 ] && [ "$asked" -le 7 ] || fail "$asked calls under the cap"
has out '--max-usd'
live_run usage-missing --max-usd 0.0401; ended usage-missing 2
asked=$(recorded 'select(.t == "intent") | .cell' usage-missing | wc -l)
[ "$asked" -ge 5 ] && [ "$asked" -le 8 ] || fail "$asked calls under the cap, none of which said what it cost"
jq -e '.spent_is_known | not' "$(run_folder demo usage-missing)/run.json" > /dev/null || fail "what was spent is known"
# The same command with a higher cap goes on where it stopped.
live_run usage-missing --max-usd 2; ended usage-missing 0
[ "$(recorded 'select(.t == "intent") | .call' usage-missing | sort | uniq -d | wc -l)" = 0 ] || fail "something was asked twice"

# Nobody can keep a budget over calls without a price; said before anything is asked.
FILE_LINES=()
requests=$(provider_stats .requests)
live_run told --max-usd 1; ended told 3
has err "route 'demo_told' (told.yaml) has no price"; has err 'hint: price: {'
[ "$(provider_stats .requests)" = "$requests" ] || fail "something was asked"
