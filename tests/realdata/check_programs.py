#!/usr/bin/env python3
"""Runs 656 programs that four routes wrote for HumanEval's problems, in the sandbox and with the problems' own tests, and
compares each verdict with the recorded one.

Usage: check_programs.py HEADGATE GATES [DATA]. The data are not part of this repository: they come from DATA, else from
HEADGATE_DATA, else from ../shared/data beside the repository; without them, or without bubblewrap, the check is skipped
(exit 77)."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROUTES = {"one_call": ("simple-gpt-3.5-0125", "simple-gpt-4-turbo-0409"),
          "loops": ("escalation-0409", "warming-gpt-4-turbo-0409")}


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def verdicts(program, gate, data, reports):
    """(case, arm) to whether it passed and why, from the journal."""
    done = subprocess.run([program, "run", str(gate), "--reports", str(reports), "--quiet", "--even-if-undecidable"],
                          env={**os.environ, "HEADGATE_DATA": str(data)}, capture_output=True, timeout=900)
    if done.returncode not in (0, 1, 2):
        sys.exit(f"{gate}: exit {done.returncode}\n{done.stderr.decode(errors='replace')}")
    where, graded = {}, {}
    for record in read_lines(next(reports.glob("*/*/journal.jsonl"))):
        if record["t"] == "result" and "case" in record:  # not what graders asked
            where[record["cell"]] = (record["case"], record["arm"])
        elif record["t"] == "grade":
            graded[record["cell"]] = (record.get("pass"), record["grades"][0]["reason"] if record.get("grades") else "ungraded")
    return {key: graded.get(cell, (None, "no grade")) for cell, key in where.items()}


def main():
    program, gates = sys.argv[1], pathlib.Path(sys.argv[2])
    beside = pathlib.Path(__file__).resolve().parents[3] / "shared" / "data"
    data = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else os.environ.get("HEADGATE_DATA", beside)).resolve()
    outputs = data / "agents" / "humaneval" / "outputs"
    if not outputs.is_dir() or not shutil.which("bwrap"):
        print(f"skipped: no {outputs}, or no bubblewrap")
        return 77
    agreed = late = ran = 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as reports:
        for name, routes in ROUTES.items():
            seen = verdicts(program, gates / "agents" / f"humaneval-code.{name}.gate.yaml", data, pathlib.Path(reports) / name)
            for arm, route in zip(("baseline", "candidate"), routes):
                for reply in read_lines(outputs / f"{route}.jsonl"):
                    if reply["trial"] != 0:
                        continue
                    passed, reason = seen[reply["case_id"], arm]
                    ran += 1
                    late += reason.startswith("timed out")
                    agreed += passed == reply["recorded"]["is_solved"]
                    if passed != reply["recorded"]["is_solved"]:
                        print(f"WRONG {route} {reply['case_id']}: {reason}, recorded {reply['recorded']}")
    seconds = time.monotonic() - began
    print(f"{agreed} of {ran} programs judged as recorded, {late} of them timed out; {1000 * seconds / ran:.1f} ms a program")
    return 0 if (agreed, ran) == (656, 656) else 1


sys.exit(main())
