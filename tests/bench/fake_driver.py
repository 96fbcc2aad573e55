#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A driver of the benchmark game without an engine: what it says is in a file beside it,
PROGRAM.json:

    {"version": "1", "counts": {"QUERY": N}, "microseconds": {"QUERY": N}, "unsupported": [QUERY],
     "lies": {"COMMAND QUERY": N}, "dies_at": QUERY, "wall_s": X, "index_bytes": N}

Builds and requests are written to PROGRAM.log.
"""
import json
import os
import sys
import time

PROGRAM = os.path.abspath(sys.argv[0])
with open(PROGRAM + ".json", encoding="utf-8") as file:
    SAYS = json.load(file)


def log(text):
    with open(PROGRAM + ".log", "a", encoding="utf-8") as file:
        file.write(text + "\n")


def build(folder):
    os.mkdir(folder)
    documents = len(sys.stdin.readlines())
    time.sleep(0.1)  # so that its memory can be looked at
    log("build " + " ".join(sys.argv[3:]))
    print(json.dumps({"engine": "fake", "version": SAYS["version"], "documents": documents,
                      "wall_s": SAYS.get("wall_s", 1.5), "cpu_s": 2.5, "peak_rss_bytes": 3000000,
                      "index_bytes": SAYS.get("index_bytes", 700000),
                      "parts": {".a": 500000, ".b": 200000}}))


def serve():
    rounds = {}
    for line in sys.stdin:
        command, query = line.rstrip("\n").split("\t")[:2]
        if query == SAYS.get("dies_at"):
            sys.exit("no strength left")
        log("%s %s" % (command, query))
        count = SAYS["counts"].get(query, 1)
        answer = count if command.endswith("COUNT") else min(int(command[4:]), count)
        answer = SAYS.get("lies", {}).get(command + " " + query, answer)
        # Slower in the first rounds, so that the best round is the last.
        turn = rounds[line] = rounds.get(line, 0) + 1
        microseconds = SAYS["microseconds"].get(query, 10) + 100 // turn
        if query in SAYS.get("unsupported", []):
            print("UNSUPPORTED", flush=True)
        else:
            print("%d\t%d" % (answer, microseconds * 1000), flush=True)


def commits(batch):
    documents = len(sys.stdin.readlines())
    count = documents // batch
    log("commits %d" % batch)
    seconds = count * batch * SAYS["microseconds"]["add"] * 1e-6
    print(json.dumps({"engine": "fake", "version": SAYS["version"], "batch": batch,
                      "commits": count, "documents": count * batch, "seconds": seconds,
                      "p50_ms": 1.25, "p99_ms": 2.5}))


if sys.argv[1] == "version":
    print(json.dumps({"engine": "fake", "version": SAYS["version"]}))
elif sys.argv[1] == "build":
    build(sys.argv[2])
elif sys.argv[1] == "commits":
    commits(int(sys.argv[sys.argv.index("--batch") + 1]))
else:
    serve()
