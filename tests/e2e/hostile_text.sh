#!/usr/bin/env bash
# What models and suites say reaches neither the terminal nor a build system's commands.
. "$(dirname "$0")/lib.sh"
project 40
evil='ok\u001b[2K\u001b[1A\u001b[32mPASS\u001b[0m\u001b]0;title\u0007\u009b31m\b\r\n::set-output name=x::y\n##vso[task.setvariable variable=a]b\n##[group]\n\u202egnp\u2066'
check() {
  cat out err > both
  ! grep -qP '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]' both || fail "raw control characters"
  ! grep -qE '^(::|##vso\[|##\[)' both || fail "a line begins as a command"
}
for file in eval_suites/demo/cases.jsonl a.jsonl b.jsonl; do sed -i 's/"c00001"/"::error file=a.c::x"/' $file; done
printf '{"id":"##[x]","input":"%s","expected":"yes","tags":["::t"]}\n' "$evil" >> eval_suites/demo/cases.jsonl
answer a '##[x]' yes
answer b '##[x]' "$evil"
answer b '::error file=a.c::x' "$evil"
sed -i 's/^route: .*/route: "::set-output name=route::b"/' b.yaml
expect 1 run demo.gate.yaml; check
expect 1 show --flips --full; check
has out '\x1b[2K'
expect 1 run demo.gate.yaml --filter 'id=::e*'; check
expect 0 plan demo.gate.yaml; check

# Control characters in what names a case are refused, and the refusal is as harmless.
printf '{"id":"c\\u001b[2J\\u001b]0;owned\\u00071","input":"x","expected":"y"}\n' >> eval_suites/demo/cases.jsonl
expect 3 run demo.gate.yaml; check
matches err '^eval_suites/demo/cases.jsonl:42:[0-9]+: error: '
