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
reporter = recipes.pop("ci/headgate-report")
assert set(recipes) == {".github/workflows/gate.yml", ".gitlab-ci.yml", "Jenkinsfile"}, recipes.keys()


def github(text):
    """The run: blocks, in order, each a shell script as the runner starts it (bash -e)."""
    blocks = re.findall(r"^( +)run: \|\n((?:\1 +\S.*\n)+)", text, re.M)
    assert len(blocks) == text.count("run: |")
    return [body for _, body in blocks]


def gitlab(text):
    return re.findall(r"^    - ((?:headgate|sh) .*)$", text, re.M)


def jenkins(text):
    return re.findall(r"sh\(?(?:script:)? ?'([^']+)'", text)


def steps_of(name):
    return {".github/workflows/gate.yml": github, ".gitlab-ci.yml": gitlab, "Jenkinsfile": jenkins}[name](recipes[name])


class Project:
    """The starter gate under the name the recipes use."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "bin").mkdir()
        (folder / "ci").mkdir()
        (folder / "ci/headgate-report").write_text(reporter)
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
        self.printed = done.stdout
        return done.returncode

    def said(self):
        return (self.folder / "said.txt").read_text()

    def candidate(self, text):
        (self.folder / "replies/candidate.jsonl").write_text(text)


def expect(project, script, wanted):
    got = project.status(script)
    if got != wanted:
        sys.exit(f"docs/ci.md: ended with {got}, not {wanted}:\n{script}\n--- it printed:\n{project.printed}")


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
        # Of an inconclusive run; older ones, an eligible one among them, lie beside it and are not shown.
        project.candidate(half)
        ask = next(step for step in steps if "headgate run" in step)
        show = next(step for step in steps if "ci/headgate-report" in step)
        expect(project, ask, 2)
        expect(project, show, 0)
        assert "INCONCLUSIVE" in project.printed and "ELIGIBLE for" not in project.printed, project.printed
        assert len(list(project.folder.glob("reports/*/*/junit.xml"))) > 1
        newest = project.folder / re.search(r"^report: (.*)/summary\.md ", project.said(), re.M)[1]
        for file in ("summary.md", "junit.xml"):
            assert (project.folder / file).read_bytes() == (newest / file).read_bytes(), file
        # What was decided before is shown too, and a check shows what it printed.
        project.candidate(project.good)
        expect(project, ask, 0)
        expect(project, show, 0)
        assert "ELIGIBLE for" in project.printed.splitlines()[0], project.printed
        project.candidate(worse)
        expect(project, next(step for step in steps if "headgate check" in step), 1)
        expect(project, show, 0)
        assert project.printed.startswith("REGRESSION") and not (project.folder / "junit.xml").exists(), project.printed
        # A job that was refused shows nothing of an older run.
        (project.folder / "support.gate.yaml").write_text("gate: [")
        expect(project, ask, 3)
        expect(project, show, 0)
        assert "gave no answer" in project.printed and not (project.folder / "junit.xml").exists(), project.printed
        if name.startswith(".github"):
            assert "gave no answer" in (project.folder / "step-summary.md").read_text().splitlines()[-1]

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
