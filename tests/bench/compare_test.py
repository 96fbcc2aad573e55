# SPDX-License-Identifier: Apache-2.0
"""bench/game/compare, driven with two engines that only pretend."""
import html.parser
import json
import os
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from compare_case import COMPARE, US, CompareCase  # noqa: E402


class CompareTest(CompareCase):
    def test_times_ratios_and_goals(self):
        self.driver("ours", 1)
        self.driver("theirs", 4)
        done = self.compare("--commands", "TOP_10,COUNT", "--rounds", "3")
        result, = self.results()["results"]
        self.assertEqual(result["documents"], 40)
        # The best of three rounds: 100 / 6 us over what US says, as in each it is asked twice.
        self.assertEqual(result["best"]["TOP_10"]["ours"],
                         [(us + 16) * 1000 for us in (10, 20, 30, 400, 10)])
        self.assertEqual(result["median"]["TOP_10"]["ours"][3], (400 + 25) * 1000)
        lines = {tuple(line.split()[:2]): line.split() for line in done.stdout.splitlines()
                 if line.startswith(("TOP_10 ", "COUNT "))}
        # mean of ours and of theirs, best peer, ratio, fastest, ratio, share won
        self.assertEqual(lines["TOP_10", "or2"][2:10],
                         ["1", "416.0", "1616.0", "theirs", "0.26", "1616.0", "0.26", "100"])
        self.assertEqual(lines["TOP_10", "term"][3:5], ["31.0", "76.0"])
        self.assertIn("COUNT filtered_half: 0.54 of theirs, wanted 0.50", done.stdout)
        self.assertNotIn("TOP_10 or2: 0.26", done.stdout)
        self.assertIn("0.7  .a 0.5  .b 0.2", done.stdout)

    def test_engines_take_turns(self):
        self.driver("ours", 1)
        self.driver("theirs", 2)
        log = self.path("both.log")
        for name in ("ours", "theirs"):
            os.symlink(log, self.path(name + ".log"))
            says = json.loads(self.read(name + ".json"))
            # A query of its own shows whose turn it is.
            self.write(name + ".json", json.dumps(dict(says, name=name)))
        text = self.read("ours").replace('log("%s %s" %', 'log(SAYS["name"] + " %s %s" %')
        self.write("ours", text)
        self.write("theirs", text)
        self.compare("--commands", "TOP_10", "--rounds", "4")
        with open(log, encoding="utf-8") as file:
            timed = [line.split()[0] for line in file if " TOP_10 cat\n" in line]
        # Each query "cat" stands twice in the file, and a turn begins with answers that do not count.
        self.assertEqual(timed[::4], ["ours", "theirs", "theirs", "ours", "ours", "theirs",
                                      "theirs", "ours"])

    def test_disagreement_is_told_and_left_out(self):
        self.driver("ours", 1)
        self.driver("theirs", 2, counts={"cat": 30, "dog": 6})
        done = self.compare("--commands", "TOP_10,COUNT", "--rounds", "2", code=3)
        self.assertIn("COUNT: dog: ours 5  theirs 6", done.stdout)
        result, = self.results()["results"]
        self.assertEqual(result["left_out"], [1])
        self.assertIsNone(result["best"]["COUNT"]["ours"][1])
        term, = [line.split() for line in done.stdout.splitlines()
                 if line.startswith("TOP_10 ") and " term " in line]
        self.assertEqual(term[2], "1")
        self.assertIn("disagree", self.read("work/report/report.html"))

    def test_a_wrong_number_of_hits_is_a_disagreement(self):
        self.driver("ours", 1, lies={"TOP_10 cat": 9})
        self.driver("theirs", 2)
        done = self.compare("--commands", "TOP_10,COUNT", "--rounds", "2", code=3)
        self.assertIn("TOP_10: cat: expected 10  ours 9", done.stdout)
        result, = self.results()["results"]
        self.assertIsNone(result["best"]["TOP_10"]["theirs"][0])
        self.assertIsNotNone(result["best"]["COUNT"]["theirs"][0])

    def test_unsupported_is_no_time(self):
        self.driver("ours", 1)
        self.driver("theirs", 2, unsupported=["+cat +dog"])
        done = self.compare("--commands", "COUNT", "--rounds", "1")
        # Its third request: the first was to compare the counts, the second does not count.
        row, = [line.split() for line in done.stdout.splitlines()
                if line.startswith("COUNT") and " and2 " in line]
        self.assertEqual(row[3:6], ["63.0", "-", "-"])

    def test_a_driver_that_dies_is_an_error(self):
        self.driver("ours", 1)
        self.driver("theirs", 2, dies_at="dog")
        done = self.compare("--rounds", "1", code=1)
        self.assertIn("theirs ended (1): no strength left", done.stderr)
        self.assertNotIn("Traceback", done.stderr)

    def test_indexes_are_kept_until_the_driver_changes(self):
        self.driver("ours", 1)
        self.driver("theirs", 2)
        options = ["--commands", "COUNT", "--rounds", "1", "--variant", "plain,segments8,deleted5"]
        self.compare(*options)
        self.compare(*options)
        builds = [line for line in self.read("ours.log").splitlines() if line.startswith("build")]
        self.assertEqual(builds, ["build ", "build --segments 8 --documents 40",
                                  "build --delete 5"])
        self.write("ours", self.read("ours") + "# another\n")
        self.compare(*options)
        builds = [line for line in self.read("ours.log").splitlines() if line.startswith("build")]
        self.assertEqual(len(builds), 6)

    def test_patterns_want_indexes_with_numbers(self):
        self.driver("ours", 1)
        self.driver("theirs", 2)
        options = ["--commands", "COUNT", "--rounds", "1"]
        self.compare(*options)
        self.compare(*options, "--queries", "patterns")
        builds = [line for line in self.read("ours.log").splitlines() if line.startswith("build")]
        self.assertEqual(builds, ["build ", "build --numbers"])

    def test_growth(self):
        self.driver("ours", 1)
        self.driver("theirs", 2)
        done = self.compare("--commands", "TOP_10", "--rounds", "1", "--sizes", "10,20,40")
        outcome = self.results()
        self.assertEqual([result["documents"] for result in outcome["growth"]], [10, 20, 40])
        # These engines take as long whatever the size.
        row, = [line.split() for line in done.stdout.splitlines()
                if line.startswith("ALL ") and " theirs " in line]
        self.assertEqual(float(row[-1]), 0)
        self.assertIn("Cost against corpus size", self.read("work/report/report.html"))

    def test_slow_in_every_run(self):
        self.driver("ours", 1, microseconds={**US, "cat dog": 800})
        self.driver("theirs", 1)
        done = self.compare("--commands", "TOP_10", "--rounds", "2", "--runs", "2")
        self.assertEqual([result["run"] for result in self.results()["results"]], [1, 2])
        self.assertIn("TOP_10 cat dog: 825.0 us against 425.0 (theirs)", done.stdout)
        self.assertNotIn("TOP_10 dog: ", done.stdout)

    def test_commits(self):
        self.driver("ours", 1, microseconds={"add": 50})
        self.driver("theirs", 1, microseconds={"add": 200})
        command = [sys.executable, os.path.join(os.path.dirname(COMPARE), "commits"),
                   "--work", self.path("work"), "--engines", "ours,theirs",
                   "--driver", "ours=" + self.path("ours"),
                   "--driver", "theirs=" + self.path("theirs"), "--rounds", "2",
                   "--batches", "1,7", "--corpus-file", "tiny=" + self.path("tiny.jsonl")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = [line.split() for line in done.stdout.splitlines()[2:]]
        self.assertEqual(rows, [["1", "ours", "20000", "1.25", "2.50"],
                                ["1", "theirs", "5000", "1.25", "2.50", "4.00", "x"],
                                ["7", "ours", "20000", "1.25", "2.50"],
                                ["7", "theirs", "5000", "1.25", "2.50", "4.00", "x"]])
        self.assertEqual(self.read("ours.log").split("\n")[:2], ["commits 1", "commits 7"])

    def test_builds(self):
        self.driver("ours", 1)
        self.driver("theirs", 2, wall_s=3.0, index_bytes=1_400_000)
        command = [sys.executable, os.path.join(os.path.dirname(COMPARE), "builds"),
                   "--work", self.path("work"), "--engines", "ours,theirs",
                   "--driver", "ours=" + self.path("ours"),
                   "--driver", "theirs=" + self.path("theirs"), "--rounds", "2",
                   "--memory-mb", "7", "--corpus-file", "tiny=" + self.path("tiny.jsonl"),
                   "--limit", "30,40"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        head, small, whole = done.stdout.split("\n\n")
        self.assertIn("2 threads, 7 MiB, 2 rounds", head)
        self.assertTrue(small.startswith("tiny.30  30 documents"), small)
        ours, theirs = [line.split() for line in whole.splitlines()[1:]]
        # What it holds by itself is the interpreter's, and differs.
        self.assertEqual(ours[:3] + ours[4:], ["ours", "1.50", "2.50", "3.0", "0.7"])
        self.assertGreater(float(ours[3]), 0)
        self.assertEqual(theirs[:3] + theirs[4:8] + theirs[9:],
                         ["theirs", "3.00", "2.50", "3.0", "1.4", "0.50", "1.00", "1.00", "0.50"])
        self.assertEqual(self.read("ours.log").split("\n")[:4],
                         ["build --threads 2 --memory-mb 7"] * 4)

    def test_page_stands_alone(self):
        self.driver("ours", 1)
        self.driver("theirs", 2)
        self.compare("--commands", "TOP_10,COUNT", "--rounds", "1", "--sizes", "10,20")
        page = self.read("work/report/report.html")
        seen = []

        class Reader(html.parser.HTMLParser):
            open_tags = []

            def handle_starttag(self, tag, attributes):
                seen.append((tag, dict(attributes)))
                if tag != "meta":
                    self.open_tags.append(tag)

            def handle_startendtag(self, tag, attributes):
                seen.append((tag, dict(attributes)))

            def handle_endtag(reader, tag):
                self.assertEqual(reader.open_tags.pop(), tag)
        reader = Reader()
        reader.feed(page)
        self.assertEqual(reader.open_tags, [])
        self.assertIn("svg", [tag for tag, _ in seen])
        self.assertIn("prefers-color-scheme", page)
        for tag, attributes in seen:
            self.assertNotIn(tag, ("script", "link", "img"))
            self.assertFalse({"src", "href"} & set(attributes))
        self.assertNotIn("url(", page)


if __name__ == "__main__":
    unittest.main()
