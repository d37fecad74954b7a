#!/usr/bin/env bash
# --max-usd: what a call may cost is set aside before it is sent, over all starts of a run; raising it goes on.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
printf 'profiles: {a: {text: "yes", delay_ms: 30}, b: {text: "yes", delay_ms: 30}, c: {text: "yes"}, hangs: {instead: never}}\n' > provider.yaml
start_provider provider.yaml
cases 40; suite; gate
requests() { provider_stats .requests; }
price='price: {per_call_usd: 0.03}'
for arm in a b; do http_route "$arm" "$price" 'limits: {in_flight: 8}'; done
expect 2 run demo.gate.yaml --max-usd 0.10
[ "$(requests)" = 3 ] || fail "$(requests) calls of 0.03 were sent under a cap of 0.10"
has err '77 cells are not run: $0.09 of $0.10 is spent or reserved; the next call (route demo_'
has err 'may cost up to $0.03; raise --max-usd to go on'; has out '77 of 80 planned cells were not run; going on runs the rest'
has out '3 calls, $0.09 of $0.10'
# It is no picture of how the routes differ.
expect 0 plan demo.gate.yaml; has out 'No run of this gate is known'
# Nothing of that is forgotten.
expect 2 run demo.gate.yaml --max-usd 0.10
[ "$(requests)" = 3 ] || fail "a second start spent more"
has err ' is unfinished; going on'; lacks err 'does not follow from its evidence'; lacks out 'does not follow from its evidence'
expect 2 run demo.gate.yaml --max-usd 0.20
[ "$(requests)" = 6 ] || fail "$(requests) calls under a cap of 0.20"
# The gate's own budget, which is no part of the plan.
echo 'budget: {max_usd: 0.30}' >> demo.gate.yaml
expect 2 run demo.gate.yaml; [ "$(requests)" = 10 ] || fail "$(requests) calls under a cap of 0.30"
expect 0 run demo.gate.yaml --max-usd 2.40; [ "$(requests)" = 80 ] || fail "$(requests) calls in all"
has out '80 calls, $2.40 of $2.40'
jq -e '.spent_usd > 2.3999 and .spent_usd < 2.4001 and .starts == 5 and .spent_is_known' "$(run_folder)/run.json" >/dev/null ||
  fail "run.json: $(jq -c '[.spent_usd, .starts]' "$(run_folder)/run.json")"
[ "$(ls -d reports/demo/*/ | wc -l)" = 1 ] || fail "another run was begun"
[ "$(provider_stats .repeats)" = 0 ] || fail "something was paid twice"

# Killed with calls out: what they may have cost stays spent.
rm -rf reports; sed -i 's|/b/v1|/hangs/v1|; s|/a/v1|/hangs/v1|' a.yaml b.yaml
"$HEADGATE" run demo.gate.yaml --no-progress --max-usd 0.10 >out 2>err & pid=$!
wait_for_journal "$pid" 250
until [ "$(records intent)" -ge 2 ]; do kill -0 "$pid" || fail "it ended"; sleep 0.01; done
kill -9 "$pid"; wait "$pid" 2>/dev/null || true
out=$(records intent); before=$(requests)
sed -i 's|/hangs/v1|/c/v1|' a.yaml b.yaml
expect 2 run demo.gate.yaml --max-usd 0.10
[ "$(($(requests) - before))" = "$((3 - out))" ] || fail "$((3 - out)) calls were left under the cap, $(($(requests) - before)) were sent"
has err 'calls were in flight when an earlier start ended'
jq -e '.spent_is_known == false and .spent_usd > 0.0899 and .spent_usd < 0.1' "$(run_folder)/run.json" >/dev/null || fail "$(cat "$(run_folder)/run.json")"

# Without a price there is no budget to keep.
http_route b; expect 3 run demo.gate.yaml; has err 'demo.gate.yaml:9:19: error: '; has err 'b.yaml names no price'
sed -i '/^budget/d' demo.gate.yaml
expect 3 run demo.gate.yaml --max-usd 1; has err "route 'demo_b' (b.yaml) has no price"
expect 3 run demo.gate.yaml --max-usd nothing; has err '--max-usd takes an amount in USD'
expect 3 run demo.gate.yaml --max-usd 0; has err "--max-usd takes an amount in USD above 0, not '0'"

# plan says what it would cost.
for arm in a b; do http_route "$arm" 'price: {input_per_mtok: 1, output_per_mtok: 2}'; done
expect 0 plan demo.gate.yaml
matches out 'baseline +40 calls: about [0-9]+ tokens in, at most 640 out; \$0\.[0-9]+ to \$0\.[0-9]+'; has out 'budget'
expect 0 plan demo.gate.yaml --json; jq -e '.calls == 80' out >/dev/null || fail "plan: $(cat out)"
http_route b; expect 0 plan demo.gate.yaml; has out 'unknown: route demo_b has no price'
