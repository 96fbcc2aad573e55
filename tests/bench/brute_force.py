# SPDX-License-Identifier: Apache-2.0
"""The slow, obvious engine: what every driver of the game has to answer."""
import json
import math
import re


PATTERN = r'/[^/]*/|number:\[\d+ TO \d+\]|[a-z0-9]+(?:\*|~\d)'


def parse(query):
    """The clauses of a query as (sign, words), or (sign, a pattern or range as it is written); sign
    is "+", "-" or ""."""
    clauses = []
    for sign, phrase, pattern, word in re.findall(
            r'([+-]?)(?:"([^"]*)"|(%s)|([a-z0-9]+))' % PATTERN, query):
        clauses.append((sign, phrase.split() if phrase else pattern or [word]))
    return clauses


def occurrences(words, phrase):
    n = len(phrase)
    return sum(words[i:i + n] == phrase for i in range(len(words) - n + 1))


def distance(a, b):
    """Edits, two neighbours swapped being one, no part of a word twice."""
    rows = [[i + j for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1,
                             rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 2:i] == b[j - 2:j][::-1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


def stands_for(pattern, word):
    if pattern.startswith("/"):
        return re.fullmatch(pattern[1:-1], word) is not None
    if pattern.endswith("*"):
        return word.startswith(pattern[:-1])
    typed, edits = pattern.split("~")
    return distance(typed, word) <= int(edits)


class BruteForce:
    """Holds all documents; `deleted` lines count for statistics, but are no matches."""

    def __init__(self, corpus_lines, delete_percent=0):
        documents = [json.loads(line) for line in corpus_lines]
        self.words = [document["text"].split() for document in documents]
        self.filters = [document.get("filter", "").split() for document in documents]
        self.numbers = [int(document.get("number", -1)) for document in documents]
        step = 100 // delete_percent if delete_percent else 0
        self.live = [not step or line % step != 0 for line in range(len(documents))]
        self.average = sum(map(len, self.words)) / len(self.words)

    def has(self, line, matter):
        """Whether a document has a phrase, a word of a pattern or a number of a range."""
        if isinstance(matter, list):
            return occurrences(self.words[line], matter) > 0
        if matter.startswith("number:"):
            low, high = map(int, re.findall(r"\d+", matter))
            return low <= self.numbers[line] <= high
        return any(stands_for(matter, word) for word in self.words[line])

    def passes(self, line, filter_word):
        if filter_word.startswith("number:"):
            return self.has(line, filter_word)
        return not filter_word or filter_word in self.filters[line]

    def matches(self, query, filter_word=""):
        clauses = parse(query)
        must = [words for sign, words in clauses if sign == "+"]
        should = [words for sign, words in clauses if sign == ""]
        must_not = [words for sign, words in clauses if sign == "-"]
        found = []
        for line in range(len(self.words)):
            has = lambda matter: self.has(line, matter)
            if not self.live[line] or not self.passes(line, filter_word):
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
            if isinstance(phrase, str):  # a pattern or range scores 1
                total += sign != "-" and self.has(line, phrase)
                continue
            frequency = occurrences(self.words[line], phrase)
            if sign == "-" or frequency == 0:
                continue
            norm = 1.2 * (0.25 + 0.75 * len(self.words[line]) / self.average)
            total += sum(map(self.idf, phrase)) * frequency / (frequency + norm)
        return total

    def hits(self, query, filter_word, k):
        scored = [(-self.score(query, line), line) for line in self.matches(query, filter_word)]
        return [(line, -negated) for negated, line in sorted(scored)[:k]]
