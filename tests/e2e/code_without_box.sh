# No bubblewrap: programs are not run, and nothing is paid. Only the command line can say otherwise, and it is recorded.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/code_lib.sh"
code_project
for i in $(seq 1 30); do program "c$i" <<< 'def f(x): return x + 1'; done
cp a.jsonl b.jsonl

chmod 755 "$work" && mkdir bin
for tool in python3 sh env; do ln -s "$(command -v $tool)" bin/; done
without() { PATH=$work/bin "$@"; }
bare() { # CODE WORD...: as expect, where no bubblewrap is found
  local want=$1 got=0; shift
  /usr/bin/env PATH="$work/bin" "$HEADGATE" "$@" >out 2>err || got=$?
  [ "$got" = "$want" ] || fail "headgate $* ended with $got, not $want"
}

for verb in run check plan lint doctor; do
  bare 3 $verb demo.gate.yaml
  has err "bubblewrap (bwrap) is not there"
  has err "apt-get install bubblewrap"
  has err "--unsafe-no-sandbox"
done
matches err '^demo.gate.yaml:[0-9]+:[0-9]+: error: '
bare 3 try demo.gate.yaml c1
[ ! -e reports ] || fail "a folder was made"

# One that is there and does not work is found out before anything is run.
printf '#!/bin/sh\necho "bwrap: no permissions" >&2; exit 1\n' > bin/bwrap && chmod +x bin/bwrap
bare 3 run demo.gate.yaml
has err "cannot be run safely here"
has err "no permissions"
# And so is one that keeps nothing out.
printf '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift; exec "$@"\n' > bin/bwrap
bare 3 run demo.gate.yaml
has err "cannot be run safely here"
rm bin/bwrap

bare 0 plan demo.gate.yaml --unsafe-no-sandbox
has out "WITHOUT a sandbox"
bare 0 plan demo.gate.yaml --unsafe-no-sandbox --json
jq -e '.plan.unsandboxed == true and (.plan.languages | has("python"))' out >/dev/null || fail "the plan does not say so"
got=0; PATH=$work/bin "$HEADGATE" run demo.gate.yaml --unsafe-no-sandbox --no-progress --even-if-undecidable >out 2>err || got=$?
[ "$got" -le 2 ] || fail "it ended with $got"
jq -e '.arms.candidate.passed == 30' "$(run_folder)/decision.json" >/dev/null || fail "not all passed"
head -1 "$(run_folder)/plan.jsonl" | jq -e '.unsandboxed == true or .plan.unsandboxed == true' >/dev/null || fail "the sealed plan does not say so"

# With a sandbox the plan has no word of it.
expect 0 plan demo.gate.yaml --json
jq -e '.plan.unsandboxed != true' out >/dev/null || fail "sandboxed, and said to be not"
echo 'unsafe_no_sandbox: true' >> demo.gate.yaml
expect 3 run demo.gate.yaml
