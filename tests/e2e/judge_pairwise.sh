#!/usr/bin/env bash
# Which of two replies is better: asked in both orders, a tie where the order decides, and calibrated pair by pair.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null && command -v jq >/dev/null || exit 77
said() { printf '{"reason": "the rubric says so", "verdict": "%s"}' "$1"; }
# It knows a vivid reply when it sees one; of two dull ones it prefers the first that it is shown.
cat > script.yaml <<YAML
text: '$(said first)'
answers:
  - {contains: "vivid\nFIRST REPLY", text: '$(said first)'}
  - {contains: "vivid\nSECOND REPLY", text: '$(said second)'}
YAML
start_provider script.yaml
printf 'route: judge\nkind: openai\nendpoint: %s/v1\nmodel: judge\nparams: {max_tokens: 64}\n' "$PROVIDER_URL" > judge.yaml
mkdir -p eval_suites/demo
printf 'suite: demo\nversion: 1.0.0\ngraders:\n  - {kind: pairwise, judge: taste, rubric: "is vivid"}\n' > eval_suites/demo/suite.yaml
python3 - <<'PY'
import json
with open("eval_suites/demo/cases.jsonl", "w") as cases, open("a.jsonl", "w") as a, open("b.jsonl", "w") as b:
    for i in range(150):
        case = "c%03d" % i
        print(json.dumps({"id": case, "input": "Tell me of %d." % i}), file=cases)
        one, other = (("dull", "vivid") if i < 60 else ("vivid", "dull") if i < 100 else ("dull", "dull again") if i < 130 else ("same", "same"))
        print(json.dumps({"case_id": case, "output": "%d is %s" % (i, one)}), file=a)
        print(json.dumps({"case_id": case, "output": "%d is %s" % (i, other)}), file=b)
PY
route a; route b
gate_with() { printf 'gate: demo\nbaseline: a.yaml\ncandidate: b.yaml\nsuites: [demo]\nrules: {quality: {metric: pass, max_loss: 0.1}}\njudges: {taste: %s}\n' "$1" > demo.gate.yaml; }
gate_with judge.yaml
expect 2 run demo.gate.yaml --no-progress --even-if-undecidable
run=$(run_folder)
# 130 pairs differ, each was asked about twice and once for both of its cells; 20 are the same text, and nobody was asked.
[ "$(provider_stats .requests)" = 260 ] || fail "asked $(provider_stats .requests) times, not 260"
provider_get '/stats?each_body=1' > bodies
lacks bodies candidate; lacks bodies baseline
jq -rs '[.[] | select(.t == "grade") | "\(if .cell % 2 == 0 then "baseline" else "candidate" end) \(.score)"] | group_by(.) | map("\(.[0]): \(length)") | .[]' \
  "$run/journal.jsonl" > scores
printf 'baseline 0: 60\nbaseline 0.5: 50\nbaseline 1: 40\ncandidate 0: 40\ncandidate 0.5: 50\ncandidate 1: 60\n' > wanted
same scores wanted

# A row has both replies; people write which is better.
expect 0 judge sample "$(basename "$run")" --grader taste --n 300 --out labels.csv
[ "$(grep -c '^p-' labels.csv)" = 150 ] || fail "not 150 rows"
head -1 labels.csv > head; has head ',first,second,'
python3 - <<'PY'
import csv
rows = list(csv.DictReader(open("labels.csv", newline="")))
assert 20 < sum("vivid" in row["first"] for row in rows) < 80, "one arm always stands first"
with open("filled.csv", "w", newline="") as out:
    sheet = csv.DictWriter(out, rows[0])
    sheet.writeheader()
    for row in rows:
        row["label"] = "first" if "vivid" in row["first"] else "second" if "vivid" in row["second"] else "tie"
        sheet.writerow(row)
PY
expect 0 judge calibrate filled.csv --run "$(basename "$run")" --grader taste --out record.json
has out 'turning the order of the two replies round changed its mind on 23.1 % of the pairs'
jq -e '.labels == 150 and .human_failed == 40 and .all.recall.hits == 40 and (.pairs | map(.[3]) | add) == 150' record.json >/dev/null || fail "the record"
gate_with '{route: judge.yaml, calibration: record.json}'
expect 0 run demo.gate.yaml --no-progress
has out "judge 'taste'"
