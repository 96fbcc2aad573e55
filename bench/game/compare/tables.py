# SPDX-License-Identifier: Apache-2.0
"""Results as plain text."""
import cells
import goals
import growth


SMALL_PART_BYTES = 50_000  # results.json has the smaller ones, too


def number(value, digits=1):
    return "-" if value is None else "%.*f" % (digits, value)


def percent(share):
    return "-" if share is None else "%.0f %%" % (100 * share)


def title(result):
    run = ", run %d" % result["run"] if result["runs"] > 1 else ""
    return "%s, %s, %d documents%s" % (result["corpus"], result["variant"], result["documents"],
                                       run)


def table(rows, left=2):
    """Aligned columns; the first `left` ones to the left."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        padded = [text.ljust(width) if column < left else text.rjust(width)
                  for column, (text, width) in enumerate(zip(row, widths))]
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines) + "\n"


def summary(result):
    """A line a command and class: the means, and our ratios."""
    engines = cells.full_engines(result)
    rows = [["command", "class", "queries", *engines, "best peer", "ratio", "fastest", "ratio",
             "won"]]
    for cell in cells.all_cells(result):
        means = [number(stats.mean if stats else None) for stats in cell.engines.values()]
        rows.append([cell.command, cell.kind, str(cell.queries), *means, cell.best_peer or "-",
                     number(cell.ratio, 2), number(cell.best_mean), number(cell.best_ratio, 2),
                     percent(cell.share_won)])
    return table(rows)


def details(result):
    """A line an engine, command and class: mean, median, 99th percentile."""
    rows = [["command", "class", "engine", "queries", "mean", "median", "p99"]]
    found = [(cell.kind, cell) for cell in cells.all_cells(result)]
    for peer in cells.sampled_peers(result):
        found += [("%s (sampled for %s)" % (cell.kind, peer), cell)
                  for cell in cells.sampled_cells(result, peer)]
    for kind, cell in found:
        for name, stats in cell.engines.items():
            times = [stats.mean, stats.median, stats.p99] if stats else [None] * 3
            rows.append([cell.command, kind, name, str(cell.queries), *map(number, times)])
    return table(rows, left=3)


def sampled(result):
    """A table for each sampled peer: what it takes beside the others, and our mean through its."""
    sample, texts = result["sample"], []
    for peer in cells.sampled_peers(result):
        rows = [["command", "class", "queries", *cells.full_engines(result), peer, "ratio"]]
        for cell in cells.sampled_cells(result, peer):
            ours, its = cell.engines.get(result["ours"]), cell.engines[peer]
            means = [number(stats.mean if stats else None) for stats in cell.engines.values()]
            rows.append([cell.command, cell.kind, str(cell.queries), *means,
                         number(ours.mean / its.mean if ours else None, 4)])
        text = ("%s, sampled: %d queries, seed %d, best of %d rounds\n\n"
                % (peer, len(sample["queries"]), sample["seed"], sample["rounds"])) + table(rows)
        without = cells.unanswered(result, peer)
        if without:
            text += "No exact answer, left out: %s\n" % ", ".join(map(" ".join, without))
        texts.append(text)
    return "\n".join(texts)


def builds(result):
    rows = [["engine", "version", "wall s", "cpu s", "build MB", "serve MB", "index MB", "parts"]]
    for name, engine in result["engines"].items():
        build = engine["build"]
        parts = sorted((part for part in build["parts"].items() if part[1] >= SMALL_PART_BYTES),
                       key=lambda part: -part[1])
        rows.append([name, engine["version"], number(build["wall_s"]), number(build["cpu_s"]),
                     number(build["peak_rss_bytes"] / 1e6, 0),
                     number(engine["serve_peak_rss_bytes"] / 1e6, 0),
                     number(build["index_bytes"] / 1e6),
                     "  ".join("%s %.1f" % (part, size / 1e6) for part, size in parts)])
    widest = max(len(row[-1]) for row in rows)
    return table([[*row[:-1], row[-1].ljust(widest)] for row in rows])


def _query(query):
    return query["text"] + ("  [%s]" % query["filter"] if query["filter"] else "")


def disagreements(result):
    lines = []
    for said in result["disagreements"]:
        counts = "  ".join("%s %d" % count for count in said["counts"].items())
        lines.append("%s: %s: %s" % (said["command"], _query(result["queries"][said["query"]]),
                                     counts))
    return "\n".join(lines) + "\n" if lines else ""


def worst(result):
    rows = [["command", "class", "query", "ours us", "fastest us", "ratio", "engine"]]
    for ratio, command, index, mine, theirs, name in cells.worst_queries(result):
        query = result["queries"][index]
        rows.append([command, query["kind"], _query(query)[:60], number(mine / 1000),
                     number(theirs / 1000), number(ratio, 2), name])
    return table(rows, left=3)


def missed(runs, most=None):
    """What is short of the goals, for all runs over one corpus and variant; at most so many of the
    slow queries, those first where most time is lost."""
    lines = []
    for result in runs:
        for cell, wanted in goals.missed_cells(result):
            lines.append("%s %s: %.2f of %s, wanted %.2f" % (cell.command, cell.kind, cell.ratio,
                                                            cell.best_peer, wanted))
        for command, share in goals.missed_shares(result):
            lines.append("%s: %s of the queries won, wanted %s"
                         % (command, percent(share), percent(goals.SHARE_WON)))
    slow = sorted(goals.slow_queries(runs), key=lambda row: row[3] - row[2])
    for command, query, mine, theirs, name in slow[:most]:
        lines.append("%s %s: %.1f us against %.1f (%s)" % (command, _query(query), mine / 1000,
                                                          theirs / 1000, name))
    if most is not None and len(slow) > most:
        lines.append("and %d more slow queries (details.txt)" % (len(slow) - most))
    return "".join(line + "\n" for line in lines)


def growing(results):
    """Means over the sizes of a corpus, and the exponents."""
    curves, exponents = growth.curves(results), growth.exponents(results)
    sizes = sorted({result["documents"] for result in results})
    rows = [["class", "engine", *map(str, sizes), "exponent"]]
    for kind, engines in curves.items():
        for name, points in engines.items():
            means = dict(points)
            rows.append([kind, name, *(number(means.get(size)) for size in sizes),
                         number(exponents[kind][name], 2)])
    return table(rows)


def report(outcome):
    """(summary, details): the texts of everything."""
    machine = outcome["machine"]
    head = ("%(processor)s, %(cores)d cores, %(memory_gb)s GB, %(system)s" % machine
            + (", virtual machine" if machine["virtual"] else "") + "\n"
            + "Times in microseconds inside the process: the mean over the queries of each one's "
              "best of %d rounds.\n" % outcome["rounds"])
    short, full = [head], [head]
    groups = {}
    for result in outcome["results"]:
        groups.setdefault((result["corpus"], result["variant"]), []).append(result)
        short += ["\n== %s\n\n" % title(result), summary(result)]
        if cells.sampled_peers(result):
            short += ["\n", sampled(result)]
        full += ["\n== %s\n\n" % title(result), details(result), "\nWorst queries\n\n",
                 worst(result)]
        for text in (short, full):
            text += ["\n", builds(result)]
            if result["disagreements"]:
                text += ["\nThe engines disagree; these queries are not compared:\n",
                         disagreements(result)]
    if outcome["growth"]:
        short += ["\n== %s, %s by number of documents\n\n"
                  % (outcome["growth"][0]["corpus"].split(".")[0], growth.COMMAND),
                  growing(outcome["growth"])]
    for (corpus, variant), runs in groups.items():
        for text, most in ((short, 20), (full, None)):
            text += ["\n== Short of the goals: %s, %s\n\n" % (corpus, variant),
                     missed(runs, most) or "nothing\n"]
    return "".join(short), "".join(full)
