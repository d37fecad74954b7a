#!/usr/bin/env python3
"""What of our style can be checked by a machine. Usage: tidy.py SOURCE_FOLDER; prints file:line: what, exits 1 on any."""
import os
import re
import sys

ROOMS = ["base", "stats", "domain", "journal", "grade", "suite", "gate", "fake", "route", "config", "report", "run", "cli"]
# Headers that cost seconds to compile stay out of faces; json_fwd is the exception that makes it possible.
HEAVY = re.compile(r"nlohmann/json\.hpp|spdlog|fmt/|tbb/|oneapi/|boost/|re2/|CLI/|simdjson|yaml-cpp|openssl|utf8proc|<regex>")
# One room, sometimes one file, may know a library.
ONLY_IN = {r"CLI/": ("src/cli/options.cpp",), r"tbb/|oneapi/": ("src/run/workers",), r"spdlog": ("src/base/log.cpp",),
           r"re2/": ("src/grade/",), r"yaml-cpp": ("src/base/",), r"openssl/": ("src/base/", "src/fake/", "src/route/"), r"boost/": ("src/stats/", "src/route/"),
           r"utf8proc": ("src/base/",)}
STRAY = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|std::regex\b|#include <regex>|using namespace std\b")
ABSOLUTE = re.compile(r"(?<![\w.$}])/(home|root|work|Users)/\w|(?<![\w.$}])/(home|root|work)\b(?=[\"'` ]|$)")
TEMPORARY = re.compile(r"[\"'(=\s]/tmp\b")
MOST_LINES = 500
# Their paths are of the inside of a sandbox, or are what must not be seen there.
INSIDE_A_BOX = ("include/headgate/route/sandbox.hpp", "src/route/box.cpp", "src/config/language", "tests/e2e/code_traps.sh")

complaints = []


def complain(path, line, what):
    complaints.append(f"{path}:{line}: {what}")


def files(root, *folders):
    for folder in folders:
        for at, names, entries in os.walk(os.path.join(root, folder)):
            names[:] = sorted(n for n in names if n not in ("build", ".git"))
            for entry in sorted(entries):
                yield os.path.relpath(os.path.join(at, entry), root)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read().split("\n")


def room_of(path):
    """The room a source file belongs to, and whether it is part of the room's face."""
    parts = path.split("/")
    if parts[:2] == ["include", "headgate"]:
        return parts[2]
    if parts[0] == "src" and len(parts) > 2:
        return parts[1]
    if parts[:2] == ["tests", "unit"]:
        return parts[2]
    return None


def check_directions(path, lines):
    room = room_of(path)
    if room is None:
        return
    if room not in ROOMS:
        complain(path, 1, f"no such room: {room}")
        return
    for number, line in enumerate(lines, 1):
        used = re.match(r'#include "headgate/(\w+)/', line)
        if used and (used[1] not in ROOMS or ROOMS.index(used[1]) > ROOMS.index(room)):
            complain(path, number, f"room {room} may not use {used[1]}")


def check_includes(path, lines):
    for number, line in enumerate(lines, 1):
        if not line.startswith("#include"):
            continue
        if path.startswith("include/") and HEAVY.search(line):
            complain(path, number, f"heavy include in a face: {line}")
        if path.startswith("src/"):
            for library, places in ONLY_IN.items():
                if re.search(library, line) and not path.startswith(places):
                    complain(path, number, f"only {' and '.join(places)} may include this: {line}")


def check_header(path, lines):
    if not path.endswith(".hpp"):
        return
    if not any(line == "#pragma once" for line in lines):
        complain(path, 1, "no #pragma once")
    head = [line for line in lines[:6] if line.strip() and line != "#pragma once"]
    if not head or not head[0].startswith("//"):
        complain(path, 1, "a header begins with a comment that says what it is for")
    for number, line in enumerate(lines, 1):
        if re.match(r"\s*using namespace\b", line):
            complain(path, number, "using namespace in a header")


def check_words(path, lines):
    for number, line in enumerate(lines, 1):
        found = STRAY.search(line)
        if found:
            complain(path, number, f"stray word: {found[0]}")
        if ABSOLUTE.search(line) and not path.startswith(INSIDE_A_BOX):
            complain(path, number, f"absolute path: {line.strip()[:80]}")
        if path.startswith(("src/", "include/")) and TEMPORARY.search(line) and not path.startswith(INSIDE_A_BOX):
            complain(path, number, "a path in /tmp")
        if "\t" in line and path.endswith((".cpp", ".hpp")):
            complain(path, number, "a tab")
        if line != line.rstrip() and path.endswith((".cpp", ".hpp", ".py", ".sh")):
            complain(path, number, "blanks at the end of the line")


def check_length(path, lines):
    if path.startswith(("src/", "include/")) and len(lines) - 1 > MOST_LINES:
        complain(path, MOST_LINES, f"{len(lines) - 1} lines, more than {MOST_LINES}: look for the second idea in it")


def check_version(root):
    """The version is written in CMakeLists.txt and nowhere else in the code."""
    written = re.search(r"project\(headgate VERSION (\d+\.\d+\.\d+)", "\n".join(read(root, "CMakeLists.txt")))
    if not written:
        complain("CMakeLists.txt", 1, "no version")
        return
    for path in files(root, "src", "include", "cmake", "scripts"):
        for number, line in enumerate(read(root, path), 1):
            if f'"{written[1]}"' in line and "//" not in line:
                complain(path, number, f"the version {written[1]} is written again")


def main():
    root = sys.argv[1]
    count = 0
    for path in files(root, "include", "src", "tests", "bench", "scripts", "cmake", ".ci"):
        if not path.endswith((".cpp", ".hpp", ".in", ".sh", ".py", ".cmake", "CMakeLists.txt")):
            continue
        if path.startswith("tests/tidy/"):
            continue  # it names what it forbids
        lines = read(root, path)
        count += 1
        check_words(path, lines)
        if path.endswith((".cpp", ".hpp")):
            check_directions(path, lines)
            check_includes(path, lines)
            check_header(path, lines)
            check_length(path, lines)
    check_version(root)
    for complaint in complaints:
        print(complaint)
    print(f"{count} files, {len(complaints)} complaints")
    if count < 50:
        print("so few files cannot be the project")
        return 1
    return 1 if complaints else 0


sys.exit(main())
