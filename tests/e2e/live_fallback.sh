#!/usr/bin/env bash
# A route that fails falls back, and everybody can see who answered; a rule bounds how often, cases are made to fall back
# on purpose, and a fallback that fails too is an error of the route.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
cat > provider.yaml <<'YAML'
profiles:
  a: {text: "yes"}
  b:
    text: "yes"
    rules:
      - {when: {equals: "question 9"}, status: 400}
      - {when: {equals: "question 20"}, finish: content_filter}
      - {when: {equals: "question 21"}, status: 500}
      - {when: {equals: "question 22"}, text: "no"}
  c:
    text: "yes"
    rules: [{when: {equals: "question 30"}, text: "no"}]
  broken: {status: 400, error: {message: "nor can I"}}
YAML
start_provider provider.yaml
cases 60; suite; gate 'fallback_rate: {max_rate: 0.4}' 'errors: {max_rate: 0.5}'
echo 'readiness: {fallback_tested: [c00003, c00004]}' >> demo.gate.yaml
http_route a 'limits: {in_flight: 8}'; http_route b 'limits: {in_flight: 8}' 'fallback: c.yaml'; http_route c
expect 0 run demo.gate.yaml
[ "$(provider_stats '"\(.profiles.b.requests >= 58) \(.profiles.c.requests)"')" = 'true 5' ] || fail "$(provider_stats .profiles)"
has out '3 candidate cells were answered by the fallback demo_c (c00009, c00020 and c00021): they pass'
has out '100.0 % with a mean score of 1.000; the 55'
has out 'the fallback demo_c of the candidate was tested on 2 cases: it answered and passed on 2'
matches out 'pass +fallback_rate +5.2 %'
expect 0 show --json
[ "$(jq -c '.findings[] | select(.rule == "fallback_rate") | .cases' out)" = '["c00009","c00020","c00021"]' ] || fail "not those cases"
expect 0 explain c00009; has out 'answered by the fallback demo_c'; has out 'request_rejected'
expect 0 explain c00020; has out 'answered by the fallback demo_c'; has out 'content_filter'
expect 0 explain c00003; has out "'demo_b' is made to fail on this case"; has out 'the route was made to fail here'
expect 0 explain c00022; lacks out 'answered by the fallback'; has out 'candidate fail'
expect 0 show --where id=c00009 --full; has out 'answered by the fallback demo_c'
expect 0 show --where via=demo_c --json
[ "$(jq -c '[.cases[].id]' out)" = '["c00003","c00004","c00009","c00020","c00021"]' ] || fail "via=demo_c lists $(jq -c '[.cases[].id]' out)"
expect 0 show --where '!via=demo_c'; has out '55 cases where'
expect 0 show --where via=route; has out '55 cases where'
expect 0 try demo.gate.yaml c00009; has out 'call: answered by the fallback demo_c, 2 tries'; has out 'try 1: request_rejected after '
expect 0 try demo.gate.yaml c00003; has out "server_error after 0.0 ms: 'demo_b' is made to fail on this case"
expect 0 try demo.gate.yaml c00009 --json
jq -e '.arms.candidate.trials[0].call | .via == "demo_c" and .tries == 2 and .failed_tries[0].error == "request_rejected"' out >/dev/null ||
  fail "how c00009 was answered is not told"
# A check takes none of these replies for the candidate's: seen or not, it says so.
expect 1 check demo.gate.yaml --reports checked; has out '3 of 58 candidate replies came from its fallback demo_c'
# Nor does plan take them for a difference between the routes; of 58 cases that stand for traffic 3 are left out.
expect 0 plan demo.gate.yaml; has out 'the routes differed on 1.8 % of 55 cases'
[ "$(grep -c '"via":"demo_c"' "$(run_folder)/journal.jsonl")" = 5 ] || fail "not five replies of the fallback"

# Too often is a reason against the candidate; the very replies are judged by another rule.
sed -i 's/max_rate: 0.4/max_rate: 0.001/' demo.gate.yaml
expect 1 run demo.gate.yaml --even-if-undecidable; has out "fallback_rate: The candidate's fallback answers 5.2 % of 58 cases"

# A fallback that fails too: the case ends as the route's own error, with both reasons; a test of it that fails holds up.
sed -i 's/max_rate: 0.001/max_rate: 0.4/; s|^candidate.*|candidate: d.yaml|' demo.gate.yaml
sed 's/c.yaml/e.yaml/; s/^route: .*/route: demo_d/' b.yaml > d.yaml
sed "s|/c/v1|/broken/v1|; s/^route: .*/route: demo_e/" c.yaml > e.yaml
before=$(provider_stats .profiles.b.requests)
got=0; hg run demo.gate.yaml >out 2>err || got=$?
[ "$got" = 1 ] || [ "$got" = 2 ] || fail "ended with $got"
has out 'holds for no stage'
matches out 'the fallback demo_e of the candidate was tested on 2 cases: it .*0'
expect 0 explain c00009
has out 'request_rejected'; has out "and its fallback 'demo_e': HTTP"; has out 'nor can I'
expect 0 explain c00021; has out 'provider_error (server_error)'
expect 2 show --failed; [ "$(grep -c -- '-> ' out)" = 6 ] || fail "not six cases fail"

# A route that never answers, behind a fallback that always does: nothing was seen of it.
printf 'route: demo_f\nkind: generic_http\nendpoint: %s/broken/v1/chat/completions\nrequest: {question: "{{prompt}}", n: "{{trial}}"}\nreply: {output: /text}\nfallback: c.yaml\n' \
  "$PROVIDER_URL" > f.yaml
sed -i 's|^candidate.*|candidate: f.yaml|; /^readiness/d' demo.gate.yaml
expect 2 check demo.gate.yaml --reports checked
has out 'not measured: 60 of 60 candidate replies came from its fallback demo_c'
expect 2 check demo.gate.yaml --reports checked --only failures --json
jq -e '.answer == "not_measured" and .candidate_replies == 60 and (.answered_by_fallback | length) == 60 and .errors == []' out >/dev/null ||
  fail "json"
# What its own template says is what try shows.
expect 0 try demo.gate.yaml c00009 --arm candidate
has out '| {"n":0,"question":"question 9"}'; lacks out 'sent, user'
expect 0 try demo.gate.yaml c00009 --arm candidate --json
jq -e '.arms.candidate | .body == {"question": "question 9", "n": 0} and .messages == null' out >/dev/null || fail "the body is not shown"
