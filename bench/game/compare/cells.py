# SPDX-License-Identifier: Apache-2.0
"""From best times per query to the cells of the tables: command x class.

A result (see compare) holds, for one corpus and variant: "queries" (text, kind, filter, source),
"left_out" (indexes of queries on whose counts the engines disagree), "sample" (seed, rounds and the
indexes of the queries that sampled peers were asked), "engines" and "best": [command][engine] ->
nanoseconds of each query's best round, or null.
"""
import dataclasses
import math

CLASSES = ["term", "and2", "and3", "and_more", "or2", "or3", "or_more", "phrase", "must_should",
           "negated", "two_phase", "stop_words", "long_or", "filtered_half", "filtered_twentieth",
           "filtered_rare", "prefix", "prefix_and", "fuzzy1", "fuzzy2", "fuzzy_and", "regexp",
           "regexp_and", "range", "range_filter"]


@dataclasses.dataclass
class Stats:
    mean: float
    median: float
    p99: float

    @classmethod
    def of(cls, nanoseconds):
        ordered = sorted(nanoseconds)
        n = len(ordered)
        at = lambda share: ordered[min(n - 1, math.ceil(share * n) - 1)] / 1000
        middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2000
        return cls(sum(ordered) / n / 1000, middle, at(0.99))


@dataclasses.dataclass
class Cell:
    """Microseconds. A peer without an answer to some query of the cell is None."""
    command: str
    kind: str
    queries: int
    engines: dict           # name -> Stats or None
    best_peer: str = None   # of those with all answers, by mean
    ratio: float = None     # our mean / its mean
    best_mean: float = None     # mean of the fastest peer of each query
    best_ratio: float = None    # our mean / that
    share_won: float = None     # of queries that we answer faster than every peer


def kinds_of(result):
    """The classes that occur, known ones first in their order."""
    present = {query["kind"] for query in result["queries"]}
    return ([kind for kind in CLASSES if kind in present] + sorted(present.difference(CLASSES)))


def full_engines(result):
    return [name for name, engine in result["engines"].items() if not engine["sampled"]]


def sampled_peers(result):
    return [name for name, engine in result["engines"].items() if engine["sampled"]]


def is_peer(result, name):
    """Not ours in another configuration: `segue-bp` and `segue` are one engine."""
    return name.partition("-")[0] != result["ours"].partition("-")[0]


def _members(result, command, kind, engines):
    """The queries of a class that at least one of the engines answered, ours if it takes part."""
    best = result["best"][command]
    left_out = set(result["left_out"])
    needed = [result["ours"]] if result["ours"] in engines else engines
    return [index for index, query in enumerate(result["queries"])
            if kind in ("ALL", query["kind"]) and index not in left_out
            and any(best[name][index] is not None for name in needed)]


def make_cell(result, command, kind, engines, members=None):
    """None if there is no query in it."""
    best = result["best"][command]
    if members is None:
        members = _members(result, command, kind, engines)
    if not members:
        return None
    cell = Cell(command, kind, len(members), {})
    for name in engines:
        times = [best[name][index] for index in members]
        cell.engines[name] = None if None in times else Stats.of(times)
    ours = cell.engines.get(result["ours"])
    peers = {name: stats for name, stats in cell.engines.items()
             if is_peer(result, name) and stats is not None}
    if ours is None or not peers:
        return cell
    cell.best_peer = min(peers, key=lambda name: peers[name].mean)
    cell.ratio = ours.mean / peers[cell.best_peer].mean
    pairs = against_best(result, command, members, engines)
    cell.best_mean = sum(theirs for _, _, theirs, _ in pairs) / len(pairs) / 1000
    cell.best_ratio = ours.mean / cell.best_mean
    cell.share_won = sum(mine < theirs for _, mine, theirs, _ in pairs) / len(pairs)
    return cell


def against_best(result, command, members=None, engines=None):
    """(index, our ns, ns of the fastest peer, its name) for each query that both sides answered."""
    best = result["best"][command]
    engines = engines or full_engines(result)
    ours = result["ours"]
    if ours not in engines:
        return []
    if members is None:
        members = _members(result, command, "ALL", engines)
    pairs = []
    for index in members:
        theirs = [(best[name][index], name) for name in engines
                  if is_peer(result, name) and best[name][index] is not None]
        if theirs and best[ours][index] is not None:
            pairs.append((index, best[ours][index], *min(theirs)))
    return pairs


def all_cells(result):
    """Of the engines that answered everything; ALL closes each command."""
    engines = full_engines(result)
    cells = [make_cell(result, command, kind, engines)
             for command in result["best"] for kind in [*kinds_of(result), "ALL"]]
    return [cell for cell in cells if cell is not None]


def _sampled_members(result, command, peer):
    """({class: queries} of the sample, the classes that the peer cannot answer exactly)."""
    sample = set(result["sample"]["queries"])
    best = result["best"][command][peer]
    answered, unanswered = {}, []
    for kind in kinds_of(result):
        members = [index for index in _members(result, command, kind, full_engines(result))
                   if index in sample]
        if any(best[index] is None for index in members):
            unanswered.append(kind)
        elif members:
            answered[kind] = members
    return answered, unanswered


def sampled_cells(result, peer):
    """Of the sampled peer and the engines that were asked everything, over the peer's sample.

    A class is left out, of ALL, too, if the peer had no exact answer to one of its queries.
    """
    engines = [*full_engines(result), peer]
    found = []
    for command in result["best"]:
        answered, _ = _sampled_members(result, command, peer)
        everything = sorted(index for members in answered.values() for index in members)
        for kind, members in [*answered.items(), ("ALL", everything)]:
            found.append(make_cell(result, command, kind, engines, members))
    return [cell for cell in found if cell is not None]


def unanswered(result, peer):
    """(command, class): what sampled_cells leaves out."""
    return [(command, kind) for command in result["best"]
            for kind in _sampled_members(result, command, peer)[1]]


def worst_queries(result, most=20):
    """(ratio, command, index, our ns, their ns, engine), those first where we lose most."""
    rows = []
    for command in result["best"]:
        for index, mine, theirs, name in against_best(result, command):
            rows.append((mine / theirs, command, index, mine, theirs, name))
    return sorted(rows, key=lambda row: -row[0])[:most]
