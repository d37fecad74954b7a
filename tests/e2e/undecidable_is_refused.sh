#!/usr/bin/env bash
# A gate that cannot say eligible, whatever the replies, is refused before anything is run, unless asked for.
. "$(dirname "$0")/lib.sh"
project 25
expect 3 run demo.gate.yaml
has err 'This gate cannot say eligible for internal'
matches err '^  quality: .*needs 30, has 25'
has err '--even-if-undecidable'
[ ! -s out ] && [ ! -e reports ] || fail "something was run"
expect 2 run demo.gate.yaml --even-if-undecidable
[ "$(jq .even_if_undecidable "$(run_folder)/run.json")" = true ] || fail "run.json does not say so"
# A lower stage that these cases can carry.
sed -i '1a stage: shadow' demo.gate.yaml
expect 0 run demo.gate.yaml
[ "$(jq .even_if_undecidable "$(run_folder)/run.json")" = false ] || fail "run.json says so"
sed -i '/^stage/d' demo.gate.yaml
# Who leaves cases out on purpose knows what comes of it.
project 60
expect 2 run demo.gate.yaml --limit 3
# check never decides, so nothing is refused.
project 3
expect 0 check demo.gate.yaml
