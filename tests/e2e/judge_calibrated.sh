#!/usr/bin/env bash
# A judge decides nothing until people have labelled: sample, fill in, calibrate, and then the gate may pass. Another
# rubric, another model or an edited record, and it may not.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null && command -v jq >/dev/null || exit 77
verdict() { printf '{"rubric": {"reason": "as the rubric says", "verdict": "%s"}}' "$1"; }
cat > script.yaml <<YAML
text: '$(verdict pass)'
answers: [{contains: "\nno\nREPLY", text: '$(verdict fail)'}]
profiles:
  blind: {text: '$(verdict pass)', answers: [{contains: nothing of the kind, text: x}]}
YAML
start_provider script.yaml
judge() { printf 'route: judge_%s\nkind: openai\nendpoint: %s/%s/v1\nmodel: judge-%s\nparams: {max_tokens: 64}\n' "$1" "$PROVIDER_URL" "$1" "$1" > "judge_$1.yaml"; }
judge good; judge blind
mkdir -p eval_suites/demo
awk 'BEGIN { for (i = 1; i <= 200; i++) printf "{\"id\":\"c%03d\",\"input\":\"=question %d\"}\n", i, i }' > eval_suites/demo/cases.jsonl
reply_file() { awk -v bad="$2" 'BEGIN { for (i = 1; i <= 200; i++) printf "{\"case_id\":\"c%03d\",\"output\":\"%s\"}\n", i, i <= bad ? "no" : "yes" }' > "$1.jsonl"; route "$1"; }
reply_file a 40; reply_file b 40
suite_with() { printf 'suite: demo\nversion: 1.0.0\ngraders:\n  - {kind: judge, judge: rubric, rubric: "%s"}\n' "$1" > eval_suites/demo/suite.yaml; }
suite_with "agrees"
gate_with() {
  printf 'gate: demo\nbaseline: a.yaml\ncandidate: b.yaml\nsuites: [demo]\nrules:\n  quality: {metric: pass, max_loss: 0.05}\n' > demo.gate.yaml
  printf 'judges: {rubric: %s}\n' "$1" >> demo.gate.yaml
}

# Nobody has checked it: the plan says so, and the run decides nothing.
gate_with judge_good.yaml
expect 0 plan demo.gate.yaml
has out 'evidence.judges'; has out 'is not calibrated'
expect 2 run demo.gate.yaml --no-progress --even-if-undecidable
has out 'not calibrated'; has out '--even-if-undecidable has'
run=$(basename "$(run_folder)")
jq -e '[.findings[] | select(.rule == "evidence.judges")] | .[0].code == "judge_uncalibrated" and .[0].verdict == "inconclusive"' "$(run_folder)/decision.json" >/dev/null || fail "no finding"

# The rows say nothing of the arm, keep both replies of a case, and are safe in a spreadsheet.
expect 0 judge sample "$run" --n 300 --out labels.csv
has out 'needs 14 human-failed replies all caught, 22 with one miss'
[ "$(grep -c '^r-' labels.csv)" = 300 ] || fail "not 300 rows"
lacks labels.csv candidate; lacks labels.csv baseline
has labels.csv "'=question"
expect 3 judge sample "$run" --out labels.csv
has err 'is there already'
expect 0 judge sample "$run" --n 300 --out again.csv; same labels.csv again.csv

# Nothing is filled in, then not enough, then all of it: with a byte-order mark, semicolons and further raters.
expect 2 judge calibrate labels.csv --run "$run" --grader rubric
fill() { # COUNT HEADER
  python3 - "$1" "$2" <<'PY'
import csv, sys
rows = list(csv.DictReader(open("labels.csv", newline="")))
with open("filled.csv", "w", newline="", encoding="utf-8-sig") as out:
    sheet = csv.writer(out, delimiter=";" if sys.argv[2] == "semicolons" else ",")
    sheet.writerow(list(rows[0]) + ["label_2"])
    for i, row in enumerate(rows):
        said = "" if i >= int(sys.argv[1]) else "Pass" if row["reply"] == "yes" else "fail"
        sheet.writerow([*row.values()][:1] + [said, 'a "note"\nof two lines'] + [*row.values()][3:] + [said if i % 2 else ""])
PY
}
fill 20 commas
expect 2 judge calibrate filled.csv --run "$run" --grader rubric
has out 'too few labels'
fill 300 semicolons
expect 0 judge calibrate filled.csv --run "$run" --grader rubric --out record.json
matches out '^admissible: judge .rubric.'
has out '2 raters'
expect 0 judge calibrate filled.csv --run "$run" --grader rubric --json
jq -e '.judges[0].calibration | .labels == 300 and .unusable == 0 and .all.recall.estimate == 1 and (.pairs | map(.[3]) | add) == 150' out >/dev/null || fail "the record"

# Labels that are none are refused at their line; so are those of another run.
sed 's/;Pass;/;perhaps;/' filled.csv > odd.csv
expect 3 judge calibrate odd.csv --run "$run" --grader rubric
has err "'perhaps' is no label"; matches err '^odd.csv:[0-9]+'
python3 - <<'PY'
import csv
rows = list(csv.DictReader(open("labels.csv", newline="")))
for row in rows: row["label"] = "pass"
rows[7]["probability"] = "1e-300"
with open("tiny.csv", "w", newline="") as out:
    sheet = csv.DictWriter(out, rows[0].keys()); sheet.writeheader(); sheet.writerows(rows)
PY
expect 3 judge calibrate tiny.csv --run "$run" --grader rubric
has err "'1e-300' is no probability from 0.000001 to 1"; matches err '^tiny.csv:9'
for option in label probability; do
  expect 3 judge calibrate filled.csv --run "$run" --grader rubric --$option labell
  has err "--$option names 'labell', and no row has that"; has err "did you mean 'label'? rows have key, label"
done
printf 'key,label\nr-000000000000,pass\n' > foreign.csv
expect 3 judge calibrate foreign.csv --run "$run" --grader rubric
has err 'none of the labelled replies is in this run'
expect 3 judge calibrate filled.csv --run "$run" --grader rubrik
has err 'its suites have judge'

# With its record the judge decides.
gate_with '{route: judge_good.yaml, calibration: record.json}'
expect 0 run demo.gate.yaml --no-progress
has out "judge 'rubric'"
expect 0 plan demo.gate.yaml

# Of another rubric, or another model, it does not; and an edited record is no record.
suite_with "agrees, and is polite"
expect 2 run demo.gate.yaml --no-progress --even-if-undecidable
has out 'of another rubric'; has out 'still hold: `headgate regrade`'
# Labels outlive a rubric: the same replies graded again by the new one are measured by the same labels.
expect 2 regrade "$run" --gate demo.gate.yaml --no-progress
regraded=$(basename "$(run_folder)")
[ "$regraded" != "$run" ] || fail "no new run"
expect 0 judge calibrate filled.csv --run "$regraded" --grader rubric --out polite.json
[ "$(jq -r .rubric polite.json)" != "$(jq -r .rubric record.json)" ] || fail "two rubrics have one digest"
gate_with '{route: judge_good.yaml, calibration: [record.json, polite.json]}'
expect 0 run demo.gate.yaml --no-progress
suite_with "agrees"
gate_with '{route: judge_blind.yaml, calibration: record.json}'
expect 2 run demo.gate.yaml --no-progress --even-if-undecidable
has out 'of another route'
sed 's/"labels": 300/"labels": 900/' record.json > edited.json
gate_with '{route: judge_good.yaml, calibration: edited.json}'
expect 3 run demo.gate.yaml
has err "'edited.json' is no calibration: it was edited after it was written: its digest does not hold"

# A judge that finds nothing is measured by the same labels, of the same replies, and is not admitted.
gate_with judge_blind.yaml
expect 2 run demo.gate.yaml --no-progress --even-if-undecidable
blind=$(basename "$(run_folder)")
expect 1 judge calibrate filled.csv --run "$blind" --grader rubric --out blind.json
has out 'finds 0 of'
gate_with '{route: judge_blind.yaml, calibration: blind.json}'
expect 2 run demo.gate.yaml --no-progress --even-if-undecidable
has out 'finds 0 of'
jq -e '.eligible_for == []' "$(run_folder)/decision.json" >/dev/null || fail "eligible for something"

# What fails only on its word is open; what fails for another reason fails.
reply_file b 120
gate_with judge_good.yaml
expect 2 run demo.gate.yaml --no-progress --even-if-undecidable
jq -e '[.findings[] | select(.rule == "quality")][0].code == "judge_decides"' "$(run_folder)/decision.json" >/dev/null || fail "a judge that may not decide decided"
gate_with '{route: judge_good.yaml, calibration: record.json}'
expect 1 run demo.gate.yaml --no-progress
