"""The HTTP measurements of bench/run: headgate against its own fake provider on loopback, and against a bare libcurl loop.

Every figure is of a whole `headgate run`: reading the files, sealing the plan, calling, three deterministic graders, the
journal, the decision and the reports. CPU and memory are those of the headgate process alone (wait4)."""
import contextlib
import json
import math
import pathlib
import random
import shutil
import statistics
import subprocess
import tempfile
import threading

words = ("customer asks about the order refund policy when parcel arrives late and invoice shows wrong total amount for "
         "two items please answer with the code only").split()


class Provider:
    """`headgate fake-provider` with a script; its URL and what it counted."""

    def __init__(self, headgate, script):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="headgate-provider-"))
        path = self.folder / "script.json"
        path.write_text(json.dumps(script))
        self.process = subprocess.Popen([headgate, "fake-provider", "--script", path, "--port", "0"],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url = self.process.stdout.readline().strip()

    def stats(self):
        return json.loads(subprocess.run(["python3", "-c", "import sys, urllib.request;"
                                          "print(urllib.request.urlopen(sys.argv[1]).read().decode())", self.url + "/stats"],
                                         check=True, capture_output=True, text=True).stdout)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)


@contextlib.contextmanager
def provider(headgate, script):
    server = Provider(headgate, script)
    try:
        yield server
    finally:
        server.stop()


def write_cases(folder, cases):
    rng = random.Random(20240101)
    suite = folder / "eval_suites" / "bench"
    suite.mkdir(parents=True)
    (suite / "suite.yaml").write_text(
        "suite: bench\nversion: 1.0.0\ngraders:\n"
        "  - {kind: equals, value: \"{{case.expected}}\"}\n"
        "  - {kind: contains, value: \"{{case.expected}}\"}\n"
        "  - {kind: regex, pattern: \"^R-[0-9]{6}-[0-9]{3}$\"}\n")
    with open(suite / "cases.jsonl", "w") as out:
        for i in range(cases):
            answer = f"R-{i:06d}-{rng.randrange(1000):03d}"
            text = f"Case {i}: " + " ".join(rng.choices(words, k=60))
            out.write(json.dumps({"id": f"case-{i:06d}", "input": f"{text} [[{answer}]]", "expected": answer}) + "\n")


def write_gate(folder, url, limits):
    """Both arms are the same model on the same server, so they share one pool."""
    for route in ("a", "b"):
        (folder / f"{route}.yaml").write_text(
            f"route: {route}\nkind: openai\nendpoint: {url}/v1\nmodel: bench\nparams: {{temperature: 0, max_tokens: 64}}\n"
            f"prompt: {{system: {route}.md, user: \"{{{{case.input}}}}\"}}\n{limits}")
        (folder / f"{route}.md").write_text(f"Answer with the code only. ({route})\n")
    (folder / "gate.yaml").write_text(
        "gate: bench\nbaseline: a.yaml\ncandidate: b.yaml\nsuites: [bench]\n"
        "rules: {quality: {max_loss: 0.05}}\nevidence: {min_cases: 2}\n")


def gate_of(cases, url, limits):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="headgate-bench-"))
    write_cases(folder, cases)
    write_gate(folder, url, limits)
    return folder


class HttpBench:
    def __init__(self, headgate, floor, timed):
        self.headgate, self.floor, self.timed = headgate, floor, timed

    def run(self, folder, *flags):
        return self.timed([self.headgate, "run", "gate.yaml", "--quiet", "--no-progress", "--even-if-undecidable", *flags], folder)

    def bare(self, url, calls):
        done = subprocess.run([self.floor, url + "/v1/chat/completions", "--calls", str(calls), "--in-flight", "64"],
                              check=True, capture_output=True, text=True)
        return json.loads(done.stdout)

    def cost_of_a_call(self, report):
        """In turn with the bare loop, so that a drift of the machine hits both."""
        calls = 20_000
        ours, rates, ratios, peaks = [], [], [], []
        with provider(self.headgate, {"remember": 0}) as server:
            for _ in range(3):
                folder = gate_of(calls // 2, server.url, "limits: {in_flight: 64}\n")
                taken = self.run(folder)
                floor = self.bare(server.url, calls)
                shutil.rmtree(folder)
                ours.append(taken["cpu"] / calls * 1e6)
                rates.append(calls / taken["wall"])
                ratios.append(ours[-1] / floor["cpu_us"])
                peaks.append(taken["rss"] / 1e6)
        report("http_cpu", statistics.median(ours), "us of CPU/call", "<= 60", statistics.median(ours) <= 60)
        report("http_cpu_ratio", statistics.median(ratios), "x a bare libcurl loop (CPU)", "<= 4", statistics.median(ratios) <= 4)
        report("http_rate", statistics.median(rates), "calls/s", ">= 12000", statistics.median(rates) >= 12_000)
        report("http_memory", statistics.median(peaks), "MB peak, 20,000 calls", "<= 100", statistics.median(peaks) <= 100)

    def calls(self, report):
        self.cost_of_a_call(report)
        self.overlap(report, "http_50ms_x64", 50, 64, 2_000, 1.03)
        self.overlap(report, "http_500ms_x1000", 500, 1_000, 20_000, 1.05)
        self.overlap(report, "http_500ms_x4000", 500, 4_000, 40_000, None)
        self.answered_before(report)

    def growth(self, report):
        with provider(self.headgate, {"remember": 0}) as server:
            peak = {}
            for calls in (20_000, 200_000):
                folder = gate_of(calls // 2, server.url, "limits: {in_flight: 64}\n")
                peak[calls] = self.run(folder)["rss"]
                shutil.rmtree(folder)
        a_call = (peak[200_000] - peak[20_000]) / 180_000
        report("http_memory_growth", a_call, "bytes/call to 200,000", "<= 300", a_call <= 300)

    def overlap(self, report, name, delay_ms, in_flight, calls, goal):
        with provider(self.headgate, {"delay_ms": delay_ms, "remember": 0}) as server:
            folder = gate_of(calls // 2, server.url, f"limits: {{in_flight: {in_flight}, timeout: 60s}}\n")
            wall = self.run(folder)["wall"]
            shutil.rmtree(folder)
        ideal = math.ceil(calls / in_flight) * delay_ms / 1000
        report(name, wall / ideal, f"wall / ideal, {calls} calls", f"<= {goal}" if goal else "", goal is None or wall / ideal <= goal)

    def answered_before(self, report):
        calls = 2_000
        with provider(self.headgate, {"remember": 0}) as server:
            folder = gate_of(calls // 2, server.url, "limits: {in_flight: 64}\n")
            self.run(folder, "--cache", "cache")
            cached = statistics.median(self.run(folder, "--cache", "cache", "--again")["wall"] for _ in range(5))
            # A further rule is another plan, whose cells are all in the journal of the run before.
            journal = []
            for i in range(5):
                journal.append(self.run(folder, "--resume", "bench", "--set", f"rules.quality.max_loss=0.0{i + 1}1")["wall"])
            shutil.rmtree(folder)
        report("http_from_cache", cached, "s, 2,000 calls", "<= 0.3", cached <= 0.3)
        report("http_from_journal", statistics.median(journal), "s, 2,000 calls", "<= 0.3", statistics.median(journal) <= 0.3)

    def rate_limits(self, report):
        """The eight servers at once: they wait, and cost next to nothing. About five minutes."""
        bucket = {"kind": "bucket", "amount": 10, "burst": 10}
        servers = {
            "A": (1_200, 10, [{**bucket, "retry_after": "none"}]),
            "B": (1_200, 10, [{**bucket, "retry_after": "none", "rejected_cost": 1}]),
            "C": (1_200, 10, [{**bucket}]),
            "D": (1_200, 10, [{**bucket, "retry_after": "30"}]),
            "E": (1_500, 10, [{"kind": "window", "amount": 600, "period_ms": 60_000, "retry_after": "none"}]),
            "F": (1_200, 10, [{**bucket, "retry_after": "none", "halve_after_ms": 40_000}]),
            "G": (120, 0.5, [{"kind": "bucket", "amount": 30, "period_ms": 60_000, "burst": 1, "retry_after": "none", "rejected_cost": 1}]),
            "H": (3_000, 100, [{"kind": "bucket", "amount": 100, "burst": 100, "retry_after": "none"}]),
        }
        results = {}

        def one(name, calls, limits):
            script = {"delay_ms": 2000, "spread": 0.5, "limits": limits,
                      "rules": [{"when": {"share_of_tries": 0.01}, "status": 500}]}
            with provider(self.headgate, script) as server:
                folder = gate_of(calls // 2, server.url, "limits: {timeout: 60s}\n")
                taken = self.run(folder)
                decision = json.loads(next(folder.glob("reports/bench/*/decision.json")).read_text())
                results[name] = (taken["wall"], server.stats(), decision)
                shutil.rmtree(folder)

        threads = [threading.Thread(target=one, args=(name, calls, limits)) for name, (calls, _, limits) in servers.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        within = 0
        for name, (calls, rate, _) in servers.items():
            wall, stats, decision = results[name]
            ideal = ideal_seconds(name, calls, rate)
            rejected = 100 * count_of_429(stats) / calls
            failed = decision_errors(decision)
            within += wall / ideal <= 1.2
            report(f"http_429_{name}", wall / ideal, f"makespan/ideal, {rejected:.1f} 429s/100, {failed} failed",
                   "", failed == 0 and rejected <= 20)
        report("http_429_within", within, "of 8 servers within 1.2 x ideal", ">= 6", within >= 6)


def ideal_seconds(name, calls, rate):
    """A perfect client: it knows the limit and sends at it; the last reply takes its two seconds."""
    if name == "E":
        return 60.0 * ((calls - 1) // 600) + 2.0
    if name == "F":
        return 40.0 + (calls - 10 - 40 * 10) / 5 + 2.0
    burst = {"G": 1, "H": 100}.get(name, 10)
    return (calls - burst) / rate + 2.0


def count_of_429(stats):
    return sum(count for status, count in stats["by_status"].items() if status == "429")


def decision_errors(decision):
    arms = decision["arms"].values() if isinstance(decision["arms"], dict) else decision["arms"]
    return sum(arm["cells"] - arm["passed"] - arm["failed"] for arm in arms)
