#!/usr/bin/env bash
# The bash script completes verbs, options, values, files, runs, suites, kinds and schemas, and evaluates no name.
. "$(dirname "$0")/lib.sh"
mkdir bin; ln -s "$(realpath "$HEADGATE")" bin/headgate; PATH=$PWD/bin:$PATH
project 30 3; hg run demo.gate.yaml >/dev/null 2>&1 || true
run_id=$(basename "$(run_folder)")
touch notes.txt; mkdir folder; touch 'my gate.yaml'
mkdir 'reports/$(touch evaluated)' 'eval_suites/$(touch evaluated)'
mkdir -p 'reports/$(touch evaluated)/$(touch evaluated)' && touch 'reports/$(touch evaluated)/$(touch evaluated)/plan.jsonl'
touch 'eval_suites/$(touch evaluated)/suite.yaml' '$(touch evaluated).yaml'

expect 0 completion bash
source ./out
complete -p headgate >/dev/null || fail "nothing is registered"
compopt() { :; }  # speaks to readline, which is not there

# completes LINE: what readline would make of it at its end; COMPREPLY sorted, one a line, in `got`.
completes() {
  COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=() COMP_CWORD=0 COMPREPLY=()
  local word piece
  for word in $1; do  # splits at = : @ as readline does
    while [[ $word =~ ^([^=:@]*)([=:@]+)(.*)$ ]]; do
      for piece in "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"; do [ -z "$piece" ] || COMP_WORDS+=("$piece"); done
      word=${BASH_REMATCH[3]}
    done
    [ -z "$word" ] || COMP_WORDS+=("$word")
  done
  [[ $1 != *' ' ]] || COMP_WORDS+=('')
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _headgate headgate "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
  printf '%s\n' "${COMPREPLY[@]}" | sort > got
}
gives() {  # gives LINE WORD…: exactly these
  local line=$1; shift
  completes "$line"
  printf '%s\n' "$@" | sort > wanted
  diff wanted got >&2 || fail "'$line' completes to something else"
}

completes 'headgate '; for verb in run plan check suite schema completion help; do has got "$verb"; done
lacks got 'suite show'; lacks got words
gives 'headgate ru' run
gives 'headgate suite re' release
gives 'headgate help suite s' show stats
gives 'headgate plan --tri' --trials
gives 'headgate plan --color ' always auto never
gives 'headgate plan --color=a' always auto
gives 'headgate plan ' demo.gate.yaml a.yaml b.yaml bin eval_suites folder reports 'my gate.yaml' '$(touch evaluated).yaml'
gives 'headgate plan demo.gate.yaml ' ''
gives 'headgate plan de' demo.gate.yaml
gives 'headgate show 2' "$run_id"
gives 'headgate decide --gate d' demo.gate.yaml
gives "headgate show --reports elsewhere 2" ''
gives "headgate show --reports=reports 2" "$run_id"
gives 'headgate graders nu' number
gives 'headgate schema ga' gate
gives 'headgate completion ' bash fish zsh
gives 'headgate suite release f' folder
gives 'headgate suite show de' demo
gives 'headgate lint no' notes.txt
gives 'headgate nonsense --' ''
HEADGATE_REPORTS=elsewhere gives 'headgate show 2' ''
[ ! -e evaluated ] || fail "a name was evaluated"
