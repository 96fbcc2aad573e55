# SPDX-License-Identifier: Apache-2.0
"""The slow, obvious engine: what every driver of the game has to answer."""
import json
import math
import re


def parse(query):
    """The clauses of a query as (sign, words); sign is "+", "-" or ""."""
    clauses = []
    for sign, phrase, word in re.findall(r'([+-]?)(?:"([^"]*)"|([a-z0-9]+))', query):
        clauses.append((sign, phrase.split() if phrase else [word]))
    return clauses


def occurrences(words, phrase):
    n = len(phrase)
    return sum(words[i:i + n] == phrase for i in range(len(words) - n + 1))


class BruteForce:
    """Holds all documents; `deleted` lines count for statistics, but are no matches."""

    def __init__(self, corpus_lines, delete_percent=0):
        documents = [json.loads(line) for line in corpus_lines]
        self.words = [document["text"].split() for document in documents]
        self.filters = [document.get("filter", "").split() for document in documents]
        step = 100 // delete_percent if delete_percent else 0
        self.live = [not step or line % step != 0 for line in range(len(documents))]
        self.average = sum(map(len, self.words)) / len(self.words)

    def matches(self, query, filter_word=""):
        clauses = parse(query)
        must = [words for sign, words in clauses if sign == "+"]
        should = [words for sign, words in clauses if sign == ""]
        must_not = [words for sign, words in clauses if sign == "-"]
        found = []
        for line, words in enumerate(self.words):
            has = lambda phrase: occurrences(words, phrase) > 0
            if not self.live[line] or (filter_word and filter_word not in self.filters[line]):
                continue
            wanted = all(map(has, must)) if must else any(map(has, should))
            if wanted and not any(map(has, must_not)):
                found.append(line)
        return found

    def idf(self, word):
        n = sum(word in words for words in self.words)
        return math.log(1 + (len(self.words) - n + 0.5) / (n + 0.5))

    def score(self, query, line):
        """BM25 as the drivers are set to it; exact lengths (below 40 words norms are exact)."""
        total = 0.0
        for sign, phrase in parse(query):
            frequency = occurrences(self.words[line], phrase)
            if sign == "-" or frequency == 0:
                continue
            norm = 1.2 * (0.25 + 0.75 * len(self.words[line]) / self.average)
            total += sum(map(self.idf, phrase)) * frequency / (frequency + norm)
        return total

    def hits(self, query, filter_word, k):
        scored = [(-self.score(query, line), line) for line in self.matches(query, filter_word)]
        return [(line, -negated) for negated, line in sorted(scored)[:k]]
