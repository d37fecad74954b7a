#!/usr/bin/env python3
"""Runs a page of documentation: writes every block that names a file, then runs every sh block, in order.

usage: run_page.py SOURCE_FOLDER HEADGATE PAGE

The blocks run in an empty folder that sees the shipped suites and fixtures. A page's folder docs/pages/<page>/ does not
exist; what a page needs beyond its own blocks stands in `extras` below.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

source, headgate, page = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
fence = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.M | re.S)


def shop_cases():
    """120 cases of the shop suite with replies for both routes, candidate better: enough for the gate page to decide."""
    cases, replies_a, replies_b = [], [], []
    for i in range(200):
        severe = i < 70
        case = {"id": f"shop-{i:04d}", "input": f"Question {i}?", "expected": f"answer {i}",
                "segments": {"language": "de" if i % 2 else "en"}}
        if severe:
            case |= {"severity": "severe", "severe_class": "unsafe_promise",
                     "graders": [{"kind": "not_contains", "value": "guaranteed"}]}
        if i == 199:
            case |= {"tags": ["regression"], "sampling": "targeted"}
        cases.append(case)
        wrong = i % 10 == 9 and i != 199
        replies_a.append({"id": case["id"], "answer": {"text": "no idea" if wrong else f"answer {i}"}, "seconds": 0.9, "usd": 0.001})
        replies_b.append({"case_id": case["id"], "output": f"answer {i}", "latency_ms": 800, "cost_usd": 0.001})
    return cases, replies_a, replies_b


def write_lines(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def extras(folder):
    cases, replies_a, replies_b = shop_cases()
    write_lines(folder / "eval_suites/shop/cases.jsonl", cases)
    write_lines(folder / "routes/support_a.jsonl", replies_a)
    write_lines(folder / "routes/support_b.jsonl", replies_b)
    (folder / "eval_suites/shop/CHANGELOG.md").write_text("# shop\n\n## 1.1.0\n\nFirst.\n")
    if page != "docs/suites.md":  # the gate page needs the suite page's suite.yaml
        for _, name, text in fence.findall((source / "docs/suites.md").read_text()):
            if name and name.startswith("eval_suites/shop/"):
                (folder / name).write_text(text)


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    (folder / "bin").mkdir()
    (folder / "bin" / "headgate").symlink_to(headgate.resolve())
    if page == "README.md":
        for shipped in ("eval_suites", "fixtures"):
            (folder / shipped).symlink_to(source / shipped)
    else:
        extras(folder)
    environment = os.environ | {"PATH": f"{folder}/bin:{os.environ['PATH']}"}
    ran = 0

    def run(script):
        global ran
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=folder, env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        ran += 1
        if done.returncode != 0:
            sys.exit(f"{page}: this block ended with {done.returncode}:\n{script}\n--- it printed:\n{done.stdout}")

    for language, file, text in fence.findall((source / page).read_text()):
        if file:
            shipped = source / "docs/examples" / file
            if shipped.exists() and shipped.read_text() != text:
                sys.exit(f"{page}: {file} is not what {shipped.relative_to(source)} has")
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        elif language == "sh" and "scripts/" in text:  # set-up: runs this very test; only its existence can be checked
            for script in re.findall(r"scripts/\w+", text):
                assert os.access(source / script, os.X_OK), script
        elif language == "sh":
            run(text)
    if page == "docs/gate.md":
        run("headgate run gate.yaml")
    if page == "docs/suites.md":  # the example line is a case of a draft that the reader accepts
        run("rm eval_suites/shop/suite.lock; cat example-case.jsonl >> eval_suites/shop/cases.jsonl; headgate lint eval_suites/shop")
    assert ran > 0, f"{page} has nothing to run"
    print(f"{page}: {ran} blocks ran")
