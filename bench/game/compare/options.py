# SPDX-License-Identifier: Apache-2.0
"""The command line of compare, and what commits takes over from it."""
import argparse
import os

import corpora
import engines
import rounds

COMMANDS = ["TOP_10", "TOP_100", "TOP_1000", "TOP_10_COUNT", "TOP_100_COUNT", "COUNT"]
QUICK_DOCUMENTS, QUICK_ROUNDS = 20000, 2

DESCRIPTION = """\
Times segue and its peers on the same corpora and queries: builds the engines, the corpora and the
indexes (each once; the work folder keeps them), checks that all engines agree on every count, then
times them in turn, round by round. Writes summary.txt, details.txt, results.json, report.html."""

EXAMPLES = """\
examples:
  compare --quick                            does it all work? (a minute or two)
  compare --corpus articles --variant plain,deleted5,segments8
  compare --corpus sentences --sizes 100000,300000,1000000,2000000,3000000
"""


def names(text):
    return [piece for piece in text.split(",") if piece]


def sizes(text):
    return sorted({int(piece) for piece in names(text)})


def _pair(text):
    name, separator, value = text.partition("=")
    if not separator or not name or not value:
        raise argparse.ArgumentTypeError("%r is not NAME=VALUE" % text)
    return name, value


def add_places(add, root):
    """Where things are: flags of every program here."""
    add("--work", default=os.path.join(root, "build", "compare-work"), metavar="DIR",
        help="keeps corpora, programs, indexes; the report goes to DIR/report "
             "(default: build/compare-work)")
    add("--data", default=os.environ.get("SEGUE_DATA", os.path.join(root, "..", "shared", "data")),
        metavar="DIR", help="the folder of the articles (default: SEGUE_DATA)")
    add("--jobs", type=int, default=os.cpu_count(), metavar="N", help="for building programs")
    add("--programs", metavar="DIR", help="segue's own programs are here: do not build them")
    add("--driver", type=_pair, action="append", default=[], metavar="NAME=PROGRAM",
        help="one more engine, or another program for one of them")
    add("--corpus-file", type=_pair, action="append", default=[], metavar="NAME=FILE",
        help="a corpus of your own, instead of --corpus")


def parse(arguments, root):
    parser = argparse.ArgumentParser("compare", description=DESCRIPTION, epilog=EXAMPLES,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--engines", type=names, default=engines.NAMES[:5], metavar="A,B",
        help="of %s (default: the first five)" % ", ".join(engines.NAMES))
    add("--sampled-peers", type=names, default=[], metavar="A,B",
        help="engines too slow for all queries, such as fts5,xapian: %d queries and %d rounds, in "
             "tables of their own (default: none)" % (rounds.SAMPLE, rounds.SAMPLED_ROUNDS))
    add("--sample-seed", type=int, default=1, metavar="N",
        help="which queries the sampled peers get (default: 1)")
    add("--corpus", type=names, default=["articles"], metavar="A,B",
        help="of %s (default: articles)" % ", ".join(corpora.NAMES))
    add("--queries", choices=["given", "generated", "both", "patterns"], default="both",
        help="the 425 of the public benchmark, or drawn from each corpus (default: both); patterns: "
             "prefixes, misspelt words, regular expressions and ranges drawn from it, which segue, "
             "tantivy and lucene answer, over a corpus with numbers")
    add("--query-count", type=int, default=1000, metavar="N", help="drawn queries per corpus")
    add("--commands", type=names, default=COMMANDS, metavar="A,B",
        help="default: " + ",".join(COMMANDS))
    add("--variant", type=names, default=["plain"], metavar="A,B",
        help="of %s (default: plain)" % ", ".join(engines.VARIANTS))
    add("--rounds", type=int, metavar="N", help="of which the best counts (default: 10)")
    add("--runs", type=int, default=1, metavar="N",
        help="do all the rounds N times, with fresh processes")
    add("--sizes", type=sizes, default=[], metavar="N,N",
        help="also time TOP_10 on so many documents of the (last) corpus, and fit how it grows")
    add("--generated-documents", type=int, default=10_000_000, metavar="N",
        help="size of the corpus `generated`")
    add("--limit", type=int, metavar="N", help="only the first N documents of each corpus")
    add("--quick", action="store_true", help="--limit %d --rounds %d, unless given"
        % (QUICK_DOCUMENTS, QUICK_ROUNDS))
    add("--core", default="auto", metavar="N",
        help="where engines run while they are timed: a number, auto (the last one) or none")
    add_places(add, root)
    add("--query-file", metavar="FILE", help="queries of your own, instead of --queries")
    add("--ours", metavar="NAME",
        help="the engine that the others are peers of, other configurations of it apart "
             "(default: segue-bp if it plays, else the first of --engines)")
    options = parser.parse_args(arguments)
    if options.quick and options.limit is None:
        options.limit = QUICK_DOCUMENTS
    if options.rounds is None:
        options.rounds = QUICK_ROUNDS if options.quick else 10
    if options.ours is None:
        playing = [*options.engines, *(name for name, _ in options.driver)]
        options.ours = "segue-bp" if "segue-bp" in playing else next(iter(playing), "segue-bp")
    if options.ours in options.sampled_peers:
        parser.error("%s is what the others are compared with; it has to answer all queries"
                     % options.ours)
    for variant in options.variant:
        if variant not in engines.VARIANTS:
            parser.error("no variant %s; there are %s" % (variant, ", ".join(engines.VARIANTS)))
    for corpus in options.corpus:
        if corpus not in corpora.NAMES:
            parser.error("no corpus %s; there are %s" % (corpus, ", ".join(corpora.NAMES)))
    options.work = os.path.abspath(options.work)
    options.data = os.path.abspath(options.data)
    return options
