#!/usr/bin/env bash
# --cache DIR: what was replied once is not asked again, in whatever run; only replies are kept; a trial has its own.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
cat > worker.py <<'PY'
import json, os, sys
name = sys.argv[1]
for line in sys.stdin:
    call = json.loads(line)
    with open(name + ".asked", "a") as asked:
        asked.write(call["case"]["id"] + "\n")
    broken = os.path.exists(name + ".broken") and call["case"]["id"] in open(name + ".broken").read().split()
    reply = {"error": "timeout"} if broken else {"output": "yes", "cost_usd": 0.001}
    print(json.dumps({"id": call["id"], **reply}), flush=True)
PY
live() { printf 'route: demo_%s\nkind: process\ncommand: [python3, worker.py, %s]\n' "$1" "$1" > "$1.yaml"; }
count() { [ -e "$1.asked" ] && wc -l < "$1.asked" || echo 0; }
anew() { rm -f ./*.asked; }

cases 80; suite; live a; live b; gate 'errors: {max_rate: 0.5}' 'latency: {p95_max_ms: 60000}'
expect 3 cache stats; has err 'HEADGATE_CACHE is not set'
expect 3 cache stats kept; has err "there is no reply cache in 'kept'"
expect 3 cache clear kept
[ ! -e kept ] || fail "asking made a cache"

echo c00005 > b.broken
got=0; hg run demo.gate.yaml --cache kept --no-progress >out 2>err || got=$?
[ "$(count a)" = 80 ] && [ "$(count b)" = 80 ] || fail "asked for $(count a) and $(count b)"
expect 0 cache stats kept --json
[ "$(jq -c '[.format, .replies]' out)" = '["headgate/cache-stats/1",159]' ] || fail "an error was kept, or a reply was not: $(cat out)"
[ "$(stat -c %a kept)" = 700 ] || fail "others may look"
[ -z "$(find kept -type f ! -perm 600)" ] || fail "others may read"

# Another run over the same cases: only what was no reply is asked again.
rm b.broken; anew
got=0; hg run demo.gate.yaml --cache kept --again --no-progress >out 2>err || got=$?
[ "$(count a)" = 0 ] && [ "$(cat b.asked)" = c00005 ] || fail "asked for $(count a) and $(count b)"
journal=$(run_folder)/journal.jsonl
[ "$(grep -c '"cached":true' "$journal")" = 159 ] || fail "cached replies are not marked"
! grep '"cached":true' "$journal" | grep -q latency_ms || fail "a cached reply has a latency of its own"
[ "$(jq .cells_cached "$(run_folder)/run.json")" = 159 ] || fail "run.json counts $(jq .cells_cached "$(run_folder)/run.json")"

# One kept reply never stands for several trials; another route or an edited case is another request.
anew; expect 0 cache stats kept; has out '160 replies'
got=0; hg run demo.gate.yaml --cache kept --trials 2 --no-progress >out 2>err || got=$?
[ "$(count a)" = 80 ] && [ "$(count b)" = 80 ] || fail "further trials asked for $(count a) and $(count b)"
anew; sed -i 's/question 7"/question seven"/' eval_suites/demo/cases.jsonl; echo 'model: another' >> b.yaml
got=0; hg run demo.gate.yaml --cache kept --no-progress >out 2>err || got=$?
[ "$(count a)" = 1 ] && [ "$(count b)" = 80 ] || fail "asked for $(count a) and $(count b)"

# With a cache, what is all kept runs offline; without it, it does not.
anew
got=0; hg run demo.gate.yaml --cache kept --offline --again --no-progress >out 2>err || got=$?
[ "$got" != 3 ] && [ "$(count a)$(count b)" = 00 ] || fail "offline from the cache ended with $got"
expect 3 run demo.gate.yaml --offline --again

# The folder by the environment; clearing; a damaged one names itself and can be cleared.
HEADGATE_CACHE=kept expect 0 cache clear --json
[ "$(jq .replies out)" -gt 100 ] || fail "cleared $(cat out)"
expect 0 cache stats kept; has out 'no replies'
head -c 9000 /dev/zero | tr '\0' z > kept/headgate-replies.db; rm -f kept/*-wal kept/*-shm
expect 4 cache stats kept; has err 'damaged'; has err 'headgate cache clear kept'
expect 4 run demo.gate.yaml --cache kept --again
[ "$(count a)$(count b)" = 00 ] || fail "something was asked for"
expect 0 cache clear kept; has out 'was removed'
expect 3 cache clear kept
python3 - <<'PY'
import os, sqlite3
other = sqlite3.connect("kept/headgate-replies.db"); other.execute("CREATE TABLE mine(x)"); other.commit()
PY
for verb in stats clear; do expect 3 cache $verb kept; has err "another program's database"; done
[ -s kept/headgate-replies.db ] || fail "another program's database is gone"
