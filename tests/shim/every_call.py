#!/usr/bin/env python3
"""Makes every call of the system fail once, one run after the other, and looks at what that leaves.

    every_call.py HEADGATE LIBFAIL_KTH [--scenario NAME] [--call NAME] [--show]

A scenario is a folder and a command. For each kind of call, the command runs with its first call failing, then, in a
fresh copy of the folder, with its second, and so on until it ends without having met a failing call. Each time:

- it ends by itself, with the status of an undisturbed command or with one that says that it could not do its work;
- in the latter case it says why in one error, and prints no decision;
- a decision that was written is that of an undisturbed command;
- the same command without a failing call then ends as an undisturbed one does, with the same bytes, in the same run,
  and leaves no temporary file.
"""
import argparse
import errno
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile

SHORT = 0          # a write or read of one byte instead of all
SECONDS = 30       # of one command; it takes a fraction of one
MOST_CALLS = 3000  # of one kind in one command
FAILED = 4         # could not run or could not record
STOPPED = 2        # cells are left

# What each call can answer. Those that a program is expected to survive are listed under `harmless`.
FAILURES = {
    "write": [errno.EIO, errno.ENOSPC],
    "fsync": [errno.EIO],
    "fdatasync": [errno.EIO],
    "rename": [errno.EIO],
    "ftruncate": [errno.EIO],
    "mkdir": [errno.ENOSPC],
    "chmod": [errno.EPERM],
    "fchmod": [errno.EPERM],
    "flock": [errno.ENOLCK],
    "open": [errno.EMFILE, errno.ENOSPC],
    "open_to_read": [errno.EMFILE],
    "opendir": [errno.EMFILE],
    "read": [errno.EIO],
    "pread": [errno.EIO],
    "close": [errno.EIO],
    "unlink": [errno.EPERM],
    "fork": [errno.EAGAIN],
    "pipe": [errno.EMFILE],
    "epoll": [errno.ENOSPC],
    "eventfd": [errno.EMFILE],
    "thread": [errno.EAGAIN],
    "memory": [errno.ENOMEM],
}
HARMLESS = {
    "write": [SHORT, errno.EINTR],
    "read": [SHORT, errno.EINTR],
    "pread": [SHORT, errno.EINTR],
    "flock": [errno.EINTR],
}
# A failure of these may not pass unnoticed, whatever they were about.
GRAVE = ("fsync", "fdatasync", "rename", "ftruncate")
# Of a summary: what a start took.
MEASURED = (b"Run ", b"Calls: ", b"- reply time: ", b"- first token: ")
# Best effort: what stands in these files decides nothing.
FORGIVEN = ("run.lock", "headgate.log")


class Wrong(Exception):
    pass


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


class Scenario:
    """A prepared folder, a command in it, and what that leaves undisturbed."""

    def __init__(self, name, headgate, folder, words, kept, calls=None):
        self.name, self.folder, self.kept, self.calls = name, folder, kept, calls
        self.command = [headgate, *words]
        self.left, self.runs, self.status, self.out = {}, 0, None, b""

    def learn(self, copy):
        """Runs once without any failing call."""
        done = self.run(copy, {})
        self.status, self.out = done.returncode, done.stdout
        self.left, self.runs = self.files(copy), count_runs(copy)
        if self.status not in (0, 1, 2) or not self.left:
            raise Wrong(f"{self.name}: undisturbed it ends with {self.status}: {done.stderr.decode()}")

    def run(self, folder, environment):
        try:
            return subprocess.run(self.command, cwd=folder, env={**os.environ, **environment}, timeout=SECONDS,
                                  stdin=subprocess.DEVNULL, capture_output=True, check=False)
        except subprocess.TimeoutExpired:
            raise Wrong(f"no end after {SECONDS} s of {self.command} in {folder} with {environment}") from None

    def files(self, folder):
        """The kept files by name; the folder of a run is left out of their path."""
        found = {}
        for at, _, names in os.walk(folder):
            for name in set(names) & set(self.kept):
                content = read(os.path.join(at, name))
                if name == "summary.md":
                    content = b"\n".join(line for line in content.split(b"\n")
                                         if line and not line.startswith(MEASURED))
                if name in found:
                    raise Wrong(f"two files named {name}")
                found[name] = content
        return found


def count_runs(folder):
    return sum("plan.jsonl" in names for _, _, names in os.walk(folder))


def strays(folder):
    return [os.path.join(at, name) for at, _, names in os.walk(folder) for name in names if ".part-" in name]


def before_main(done):
    """Libraries allocate before main is entered; there nobody can say more than the C++ library does."""
    return done.returncode == -6 and done.stdout == b"" and done.stderr.startswith(b"terminate called")


def check_failed(scenario, done, call, error, about):
    """The status and the words of a command that met a failing call."""
    if done.returncode < 0 and not (call == "memory" and before_main(done)):
        raise Wrong(f"ended by signal {-done.returncode}")
    errors = done.stderr.decode(errors="replace")
    if done.returncode == scenario.status:
        recorded = about.endswith(("jsonl", ".json", ".md", ".xml")) or ".part-" in about
        # A full disk is met by giving back what was set aside for it, and the last records may just fit.
        reserved = error == errno.ENOSPC and about.endswith("journal.jsonl")
        if call in GRAVE or (call == "write" and recorded and not reserved):
            raise Wrong(f"a failing {call} went unnoticed")
        if done.stdout != scenario.out and not (call == "write" and "pipe:" in about):
            raise Wrong("another result was printed")
        return
    if done.returncode < 0:
        return
    if done.returncode == STOPPED and "not sent: " in errors:
        return  # it could begin no call, said why, and decided nothing
    if done.returncode != FAILED:
        raise Wrong(f"ended with {done.returncode}")
    if "mistake in headgate" in errors:
        raise Wrong("it takes the failure for a mistake of its own")
    if errors.count("error:") != 1 and not (call == "write" and "pipe:" in about):
        raise Wrong(f"{errors.count('error:')} errors are told instead of one")
    if not scenario.out.startswith(done.stdout):
        raise Wrong("it printed something that is not the result")


def one_call(scenario, shim, call, error, k, folder):
    """Whether there was a k-th call."""
    shutil.copytree(scenario.folder, folder, symlinks=True)
    mark = folder + ".mark"
    done = scenario.run(folder, {"LD_PRELOAD": shim, "HEADGATE_FAIL": call, "HEADGATE_FAIL_K": str(k),
                                 "HEADGATE_FAIL_ERRNO": str(error), "HEADGATE_FAIL_MARK": mark,
                                 "ASAN_OPTIONS": "verify_asan_link_order=0:" + os.environ.get("ASAN_OPTIONS", "")})
    fired = os.path.exists(mark)
    about = read(mark).decode(errors="replace").strip() if fired else ""
    try:
        if not fired or error in HARMLESS.get(call, ()):
            if (done.returncode, done.stdout) != (scenario.status, scenario.out):
                raise Wrong(f"ended with {done.returncode} and other words")
        else:
            check_failed(scenario, done, call, error, about)
        before = scenario.files(folder)
        is_left = done.returncode == STOPPED and scenario.status != STOPPED  # then it is inconclusive, and says so
        if not is_left and "decision.json" in before and before["decision.json"] != scenario.left["decision.json"]:
            raise Wrong("another decision was written")
        after = scenario.run(folder, {})
        if after.returncode != scenario.status:
            errors = after.stderr.decode(errors="replace")
            raise Wrong(f"the same command then ended with {after.returncode}:\n{errors}")
        if scenario.files(folder) != scenario.left:
            raise Wrong("the same command then left other files")
        if count_runs(folder) != scenario.runs:
            raise Wrong(f"there are {count_runs(folder)} runs instead of {scenario.runs}")
        if strays(folder):
            raise Wrong(f"temporary files are left: {strays(folder)}")
    except Wrong as wrong:
        errors = done.stderr.decode(errors="replace")
        what = f"{call} {k} ({os.strerror(error) if error else 'short'}) of '{about}'"
        raise Wrong(f"{wrong}\n  [{scenario.name}] {what}, status {done.returncode}\n{errors}") from None
    shutil.rmtree(folder)
    if fired:
        os.unlink(mark)
    return fired


def steps(call):
    """Every call; of allocations, which are too many, ever fewer."""
    k = 1
    while k < MOST_CALLS or call == "memory":
        yield k
        k += 1 if call != "memory" else 1 + k // 3
    raise Wrong(f"more than {MOST_CALLS} calls of {call}")


def every_call(scenario, shim, call, error, work, show):
    count, wrongs = 0, []
    for k in steps(call):
        folder = os.path.join(work, f"{scenario.name}-{call}-{error}-{k}")
        try:
            if not one_call(scenario, shim, call, error, k, folder):
                break
        except Wrong as wrong:
            wrongs.append(str(wrong))
            if len(wrongs) >= (1000 if show else 3):
                break
        count += 1
    return count, wrongs


def init(headgate, folder, cases):
    subprocess.run([headgate, "init", folder, "--cases", str(cases)], check=True, stdout=subprocess.DEVNULL)


def run_once(headgate, folder, *words):
    done = subprocess.run([headgate, *words], cwd=folder, capture_output=True, check=False)
    if done.returncode not in (0, 1, 2):
        raise Wrong(f"headgate {' '.join(words)} ended with {done.returncode}: {done.stderr.decode()}")


def forget_reports(folder):
    """Leaves the evidence of the run alone; returns the run's path."""
    root = os.path.join("reports", "starter")
    (run,) = (os.path.join(root, name) for name in os.listdir(os.path.join(folder, root)))
    for name in os.listdir(os.path.join(folder, run)):
        if name not in ("plan.jsonl", "run.json", "journal.jsonl"):
            os.unlink(os.path.join(folder, run, name))
    return run


def tear(folder):
    """Turns a finished run into one that was killed while it wrote the middle of its journal."""
    path = os.path.join(folder, forget_reports(folder), "journal.jsonl")
    journal = read(path)
    write(path, journal[:len(journal) // 2])


RUN = ["run", "starter.gate.yaml", "--json", "--jobs", "2"]
LEFT_BY_RUN = ["decision.json", "summary.md", "junit.xml"]


WORKER = """while IFS= read -r line; do
  id=${line#*'"id":"'}; id=${id%%'"'*}
  printf '{"id":"%s","output":"yes %s"}\\n' "$id" "$1"
done
"""


def write_live(folder):
    """Both arms and a plugin are programs: shells, which start fastest."""
    suite = os.path.join(folder, "eval_suites", "starter")
    os.makedirs(suite)
    write(os.path.join(folder, "worker.sh"), WORKER.encode())
    write(os.path.join(folder, "plugin.sh"), WORKER.replace('"output":"yes %s"', '"pass":true,"reason":"%s"').encode())
    write(os.path.join(suite, "suite.yaml"), b"suite: starter\nversion: 1.0.0\ngraders: [{kind: contains, value: yes}, "
          b"{kind: plugin, name: looker}]\n".replace(b"yes", b"'yes'"))
    write(os.path.join(suite, "cases.jsonl"), b"".join(b'{"id":"c%d","input":"%d?"}\n' % (i, i) for i in range(24)))
    for arm in ("a", "b"):
        route = f"route: {arm}\nkind: process\ncommand: [sh, worker.sh, {arm}]\n"
        write(os.path.join(folder, arm + ".yaml"), route.encode())
    write(os.path.join(folder, "starter.gate.yaml"),
          b"gate: starter\nstage: shadow\nbaseline: a.yaml\ncandidate: b.yaml\n"
          b"suites: [starter]\nrules: {quality: {metric: pass, max_loss: 0.4}}\nevidence: {min_cases: 20}\n"
          b"plugins: {looker: {command: [sh, plugin.sh]}}\n")


def scenarios(headgate, work):
    fresh, torn, finished, undecided, suite, live = (
        os.path.join(work, name) for name in ("fresh", "torn", "finished", "undecided", "suite", "live"))
    for folder in (fresh, torn, finished, undecided, suite):
        init(headgate, folder, 24)
    run_once(headgate, torn, *RUN)
    tear(torn)
    run_once(headgate, finished, *RUN)
    run_once(headgate, undecided, *RUN)
    run = forget_reports(undecided)
    write_live(live)
    os.unlink(os.path.join(suite, "eval_suites", "starter", "suite.lock"))
    yield Scenario("fresh", headgate, fresh, RUN, LEFT_BY_RUN)
    yield Scenario("live", headgate, live, RUN, LEFT_BY_RUN,
                   ["fork", "pipe", "epoll", "eventfd", "thread", "fdatasync", "write", "memory"])
    yield Scenario("torn", headgate, torn, RUN, LEFT_BY_RUN, [c for c in FAILURES if c != "memory"])
    yield Scenario("finished", headgate, finished, RUN, LEFT_BY_RUN,
                   ["open", "open_to_read", "opendir", "read", "pread", "flock"])
    yield Scenario("decide", headgate, undecided, ["decide", run, "--json"], LEFT_BY_RUN,
                   ["write", "open", "open_to_read", "pread", "fsync", "rename"])
    yield Scenario("release", headgate, suite, ["suite", "release", "eval_suites/starter"], ["suite.lock"],
                   ["write", "open", "open_to_read", "fsync", "rename", "fchmod"])


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("headgate")
    parser.add_argument("shim")
    parser.add_argument("--scenario")
    parser.add_argument("--call")
    parser.add_argument("--show", action="store_true", help="all that is wrong, not only the first of each kind")
    options = parser.parse_args()
    headgate, shim = os.path.abspath(options.headgate), os.path.abspath(options.shim)
    os.environ.pop("HEADGATE_REPORTS", None)
    work = tempfile.mkdtemp(prefix="every_call_", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    tasks = []
    for scenario in scenarios(headgate, os.path.join(work, "made")):
        if options.scenario not in (None, scenario.name):
            continue
        copy = os.path.join(work, scenario.name)
        shutil.copytree(scenario.folder, copy, symlinks=True)
        scenario.learn(copy)
        for call, errors in FAILURES.items():
            if options.call not in (None, call) or (scenario.calls and call not in scenario.calls):
                continue
            for error in errors + HARMLESS.get(call, []):
                tasks.append((scenario, shim, call, error, work, options.show))
    total, wrongs = 0, []
    with multiprocessing.Pool(min(2, len(tasks))) as pool:
        for task, (count, found) in zip(tasks, pool.starmap(every_call, tasks, chunksize=1)):
            how = errno.errorcode.get(task[3], "short")
            print(f"{task[0].name}: {task[2]} {how}: {count} calls failed, {len(found)} wrong")
            total += count
            wrongs += found
    shutil.rmtree(work)
    for wrong in wrongs:
        print(f"WRONG: {wrong}")
    print(f"every_call: {total} failing calls, {len(wrongs)} wrong")
    return 1 if wrongs or total < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
