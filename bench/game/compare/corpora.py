# SPDX-License-Identifier: Apache-2.0
"""The corpora and their queries, made by segue-corpus and kept in the work folder."""
import dataclasses
import itertools
import json
import os
import subprocess

import cache
import progress
from machine import Failed

WIKI = {"articles": ["enwiki.jsonl.xz"],
        "passages": ["enwiki.jsonl.xz", "simplewiki.jsonl.xz"],
        "sentences": ["enwiki.jsonl.xz", "simplewiki.jsonl.xz"]}
UNITS = {"articles": ["--unit", "article"],
         "passages": ["--unit", "passage"],
         "sentences": ["--unit", "sentence", "--shuffle", "1"]}
NAMES = [*WIKI, "generated"]


@dataclasses.dataclass
class Corpus:
    name: str
    file: str
    documents: int
    digest: str
    numbers: bool = False  # each document has one


@dataclasses.dataclass
class Query:
    text: str
    kind: str    # its class
    filter: str  # a word, a range, or empty
    source: str  # given or generated


def _count_lines(path):
    with open(path, "rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def _describe(path):
    return {"documents": _count_lines(path), "digest": cache.digest_of(path)}


class Library:
    """Makes corpora and query files where they are not there yet.

    With `numbers` the corpora have them, under names of their own.
    """

    def __init__(self, work, tool, data, generated_documents, numbers=False):
        self.work, self.tool, self.data = work, tool, data
        self.generated_documents = generated_documents
        self.numbers = numbers

    def _write(self, arguments):
        """A function that runs segue-corpus with its output in a file."""
        def make(path):
            progress.show("segue-corpus %s: %s" % (arguments[0], os.path.basename(path)))
            with open(path, "wb") as out:
                done = subprocess.run([self.tool, *arguments], stdout=out, stderr=subprocess.PIPE)
            if done.returncode != 0:
                raise Failed("segue-corpus %s: %s" % (" ".join(arguments),
                                                      done.stderr.decode(errors="replace").strip()))
            return _describe(path)
        return make

    def _made(self, folder, name, arguments, inputs):
        path = os.path.join(self.work, folder, name + ".jsonl")
        key = [arguments, cache.digest_of(self.tool), inputs]
        return path, cache.cached(path, key, self._write(arguments))

    def _source(self, name):
        path = os.path.join(self.data, name)
        if not os.path.exists(path):
            raise Failed("no %s; SEGUE_DATA or --data names the folder of the articles" % path)
        return path

    def corpus(self, name):
        if name == "generated":
            model = self.corpus("passages")
            arguments = ["imitate", model.file, "--documents", str(self.generated_documents)]
            inputs = [model.digest]
        else:
            files = [self._source(file) for file in WIKI[name]]
            arguments = ["game", *files, *UNITS[name]]
            inputs = [os.path.getsize(file) for file in files]
        if self.numbers:
            name, arguments = name + ".numbers", [*arguments, "--numbers"]
        path, made = self._made("corpora", name, arguments, inputs)
        return Corpus(name, path, made["documents"], made["digest"], self.numbers)

    def own(self, name, file):
        """A corpus that the user brings."""
        return Corpus(name, file, **_describe(file), numbers=self.numbers)

    def chosen(self, names, own):
        """The user's corpora, (name, file) each, or else those of the names."""
        return ([self.own(name, os.path.abspath(file)) for name, file in own] or
                [self.corpus(name) for name in names])

    def prefix(self, corpus, documents):
        """The first documents of a corpus, as a corpus."""
        if documents >= corpus.documents:
            return corpus
        def make(path):
            progress.show("%s: the first %d documents" % (corpus.name, documents))
            with open(corpus.file, "rb") as lines, open(path, "wb") as out:
                out.writelines(itertools.islice(lines, documents))
            return _describe(path)
        name = "%s.%d" % (corpus.name, documents)
        path = os.path.join(self.work, "corpora", name + ".jsonl")
        made = cache.cached(path, [corpus.digest, documents], make)
        return dataclasses.replace(corpus, name=name, file=path, **made)

    def queries(self, corpus, which, count):
        """`which`: given, generated, both or patterns."""
        found = []
        if which in ("given", "both"):
            source = self._source("queries.jsonl")
            path, _ = self._made("queries", "given", ["queries", "--from", source],
                                 [cache.digest_of(source)])
            found += read_queries(path, "given")
        if which in ("generated", "both"):
            path, _ = self._made("queries", corpus.name + ".generated",
                                 ["queries", corpus.file, "--count", str(count)], [corpus.digest])
            found += read_queries(path, "generated")
        if which == "patterns":
            path, _ = self._made("queries", corpus.name + ".patterns",
                                 ["queries", corpus.file, "--patterns", "--count", str(count)],
                                 [corpus.digest])
            found += read_queries(path, "patterns")
        return found


def read_queries(path, source):
    """A query file; the first tag is the class."""
    found = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                query = json.loads(line)
                found.append(Query(query["query"], query["tags"][0], query.get("filter", ""),
                                   source))
            except (ValueError, KeyError, IndexError, TypeError) as error:
                raise Failed("%s:%d is no query with tags: %s" % (path, number, error)) from error
    return found
