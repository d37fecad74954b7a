#!/usr/bin/env bash
# Texts to vectors: through a server that speaks OpenAI's embeddings, and through a program; kept, priced and checked.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null && command -v jq >/dev/null || exit 77
start_provider
cases 30
printf 'suite: demo\nversion: 1.0.0\nsevere_classes: {harm: hurts somebody}\ngraders:\n  - {kind: similarity, metric: cosine, embeddings: small, at_least: 0.6}\n' > eval_suites/demo/suite.yaml
sed -i 's/"expected":"yes"/"expected":"the refund takes five days"/' eval_suites/demo/cases.jsonl
replies a 30; replies b 30; route a; route b; gate
sed -i 's/"output":"yes"/"output":"A refund takes five days."/' a.jsonl b.jsonl
answer b c00007 'nothing of that kind'
embed() { printf 'route: embed\nkind: openai\napi: embeddings\nendpoint: %s/v1\nmodel: small\nprice: {input_per_mtok: 0.02}\n' "$PROVIDER_URL" > embed.yaml; }
embed; echo 'embeddings: {small: embed.yaml}' >> demo.gate.yaml
expect 0 plan demo.gate.yaml; matches out 'embedding small +60 calls'; lacks out 'unknown'
expect 0 run demo.gate.yaml --no-progress --cache kept
has out 'of these, embeddings: 60 calls, $0.0'
[ "$(provider_stats .requests)" = 60 ] || fail "$(provider_stats .requests) calls"
expect 0 explain c00007; has out 'similarity'
[ "$(jq -r 'select(.t == "grade" and .pass == false) | .cell' "$(run_folder)/journal.jsonl" | wc -l)" = 1 ] || fail "not the one reply fails"
# Every grade has its score, and the same texts have the same vectors.
[ "$(jq -s '[.[] | select(.t == "grade" and .pass) | .score] | unique | length' "$(run_folder)/journal.jsonl")" = 1 ] || fail "scores differ"
cp "$(run_folder)/decision.json" usual.json
expect 0 run demo.gate.yaml --no-progress --cache kept --again --offline
[ "$(provider_stats .requests)" = 60 ] || fail "kept vectors were asked for"
same "$(run_folder)/decision.json" usual.json

# A server that answers something else: tried again, then the cell is ungraded.
bad() { # BODY
  printf 'profiles: {bad: {body: %s}}\n' "'$1'" > bad.yaml; start_provider bad.yaml
  printf 'route: embed\nkind: openai\napi: embeddings\nendpoint: %s/bad/v1\nmodel: bad\nlimits: {deadline: 40s}\n' "$PROVIDER_URL" > embed.yaml
  expect 2 run demo.gate.yaml --no-progress --fail-fast --even-if-undecidable --again
  jq -e -s '[.[] | select(.t == "grade" and .error == "grader_failed")] | length == 60' "$(run_folder)/journal.jsonl" >/dev/null || fail "$1: $(grep '"t":"grade"' "$(run_folder)/journal.jsonl" | head -2)"
}
bad '{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1]}]}'
bad '{"data":[{"index":0,"embedding":[1,2]}]}'
bad '{"data":[{"index":0,"embedding":"AACAPw=="},{"index":1,"embedding":"AACAPw=="}]}'
bad '{"data":[{"index":0,"embedding":[1e999]},{"index":1,"embedding":[1]}]}'
bad '{"error":{"message":"no such model"}}'

# A program does it too.
cat > embed.py <<'PY'
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    assert set(asked) == {"id", "input", "model"}, asked
    rows = [[float("refund" in text.lower()), 1.0 - float("refund" in text.lower()) + 1e-9] for text in asked["input"]]
    print(json.dumps({"id": asked["id"], "embeddings": rows, "cost_usd": 0.001}), flush=True)
PY
printf 'route: embed\nkind: process\ncommand: [python3, embed.py]\nmodel: words\n' > embed.yaml
expect 0 run demo.gate.yaml --no-progress --again; has out 'embeddings: 60 calls, $0.06'
[ "$(jq -r 'select(.t == "grade" and .pass == false) | .cell' "$(run_folder)/journal.jsonl" | wc -l)" = 1 ] || fail "not the one reply fails"

# What cannot be one is refused where it is named.
refused() { expect 3 lint demo.gate.yaml; matches err "$1"; }
printf 'route: embed\nkind: openai\nendpoint: %s/v1\nmodel: chat\n' "$PROVIDER_URL" > embed.yaml
refused "demo.gate.yaml:[0-9]+:[0-9]+: error: route 'embed' does not turn texts into vectors"; has err 'api: embeddings'
embed; sed -i 's/^embeddings: .*/embeddings: {smal: embed.yaml}/' demo.gate.yaml
refused "suite 'demo' asks embedding 'small', which this gate does not name"; has err "did you mean 'smal'?"
sed -i 's/^embeddings: .*/embeddings: {small: embed.yaml}/; s/^candidate: .*/candidate: embed.yaml/' demo.gate.yaml
refused "route 'embed' turns texts into vectors and answers nobody"
