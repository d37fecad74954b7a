#!/usr/bin/env bash
# What models and suites say stays harmless wherever a run is looked into: explain, compare, regrade, the lists of show.
. "$(dirname "$0")/lib.sh"
project 40
evil='ok\u001b[2K\u001b[32mPASS\u001b[0m\u001b]0;title\u0007\u009b31m\b\r\n::set-output name=x::y\n##vso[task.setvariable variable=a]b\n##[group]\n\u202egnp\u2066'
check() {
  cat out err > both
  ! grep -qP '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]' both || fail "raw control characters: $*"
  ! grep -qE '^(::|##vso\[|##\[)' both || fail "a line begins as a command: $*"
}
for file in eval_suites/demo/cases.jsonl a.jsonl b.jsonl; do sed -i 's/"c00001"/"::error file=a.c::x"/' $file; done
printf '{"id":"##[x]","input":"%s","expected":"yes","context":[{"id":"::k","text":"%s"}],"tags":["::t"],"cluster":"##[c"}\n' "$evil" "$evil" >> eval_suites/demo/cases.jsonl
answer a '##[x]' yes
answer b '##[x]' "$evil"
answer b '::error file=a.c::x' "$evil"
sed -i 's/^route: .*/route: "::set-output name=route::b"/' b.yaml
expect 1 run demo.gate.yaml
first=$(basename "$(run_folder)")
answer b '##[x]' yes
expect 1 run demo.gate.yaml
for words in 'explain' 'explain demo ##[x]' 'show --failed --full' 'show --where id=::e* --full' 'show --flips' \
  "compare $first demo --full" "regrade $first" 'show'; do
  hg $words >out 2>err || [ $? -le 2 ] || fail "headgate $words"
  check "$words"
  hg $words --json >out 2>err || [ $? -le 2 ] || fail "headgate $words --json"
  jq -e . out >/dev/null || fail "headgate $words --json is no JSON"
  # A reader of JSON escapes what it shows; but no control character of ASCII stands in it, and no line begins in a text.
  ! grep -qP '[\x00-\x09\x0b-\x1f\x7f]' out || fail "raw control characters: $words --json"
  [ "$(wc -l < out)" = 1 ] || fail "$words --json is not one line"
done
expect 3 explain '##[y'; check
expect 3 show $'a\x1b[2Jb'; check
expect 3 compare '::error::x' demo; check
