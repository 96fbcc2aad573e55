# SPDX-License-Identifier: Apache-2.0
"""The engines that can take part: how their drivers are made, and what they build."""
import dataclasses
import json
import os
import subprocess

import cache
import progress
from machine import Failed

NAMES = ["segue", "segue-bp", "tantivy", "lucene", "lucene-bp", "fts5", "xapian"]
VARIANTS = {"plain": [], "deleted5": ["--delete", "5"], "segments8": ["--segments", "8"]}


@dataclasses.dataclass
class Engine:
    name: str
    command: list              # starts the driver
    files: list                # what the driver is made of: if it changes, indexes are made again
    building: list = ()        # further options of `build`
    sampled: bool = False      # asked a sample of the queries only
    variants: tuple = tuple(VARIANTS)
    pinned: bool = True        # False: its own threads (a JVM's) stay free to use other cores

    def version(self):
        return json.loads(run([*self.command, "version"], self.name))["version"]

    def build(self, corpus, variant, folder):
        """What the driver says of its build; an index that is still right is kept."""
        options = [*VARIANTS[variant], *self.building, *(["--numbers"] if corpus.numbers else [])]
        if variant == "segments8":
            options += ["--documents", str(corpus.documents)]

        def make(path):
            progress.show("%s indexes %s (%s)" % (self.name, corpus.name, variant))
            with open(corpus.file, "rb") as documents:
                return json.loads(run([*self.command, "build", path, *options], self.name,
                                      documents))
        key = [corpus.digest, options, [cache.digest_of(file) for file in self.files]]
        report = cache.cached(folder, key, make)
        if report["documents"] != corpus.documents:
            raise Failed("%s indexed %d of %d documents" % (self.name, report["documents"],
                                                            corpus.documents))
        return report


def run(command, name, stdin=subprocess.DEVNULL, **options):
    """Runs to the end; its output. What it says on standard error is told if it fails."""
    done = subprocess.run(command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, errors="replace", **options)
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip())[-2000:]
        raise Failed("%s: `%s` failed (%d): %s" % (name, " ".join(command), done.returncode, said))
    return done.stdout


class Workshop:
    """Builds drivers from their sources."""

    def __init__(self, root, work, jobs, programs=None):
        self.root, self.jobs = root, jobs
        self.peers = os.path.join(root, "bench", "game", "peers")
        self.made = os.path.join(work, "build")
        self.programs = programs  # a folder that has our programs already

    def cmake(self, target, *options):
        """Builds a program of this repository; its path."""
        if self.programs:
            return os.path.join(self.programs, target)
        folder = os.path.join(self.made, "cmake")
        progress.show("building " + target)
        run(["cmake", "-S", self.root, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
             "-DSEGUE_BUILD_TESTS=OFF", "-DSEGUE_BUILD_TOOLS=ON", "-DSEGUE_BUILD_BENCHMARKS=ON",
             *options], target)
        run(["ninja", "-C", folder, "-j", str(self.jobs), target], target)
        return os.path.join(folder, "bin", target)

    def segue(self, name="segue", building=()):
        program = self.cmake("segue-game")
        return Engine(name, [program], [program], building=building)

    def segue_bp(self):
        """The same with its documents in the quick order of graph bisection."""
        return self.segue("segue-bp", ["--order", "quick"])

    def fts5(self):
        program = self.cmake("fts5-game")
        return Engine("fts5", [program], [program], variants=("plain", "deleted5"))

    def xapian(self):
        program = self.cmake("xapian-game", "-DSEGUE_BENCH_XAPIAN=ON")
        return Engine("xapian", [program], [program], variants=("plain", "deleted5"))

    def tantivy(self):
        progress.show("building tantivy's driver")
        folder = os.path.join(self.made, "tantivy")
        # segue and Lucene find out at run time what the processor can do; Rust is told beforehand.
        flags = (os.environ.get("RUSTFLAGS", "") + " -C target-cpu=native").strip()
        run(["cargo", "build", "--release", "--locked", "--jobs", str(self.jobs), "--target-dir",
             folder], "tantivy", cwd=os.path.join(self.peers, "tantivy"),
            env={**os.environ, "RUSTFLAGS": flags})
        program = os.path.join(folder, "release", "segue-peer-tantivy")
        return Engine("tantivy", [program], [program])

    def lucene(self, name="lucene", building=()):
        home = os.path.join(self.peers, "lucene")
        launcher = os.path.join(home, "lucene")
        self._make_lucene(home, launcher)
        made = files_under(os.path.join(home, "target", "classes"),
                           os.path.join(home, "target", "lib"))
        return Engine(name, [launcher], [launcher, *made], building=building, pinned=False)

    def lucene_bp(self):
        """The same with its documents reordered by graph bisection."""
        return self.lucene("lucene-bp", ["--reorder"])

    def _make_lucene(self, home, launcher):
        def make(path):
            progress.show("building lucene's driver")
            run([launcher, "make"], "lucene")
            with open(path, "w", encoding="utf-8"):
                return None
        marker = os.path.join(self.made, "lucene")
        if not os.path.isdir(os.path.join(home, "target", "lib")):
            cache.remove(marker)
        sources = [launcher, os.path.join(home, "pom.xml"), *files_under(os.path.join(home, "src"))]
        cache.cached(marker, [cache.digest_of(file) for file in sources], make)

    def engine(self, name):
        if name not in NAMES:
            raise Failed("no engine %s; there are %s" % (name, ", ".join(NAMES)))
        return getattr(self, name.replace("-", "_"))()

    def chosen(self, names, own):
        """Engines by name; `own` has the programs of some, and of others."""
        found = []
        for name in dict.fromkeys([*names, *own]):
            program = os.path.abspath(own[name]) if name in own else None
            found.append(Engine(name, [program], [program]) if program else self.engine(name))
        return found


def files_under(*folders):
    return sorted(os.path.join(at, file) for folder in folders
                  for at, _, files in os.walk(folder) for file in files)
