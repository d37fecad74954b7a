#!/usr/bin/env python3
"""Plants one small defect after the other in the rooms that decide, and sees whether their tests notice.

    tests/mutation/mutate.py [--room gate,grade,journal] [--sample N --seed S | --all] [--only FILE[:LINE]]
                             [--again JSON] [--json FILE] [--list]

Each mutant is one token of one file changed: the file is compiled alone, the room's test program is linked anew with
it, and runs until its first failing test. A mutant that no test notices has survived; either a test is missing, or the
mutant means the same. The source tree is never touched: mutants are written to a folder of their own.

The build folder (default build/mutation) is made without optimisation and debug information, which compiles fastest.
"""
import argparse
import json
import os
import random
import re
import shlex
import subprocess
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
ROOMS = ("gate", "grade", "journal")
LEAST_SECONDS = 20.0  # a test program is not ended before that, however fast it usually is

# Binary operators stand between blanks in our format, template brackets do not.
SWAPS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&",
         "+": "-", "-": "+", "+=": "-=", "-=": "+="}
OPERATOR = re.compile(r"(?<= )(<=|>=|==|!=|&&|\|\||\+=|-=|<|>|\+|-)(?= )")
WORDS = {"true": "false", "false": "true", "std::min": "std::max", "std::max": "std::min"}
WORD = re.compile(r"\b(true|false|std::min|std::max)\b")
NUMBER = re.compile(r"(?<![\w.'\"])(\d[\d']*)(\.\d+)?(?:U|UL|u)?(?![\w.'])")
NEGATION = re.compile(r"!(?=[\w(])")
GUARD = re.compile(r"^\s*(?:if \(.*\)|else if \(.*\)) (?:return|continue|break|throw)\b.*;$")
CALL = re.compile(r"^\s+[A-Za-z_][\w.:]*(?:->\w+)*\(.*\);$")
SKIPPED = re.compile(r"^\s*(?:#|static_assert|HG_ASSERT|HG_TRY|using |template|return failure)")


def blank_out(text):
    """The same text with the insides of comments, strings and characters turned into blanks."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\((.*?)\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)

    def blanks(found):
        if re.match(r"'\d", found[0]) and re.search(r"\d$", text[:found.start()]):
            return found[0]  # a digit separator
        return "".join(c if c == "\n" else "\x01" for c in found[0])
    return pattern.sub(blanks, text)


def mutations_of(path, text):
    """(line, column, old, new, kind) for every place that may be changed."""
    for number, line in enumerate(blank_out(text).split("\n"), 1):
        if SKIPPED.match(line):
            continue
        original = text.split("\n")[number - 1]
        for found in OPERATOR.finditer(line):
            joins_text = "\x01" in (line[found.start() - 2], line[found.end() + 1:found.end() + 2])
            if "operator" not in line and not (found[1] in "+-" and joins_text):
                yield number, found.start(), found[1], SWAPS[found[1]], "operator"
        for found in WORD.finditer(line):
            yield number, found.start(), found[1], WORDS[found[1]], "word"
        for found in NUMBER.finditer(line):
            for new in other_numbers(found):
                yield number, found.start(), found[0], new, "number"
        for found in NEGATION.finditer(line):
            yield number, found.start(), "!", "", "negation"
        if GUARD.match(line):
            yield number, 0, original, "", "guard"
        elif CALL.match(line) and line.count("(") == line.count(")") and ".reserve(" not in line:
            yield number, 0, original, "", "statement"


def other_numbers(found):
    digits, fraction = found[1].replace("'", ""), found[2]
    tail = found[0][len(found[1]) + len(fraction or ""):]
    if fraction is not None:
        value = float(digits + fraction)
        return ["1.0"] if value == 0 else ["0.0"] if value == 1 else [repr(value * 2)]
    value = int(digits)
    return ["1" + tail] if value == 0 else [str(value - 1) + tail] + ([str(value + 1) + tail] if value > 1 else [])


class Build:
    def __init__(self, folder):
        self.folder = folder
        with open(os.path.join(folder, "compile_commands.json"), encoding="utf-8") as file:
            self.compile = {each["file"]: each for each in json.load(file)}
        cache = open(os.path.join(folder, "CMakeCache.txt"), encoding="utf-8").read()
        self.source = re.search(r"^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$", cache, re.M)[1]
        self.links = {}

    def compile_words(self, path, mutant, out):
        words = [w for w in shlex.split(self.compile[path]["command"]) if not w.endswith("ccache")]
        kept, skip = [], False
        for word in words:
            if skip:
                skip = False
            elif word in ("-o", "-MT", "-MF", "-c"):
                skip = True
            elif word != "-MD":
                kept.append(word)
        return kept + ["-w", "-o", out, "-c", mutant]

    def link_words(self, program, mutant, out):
        if program not in self.links:
            done = subprocess.run(["ninja", "-C", self.folder, "-t", "commands", program],
                                  capture_output=True, text=True, check=True)
            line = [c for c in done.stdout.split("\n") if f"-o tests/{program}" in c or f"-o {program}" in c][-1]
            part = next(p for p in line.split(" && ") if f"{program} " in p and " -o " in p)
            self.links[program] = [w for w in shlex.split(part) if not w.endswith("ccache")]
        words = list(self.links[program])
        at = words.index("-o")
        # Before the archives: what the mutant defines is then not taken from them.
        return words[:at] + ["-o", out, mutant] + words[at + 2:]


def program_of(room):
    return f"headgate_{room}_tests"


def run(words, folder, seconds):
    """The exit status, or None where it had to be ended."""
    try:
        return subprocess.run(words, cwd=folder, timeout=seconds, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False).returncode
    except subprocess.TimeoutExpired:
        return None


def usual_seconds(build, room):
    begun = time.monotonic()
    if run([os.path.join(build.folder, "tests", program_of(room)), "-a"], build.folder, 600) != 0:
        sys.exit(f"the tests of {room} fail without any mutant")
    return time.monotonic() - begun


def judge(build, mutant, work, patience):
    """killed, survived, hung (which counts as killed) or did_not_compile."""
    path = os.path.join(build.source, mutant["file"])
    lines = open(path, encoding="utf-8").read().split("\n")
    at, column = mutant["line"] - 1, mutant["column"] - 1
    line = lines[at]
    if line[column:column + len(mutant["old"])] != mutant["old"]:
        sys.exit(f"{mutant['file']} has changed meanwhile")
    lines[at] = line[:column] + mutant["new"] + line[column + len(mutant["old"]):]
    source, unit, program = (os.path.join(work, name) for name in ("mutant.cpp", "mutant.o", "mutant"))
    with open(source, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    if run(build.compile_words(path, source, unit), build.folder, 300) != 0:
        return "did_not_compile"
    if run(build.link_words(program_of(mutant["room"]), unit, program), build.folder, 300) != 0:
        return "did_not_compile"
    status = run([program, "-a"], build.folder, patience)
    return "hung" if status is None else "survived" if status == 0 else "killed"


def all_mutants(build, rooms, only):
    for room in rooms:
        folder = os.path.join("src", room)
        for name in sorted(os.listdir(os.path.join(build.source, folder))):
            path = os.path.join(folder, name)
            full = os.path.join(build.source, path)
            if not name.endswith(".cpp") or full not in build.compile:
                continue
            for line, column, old, new, kind in mutations_of(path, open(full, encoding="utf-8").read()):
                if only and only not in (path, name, f"{name}:{line}", f"{path}:{line}"):
                    continue
                yield {"room": room, "file": path, "line": line, "column": column + 1, "old": old, "new": new,
                       "kind": kind}


def shown(mutant):
    what = f"{mutant['old'].strip()} -> {mutant['new'] or 'nothing'}"
    return f"{mutant['file']}:{mutant['line']}:{mutant['column']}: {what}"


def prepare(folder, rooms):
    if not os.path.exists(os.path.join(folder, "build.ninja")):
        subprocess.run(["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=None",
                        "-DCMAKE_CXX_FLAGS=-O0"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", folder, *map(program_of, rooms)], check=True, stdout=subprocess.DEVNULL)


def summary(room, results):
    of_room = [each for each in results if each["room"] == room]
    count = {what: sum(each["result"] == what for each in of_room)
             for what in ("killed", "hung", "survived", "did_not_compile")}
    compiled = len(of_room) - count["did_not_compile"]
    killed = count["killed"] + count["hung"]
    share = 100.0 * killed / max(compiled, 1)
    return (f"{room}: {killed} of {compiled} killed ({share:.1f} %), {count['survived']} survived, "
            f"{count['did_not_compile']} did not compile")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--room", default=",".join(ROOMS))
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only")
    parser.add_argument("--again", help="the survivors of an earlier --json file")
    parser.add_argument("--json")
    parser.add_argument("--build", default=os.path.join(ROOT, "build", "mutation"))
    parser.add_argument("--list", action="store_true", help="only say what would be planted")
    options = parser.parse_args()
    rooms = options.room.split(",")
    prepare(options.build, rooms)
    build = Build(options.build)
    mutants = list(all_mutants(build, rooms, options.only))
    if options.again:
        keys = ("file", "line", "column", "old", "new")
        earlier = json.load(open(options.again, encoding="utf-8"))
        wanted = [tuple(each[k] for k in keys) for each in earlier if each["result"] == "survived"]
        mutants = [m for m in mutants if tuple(m[k] for k in keys) in wanted]
    elif not options.all and not options.only:
        mutants = random.Random(options.seed).sample(mutants, min(options.sample, len(mutants)))
    print(f"{len(mutants)} mutants")
    if options.list:
        for mutant in mutants:
            print(shown(mutant))
        return 0
    patience = {room: max(LEAST_SECONDS, 5 * usual_seconds(build, room)) for room in rooms}
    results = []
    with tempfile.TemporaryDirectory() as work:
        for mutant in mutants:
            begun = time.monotonic()
            mutant["result"] = judge(build, mutant, work, patience[mutant["room"]])
            mutant["seconds"] = round(time.monotonic() - begun, 2)
            results.append(mutant)
            if mutant["result"] == "survived":
                print(f"survived: {shown(mutant)}", flush=True)
            if options.json:
                with open(options.json, "w", encoding="utf-8") as file:
                    json.dump(results, file, indent=1)
    for room in rooms:
        print(summary(room, results))
    return 0


sys.exit(main())
