# A program that is edited while it runs: children started later answer as another route. Nothing is decided from that,
# and the same command asks anew.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77

cases 30; suite; gate
printf 'import json, sys\nrequest = json.load(sys.stdin)\nprint(json.dumps({"output": "yes"}))\n' > answer.py
for arm in a b; do
  printf 'route: %s\nkind: process\ncommand: [python3, answer_%s.py]\nmode: per_case\nlimits: {in_flight: 1}\n' $arm $arm > $arm.yaml
  cp answer.py answer_$arm.py
done
# The candidate's program edits itself half-way.
printf '\nif request["case"]["id"] == "c00015": open("answer_b.py", "a").write("# edited\\n")\n' >> answer_b.py

expect 5 run demo.gate.yaml --no-progress
has err "edited while it was running"
[ ! -e "$(run_folder)/decision.json" ] || fail "it was decided"
expect 5 decide "$(run_folder)"
mixed=$(run_folder)
expect 5 run demo.gate.yaml --no-progress --resume "$mixed"

cp answer.py answer_b.py
expect 0 run demo.gate.yaml --no-progress
[ "$(run_folder)" != "$mixed" ] || fail "the mixed replies were taken for this run's"

# A secret that the program writes with escapes is not in the reply that is kept.
export SHOP_KEY='pa$$word-of-the-shop'
printf 'import json, os, sys\nrequest = json.load(sys.stdin)\nkey = "".join("\\\\u%%04x" %% ord(c) for c in os.environ["SHOP_KEY"])\nsys.stdout.write("{\\"output\\": \\"yes " + key + "\\"}\\n")\n' > answer_b.py
echo 'environment: {SHOP_KEY: env:SHOP_KEY}' >> b.yaml
expect 1 run demo.gate.yaml --no-progress
has "$(run_folder)/journal.jsonl" "[secret SHOP_KEY]"
lacks "$(run_folder)/journal.jsonl" 'word-of-the-shop'
