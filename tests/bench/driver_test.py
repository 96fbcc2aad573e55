# SPDX-License-Identifier: Apache-2.0
"""Any driver of the benchmark game on a tiny corpus, against the obvious answers.

    driver_test.py DRIVER [--scores] [--segments] [--commits] [--patterns]

--scores: the hits' scores have to be those of BM25 as written down in brute_force.py (peers have
formulas of their own). --segments: the driver can build several segments.
--commits: it measures commits. --patterns: it knows patterns and ranges of numbers.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from brute_force import BruteForce  # noqa: E402

TEXTS = ["the cat sat on the mat", "the dog sat", "a cat and a dog", "the the who live in the uk",
         "who is the cat", "mat on the cat the mat", "dog", "uk cats and uk dogs", "sat sat sat cat",
         "the who"]
FILTERS = ["half", "", "half twentieth", "", "half rare", "", "", "half", "twentieth", "half"]
CORPUS = [json.dumps({"id": "d%d" % line, "text": text, "filter": FILTERS[line]},
                     separators=(",", ":"))
          for line, text in enumerate(TEXTS)]
QUERIES = ["cat", "the", "nowhere", "+the +cat", "+sat +cat +mat", "cat dog", "the who uk mat",
           '"the cat"', '"the the who"', '"on the mat"', "+cat dog", "+the cat mat", "+the -cat",
           "cat dog -the", '+"the who" +uk', '+"the who" uk', "+cat +nowhere", "cat nowhere",
           "the cat sat on the mat and so did the dog"]
NUMBERS = [3, 141, 59, 26, 535, 89, 79, 323, 84, 626]
NUMBERED = [line[:-1] + ',"number":"%d"}' % number for line, number in zip(CORPUS, NUMBERS)]
PATTERNS = ["ca*", "wh*", "s*", "x*", "cats~1", "tha~1", "wiht~2", "hte~1", "nowhere~2", "/c.t/",
            "/.*t/", "/(do|ca)[a-z]*/", "/[d-l]{2,3}/", "/x.*/", "number:[59 TO 141]",
            "number:[0 TO 1000]", "number:[700 TO 800]", "+the +ca*", "+the ca*", "+sat -ca*",
            "+cat +sats~1", "+the +/w.o/", "cat /d.*/", "+cat +number:[1 TO 50]",
            '+"the cat" +number:[1 TO 50]']
FILTERED = [(query, "number:[26 TO 100]") for query in ("cat", "+the +cat", "ca*", "/.*/")]
COMMANDS = ["COUNT", "TOP_3", "TOP_10", "TOP_3_COUNT", "TOP_1000_COUNT"]
ASKED = [(query, word) for query in QUERIES for word in ("", "half", "rare")]
OPTIONS = argparse.Namespace(driver=None, scores=False, segments=False, commits=False,
                             patterns=False)


def run(arguments, lines=()):
    done = subprocess.run([OPTIONS.driver, *arguments], input="".join(l + "\n" for l in lines),
                          capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout, done.stderr


class DriverTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.index = os.path.join(self.folder.name, "index")

    def build(self, *options, corpus=CORPUS):
        code, out, err = run(["build", self.index, *options], corpus)
        self.assertEqual(code, 0, err)
        return json.loads(out)

    def serve(self, lines):
        code, out, err = run(["serve", self.index], lines)
        self.assertEqual(code, 0, err)
        answers = out.splitlines()
        self.assertEqual(len(answers), len(lines), out)
        return answers

    def check(self, world, asked=ASKED):
        """All commands over (query, filter) pairs."""
        cases = [(command, *pair) for command in COMMANDS for pair in asked]
        lines = ["\t".join(case if case[2] else case[:2]) for case in cases]
        answered = 0
        for (command, query, filter_word), answer in zip(cases, self.serve(lines)):
            if answer == "UNSUPPORTED":
                continue
            answered += 1
            matches = len(world.matches(query, filter_word))
            counts = command.endswith("COUNT")
            expected = matches if counts else min(int(command[4:]), matches)
            number, nanoseconds = map(int, answer.split("\t"))
            self.assertEqual(number, expected, (command, query, filter_word))
            self.assertGreater(nanoseconds, 0)
        self.assertGreater(answered, len(cases) / 2)

    def check_hits(self, world, cases=ASKED):
        answers = self.serve(["\t".join(["HITS_5", *case]) for case in cases])
        for (query, filter_word), answer in zip(cases, answers):
            if answer == "UNSUPPORTED":
                continue
            hits = [hit.split(":") for hit in answer.split()]
            lines = [int(line) for line, _ in hits]
            scores = [float(score) for _, score in hits]
            self.assertEqual(scores, sorted(scores, reverse=True), query)
            self.assertLessEqual(set(lines), set(world.matches(query, filter_word)), query)
            if not OPTIONS.scores:
                continue
            expected = world.hits(query, filter_word, 5)
            self.assertEqual(lines, [line for line, _ in expected], query)
            for score, (_, wanted) in zip(scores, expected):
                self.assertAlmostEqual(score, wanted, 5, query)

    def test_one_segment(self):
        report = self.build()
        self.assertEqual(report["documents"], len(CORPUS))
        self.assertGreater(report["wall_s"], 0)
        self.assertGreater(report["peak_rss_bytes"], 0)
        self.assertEqual(report["index_bytes"], sum(report["parts"].values()))
        on_disk = sum(os.path.getsize(os.path.join(folder, file))
                      for folder, _, files in os.walk(self.index) for file in files)
        self.assertEqual(report["index_bytes"], on_disk)
        world = BruteForce(CORPUS)
        self.check(world)
        self.check_hits(world)

    def test_deletions(self):
        self.build("--delete", "20")  # lines 0 and 5
        world = BruteForce(CORPUS, delete_percent=20)
        self.assertNotIn(5, world.matches("mat"))
        self.check(world)

    def test_segments(self):
        if not OPTIONS.segments:
            self.skipTest("one segment is all that this driver builds")
        self.build("--segments", "3", "--documents", str(len(CORPUS)))
        world = BruteForce(CORPUS)
        self.check(world)
        self.check_hits(world)

    def test_patterns(self):
        if not OPTIONS.patterns:
            self.skipTest("this driver knows no patterns")
        asked = FILTERED + [(query, word) for query in PATTERNS for word in ("", "half")]
        self.build("--numbers", corpus=NUMBERED)
        world = BruteForce(NUMBERED)
        self.assertEqual(world.matches("tha~1"), [0, 1, 3, 4, 5, 9])  # the oracle itself
        self.assertEqual(world.matches("number:[59 TO 141]"), [1, 2, 5, 6, 8])
        self.check(world, asked)
        self.check_hits(world, asked)
        code, _, err = run(["build", self.index + "2", "--numbers"], CORPUS)
        self.assertNotEqual(code, 0, "documents without numbers")
        self.assertIn("number", err.lower())

    def test_patterns_beside_deletions(self):
        if not OPTIONS.patterns:
            self.skipTest("this driver knows no patterns")
        self.build("--numbers", "--delete", "20", corpus=NUMBERED)
        self.check(BruteForce(NUMBERED, delete_percent=20),
                   FILTERED + [(query, "") for query in PATTERNS])

    def test_mistakes_are_errors(self):
        self.build()
        answers = self.serve(["SHOUT\tcat", "COUNT\tcat"])
        self.assertTrue(answers[0].startswith("ERROR\t"), answers[0])
        self.assertTrue(answers[1].startswith("5\t"), answers[1])
        code, _, _ = run(["build", self.index], CORPUS)
        self.assertNotEqual(code, 0, "built over an index")
        code, _, _ = run(["serve", self.index + "x"])
        self.assertNotEqual(code, 0, "served nothing")

    def test_commits(self):
        if not OPTIONS.commits:
            self.skipTest("this driver does not measure commits")
        folder = self.index + "c"
        code, out, err = run(["commits", folder, "--batch", "3", "--seconds", "60"], CORPUS)
        self.assertEqual(code, 0, err)
        report = json.loads(out)
        self.assertEqual((report["batch"], report["commits"], report["documents"]), (3, 3, 9))
        self.assertGreater(report["seconds"], 0)
        self.assertLessEqual(report["p50_ms"], report["p99_ms"])
        code, _, _ = run(["commits", folder], CORPUS)
        self.assertNotEqual(code, 0, "made over an index")

    def test_version(self):
        code, out, _ = run(["version"])
        self.assertEqual(code, 0)
        self.assertEqual(sorted(json.loads(out)), ["engine", "version"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("driver", type=os.path.abspath)
    parser.add_argument("--scores", action="store_true")
    parser.add_argument("--segments", action="store_true")
    parser.add_argument("--commits", action="store_true")
    parser.add_argument("--patterns", action="store_true")
    parser.parse_args(namespace=OPTIONS)
    unittest.main(argv=sys.argv[:1])
