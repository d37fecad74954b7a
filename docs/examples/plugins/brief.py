#!/usr/bin/env python3
"""A plugin: is the reply brief? Reads one JSON question a line, writes one JSON verdict a line, until stdin ends."""
import json
import sys

for line in sys.stdin:
    question = json.loads(line)
    most = question["options"]["words"]
    words = len(question["reply"]["text"].split())
    verdict = {"id": question["id"], "pass": words <= most, "score": min(1.0, most / max(words, 1)),
               "reason": f"{words} words, {most} are allowed"}
    print(json.dumps(verdict), flush=True)
