#!/usr/bin/env bash
# Killed at ten random moments while calls are out, fail, are turned away and fall back: the same command ends with the
# decision of an undisturbed run, byte for byte, and pays again for no more than what was in flight at the kills.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
cat > provider.yaml <<'YAML'
profiles:
  a:
    text: "yes"
    delay_ms: 20
    jitter_ms: 40
    rules:
      - {when: {share: 0.1, attempts_to: 1}, status: 500}
  b:
    text: "yes"
    delay_ms: 20
    jitter_ms: 40
    wrong: {share: 0.03, text: "no"}
    rules:
      - {when: {every: 60}, status: 429, retry_after: "0.05"}
      - {when: {share: 0.05, attempts_to: 2}, instead: close}
      - {when: {share: 0.1}, status: 400}
  c: {text: "yes", delay_ms: 20}
YAML
start_provider provider.yaml
cases 200; suite; gate 'fallback_rate: {max_rate: 0.5}' 'errors: {max_rate: 0.5}'
price='price: {input_per_mtok: 1, output_per_mtok: 2}'
http_route a "$price" 'limits: {in_flight: 12}'
http_route b "$price" 'limits: {in_flight: 12}' 'fallback: c.yaml'
http_route c "$price" 'limits: {in_flight: 12}'
run=(run demo.gate.yaml --no-progress --even-if-undecidable --max-usd 5)

got=0; hg "${run[@]}" --reports undisturbed >out 2>err || got=$?
[ "$got" -le 2 ] || fail "the undisturbed run ended with $got"
[ "$(provider_stats .repeats)" = 0 ] || fail "an undisturbed run pays for $(provider_stats .repeats) replies twice"
[ "$(grep -c '"via":"demo_c"' "$(run_folder demo undisturbed)/journal.jsonl")" -ge 5 ] || fail "the fallback hardly answered"
spent=$(jq .spent_usd "$(run_folder demo undisturbed)/run.json")
python3 -c 'import sys, urllib.request as web
web.build_opener(web.ProxyHandler({})).open(web.Request(sys.argv[1] + "/reset", b""), timeout=60)' "$PROVIDER_URL"
[ "$(provider_stats .requests)" = 0 ] || fail "the provider was not reset"

RANDOM=${SEED:-$$}; echo "SEED=$RANDOM"
out=0 kills=0
for round in 1 2 3 4 5 6 7 8 9 10; do
  size=$(stat -c %s "$(run_folder 2>/dev/null)/journal.jsonl" 2>/dev/null || true)
  lines=$(cat "$(run_folder 2>/dev/null)/journal.jsonl" 2>/dev/null | wc -l || true)
  "$HEADGATE" "${run[@]}" --jobs $((1 + round % 3)) >/dev/null 2>&1 &
  wait_for_journal $! $((${size:-0} + 1000 + RANDOM % 20000))
  kill -9 $! 2>/dev/null || true
  wait $! 2>/dev/null || true
  [ ! -e "$(run_folder 2>/dev/null)/decision.json" ] || break
  kills=$((kills + 1)) out=$((out + $(calls_out "$lines")))
done
[ "$kills" -ge 5 ] || fail "only $kills kills"
again=0; hg "${run[@]}" >out 2>err || again=$?
[ "$again" = "$got" ] || fail "ended with $again, undisturbed with $got"
same "$(run_folder)/decision.json" "$(run_folder demo undisturbed)/decision.json"
[ "$(ls -d reports/demo/*/ | wc -l)" = 1 ] || fail "a second run was begun"
repeats=$(provider_stats .repeats)
[ "$repeats" -le "$out" ] || fail "$repeats replies were paid again, $out calls were in flight at the kills"
provider_stats '.by_status, .by_ending' > out
for what in '"429": ' '"500": ' '"400": ' '"closed": '; do has out "$what"; done
jq -e --argjson spent "$spent" '.spent_usd >= $spent and .spent_is_known == false' "$(run_folder)/run.json" >/dev/null ||
  fail "it spent $spent undisturbed, and says $(jq -c '[.spent_usd, .spent_is_known]' "$(run_folder)/run.json")"
echo "kills=$kills in flight=$out repeats=$repeats"
