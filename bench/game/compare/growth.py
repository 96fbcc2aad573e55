# SPDX-License-Identifier: Apache-2.0
"""How the cost of a query grows with the corpus: means over sizes, and the exponent e of N^e."""
import math

import cells

COMMAND = "TOP_10"


def exponent(points):
    """The slope of the line through (log size, log cost) with the least squares; None if less than
    two sizes."""
    logs = [(math.log(size), math.log(cost)) for size, cost in points]
    n = len(logs)
    if n < 2:
        return None
    mean_x = sum(x for x, _ in logs) / n
    mean_y = sum(y for _, y in logs) / n
    spread = sum((x - mean_x) ** 2 for x, _ in logs)
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / spread if spread else None


def curves(results):
    """[class][engine] -> [(documents, mean in us)], over results of one corpus at several sizes.

    Only queries on which the engines agree at every size count, so that all points of a curve are
    means over the same queries.
    """
    left_out = sorted(set().union(*(result["left_out"] for result in results)))
    found = {}
    for result in sorted(results, key=lambda result: result["documents"]):
        common = dict(result, left_out=left_out)
        for kind in [*cells.kinds_of(common), "ALL"]:
            cell = cells.make_cell(common, COMMAND, kind, cells.full_engines(common))
            for name, stats in (cell.engines.items() if cell else ()):
                if stats is not None:
                    found.setdefault(kind, {}).setdefault(name, []).append(
                        (result["documents"], stats.mean))
    return found


def exponents(results):
    """[class][engine] -> exponent."""
    return {kind: {name: exponent(points) for name, points in engines.items()}
            for kind, engines in curves(results).items()}
