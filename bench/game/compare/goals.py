# SPDX-License-Identifier: Apache-2.0
"""What the project wants to reach, and where it does not.

Each class and command: at most half of the best peer's mean, where that is 20 us or more, and not
above it otherwise (counts of negations: two thirds). Over all classes: 0.4. 95 % of the queries
faster than the fastest peer of each. No query above 50 us more than a tenth over it in every run.
"""
import cells

BULKY_US, BULKY_RATIO, TINY_RATIO, NEGATED_COUNT_RATIO = 20, 0.5, 1.0, 0.67
ALL_RATIO, SHARE_WON = 0.4, 0.95
SLOW_US, SLOW_RATIO = 50, 1.1


def ratio_wanted(cell):
    if cell.kind == "ALL":
        return ALL_RATIO
    if cell.engines[cell.best_peer].mean < BULKY_US:
        return TINY_RATIO
    if cell.command == "COUNT" and cell.kind == "negated":
        return NEGATED_COUNT_RATIO
    return BULKY_RATIO


def missed_cells(result):
    """(cell, the ratio wanted)."""
    missed = []
    for cell in cells.all_cells(result):
        if cell.ratio is not None and cell.ratio > ratio_wanted(cell):
            missed.append((cell, ratio_wanted(cell)))
    return missed


def missed_shares(result):
    """(command, share of queries won) where it is too small."""
    return [(cell.command, cell.share_won) for cell in cells.all_cells(result)
            if cell.kind == "ALL" and cell.share_won is not None and cell.share_won < SHARE_WON]


def _slow(result):
    slow = {}
    for command in result["best"]:
        for index, mine, theirs, name in cells.against_best(result, command):
            if mine > SLOW_US * 1000 and mine > SLOW_RATIO * theirs:
                slow[command, index] = (mine, theirs, name)
    return slow


def slow_queries(runs):
    """(command, query, our ns, their ns, engine) of queries that are slow in each of the runs."""
    slow = [_slow(result) for result in runs]
    queries = runs[0]["queries"]
    return [(command, queries[index], *slow[0][command, index]) for command, index in slow[0]
            if all((command, index) in other for other in slow)]
