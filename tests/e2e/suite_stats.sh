#!/usr/bin/env bash
# suite stats: mix, sampling, graders, repeated questions, and the loss that so many cases can rule out.
. "$(dirname "$0")/lib.sh"
project 1; mkdir -p eval_suites/mix
cat > eval_suites/mix/suite.yaml <<'YAML'
suite: mix
version: 1.0.0
segments: {language: [en, de, ja], risk: any}
severe_classes: {harm: hurts}
graders: [{kind: equals, value: "{{case.expected}}"}]
traffic: {language: {en: 0.5, de: 0.3, ja: 0.2}}
YAML
for i in $(seq 0 199); do
  id=$(printf 'm%03d' "$i") input="ask me $i" own= more=
  [ "$i" = 7 ] && input='Ask  ME 6'
  [ "$i" = 9 ] && own='"graders":[{"kind":"not_contains","value":"x"}],'
  [ "$i" -ge 190 ] && more=',"sampling":"targeted","severity":"severe","severe_class":"harm"'
  printf '{"id":"%s","input":"%s","expected":"yes",%s"segments":{"language":"%s","risk":"%s"}%s}\n' "$id" "$input" "$own" \
    "$([ $((i % 4)) = 0 ] && echo de || echo en)" "$([ $((i % 2)) = 0 ] && echo high || echo low)" "$more"
done > eval_suites/mix/cases.jsonl
expect 0 suite stats mix
has out '190 sampled at random, 10 targeted'; has out '0.065 / 0.091'   # 2.80 sqrt(psi / 190)
matches out '^  de +50 +2 +25.3 % +30.0 % '; matches out '^  ja +0 +0 +0.0 % +20.0 % +-$'
matches out 'language \\ risk +high +low'; matches out '^  harm +10 +25.89 %'
matches out '^  equals +200 +the suite'; matches out '^  not_contains +1 +cases'
has out 'the very same input: 1 group of cases'; has out 'group: m006 and m007'
expect 0 suite stats mix --json
[ "$(jq -c '[.format, .random, .targeted, .same_input[0], .dimensions[0].parts[1].cases, .severities.severe]' out)" = \
  '["headgate/suite-stats/1",190,10,["m006","m007"],150,10]' ] || fail "wrong numbers: $(jq -c . out | head -c 600)"
# What stats and plan say of the same cases is the same.
sed -e 's/\[demo\]/[mix]/' -e '/severe:/d' demo.gate.yaml > mix.gate.yaml
for arm in a b; do sed 's/.*"id":"\([^"]*\)".*/{"case_id":"\1","trial":0,"output":"yes"}/' eval_suites/mix/cases.jsonl > $arm.jsonl; done
jq -c '.power.carries | map(.max_loss)' out > of_stats
expect 0 plan mix.gate.yaml --json
jq -c '.needs[0].assumed | map(.tightest)' out > of_plan
same of_stats of_plan
expect 3 suite stats mxi; has err "did you mean 'mix'?"
expect 3 suite stats mix --data nothing; has err 'ROOT=FOLDER'
