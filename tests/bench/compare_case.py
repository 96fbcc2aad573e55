# SPDX-License-Identifier: Apache-2.0
"""What the tests of bench/game/compare share: two engines that only pretend, a tiny corpus."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
COMPARE = os.path.join(os.path.dirname(os.path.dirname(HERE)), "bench", "game", "compare", "compare")
QUERIES = [("cat", "term", ""), ("dog", "term", ""), ("+cat +dog", "and2", ""),
           ("cat dog", "or2", ""), ("cat", "filtered_half", "half")]
US = {"cat": 10, "dog": 20, "+cat +dog": 30, "cat dog": 400}


class CompareCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.write("tiny.jsonl", "".join('{"id":"%d","text":"cat dog","filter":""}\n' % line
                                         for line in range(40)))
        self.write("queries.jsonl", "".join(
            json.dumps({"query": text, "tags": [kind], "filter": word}) + "\n"
            for text, kind, word in QUERIES))

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def driver(self, name, factor, **more):
        """An engine that takes `factor` times the microseconds of US."""
        shutil.copy(os.path.join(HERE, "fake_driver.py"), self.path(name))
        says = {"version": "1", "counts": {"cat": 30, "dog": 5},
                "microseconds": {query: us * factor for query, us in US.items()}, **more}
        self.write(name + ".json", json.dumps(says))

    def compare(self, *options, code=0):
        command = [sys.executable, COMPARE, "--work", self.path("work"), "--engines", "ours,theirs",
                   "--driver", "ours=" + self.path("ours"),
                   "--driver", "theirs=" + self.path("theirs"),
                   "--corpus-file", "tiny=" + self.path("tiny.jsonl"),
                   "--query-file", self.path("queries.jsonl"), *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, code, done.stderr + done.stdout)
        return done

    def results(self):
        return json.loads(self.read("work/report/results.json"))
