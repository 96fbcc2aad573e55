#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the tests of a tree built with SEGUE_COVERAGE have run: coverage.py BUILD_DIR [--list] [--allow N]

Prints the lines that ran, per folder. Fails where they are fewer than 95 in a hundred, or where a
condition in one of BRANCH_FILES was never true or never false and coverage_exceptions.txt does not
say why. It names exceptions that are no longer needed. --list prints all such conditions and the
lines of BRANCH_FILES' folders that never ran; with --allow, N conditions may be missing: counts are
not atomic, and threads lose some of them, others on every machine.

The counts are clang's: they follow the source, operand by operand of && and ||, so that neither
optimisation nor the hidden edges of exceptions disturb them. The conditions of debug checks are
not counted: no input reaches their other side.
"""
import argparse
import collections
import fnmatch
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EXCEPTIONS = os.path.join(ROOT, "scripts", "coverage_exceptions.txt")
FOLDERS = ("engine", "tools", "corpus")
LEAST_LINES = 0.95

# What decodes bytes, reads or publishes a commit, or parses text.
BRANCH_FILES = (
    "engine/base/byte_reader.*", "engine/base/json*", "engine/base/utf8.*",
    "engine/schema/*json*", "engine/schema/base64.*", "engine/schema/timestamp.*",
    "engine/format/*",
    "engine/io/frame*", "engine/io/section.*",
    "engine/segment/segment.*",
    "engine/write/commit.cc",
    "engine/query/query_parser.cc", "engine/query/*scanner.*", "engine/query/query_json*",
    "engine/pattern/regexp.*", "engine/pattern/wildcard.*",
)
# Writers in those folders: what they are given is ours.
NOT_BRANCH_FILES = ("*writer*", "*builder*")

CHECKS = "engine/base/check.h"
EXPANSION = 1  # llvm-cov's name for a region that is a use of a macro


def is_branch_file(path):
    return any(fnmatch.fnmatch(path, pattern) for pattern in BRANCH_FILES) and not any(
        fnmatch.fnmatch(path, pattern) for pattern in NOT_BRANCH_FILES)


def profiles_of(build_dir):
    """The profiles that the programs left, one each."""
    profiles = os.path.join(build_dir, "profiles")
    return [os.path.join(profiles, name) for name in sorted(os.listdir(profiles))]


def export(build_dir, raw):
    """Merges profiles, and asks llvm-cov for all it knows."""
    merged = os.path.join(build_dir, "coverage.profdata")
    subprocess.run(["llvm-profdata-14", "merge", "-sparse", "-o", merged, *raw], check=True)
    bin_dir = os.path.join(build_dir, "bin")
    programs = sorted(
        os.path.join(bin_dir, name) for name in os.listdir(bin_dir)
        if name.endswith("_test") or name.startswith(("replay_", "segue")))
    command = ["llvm-cov-14", "export", "-skip-expansions", f"-instr-profile={merged}", programs[0]]
    command += [f"-object={program}" for program in programs[1:]]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)["data"][0]


def relative(path):
    return os.path.relpath(path, ROOT)


def ran_by_line(segments):
    """Line -> whether it ran, for each line with code. llvm-cov's own rule: a line counts what
    flows into it or the most that begins in it."""
    by_line = collections.defaultdict(list)
    for segment in segments:
        by_line[segment[0]].append(segment)
    result = {}
    wrapped = None
    for line in range(segments[0][0], segments[-1][0] + 1) if segments else ():
        own = by_line.get(line, [])
        starts = [s for s in own if s[3] and s[4] and not s[5]]
        skipped = own and not own[0][3] and own[0][4]
        if not skipped and (starts or (wrapped and wrapped[3])):
            count = wrapped[2] if wrapped else 0
            result[line] = max([count] + [s[2] for s in starts]) > 0
        if own:
            wrapped = own[-1]
    return result


class Sources:
    """Text of the files, by position as llvm-cov gives it: from 1, columns in bytes."""

    def __init__(self):
        self._lines = {}

    def line(self, path, region):
        if path not in self._lines:
            with open(os.path.join(ROOT, path), "rb") as file:
                self._lines[path] = file.read().split(b"\n")
        return self._lines[path][region[0] - 1].strip()

    def text(self, path, region):
        line = self.line(path, region).decode()
        first, begin, last, end = region[:4]
        lines = self._lines[path][first - 1:last]
        lines[-1] = lines[-1][:end - 1]
        lines[0] = lines[0][begin - 1:]
        condition = b" ".join(b" ".join(lines).split()).decode()
        return line if condition == ":" else condition  # a loop over a range

    def is_defaulted(self, path, region):
        """Whether the condition is the compiler's: in an operator that is `= default`, or a switch
        that no case takes (that its cases are all is for -Wswitch)."""
        line = self.line(path, region)
        return line.endswith(b"= default;") or line.startswith(
            b"switch (" + self.text(path, region).encode())

    def call(self, path, region):
        """A macro's name with its arguments: the region may be only the name."""
        self.line(path, region)
        rest = b" ".join(self._lines[path][region[0] - 1:region[0] + 11])[region[1] - 1:]
        depth = 0
        for i, byte in enumerate(rest):
            depth += (byte == ord("(")) - (byte == ord(")"))
            if depth == 0 and byte == ord(")"):
                return b" ".join(rest[:i + 1].split()).decode()
        return b" ".join(rest.split()).decode()


class Branches:
    """Conditions by their place. Instances of a template are one place; conditions inside a macro
    stand where the macro is used, under the text of that use."""

    def __init__(self, sources):
        self._sources = sources
        self._counts = collections.defaultdict(lambda: [0, 0])
        self._text = {}

    def add(self, function):
        files = [relative(path) for path in function["filenames"]]
        if not is_branch_file(files[0]):
            return
        parents = {region[6]: region for region in function["regions"] if region[7] == EXPANSION}
        seen = collections.Counter()
        for branch in function["branches"]:
            region, file_id = branch[:4], branch[6]
            expanded = []
            while file_id != 0:
                expanded.append(files[file_id])
                region, file_id = parents[file_id][:4], parents[file_id][5]
            if CHECKS in expanded or self._sources.is_defaulted(files[0], region):
                continue
            place = (files[0], tuple(region), tuple(branch[:4]))
            seen[place] += 1  # the operands of a macro's argument all stand in one place
            key = place + (seen[place],)
            self._counts[key][0] += branch[4]
            self._counts[key][1] += branch[5]
            text = self._sources.call if expanded else self._sources.text
            self._text[key] = text(files[0], region)

    def count(self):
        return 2 * len(self._counts)

    def missed(self):
        """(key, side) of what never happened."""
        return {(key, side) for key, counts in self._counts.items()
                for side, count in zip(("never true", "never false"), counts) if count == 0}

    def describe(self, missed):
        """(file, line, side, text) of each, in order."""
        return sorted((key[0], key[1][0], side, self._text[key]) for key, side in missed)


def read_exceptions(path):
    """(file, side, text) -> how often it is granted. The file's own head says how it is written."""
    granted = collections.Counter()
    file, unexplained = None, []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            if not line.startswith(" "):
                file = line
            elif line.startswith("    "):
                unexplained = []
            else:
                side, _, text = line.strip().partition(": ")
                granted[(file, side, text)] += 1
                unexplained.append(number)
            if file is None or (unexplained and not line.startswith("  ")):
                sys.exit(f"{path}:{number}: a condition without a file or a reason")
    if unexplained:
        sys.exit(f"{path}:{unexplained[0]}: a condition without a reason")
    return granted


def report_lines(files, list_all):
    """Prints the table; returns whether enough ran."""
    totals = collections.defaultdict(lambda: [0, 0])
    for file in files:
        path = relative(file["filename"])
        folder = path.split("/")[0]
        if folder not in FOLDERS:
            continue
        ran = ran_by_line(file["segments"])
        names = {os.path.dirname(path), folder, "overall"}
        for name in names:
            totals[name][0] += sum(ran.values())
            totals[name][1] += len(ran)
        if list_all:
            for line in sorted(line for line, did in ran.items() if not did):
                print(f"{path}:{line}: never ran")
    for name in sorted(totals, key=lambda name: (name == "overall", name)):
        hit, count = totals[name]
        print(f"{name:18} {hit:6} of {count:6} lines  {100 * hit / count:5.1f} %")
    hit, count = totals["overall"]
    if hit < LEAST_LINES * count:
        print(f"coverage: fewer than {100 * LEAST_LINES:.0f} % of the lines ran")
        return False
    return True


def find_patterns(files):
    """Whether each of BRANCH_FILES still is of a file; prints those that are not."""
    paths = [relative(file["filename"]) for file in files]
    missing = [pattern for pattern in BRANCH_FILES if not fnmatch.filter(paths, pattern)]
    for pattern in missing:
        print(f"coverage: there is no {pattern}")
    return not missing


def branches_of(functions):
    branches = Branches(Sources())
    for function in functions:
        branches.add(function)
    return branches


def missed_by_each(missed, build_dir):
    """Those that no program's own profile has either. One side of a condition is the difference of
    two counts, and threads that count at once lose some: in the sum of all programs that can hide
    what a program with one thread did once."""
    for raw in profiles_of(build_dir):
        if missed:
            missed = missed & branches_of(export(build_dir, [raw])["functions"]).missed()
    return missed


def report_branches(functions, build_dir, list_all, allowed):
    """Prints what is missing; returns whether that is no more than allowed."""
    branches = branches_of(functions)
    granted = read_exceptions(EXCEPTIONS)
    missed = branches.missed()
    if collections.Counter((file, side, text)
                           for file, _, side, text in branches.describe(missed)) - granted:
        missed = missed_by_each(missed, build_dir)
    missed = branches.describe(missed)
    excused = 0
    for file, line, side, text in missed:
        if granted[(file, side, text)] > 0:
            granted[(file, side, text)] -= 1
            excused += 1
            if not list_all:
                continue
        print(f"{file}:{line}: {side}: {text}")
    # Said, and no failure: lost counts of threads can make it seem so.
    for file, side, text in sorted((+granted).elements()):
        print(f"coverage_exceptions.txt: no longer needed: {file}: {side}: {text}")
    print(f"branches: {branches.count() - len(missed)} of {branches.count()} taken, "
          f"{excused} excepted, {len(missed) - excused} missing")
    return len(missed) - excused <= allowed


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build_dir", type=os.path.abspath)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--allow", type=int, default=0, metavar="N")
    options = parser.parse_args(arguments)
    data = export(options.build_dir, profiles_of(options.build_dir))
    enough = report_lines(data["files"], options.list)
    found = find_patterns(data["files"])
    complete = report_branches(data["functions"], options.build_dir, options.list, options.allow)
    return 0 if enough and found and complete else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
