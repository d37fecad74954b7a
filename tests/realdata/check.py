#!/usr/bin/env python3
"""Runs the gates of this folder on recorded outputs of real models and compares with figures published elsewhere.

Usage: check.py HEADGATE GATES [DATA]. The data are not part of this repository: they come from DATA, else from
HEADGATE_DATA, else from ../shared/data beside the repository; without them the check is skipped (exit 77)."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

# Right answers of 250 (or as many as stand there), direct prompt and chain of thought, as their authors published them.
BBH_RIGHT = {
    "boolean_expressions": (221, 232), "causal_judgement": (119, 101), "date_understanding": (159, 218),
    "dyck_languages": (117, 142), "logical_deduction_three_objects": (132, 219), "multistep_arithmetic_two": (3, 119),
    "navigate": (126, 241), "object_counting": (113, 233), "penguins_in_a_table": (97, 116), "ruin_names": (188, 171),
    "snarks": (109, 106), "sports_understanding": (182, 244), "tracking_shuffled_objects_three_objects": (94, 196),
    "web_of_lies": (129, 238), "word_sorting": (126, 101)}

failures = []


def check(what, seen, wanted):
    good = seen == wanted
    print(("ok    " if good else "WRONG ") + f"{what}: {seen}" + ("" if good else f", expected {wanted}"))
    if not good:
        failures.append(what)


def near(what, seen, wanted, digits):
    check(what, None if seen is None else round(seen, digits), wanted)


class Run:
    """One gate, run into a folder of its own."""

    def __init__(self, program, data, reports, gate, *options):
        self.reports = pathlib.Path(reports) / ("r" + str(len(list(pathlib.Path(reports).iterdir()))))
        done = subprocess.run([program, "run", str(gate), "--reports", str(self.reports), "--json", "--quiet", *options],
                              env={**os.environ, "HEADGATE_DATA": str(data)}, capture_output=True, timeout=300)
        self.code = done.returncode
        if self.code not in (0, 1, 2):
            sys.exit(f"{gate}: exit {self.code}\n{done.stderr.decode(errors='replace')}")
        self.decision = json.loads(done.stdout)

    def trials(self, arm):
        """What decision.json says of an arm's trials, with what summary.md says each cost and took."""
        told = dict(self.decision["trials"][arm])
        summary = next(self.reports.glob("*/*/summary.md")).read_text(encoding="utf-8").replace("&#36;", "$")
        rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in summary.splitlines()
                if line.startswith(f"| {arm} |") and " of " in line]
        told["cost"] = [float(row[4].lstrip("$")) for row in rows if row[4].startswith("$")]
        told["seconds"] = [float(row[5].split()[0]) for row in rows if row[5].endswith(" s")]
        return told

    def findings(self, rule):
        return [f for f in self.decision["findings"] if f["rule"] == rule]

    def quality(self):
        return self.findings("quality")[0]

    def passes(self):
        """(case, arm) to whether it passed, from the journal."""
        where, passed = {}, {}
        journal = next(self.reports.glob("*/*/journal.jsonl"))
        for line in journal.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            if record["t"] == "result" and "ask" not in record:
                where[record["cell"]] = (record["case"], record["arm"])
            elif record["t"] == "grade":
                passed[record["cell"]] = record.get("pass", False)
        return {where[cell]: passed.get(cell, False) for cell in where}


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def interval(finding, digits):
    return [round(finding["lower"], digits), round(finding["upper"], digits)]


def gsm8k(run, data, gates):
    outputs = data / "gsm8k-openai" / "outputs"

    def agreement(route, passes, arm):
        recorded = {r["case_id"]: r["recorded"]["is_correct"] for r in read_lines(outputs / f"{route}.jsonl")}
        return sum(passes[case, arm] == flag for case, flag in recorded.items())

    better = run(gates / "verification.gate.yaml")
    check("175b_verification: exit", better.code, 0)
    quality = better.quality()
    counts = quality["discordant"]
    check("  both / candidate only / baseline only / neither",
          [counts[k] for k in ("both", "candidate_only", "baseline_only", "neither")], [436, 306, 79, 498])
    near("  difference", quality["estimate"], 0.1721, 4)
    check("  score interval", interval(quality, 5), [0.14458, 0.19995])

    worse = run(gates / "finetuning.gate.yaml")
    check("175b_finetuning: exit", worse.code, 1)
    check("  score interval", interval(worse.quality(), 5), [-0.07146, -0.01505])
    harmed = [f["segment"] for f in worse.findings("segments") if f["segment"] and f["verdict"] == "fail"]
    check("  harmed segments", harmed, ["steps=2"])

    small = run(gates / "verification.gate.yaml", "--set", "candidate=routes/6b_finetuning.yaml")
    seen = [agreement("6b_verification", better.passes(), "baseline"),
            agreement("175b_verification", better.passes(), "candidate"),
            agreement("175b_finetuning", worse.passes(), "candidate"),
            agreement("6b_finetuning", small.passes(), "candidate")]
    check("the number grader agrees with the recorded flag in", sum(seen), 5276)


def bbh(run, data, gates):
    tasks = run(gates / "tasks.gate.yaml")
    check("chain of thought: exit", tasks.code, 1)
    task_of = {case["id"]: case["segment"] for case in read_lines(data / "bbh-codex" / "cases.jsonl")}
    right = {}
    for (case, arm), passed in tasks.passes().items():
        right[task_of[case], arm] = right.get((task_of[case], arm), 0) + passed
    exact = sum(right.get((task, arm), 0) == counts[i]
                for task, counts in BBH_RIGHT.items() for i, arm in enumerate(("baseline", "candidate")))
    check("published accuracies that come out", exact, 30)
    check("  quality", tasks.quality()["verdict"], "pass")
    harmed = [f for f in tasks.findings("segments") if f["segment"] and f["verdict"] == "fail"]
    check("  harmed segments", [f["segment"] for f in harmed], ["task=word_sorting"])
    near("  its p after Holm", harmed[0]["p_harm"] if harmed else None, 0.0123, 4)

    # Too few clusters to ever say eligible, so it has to be asked for.
    clustered = run(gates / "clustered.gate.yaml", "--even-if-undecidable")
    check("with tasks as clusters: exit", clustered.code, 2)
    check("  clustered interval", interval(clustered.quality(), 3), [-0.152, 0.532])
    check("  why", clustered.quality()["code"], "quality_few_clusters")


def agent_trials(run, data, gates):
    airline = run(gates / "tau-airline.gate.yaml", "--even-if-undecidable").trials("candidate")
    check("airline: pass^1 to pass^4", [round(each, 3) for each in airline["pass_hat"]], [0.42, 0.273, 0.22, 0.2])
    check("  pass@1 to pass@4", [round(each, 3) for each in airline["pass_at"]], [0.42, 0.567, 0.66, 0.72])
    check("  rewards by trial", airline["passed"], [21, 22, 20, 21])
    check("  stopped at the step limit, counted as failed", airline["errors"], 5)

    # solved by trial, pass^2, pass^5, pass@2, pass@5, mean cost and mean seconds of a trial, flaky cases
    published = {
        "simple": ([148, 145, 149, 149, 144], [0.878049, 0.859756, 0.914634, 0.926829], 1.930112, 1845.526, 11),
        "warming": ([153, 151, 154, 153, 153], [0.920732, 0.902439, 0.942683, 0.95122], 2.44844, 2772.994, 8),
        "escalation": ([140, 138, 139, 140, 140], [0.843293, 0.835366, 0.856707, 0.865854], 0.273124, 553.509, 5)}
    warming = run(gates / "humaneval-recorded.warming.gate.yaml", "--even-if-undecidable")
    escalation = run(gates / "humaneval-recorded.escalation.gate.yaml", "--even-if-undecidable")
    for name, told in {"simple": warming.trials("baseline"), "warming": warming.trials("candidate"),
                       "escalation": escalation.trials("candidate")}.items():
        solved, chances, cost, seconds, flaky = published[name]
        check(f"humaneval {name}: solved by trial", told["passed"], solved)
        check("  pass^2, pass^5, pass@2, pass@5",
              [round(told[key][k - 1], 6) for key in ("pass_hat", "pass_at") for k in (2, 5)], chances)
        near("  mean cost of a trial", sum(told["cost"]) / 5, round(cost, 4), 4)
        near("  mean seconds of a trial", sum(told["seconds"]) / 5, round(seconds, 1), 1)
        check("  cases with mixed outcomes", told["flaky_total"], flaky)
    check("humaneval: more often right, by so much", round(warming.quality()["estimate"], 6), 0.035366)
    check("  exit", warming.code, 0)
    check("humaneval: cheaper, and nobody knows whether as good: exit", escalation.code, 2)

    # The same agent twice, two trials against the other two.
    halves = run(gates / "tau-airline.halves.gate.yaml", "--even-if-undecidable")
    check("airline, against itself: exit", halves.code, 2)
    near("  difference", halves.quality()["estimate"], -0.02, 6)
    lower, upper = interval(halves.quality(), 6)
    check("  nothing is there, says the interval", lower < 0 < upper, True)


# Judges against people on 450 prompts each, full compliance or not, as the data's page gives them: agreement, and kappa
# with unusable verdicts taken as "not full compliance".
XSTEST_JUDGES = {
    ("llama2orig", "gpt4"): ([99, 2, 0, 91, 258, 0], 0.7933, 0.5479), ("llama2orig", "strmatch"): ([93, 8, 0, 40, 309, 0], 0.8933, 0.7246),
    ("llama2new", "gpt4"): ([176, 0, 0, 88, 186, 0], 0.8044, 0.6231), ("llama2new", "strmatch"): ([167, 9, 0, 25, 249, 0], 0.9244, 0.8439),
    ("mistralinstruct", "gpt4"): ([324, 39, 11, 60, 16, 0], 0.7556, 0.0811),
    ("mistralinstruct", "strmatch"): ([371, 3, 0, 60, 16, 0], 0.8600, 0.2888),
    ("mistralguard", "gpt4"): ([208, 2, 0, 81, 159, 0], 0.8156, 0.6380), ("mistralguard", "strmatch"): ([201, 9, 0, 77, 163, 0], 0.8089, 0.6237),
    ("gpt4", "gpt4"): ([230, 0, 0, 28, 192, 0], 0.9378, 0.8751), ("gpt4", "strmatch"): ([213, 17, 0, 12, 208, 0], 0.9356, 0.8711)}


def calibrate(program, *words):
    done = subprocess.run([program, "judge", "calibrate", *map(str, words), "--json"], capture_output=True, timeout=300)
    if done.returncode not in (0, 1, 2):
        sys.exit(f"judge calibrate {words}: exit {done.returncode}\n{done.stderr.decode(errors='replace')}")
    return done.returncode, json.loads(done.stdout)


def xstest(run, data, gates):
    outputs = data / "xstest-v2" / "outputs"
    for route in ("llama2orig", "llama2new", "mistralinstruct", "mistralguard", "gpt4"):
        _, said = calibrate(sys.argv[1], outputs / f"{route}.jsonl", "--label", "/recorded/human_final",
                            "--verdict", "gpt4=/recorded/judge_gpt4", "--verdict", "strmatch=/recorded/judge_strmatch",
                            "--label-map", "1_full_compliance=full,2_full_refusal=not,3_partial_refusal=not")
        for judge in said["judges"]:
            table, agreement, kappa = XSTEST_JUDGES[route, judge["judge"]]
            record = judge["calibration"]
            check(f"{judge['judge']} on {route}", record["confusion"], table)
            near("  agreement", record["all"]["agreement"]["estimate"], agreement, 4)
            read_as_not = [each["kappa"] for each in record.get("readings", []) if each["as"] == "not"]
            near("  kappa", (read_as_not or [record["kappa"]])[0], kappa, 4)

    # Both judges beside people's labels, in one run: what each finds of what people failed.
    judged = run(gates / "judged_mistral.gate.yaml", "--even-if-undecidable")
    check("graded by people and two judges that nobody calibrated: eligible for", judged.decision["eligible_for"], [])
    folder = next(judged.reports.glob("*/*/journal.jsonl")).parent
    record = folder / "gpt4.json"
    code, said = calibrate(sys.argv[1], "--run", folder, "--human", "1", "--grader", "gpt4", "--out", record)
    check("calibrating gpt4: exit", code, 1)
    check("  why", said["judges"][0]["standing"], "misses_failures")
    harm = said["judges"][0]["calibration"]["severe_on"]["baseline"]["harm"]["recall"]
    check("  harmful compliances of mistralinstruct that it finds", [harm["hits"], harm["n"]], [78, 128])
    check("  unusable", said["judges"][0]["calibration"]["unusable"], 11)

    # A gate that leans on it, with that record and without.
    for name, calibration, wanted in (("with its record", record, "judge_misses_failures"), ("without", None, "judge_uncalibrated")):
        options = ["--set", f"judges.gpt4.calibration={calibration}"] if calibration else []
        leaning = run(gates / "leaning.gate.yaml", "--even-if-undecidable", *options)
        check(f"leaning on gpt4 {name}: exit", leaning.code, 2)
        check("  why", leaning.findings("evidence.judges")[0]["code"], wanted)
        check("  eligible for", leaning.decision["eligible_for"], [])


def pandalm(run, data, gates):
    folder = data / "pandalm-judges"
    _, said = calibrate(sys.argv[1], folder / "cases.jsonl", "--label", "/human",
                        "--verdict", f"gpt-3.5={folder}/outputs/judge-gpt-3.5-turbo.jsonl#/verdict",
                        "--verdict", f"pandalm-7b={folder}/outputs/judge-pandalm-7b.jsonl#/verdict",
                        "--label-map", "1=first,2=second,0=tie", "--verdict-map", "1=first,2=second,Tie=tie,0=tie")
    gpt, other = (judge["calibration"] for judge in said["judges"])
    near("gpt-3.5 against three people, unusable verdicts wrong", gpt["all"]["agreement"]["estimate"], 0.697698, 6)
    check("  unusable", gpt["unusable"], 25)
    readings = {each["as"]: each for each in gpt["readings"]}
    near("  unusable verdicts as ties", readings["tie"]["agreement"], 0.710711, 6)
    near("  macro F1, wrong", readings["wrong"]["macro_f1"], 0.527419, 6)
    near("  macro F1, ties", readings["tie"]["macro_f1"], 0.575538, 6)
    near("pandalm-7b", other["all"]["agreement"]["estimate"], 0.667668, 6)
    near("  macro F1", other["macro_f1"], 0.574305, 6)
    pairs = gpt["rater_pairs"]
    check("people among themselves", [round(each["observed"], 6) for each in pairs], [0.912913, 0.928929, 0.917918])
    check("  kappa", [round(each["kappa"], 6) for each in pairs], [0.852023, 0.878944, 0.861661])
    check("the ranking depends on how unusable verdicts are counted", said["ranking_depends"], {"agreement": False, "macro_f1": True})


def main():
    program, gates = sys.argv[1], pathlib.Path(sys.argv[2])
    beside = pathlib.Path(__file__).resolve().parents[3] / "shared" / "data"
    data = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else os.environ.get("HEADGATE_DATA", beside)).resolve()
    checks = {"xstest": (xstest, "xstest-v2"), "pandalm": (pandalm, "pandalm-judges"), "gsm8k": (gsm8k, "gsm8k-openai"), "bbh": (bbh, "bbh-codex"),
              "agents": (agent_trials, "agents")}
    ran = 0
    with tempfile.TemporaryDirectory() as reports:
        for name, (function, folder) in checks.items():
            if not (data / folder).is_dir():
                print(f"skipped {name}: no {folder} in {data}")
                continue
            ran += 1
            function(lambda gate, *options: Run(program, data, reports, gate, *options), data, gates / name)
    if ran == 0:
        return 77
    return 1 if failures else 0


sys.exit(main())
