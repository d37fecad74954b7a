#!/usr/bin/env python3
"""Runs what the recipes of docs/ci.md run: every command of every job, in a project where the candidate is good, worse,
or not measured, and looks whether the job would stop where the page says so.

usage: ci_recipes.py SOURCE_FOLDER HEADGATE
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

source, headgate = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
page = (source / "docs/ci.md").read_text()
recipes = {name: text for name, text in re.findall(r"^```\w+ file=(\S+)\n(.*?)^```$", page, re.M | re.S)}
assert set(recipes) == {".github/workflows/gate.yml", ".gitlab-ci.yml", "Jenkinsfile"}, recipes.keys()


def github(text):
    """The run: blocks, in order, each a shell script as the runner starts it (bash -e)."""
    blocks = re.findall(r"^( +)run: \|\n((?:\1 +\S.*\n)+)", text, re.M)
    assert len(blocks) == text.count("run: |")
    return [body for _, body in blocks]


def gitlab(text):
    return re.findall(r"^    - (headgate .*)$", text, re.M)


def jenkins(text):
    return re.findall(r"sh\(?(?:script:)? ?'([^']+)'", text)


def steps_of(name):
    return {".github/workflows/gate.yml": github, ".gitlab-ci.yml": gitlab, "Jenkinsfile": jenkins}[name](recipes[name])


class Project:
    """The starter gate under the name the recipes use."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "bin").mkdir()
        (folder / "bin/headgate").symlink_to(headgate)
        self.environment = os.environ | {"PATH": f"{folder}/bin:{os.environ['PATH']}", "GITHUB_STEP_SUMMARY": str(folder / "step-summary.md")}
        self.environment.pop("HEADGATE_REPORTS", None)
        assert self.status("headgate init .") == 0
        (folder / "starter.gate.yaml").rename(folder / "support.gate.yaml")
        self.good = (folder / "replies/candidate.jsonl").read_text()
        self.baseline = (folder / "replies/baseline.jsonl").read_text()

    def status(self, script):
        done = subprocess.run(["bash", "-e", "-c", script], cwd=self.folder, env=self.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.said = done.stdout
        return done.returncode

    def candidate(self, text):
        (self.folder / "replies/candidate.jsonl").write_text(text)


def expect(project, script, wanted):
    got = project.status(script)
    if got != wanted:
        sys.exit(f"docs/ci.md: ended with {got}, not {wanted}:\n{script}\n--- it printed:\n{project.said}")


checked = 0
for name in recipes:
    steps = steps_of(name)
    assert any("headgate check" in step for step in steps) and any("headgate run" in step for step in steps), (name, steps)
    with tempfile.TemporaryDirectory() as place:
        project = Project(pathlib.Path(place))
        worse = "".join(re.sub(r'"output":"[^"]*"', '"output":"Sure, we will refund it."', line) for line in project.baseline.splitlines(True))
        half = "".join(project.baseline.splitlines(True)[:50])
        for step in steps:
            asks = "headgate check" in step or "headgate run" in step
            same_as_baseline = project.baseline
            project.candidate(same_as_baseline)  # nothing differs: no regression
            if "headgate run" in step:
                project.candidate(project.good)
            expect(project, step, 0)
            if asks:
                project.candidate(worse)
                expect(project, step, 1)
                project.candidate(half)  # half of the replies are missing
                expect(project, step, 2)
            checked += 1
        if name.startswith(".github"):
            summary = (project.folder / "step-summary.md").read_text()
            assert "no decision yet" not in summary and "inconclusive" in summary.lower(), summary[:300]

with tempfile.TemporaryDirectory() as place:
    project = Project(pathlib.Path(place))
    expect(project, "headgate run support.gate.yaml", 0)
    for script in re.findall(r"^```sh\n(.*?)^```$", page, re.M | re.S):
        if "scripts/" in script:
            assert os.access(source / script.strip(), os.X_OK), script
        else:
            expect(project, script, 0)
            checked += 1
print(f"docs/ci.md: {checked} steps behave")
