# Sourced after lib.sh by tests of code graders: a suite of Python programs, and what is said of each.
# shellcheck shell=bash
command -v python3 >/dev/null || exit 77
if ! bwrap --unshare-all --ro-bind / / true 2>/dev/null; then echo "no bubblewrap works here"; exit 77; fi

programs=0
# program ID: its text comes on stdin; it is the reply to a case whose test is `assert f(1) == 2`, or the one given.
program() {
  programs=$((programs + 1))
  local text; text=$(cat)
  jq -cn --arg id "$1" --arg test "${2-assert f(1) == 2}" '{id: $id, input: "write f", expected: $test}' >> eval_suites/demo/cases.jsonl
  jq -cn --arg id "$1" --arg text "$text" '{case_id: $id, trial: 0, output: $text}' >> a.jsonl
}
# code_project [GRADER OPTIONS]: before the programs.
code_project() {
  mkdir -p eval_suites/demo
  : > eval_suites/demo/cases.jsonl; : > a.jsonl
  printf 'suite: demo\nversion: 1.0.0\ngraders:\n  - {kind: code, language: %s, fence: whole, %s}\n' \
    "${1:-python}" "${2:-tests: \"{{case.expected\}\}\", time_ms: 3000}" > eval_suites/demo/suite.yaml
  printf 'route: demo_a\nkind: replay\nreplies: a.jsonl\n' > a.yaml
  printf 'route: demo_b\nkind: replay\nreplies: b.jsonl\n' > b.yaml
  printf 'gate: demo\nbaseline: a.yaml\ncandidate: b.yaml\nsuites: [demo]\nevidence: {min_cases: 1}\nrules:\n  quality: {metric: pass, max_loss: 0.3}\n' > demo.gate.yaml
}
# The run, and `verdicts`: "id pass|fail|ungraded: reason" of the baseline.
run_programs() {
  cp a.jsonl b.jsonl
  local got=0
  hg run demo.gate.yaml --no-progress --again --even-if-undecidable "$@" >out 2>err || got=$?
  [ "$got" -le 2 ] || fail "the run ended with $got"
  jq -r 'select(.t == "result" and .arm == "baseline" and .case) | "\(.cell) \(.case)"' "$(run_folder)/journal.jsonl" | sort > cells
  jq -r 'select(.t == "grade") | "\(.cell) \(if .grades then (if .pass then "pass" else "fail" end) + ": " + .grades[0].reason
    else "ungraded: " + (.message // "") end)"' "$(run_folder)/journal.jsonl" | sort > grades
  join cells grades | cut -d' ' -f2- | sort > verdicts
}
# says ID WORDS: how its line begins.
says() { grep -qF -- "$1 $2" verdicts || { cat verdicts >&2; fail "$1 is not '$2'"; }; }
