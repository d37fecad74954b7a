#!/usr/bin/env python3
"""Every verb with --json in a small project, compared with approved files; and docs/json.md, compared with all of them.

usage: json_outputs.py SOURCE_FOLDER HEADGATE

A verb without a scenario here fails the test: add one, then HEADGATE_APPROVE=1 writes its approved file and the blocks
of docs/json.md; read the difference before committing it.
"""
import hashlib
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile

source, headgate = pathlib.Path(sys.argv[1]), str(pathlib.Path(sys.argv[2]).resolve())
approved = source / "tests/golden/approved/json"
page = source / "docs/json.md"
approving = "HEADGATE_APPROVE" in os.environ
environment = {key: value for key, value in os.environ.items() if not key.startswith("HEADGATE")} | {"LC_ALL": "C"}
faults = []

CASES = 30
FAILING = {"a": {7, 8, 9, 10}, "b": {1, 8}}  # case 1 is severe: a new severe failure; 7, 9 and 10 get better

RELEASE = ["suite", "release", "eval_suites/demo", "--date", "2026-11-20"]
# The candidate is a program that answers three cases, one at a time; then the run is interrupted.
INTERRUPTED = ["run", "slow.gate.yaml"]
WORKER = """
import glob, json, os, signal, sys, time
done = 0
for line in sys.stdin:
    done += 1
    if done == 4:
        # The recorded baseline and three replies, so that what is reported is always the same.
        while sum(b'"t":"result"' in row for row in open(glob.glob("reports/slow/*/journal.jsonl")[0], "rb")) < 33:
            time.sleep(0.005)
        os.kill(os.getppid(), signal.SIGINT)
        os.kill(os.getppid(), signal.SIGINT)
        time.sleep(60)
    print(json.dumps({"id": json.loads(line)["id"], "output": "yes"}), flush=True)
"""

# verb: [(scenario, words, exit status)], in the order they run. RUN and FIRST become the ids of the demo gate's newest
# and oldest run.
SCENARIOS = {
    "init": [("init", ["init", "mine", "--cases", "40"], 0)],
    "suite release": [("suite-release-first", [*RELEASE, "--version", "1.0.0"], 0), ("suite-release", RELEASE, 0)],
    "suite show": [("suite-show", ["suite", "show", "demo"], 0), ("suite-show-case", ["suite", "show", "demo", "c001"], 0)],
    "suite stats": [("suite-stats", ["suite", "stats", "demo"], 0)],
    "suite diff": [("suite-diff", ["suite", "diff", "demo", "1.0.0", "1.1.0"], 0)],
    "lint": [("lint", ["lint", "demo.gate.yaml"], 0), ("lint-errors", ["lint", "broken.gate.yaml"], 3)],
    "doctor": [("doctor", ["doctor", "live.gate.yaml", "--offline"], 0)],
    "plan": [("plan", ["plan", "demo.gate.yaml"], 0), ("plan-live", ["plan", "live.gate.yaml"], 0)],
    "try": [("try", ["try", "demo.gate.yaml", "c001"], 0)],
    "check": [("check", ["check", "demo.gate.yaml"], 1)],
    "run": [("run", ["run", "demo.gate.yaml"], 1), ("run-interrupted", INTERRUPTED, 130)],
    "show": [("show", ["show", "demo"], 1), ("show-list", ["show", "demo", "--flips", "--where", "language=de"], 1)],
    "explain": [("explain", ["explain", "RUN"], 0), ("explain-case", ["explain", "RUN", "c001"], 0)],
    "decide": [("decide", ["decide", "RUN", "--gate", "lenient.gate.yaml"], 0)],
    "regrade": [("regrade", ["regrade", "RUN", "--gate", "lenient.gate.yaml"], 0)],
    "judge sample": [("judge-sample", ["judge", "sample", "RUN", "--n", "8", "--out", "sample.csv"], 0)],
    "judge calibrate": [("judge-calibrate", ["judge", "calibrate", "labels.jsonl", "--label", "/people", "--severe-class", "severe_class",
                                             "--verdict", "strict=/strict", "--verdict", "lenient=/lenient"], 1)],
    "compare": [("compare", ["compare", "FIRST", "RUN"], 0)],
    "cache stats": [("cache-stats", ["cache", "stats", "kept"], 0)],
    "cache clear": [("cache-clear", ["cache", "clear", "kept"], 0), ("cache-clear-damaged", ["cache", "clear", "damaged"], 0)],
    "graders": [("graders", ["graders"], 0), ("graders-kind", ["graders", "length"], 0)],
    "schema": [("schema", ["schema"], 0), ("schema-name", ["schema", "lock"], 0)],
    "fake-provider": [("fake-provider", ["fake-provider", "--once-idle", "1"], 0)],
    "completion": [("completion", ["completion", "fish"], 0)],
    "version": [("version", ["version"], 0)],
}
# Formats that no verb of this list prints in these scenarios would be missed; a JSON Schema says what it is by $schema.
WITHOUT_FORMAT = {"schema-name"}


def run(words, folder):
    done = subprocess.run([headgate, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout, done.stderr


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def gate(quality, severe):
    return ("gate: demo\nbaseline: a.yaml\ncandidate: b.yaml\nsuites: [demo]\nevidence: {min_cases: 20}\nrules:\n"
            f"  quality: {{metric: pass, max_loss: {quality}}}\n  severe: [{{class: \"*\", max_new_failures: {severe}}}]\n")


def make_project(root):
    rows = []
    for i in range(1, CASES + 1):
        row = {"id": f"c{i:03d}", "input": f"question {i}", "expected": "yes",
               "segments": {"language": "de" if i % 2 else "en"}}
        if i == 1:
            row |= {"severity": "severe", "severe_class": "harm"}
        if i == CASES:
            row |= {"since": "1.1.0"}
        rows.append(row)
    write(root / "eval_suites/demo/cases.jsonl", lines(rows))
    write(root / "eval_suites/demo/CHANGELOG.md", "# demo\n\n## 1.1.0\n\nOne more.\n\n## 1.0.0\n\nFirst.\n")
    write(root / "eval_suites/demo/suite.yaml",
          "suite: demo\nversion: 1.1.0\nsegments: {language: [de, en]}\nsevere_classes: {harm: hurts somebody}\n"
          "graders:\n  - {kind: equals, value: \"{{case.expected}}\"}\n")
    for arm, failing in FAILING.items():
        write(root / f"{arm}.yaml", f"route: demo_{arm}\nkind: replay\nreplies: {arm}.jsonl\nmodel: example-{arm}\n")
        write(root / f"{arm}.jsonl",
              lines({"case_id": f"c{i:03d}", "trial": 0, "output": "no" if i in failing else "yes", "latency_ms": 500 + i,
                     "cost_usd": 0.001, "usage": {"input_tokens": 20, "output_tokens": 1}} for i in range(1, CASES + 1)))
    write(root / "demo.gate.yaml", gate(0.3, 0))
    write(root / "labels.jsonl",
          lines({"id": f"r{i:03d}", "people": ["fail" if i % 5 == 0 else "pass", "fail" if i % 6 == 0 else "pass"] + (["fail"] if i % 5 == 0 else ["pass"]),
                 "strict": "fail" if i % 4 == 0 else "pass", "lenient": "I cannot say" if i % 10 == 0 else "pass",
                 "severe_class": "harm" if i % 25 == 0 else ""} for i in range(1, 101)))
    write(root / "lenient.gate.yaml", gate(0.35, 1))
    write(root / "broken.gate.yaml", gate('"much"', 0))
    write(root / "worker.py", WORKER)
    write(root / "slow.yaml", "route: demo_slow\nkind: process\ncommand: [python3, worker.py]\n"
                              "limits: {workers: 1, in_flight: 1}\n")
    write(root / "slow.gate.yaml", gate(0.3, 0).replace("gate: demo", "gate: slow").replace("b.yaml", "slow.yaml"))


def make_live_gate(root):
    """Two routes over HTTP that nobody calls: one with a price, a limit and earlier replies, one whose cost is open."""
    route = ("route: live_{0}\nkind: openai\nendpoint: http://127.0.0.1:9/v1\nmodel: example-{0}\n"
             "params: {{temperature: 0{1}}}\nprice: {{input_per_mtok: 0.15, output_per_mtok: 0.60}}\n"
             "limits: {{in_flight: 8, requests_per_minute: 600, tokens_per_minute: {2}}}\n")
    write(root / "live_a.yaml", route.format("a", ", max_tokens: 200", 20000))
    write(root / "live_b.yaml", route.format("b", "", 200000))
    write(root / "live.gate.yaml", gate(0.3, 0).replace("gate: demo", "gate: live").replace(
        "a.yaml\n", "{route: live_a.yaml, reuse: latest}\n", 1).replace("b.yaml", "live_b.yaml")
        + "budget: {max_usd: 25, deadline: 30m}\n")


def make_caches(root):
    """A cache as version 1 of its format is written, and one that is damaged."""
    (root / "kept").mkdir()
    database = sqlite3.connect(root / "kept/headgate-replies.db")
    database.executescript(
        "CREATE TABLE replies(key BLOB PRIMARY KEY NOT NULL, at INTEGER NOT NULL, value BLOB NOT NULL, "
        "sum BLOB NOT NULL) STRICT; PRAGMA application_id=1751601731; PRAGMA user_version=1;")
    for number, text in enumerate(["yes", "no"]):
        value = json.dumps({"text": text}, separators=(",", ":")).encode()
        database.execute("INSERT INTO replies VALUES(?, ?, ?, ?)",
                         (bytes([number] * 32), 1795000000 + number, value, hashlib.sha256(value).digest()))
    database.commit()
    database.close()
    write(root / "damaged/headgate-replies.db", "z" * 5000)


RUN_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}(?:-\d+)?")
FREE_SPACE = re.compile(r"\b\d+ MiB free")
LOCAL_PORT = re.compile(r"(?<=//127\.0\.0\.1:)\d+")
STAMP = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
# What a clock, a machine or a version has a hand in.
MEASURED = {"plan_digest": "DIGEST", "wall_seconds": 0, "seconds": 0, "took_ms": 0, "elapsed_ms": 0, "host": "HOST",
            "disk_bytes": 0, "port": 0}


def normalised(value, root, key=None):
    if isinstance(value, dict):
        return {name: normalised(member, root, name) for name, member in value.items()}
    if isinstance(value, list):
        return [normalised(member, root, key) for member in value]
    if key in MEASURED and value is not None:
        return MEASURED[key]
    if isinstance(value, str):
        if key in ("version", "headgate") and re.fullmatch(r"\d+\.\d+\.\d+", value) and value == VERSION:
            return "VERSION"
        value = FREE_SPACE.sub("MUCH free", LOCAL_PORT.sub("PORT", value.replace(str(root), "ROOT")))
        return STAMP.sub("TIME", RUN_ID.sub("RUN-ID", value))
    return value


def verbs_of_the_program(root):
    """From the verb table, by way of what completion offers."""
    def words(*typed):
        text = run(["completion", "words", "--", *typed, ""], root)[1]
        return [line.split("\t")[0] for line in text.splitlines()[1:]]
    out = []
    for word in words():
        if word.startswith("-") or word == "help":
            continue
        second = [] if run([word, "--help"], root)[1].startswith(f"headgate {word}: the life") is False else words(word)
        out += [f"{word} {each}" for each in second] or [word]
    return out


def ids(root):
    return sorted((path.parent.name for path in root.glob("reports/demo/*/plan.jsonl")), reverse=True)


def play(root):
    """scenario -> (verb, output)"""
    outputs = {}
    for verb, scenarios in SCENARIOS.items():
        for name, words, status in scenarios:
            known = ids(root)
            words = [known[0] if word == "RUN" else known[-1] if word == "FIRST" else word for word in words]
            code, out, err = run([*words, "--json"], root)
            if code != status:
                faults.append(f"{name}: ended with {code}, not {status}: {err[:2000]}")
                continue
            try:
                outputs[name] = (verb, normalised(json.loads(out), root))
            except json.JSONDecodeError as trouble:
                faults.append(f"{name}: stdout is not one JSON value ({trouble}): {out[:500]}")
    return outputs


def compare(path, text, what):
    if approving:
        write(path, text)
    there = path.read_text(encoding="utf-8") if path.exists() else ""
    if there == text:
        return
    first = next((pair for pair in zip(there.splitlines() + [""], text.splitlines() + [""]) if pair[0] != pair[1]), ("", ""))
    faults.append(f"{path.relative_to(source)} is not {what} (HEADGATE_APPROVE=1 rewrites it; read the difference first)\n"
                  f"  approved: {first[0]}\n  now:      {first[1]}")


# ---- docs/json.md: a section for each format, with the shape of what is printed

def shape(values):
    """The shape of several values that stand in one place."""
    kinds = []
    dicts = [value for value in values if isinstance(value, dict)]
    lists = [value for value in values if isinstance(value, list)]
    for value in values:
        word = ("true or false" if isinstance(value, bool) else "number" if isinstance(value, (int, float))
                else "null" if value is None else "text" if isinstance(value, str) else None)
        if word and word not in kinds:
            kinds.append(word)
    if dicts and not kinds:
        keys = sorted({key for value in dicts for key in value})
        return {key: shape([value[key] for value in dicts if key in value]) for key in keys}
    if lists and not kinds:
        members = [member for value in lists for member in value]
        return [shape(members)] if members else []
    if dicts or lists:
        kinds += (["object"] if dicts else []) + (["list"] if lists else [])
    return " or ".join(sorted(kinds, key=lambda word: word == "null"))


def brief(value, depth):
    if depth == 0 and isinstance(value, (dict, list)) and value:
        return "…"
    if isinstance(value, dict):
        return {key: brief(member, depth - 1) for key, member in value.items()}
    if isinstance(value, list):
        return [brief(member, depth) for member in value]
    return value


DEPTH = 4


def with_block(text, word, wanted):
    """The page with what is generated of a section in place of what is there; the sentence above it stays."""
    start = text.index(f"## `{word}`\n")
    end = text.find("\n## ", start)
    section = text[start:] if end < 0 else text[start:end + 1]
    sentence = section.split("\nPrinted by ")[0].rstrip("\n")
    if "\n\n" not in sentence:
        faults.append(f"docs/json.md: the section '{word}' needs a sentence")
    return text[:start] + sentence + "\n\n" + wanted + ("" if end < 0 else "\n") + text[start + len(section):]


def check_page(outputs):
    formats = {}
    verbs = {}
    for name, (verb, output) in outputs.items():
        if name in WITHOUT_FORMAT:
            if "$schema" not in output:
                faults.append(f"{name}: neither \"format\" nor \"$schema\"")
            continue
        word = output.get("format") if isinstance(output, dict) else None
        if not isinstance(word, str) or not re.fullmatch(r"headgate/[a-z-]+/\d+", word):
            faults.append(f"{name}: no \"format\" headgate/NAME/N in the output")
            continue
        formats.setdefault(word, []).append(output)
        verbs.setdefault(word, set()).add(verb)
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    sections = re.findall(r"^## `(headgate/\S+)`$", text, re.M)
    for word in sorted(set(formats) - set(sections)):
        faults.append(f"docs/json.md has no section '## `{word}`'")
    for word in sorted(set(sections) - set(formats)):
        faults.append(f"docs/json.md has a section '{word}' that no scenario prints")
    for word in sections:
        if word not in formats:
            continue
        block = shape(formats[word])
        block["format"] = word
        wanted = (f"Printed by {', '.join(f'`{each}`' for each in sorted(verbs[word]))}.\n\n```json\n"
                  + json.dumps(brief(block, DEPTH), indent=2, ensure_ascii=False, sort_keys=True) + "\n```\n")
        text = with_block(text, word, wanted)
    compare(page, text, "what the program prints")


with tempfile.TemporaryDirectory() as folder:
    root = pathlib.Path(folder).resolve()
    VERSION = run(["version"], root)[1].split()[-1]
    make_project(root)
    make_caches(root)
    make_live_gate(root)
    for verb in verbs_of_the_program(root):
        if verb not in SCENARIOS:
            faults.append(f"'{verb} --json' has no scenario in {pathlib.Path(__file__).name}")
    outputs = play(root)
    for name, (verb, output) in outputs.items():
        compare(approved / f"{name}.json", json.dumps(output, indent=1, ensure_ascii=False, sort_keys=True) + "\n",
                f"what `headgate {verb} --json` prints")
    for path in sorted(approved.glob("*.json")):
        if path.stem not in outputs:
            faults.append(f"{path.relative_to(source)} belongs to no scenario")
    check_page(outputs)

print(f"{len(outputs)} outputs of {len(SCENARIOS)} verbs")
for fault in faults:
    print(fault)
sys.exit(1 if faults else 0)
