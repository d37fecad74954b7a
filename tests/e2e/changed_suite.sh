#!/usr/bin/env bash
# --resume carries what is equal into a changed plan and says what is not.
. "$(dirname "$0")/lib.sh"
project 40
replies a 41; replies b 41
expect 0 run demo.gate.yaml
first=$(basename "$(run_folder)")
sed -i -e 's/question 5"/another question"/' -e '/"id":"c00009"/d' eval_suites/demo/cases.jsonl
printf '{"id":"c00041","input":"question 41","expected":"yes"}\n' >> eval_suites/demo/cases.jsonl
expect 0 run demo.gate.yaml --resume "$first"
has err '1 changed, 1 added, 1 removed'
second=$(ls -d reports/demo/*/ | grep -v "$first")
has "$second/run.json" '"cells_carried": 76'
has "$second/run.json" '"cells_run": 4'
expect 0 run demo.gate.yaml --reports fresh --json
same out "$second/decision.json"
