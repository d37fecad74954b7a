#!/usr/bin/env python3
"""Holds the printed schemas to the files: what ships is valid, what the program refuses for its shape is not.

usage: check_schemas.py SOURCE_FOLDER HEADGATE AS_JSON

AS_JSON prints a YAML or JSON file as headgate's own reader takes it.
"""
import copy
import json
import pathlib
import re
import subprocess
import sys
import tempfile

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)

source, headgate, as_json = pathlib.Path(sys.argv[1]), str(pathlib.Path(sys.argv[2]).resolve()), sys.argv[3]
faults = []


def run(*words, **more):
    return subprocess.run([headgate, *map(str, words)], capture_output=True, text=True, **more)


def references(value):
    """What an editor might fetch; examples may hold URLs."""
    if isinstance(value, dict):
        for key, member in value.items():
            if key in ("$ref", "$id", "$dynamicRef") and isinstance(member, str):
                yield member
            yield from references(member)
    elif isinstance(value, list):
        for member in value:
            yield from references(member)


def printed_schemas():
    listed = json.loads(run("schema", "--json").stdout)
    names = [each["name"] for each in listed["schemas"]]
    schemas = {}
    for name in names:
        schema = json.loads(run("schema", name).stdout)
        Draft202012Validator.check_schema(schema)
        assert schema["$id"] == "urn:headgate:schema:" + name, name
        assert not [each for each in references(schema) if "://" in each], name
        schemas[name] = Draft202012Validator(schema)
    return schemas


schemas = printed_schemas()


def complaints(kind, value):
    return [f"{'/'.join(map(str, each.absolute_path))}: {each.message[:200]}" for each in schemas[kind].iter_errors(value)]


def read(path):
    done = subprocess.run([as_json, str(path)], capture_output=True, text=True)
    assert done.returncode == 0, f"{path}: {done.stderr}"
    return json.loads(done.stdout)


def values_in(path):
    """Pairs of kind and value, by what the file holds; nothing for files that are not ours."""
    if path.name == "suite.lock":
        yield "lock", read(path)
    elif path.name.endswith(".provider.yaml"):
        yield "script", read(path)
    elif path.suffix in (".yaml", ".yml"):
        value = read(path)
        if "gate" in value:
            yield "gate", value
        elif "route" in value:
            yield "route", value
        elif "suite" in value:
            yield "suite", value
        elif path.parent.joinpath("suite.yaml").exists():
            yield "include", value
    elif path.suffix == ".jsonl":
        for line in path.read_text(encoding="utf-8").splitlines():
            value = json.loads(line)
            if "case_id" in value:
                yield "reply", value
            elif "input" in value and "id" in value and "t" not in value:
                yield "case", value


def every_grader(value):
    if isinstance(value, dict):
        if isinstance(value.get("kind"), str) and value["kind"] not in ("replay", "process"):
            yield value
        for member in value.values():
            yield from every_grader(member)
    elif isinstance(value, list):
        for member in value:
            yield from every_grader(member)


seen = {name: 0 for name in schemas}


def must_be_valid(kind, value, where):
    seen[kind] += 1
    for complaint in complaints(kind, value):
        faults.append(f"{where} is refused by the schema '{kind}': {complaint}")
    if kind in ("suite", "include", "case"):
        for grader in every_grader(value.get("graders", [])):
            must_be_valid("grader", grader, where)


def check_folder(root):
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        of_others = "journals" in parts or any(part.startswith(".") for part in parts)  # what CI systems read
        if path.is_file() and not of_others:
            for kind, value in values_in(path):
                must_be_valid(kind, value, path)


def write_page_blocks(folder):
    """The complete files that the documentation shows, as tests/docs/run_page.py writes them."""
    fence = re.compile(r"^```(\w+) file=(\S+)\n(.*?)^```$", re.M | re.S)
    for page in sorted((source / "docs").glob("*.md")):
        for _, name, text in fence.findall(page.read_text(encoding="utf-8")):
            path = folder / page.stem / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def check_grader_examples():
    for each in json.loads(run("graders", "--json").stdout)["graders"]:
        must_be_valid("grader", json.loads(run("graders", each["kind"], "--json").stdout)["example"], each["kind"])


def check_plugin_lines():
    """The question and the answer that the page on plugins shows, and answers that are none."""
    page = (source / "docs/plugins.md").read_text(encoding="utf-8")
    question, answer = re.search(r"^```json\n(.*?)\n(.*?)\n```$", page, re.M).groups()
    must_be_valid("plugin_question", json.loads(question), "docs/plugins.md")
    must_be_valid("plugin_answer", json.loads(answer), "docs/plugins.md")
    for wrong in ({}, {"pass": "yes"}, {"pass": True, "score": 1.5}, {"pass": True, "measures": {"tone": "good"}}):
        if not complaints("plugin_answer", wrong):
            faults.append(f"the schema 'plugin_answer' takes {wrong}")


# What the program refuses for its shape: kind, what is changed, at which path of a good file, to what. None removes.
broken = [
    ("gate", "gate", None), ("gate", "gate", ""), ("gate", "gate", 7), ("gate", "suites", []), ("gate", "suites", "demo"),
    ("gate", "suites/0", ""), ("gate", "stage", "production"), ("gate", "trials", 0), ("gate", "trials", 1001),
    ("gate", "trials", 1.5), ("gate", "rules", None), ("gate", "rules/quality", None), ("gate", "rules/quality", {}),
    ("gate", "rules/quality/max_loss", 1), ("gate", "rules/quality/max_loss", -0.1),
    ("gate", "rules/quality/max_loss", "0.03"), ("gate", "rules/quality/min_gain", 0.1),
    ("gate", "rules/quality/metric", "mean"), ("gate", "rules/quality/advisory", "no"),
    ("gate", "rules/floor", {}), ("gate", "rules/floor", {"min_pass_rate": 0}),
    ("gate", "rules/severe", []), ("gate", "rules/severe", [{"class": "*"}]),
    ("gate", "rules/severe", [{"class": "*", "max_failures": 0.5}]), ("gate", "rules/must_pass", {}),
    ("gate", "rules/must_pass", {"tags": []}), ("gate", "rules/segments", {"by": ["language"]}),
    ("gate", "rules/latency", {"p95_max_ms": 0}), ("gate", "rules/cost", {"max_per_case_usd": 0}),
    ("gate", "rules/fallback_rate", {}), ("gate", "rules/fallback_rate", {"max_rate": 1}),
    ("gate", "budget", {}), ("gate", "budget", {"max_usd": 0}), ("gate", "budget", {"max_eur": 5}),
    ("gate", "readiness", {}), ("gate", "readiness", {"fallback_tested": []}), ("gate", "baseline", {"reuse": "latest"}),
    ("gate", "baseline", 5), ("gate", "rules/eror", {"max_rate": 0.1}), ("gate", "evidence/min_cases", 0), ("gate", "evidence/released", "yes"),
    ("gate", "known_failures", [{"case": "c", "owner": "o", "reason": "r"}]),
    ("gate", "known_failures", [{"case": "c", "owner": "o", "until": "soon", "reason": "r"}]), ("gate", "stages", "x"),
    ("route", "route", None), ("route", "kind", None), ("route", "kind", "telepathy"), ("route", "replies", []),
    ("route", "replies", 7), ("route", "params", []), ("route", "prompt/messages", []), ("route", "modle", "x"),
    ("route", "command", ["true"]), ("route", "limits", {"timeout": "5s"}), ("route", "kind", "openai"),
    ("route", "endpoint", "https://api.example.com/v1"), ("route", "fallback", "b.yaml"),
    ("suite", "suite", None), ("suite", "version", None), ("suite", "version", "1.4"), ("suite", "version", 1.4),
    ("suite", "graders", {}), ("suite", "graders/0", {}), ("suite", "graders/0/kind", "eqauls"),
    ("suite", "graders/0/vlaue", "x"), ("suite", "graders/0/fold_case", "yes"), ("suite", "pass", "most"),
    ("suite", "pass", {"mean": 0}), ("suite", "segments", {"language": []}), ("suite", "severe_classes", {"harm": ""}),
    ("suite", "traffic", {"language": {"en": 2}}), ("suite", "reviewed_at", "last week"), ("suite", "endpoint", "x"),
    ("case", "id", None), ("case", "id", ""), ("case", "input", None), ("case", "input", []), ("case", "input", 7),
    ("case", "input", [{"role": "user"}]), ("case", "input", [{"role": "nobody", "content": "x"}]),
    ("case", "severity", "terrible"), ("case", "weight", 0), ("case", "tags", "regression"), ("case", "sampling", "any"),
    ("case", "since", "1"), ("case", "context", [{"id": "kb"}]), ("case", "graders", [{"kind": "contains", "value": {}}]),
    ("case", "graders", [{"kind": "all_of", "graders": [{"kind": "contians", "value": "x"}]}]), ("case", "colour", "red"),
    ("lock", "format", None), ("lock", "format", "headgate/lock/9"), ("lock", "suite", None), ("lock", "versions", []),
    ("lock", "versions/1.0.0/date", None), ("lock", "versions/1.0.0/cases", 0), ("lock", "versions/1.0.0/extra", 1),
    ("include", "version", "1.0.0"), ("include", "graders/0/max", "many"), ("include", "cases", []),
    ("reply", "case_id", None), ("reply", "case_id", ""), ("reply", "trial", -1),
]
# The same of routes that are called over HTTP; good ones of each kind first.
called = {
    "openai": {"route": "h", "kind": "openai", "endpoint": "https://api.example.com/v1", "model": "m"},
    "anthropic": {"route": "h", "kind": "anthropic", "endpoint": "https://api.example.com", "model": "m", "stream": True},
    "generic_http": {"route": "h", "kind": "generic_http", "endpoint": "https://api.example.com/ask",
                     "request": {"question": "{{prompt}}"}},
}
broken_calls = [
    ("openai", "endpoint", None), ("openai", "endpoint", 5), ("openai", "model", None), ("anthropic", "model", None),
    ("generic_http", "endpoint", None), ("generic_http", "request", None), ("openai", "request", {}),
    ("anthropic", "api", "chat"), ("openai", "api", "messages"), ("generic_http", "stream", True),
    ("openai", "stream", "yes"), ("openai", "command", ["true"]), ("openai", "replies", "a.jsonl"), ("openai", "of", "a.yaml"),
    ("openai", "key", 5), ("openai", "headers", ["a"]), ("openai", "headers", {"X-A": 5}), ("openai", "price", {}),
    ("openai", "price", {"per_call_usd": -1}), ("openai", "price", {"per_call_usd": "1"}), ("openai", "limits/in_flight", 0),
    ("openai", "limits/in_flight", 4097), ("openai", "limits/workers", 2), ("openai", "limits/requests_per_minute", 0),
    ("openai", "limits/timeout", 30), ("openai", "limits/retry_after", "never"), ("openai", "http2", "yes"),
    ("generic_http", "reply", {"outptu": "/x"}), ("generic_http", "reply", {"output": ""}), ("openai", "params", []),
]
broken_scripts = [
    {"status": 700}, {"delay_ms": "5"}, {"dealy_ms": 5}, {"limits": [{"kind": "bucket"}]}, {"rules": [{"status": 500}]},
    {"key": {}}, {"usage": "some"}, {"cut": {"in": "body"}}, {"answers": [{"text": "x"}]}, {"tls": {"certificate": "odd"}},
    {"profiles": {"a": {"tls": {}}}}, {"headers": {"X": 1}},
]
# What makes a recording malformed, which is an error of its one case: nothing is refused, `try` ends with 2.
broken_replies = [("output", None), ("latency_ms", "fast"), ("usage", 7), ("usage", {"input_tokens": "many"}),
                  ("tool_calls", {}), ("tool_calls", [{}]), ("documents", 7), ("finish_reason", 7)]


def changed(value, path, to):
    value = copy.deepcopy(value)
    at = value
    steps = path.split("/")
    for step in steps[:-1]:
        at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
    last = int(steps[-1]) if isinstance(at, list) else steps[-1]
    if to is None:
        at.pop(last, None)
    else:
        at[last] = to
    return value


def write_json(path, value):
    path.write_text(json.dumps(value) + "\n", encoding="utf-8")


def good_project(folder):
    done = run("init", folder)
    assert done.returncode == 0, done.stderr
    gate = read(folder / "starter.gate.yaml")
    return {"gate": (folder / "starter.gate.yaml", gate), "route": (folder / gate["candidate"], read(folder / gate["candidate"])),
            "suite": (folder / "eval_suites/starter/suite.yaml", read(folder / "eval_suites/starter/suite.yaml")),
            "lock": (folder / "eval_suites/starter/suite.lock", read(folder / "eval_suites/starter/suite.lock"))}


def check_broken_calls(folder):
    folder.mkdir()
    file = folder / "called.yaml"
    for kind, good in called.items():
        must_be_valid("route", good, kind)
        write_json(file, good)
        done = run("lint", file)
        if done.returncode != 0:
            faults.append(f"a good route of kind {kind}: headgate lint says {done.stderr}")
    for kind, path, to in broken_calls:
        bad = changed(called[kind], path, to)
        what = f"a route of kind {kind} with {path} = {json.dumps(to)}"
        if not complaints("route", bad):
            faults.append(f"{what}: the schema takes it")
        write_json(file, bad)
        done = run("lint", file)
        if done.returncode != 3:
            faults.append(f"{what}: headgate lint ends with {done.returncode}, not 3")


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def check_broken(folder):
    files = good_project(folder)
    cases = next((folder / "eval_suites/starter").rglob("*.jsonl"))
    replies = folder / files["route"][0].parent.relative_to(folder) / files["route"][1]["replies"]
    files["case"] = (cases, lines_of(cases)[0])
    files["reply"] = (replies, lines_of(replies)[0])
    assert run("lint", folder).returncode == 0
    (folder / "eval_suites/starter/suite.lock").rename(folder / "lock")  # an edited case is then a draft's
    part = {"graders": [{"kind": "length", "max": 5000}]}
    write_json(folder / "eval_suites/starter/part.yaml", part)
    write_json(files["suite"][0], files["suite"][1] | {"include": "part.yaml"})
    files["include"] = (folder / "eval_suites/starter/part.yaml", part)
    must_be_valid("include", part, "part.yaml")
    assert run("lint", folder).returncode == 0
    for kind, path, to in broken:
        file, good = files[kind]
        bad = changed(good, path, to)
        what = f"a {kind} with {path} = {json.dumps(to)}"
        if not complaints(kind, bad):
            faults.append(f"{what}: the schema takes it")
        before = file.read_bytes() if file.exists() else None
        if kind in ("case", "reply"):
            rows = lines_of(file)
            rows[0] = bad
            file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        else:
            write_json(file, bad)
        done = run("lint", folder)
        if done.returncode != 3:
            faults.append(f"{what}: headgate lint ends with {done.returncode}, not 3")
        file.unlink() if before is None else file.write_bytes(before)
        if kind == "lock":
            file.unlink(missing_ok=True)
    file, good = files["reply"]
    rest = lines_of(file)[1:]
    for path, to in [("trial", 0), *broken_replies]:  # the first is as good as before
        bad = changed(good, path, to)
        file.write_text("".join(json.dumps(row) + "\n" for row in [bad, *rest]), encoding="utf-8")
        is_refused = bool(complaints("reply", bad))
        done = run("try", files["gate"][0], good["case_id"], "--arm", "candidate")
        if is_refused != (path != "trial") or done.returncode != (2 if is_refused else 0):
            faults.append(f"a reply with {path} = {json.dumps(to)}: the schema {'refuses' if is_refused else 'takes'} it, "
                          f"headgate try ends with {done.returncode}: {done.stdout[:500]}{done.stderr[:500]}")


def check_broken_scripts(folder):
    for bad in broken_scripts:
        write_json(folder / "bad.json", bad)
        if not complaints("script", bad):
            faults.append(f"the script {json.dumps(bad)}: the schema takes it")
        done = run("fake-provider", "--script", folder / "bad.json", "--once-idle", "1")
        if done.returncode != 3:
            faults.append(f"the script {json.dumps(bad)}: headgate fake-provider ends with {done.returncode}, not 3")


with tempfile.TemporaryDirectory() as name:
    temporary = pathlib.Path(name)
    for shipped in ("eval_suites", "fixtures", "docs"):
        check_folder(source / shipped)
    write_page_blocks(temporary / "pages")
    check_folder(temporary / "pages")
    check_grader_examples()
    check_plugin_lines()
    check_broken(temporary / "starter")
    check_broken_scripts(temporary)
    check_broken_calls(temporary / "calls")
    for cases in ([], ["--cases", "40"]):
        folder = temporary / ("init" + "".join(cases))
        assert run("init", folder, *cases).returncode == 0
        check_folder(folder)

for kind, count in seen.items():
    if count == 0:
        faults.append(f"no file of kind '{kind}' was met")
print("; ".join(f"{count} {kind}" for kind, count in seen.items()) + f"; {len(broken) + len(broken_calls) + len(broken_replies)} broken ones")
for fault in faults:
    print(fault)
sys.exit(1 if faults else 0)
