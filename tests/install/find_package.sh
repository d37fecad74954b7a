# Installs into an empty folder, builds the example plugin with find_package(headgate) there, and runs a gate with it.
set -euo pipefail
source=$1 build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }

cmake --install "$build" --prefix "$work/prefix" > "$work/install.log" 2>&1 || { cat "$work/install.log"; fail "install"; }
[ -x "$work/prefix/bin/headgate" ] || fail "the program is not installed"
cp -r "$source/docs/examples/plugins/cpp" "$work/polite"
cmake -S "$work/polite" -B "$work/built" -G Ninja -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_BUILD_TYPE=Release \
  > "$work/build.log" 2>&1 || { cat "$work/build.log"; fail "configure"; }
cmake --build "$work/built" >> "$work/build.log" 2>&1 || { cat "$work/build.log"; fail "build"; }

# By the protocol alone: a verdict, what does not read, and options it does not have.
answer=$(printf '%s\n' \
  '{"id":"1","case":{"id":"c"},"reply":{"text":"thank you","tool_calls":[],"documents":[]},"options":{}}' \
  '{"id":"2","case":{"id":"c"},"reply":{"text":"no","tool_calls":[],"documents":[]},"options":{}}' \
  '{"id":"3","case":{"id":"c"},"reply":{"text":"no","tool_calls":[],"documents":[]},"options":{"loud":true}}' \
  'no JSON' | "$work/built/polite")
jq -se '.[0] == {id:"1",pass:true,score:1,reason:"says '"'thank'"'"} and .[1].pass == false
        and (.[2] | has("error") and .id == "3" and (has("pass") | not)) and (.[3] | has("error"))' <<< "$answer" >/dev/null \
  || fail "answers: $answer"

# And as the plugin of a gate, with the program that was installed.
mkdir -p "$work/run/suite" && cd "$work/run"
cat > suite/suite.yaml <<'Y'
suite: greetings
version: 1.0.0
graders: [{kind: plugin, name: polite}]
Y
for i in $(seq 120); do
  echo "{\"id\":\"g-$i\",\"input\":\"Hello\"}" >> suite/cases.jsonl
  echo "{\"case_id\":\"g-$i\",\"output\":\"What?\"}" >> a.jsonl
  echo "{\"case_id\":\"g-$i\",\"output\":\"Hello, and thank you.\"}" >> b.jsonl
done
for r in a b; do printf 'route: %s\nkind: replay\nmodel: %s\nreplies: %s.jsonl\n' $r $r $r > $r.yaml; done
cat > g.gate.yaml <<Y
gate: greetings
baseline: a.yaml
candidate: b.yaml
suites: [./suite@draft]
rules: {quality: {metric: pass, max_loss: 0.1}}
plugins: {polite: {command: [$work/built/polite]}}
Y
"$work/prefix/bin/headgate" run g.gate.yaml --no-progress > out.txt 2> err.txt || { cat out.txt err.txt; fail "the gate"; }
jq -e '.arms.candidate.passed == 120 and .arms.baseline.passed == 0' reports/greetings/*/decision.json >/dev/null || fail "the decision"
