# SPDX-License-Identifier: Apache-2.0
"""bench/game/compare with peers that are asked a sample of the queries only."""
import json
import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from compare_case import CompareCase  # noqa: E402


class SampledPeersTest(CompareCase):
    def many_queries(self):
        """240 in three classes, which take turns in something with a period of twelve."""
        kinds = ["term"] * 160 + ["and2"] * 60 + ["must_should"] * 20
        texts = ["%s %d" % (kind, number) for number, kind in enumerate(kinds)]
        self.write("queries.jsonl", "".join(json.dumps({"query": text, "tags": [kind]}) + "\n"
                                            for text, kind in zip(texts, kinds)))
        return texts

    def test_a_sampled_peer_has_a_table_of_its_own(self):
        texts = self.many_queries()
        self.driver("ours", 1)
        self.driver("theirs", 1, microseconds={text: 20 for text in texts})
        # Faster than theirs, and yet not the fastest peer of any query.
        self.driver("few", 1, microseconds={text: 1 for text in texts},
                    unsupported=[text for text in texts if text.startswith("must_should")])
        done = self.compare("--commands", "TOP_10", "--rounds", "5", "--driver",
                            "few=" + self.path("few"), "--sampled-peers", "few",
                            "--sample-seed", "7")
        whole, apart = done.stdout.split("few, sampled: 100 queries, seed 7, best of 3 rounds\n")
        self.assertNotIn("few", whole)
        # The first 32 queries are asked twice a round.
        self.assertIn(["TOP_10", "ALL", "240", "28.7", "38.7", "theirs", "0.74", "38.7", "0.74",
                       "100", "%"], [line.split() for line in whole.splitlines()])
        rows = [line.split() for line in apart.splitlines()]
        self.assertIn(["command", "class", "queries", "ours", "theirs", "few", "ratio"], rows)
        # 5 rounds of the others, 3 of the sampled peer; what it cannot answer is not in ALL.
        self.assertIn(["TOP_10", "and2", "25", "30.0", "40.0", "34.0", "0.8824"], rows)
        self.assertIn(["TOP_10", "term", "66", "28.0", "38.0", "34.0", "0.8244"], rows)
        self.assertIn(["TOP_10", "ALL", "91", "28.6", "38.6", "34.0", "0.8403"], rows)
        self.assertNotIn(["TOP_10", "must_should"], [row[:2] for row in rows])
        self.assertIn("No exact answer, left out: TOP_10 must_should\n", apart)
        asked = [line for line in self.read("few.log").splitlines() if line.startswith("TOP_10")]
        self.assertEqual(len(asked), 300)
        self.assertEqual(len(set(asked)), 100)
        self.assertIn("few, sampled: 100 queries", self.read("work/report/report.html"))

    def test_the_seed_chooses_the_sample(self):
        self.many_queries()
        self.driver("ours", 1)
        self.driver("theirs", 1)
        samples = []
        for seed in ("1", "1", "2"):
            self.compare("--commands", "COUNT", "--rounds", "1", "--sampled-peers", "theirs",
                         "--sample-seed", seed)
            samples.append(self.results()["results"][0]["sample"]["queries"])
        self.assertEqual(samples[0], samples[1])
        self.assertNotEqual(samples[0], samples[2])
        for sample in samples:
            # Every n-th query would meet some of the twelve only.
            self.assertEqual({index % 12 for index in sample}, set(range(12)))

    def test_a_sampled_peer_has_to_count_alike(self):
        self.driver("ours", 1)
        self.driver("theirs", 2)
        self.driver("few", 1, counts={"cat": 30, "dog": 6})
        done = self.compare("--commands", "TOP_10", "--rounds", "1", "--driver",
                            "few=" + self.path("few"), "--sampled-peers", "few", code=3)
        self.assertIn("COUNT: dog: ours 5  theirs 5  few 6", done.stdout)
        self.assertEqual(self.results()["results"][0]["left_out"], [1])

    def test_ours_is_not_sampled(self):
        self.driver("ours", 1)
        self.driver("theirs", 2)
        done = self.compare("--sampled-peers", "ours", code=2)
        self.assertIn("it has to answer all queries", done.stderr)


if __name__ == "__main__":
    unittest.main()
