#!/usr/bin/env bash
# suite diff: two versions, or a release and the files as they stand.
. "$(dirname "$0")/lib.sh"
project 40
demo=eval_suites/demo
printf '# demo\n## 1.1.0\nmore\n## 1.0.0\nfirst\n' > $demo/CHANGELOG.md
expect 0 suite release $demo
expect 0 suite diff demo 1.0.0 draft; has out 'no difference'
expect 0 suite diff demo 1.0.0 draft --json; [ "$(jq .same out)" = true ] || fail "not the same"

# The next version: one case more, one retired, one corrected, a stricter grader.
sed -i 's/^version: .*/version: 1.1.0/; s/^  - {kind: equals.*/  - {kind: equals, value: "{{case.expected}}", retired: 1.1.0}\n  - {kind: equals, value: "{{case.expected}}", trim: true, since: 1.1.0}/' $demo/suite.yaml
sed -i 's/"id":"c00040",/"id":"c00040","retired":"1.1.0",/; s/"id":"c00039",/"id":"c00039","retired":"1.1.0",/' $demo/cases.jsonl
printf '%s\n' '{"id":"c00039","since":"1.1.0","input":"question 39","expected":"no","tags":["corrected"]}' \
  '{"id":"new","since":"1.1.0","input":"more","expected":"yes"}' >> $demo/cases.jsonl
expect 0 suite release $demo
for way in 'demo 1.0.0 1.1.0' 'demo@1.0.0 demo@draft' 'demo @1.0.0 @draft' "$demo 1.0.0 1.1.0"; do
  expect 0 suite diff $way
  has out 'the suite itself'; has out '- {"kind":"equals","value":"{{case.expected}}"}'; has out '"trim":true'
  has out '1 case added'; has out '1 case removed'; has out '1 case changed'
  has out '- "yes"'; has out '+ "no"'; has out '+ corrected'; has out '0.141 / 0.199'
done
expect 0 suite diff demo 1.0.0 1.1.0 --json
[ "$(jq -c '[.added, .removed, [.changed[] | .id, [.changes[].what]], [.suite[].what], .before.suite.version]' out)" = \
  '[["new"],["c00040"],["c00039",["expected","tags"]],["grader"],"1.0.0"]' ] || fail "wrong difference: $(jq -c . out | head -c 800)"
expect 3 suite diff demo 1.0.0 9.9.9; has err "has no version '9.9.9'"
expect 3 suite diff demo@1.0.0 1.0.0 1.1.0; has err 'names a version'
expect 3 suite diff demo
# A difference deep inside long texts is shown, and nothing in them reaches the terminal as it is.
expect 0 suite release $demo
long=$(head -c 400 /dev/zero | tr '\0' 'a')
printf '{"id":"long","input":"%s one \\u001b[2J"}\n' "$long" >> $demo/cases.jsonl
cp -r $demo other; sed -i "s/$long one/$long two/" other/cases.jsonl; sed -i 's/"expected"}}"/"input"}}"/' other/suite.yaml
sed -i 's/{{case.expected}}/yes/' $demo/suite.yaml other/suite.yaml
expect 0 suite diff ./$demo@draft ./other@draft
has out ' one '; has out ' two '; LC_ALL=C grep -q $'\x1b' out && fail "an escape sequence got through"
:
