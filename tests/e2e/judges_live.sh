#!/usr/bin/env bash
# Judges of one reply and of pairs over HTTP: asked once, budgeted, kept, told apart from what the arms cost; killed and
# resumed the decision is the same byte for byte, and so it is with one worker.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null && command -v jq >/dev/null || exit 77
cat > provider.yaml <<'YAML'
profiles:
  a: {text: "no", wrong: {share: 0.3, text: "yes"}, delay_ms: 3}
  b: {text: "yes", wrong: {share: 0.2, text: "no"}, delay_ms: 3}
  judge:
    delay_ms: 2
    text: '{"rubric": {"reason": "as asked", "verdict": "pass"}}'
    answers: [{contains: "\nno\nREPLY", text: '{"rubric": {"reason": "not so", "verdict": "fail"}}'}]
  duel:
    delay_ms: 2
    text: '{"reason": "alike", "verdict": "tie"}'
YAML
start_provider provider.yaml
cases 60
cat > eval_suites/demo/suite.yaml <<'YAML'
suite: demo
version: 1.0.0
severe_classes: {harm: hurts somebody}
graders:
  - {kind: judge, judge: one, rubric: "agrees"}
  - {kind: pairwise, judge: two, rubric: "is clearer"}
YAML
gate
printf 'judges: {one: judge.yaml, two: {route: duel.yaml}}\n' >> demo.gate.yaml
price='price: {per_call_usd: 0.001}'
for arm in a b judge duel; do http_route "$arm" "$price" 'limits: {in_flight: 8}'; done
of() { provider_stats ".profiles.$1.requests"; }
run() { got=0; hg run demo.gate.yaml --no-progress --even-if-undecidable "$@" >out 2>err || got=$?; [ "$got" -le 2 ] || fail "run $* ended with $got"; }

# The plan counts every vote: one a cell, and two a pair.
expect 0 plan demo.gate.yaml
matches out 'judge one +120 calls'; matches out 'judge two +120 calls'; matches out '^  360 calls'
has out 'advisory, for no calibration is named'
expect 0 plan demo.gate.yaml --json
jq -e '.estimate.judges.one.calls == 120 and .estimate.judges.two.low_usd > 0.119 and .calls == 360' out >/dev/null || fail "plan: $(jq -c .estimate out)"

run
[ "$(of judge)" = 120 ] || fail "$(of judge) questions about single replies"
pairs=$(of duel)  # none about pairs that are equal
[ "$pairs" -gt 20 ] && [ "$pairs" -lt 120 ] && [ $((pairs % 2)) = 0 ] || fail "$pairs questions about pairs"
all=$((240 + pairs))
has out "$all calls"; has out "of these, judges: $((120 + pairs)) calls, \$0."
jq -e --argjson n $((120 + pairs)) '.asked.calls == $n and (.asked.spent_usd * 1000 | round) == $n
  and .asked.whom == ["judge one", "judge two"] and (.spent_usd * 1000 | round) == $n + 120' "$(run_folder)/run.json" >/dev/null ||
  fail "run.json: $(jq -c '[.asked, .spent_usd]' "$(run_folder)/run.json")"
[ "$(provider_stats .repeats)" = 0 ] || fail "something was asked twice"
cp "$(run_folder)/decision.json" usual.json
same_decision() { jq -S 'del(.run)' "$(run_folder demo "${1:-reports}")/decision.json" > now.json; jq -S 'del(.run)' usual.json > then.json; same now.json then.json; }

# A second look costs nothing; one worker decides the same.
run; has err 'already decided'
run --again --jobs 1 --reports one; cmp -s "$(run_folder demo one)/decision.json" usual.json || same_decision one

# Killed at several places, and gone on with.
for bytes in 3000 20000 45000 80000; do
  rm -rf reports
  "$HEADGATE" run demo.gate.yaml --no-progress --even-if-undecidable >out 2>err & pid=$!
  wait_for_journal "$pid" "$bytes"; kill -9 "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true
  run; cmp -s "$(run_folder)/decision.json" usual.json || same_decision
done

# Under a budget nothing is asked that could not be paid.
rm -rf reports
before=$(provider_stats .requests)
run --max-usd 0.1; [ $(($(provider_stats .requests) - before)) = 100 ] || fail "$(($(provider_stats .requests) - before)) calls of 0.001 under 0.10"
has err 'cells are not run'
run --max-usd 1; cmp -s "$(run_folder)/decision.json" usual.json || same_decision
[ $(($(provider_stats .requests) - before)) = "$all" ] || fail "the budget made calls go out twice"

# What judges said is kept like replies, each vote by itself.
rm -rf reports; run --cache kept; before=$(provider_stats .requests)
run --cache kept --again; [ "$(provider_stats .requests)" = "$before" ] || fail "kept answers were asked for"
has out '0 calls, 120 replies from the cache'; has out "judges: 0 calls, $((120 + pairs)) answers from the cache"
cp "$(run_folder)/decision.json" kept.json
run --cache kept --again --offline; cmp -s "$(run_folder)/decision.json" kept.json || fail "offline the cache decides otherwise"
expect 3 run demo.gate.yaml --offline --even-if-undecidable --reports offline; has err '--offline'

# Graded again, the judges are asked and nobody else; without the gate file nobody could be.
before_a=$(of a); before=$(of judge)
folder=$(basename "$(run_folder)")
expect 3 regrade "$folder"; has err 'ask judge one and judge two'
got=0; hg regrade "$folder" --gate demo.gate.yaml --no-progress >out 2>err || got=$?; [ "$got" -le 2 ] || fail "regrade: $got"
[ "$(of a)" = "$before_a" ] || fail "a route was asked"
[ $(($(of judge) - before)) = 120 ] || fail "the judge was asked $(($(of judge) - before)) times"

# Another candidate: what is known of single replies of the baseline is asked again only because the pairs are others.
http_route c "$price" 'limits: {in_flight: 8}'; sed -i 's|/c/v1|/b/v1|; s|model-c|model-c2|' c.yaml; sed -i 's/^candidate: .*/candidate: c.yaml/' demo.gate.yaml
before=$(of a); run --resume "$folder"; [ "$(of a)" = "$before" ] || fail "the baseline was asked again"
has err 'carried'
