# SPDX-License-Identifier: Apache-2.0
"""The results as one HTML page that needs nothing but itself."""
import html

import cells
import goals
import growth
import plots
import tables

STYLE = """
:root{color-scheme:light dark;--back:#fff;--text:#1b1f24;--dim:#656d76;--line:#d8dee4;
--good:#1a7f37;--bad:#cf222e;--f0:#0969da;--f1:#bc4c00;--f2:#1a7f37;--f3:#8250df;--f4:#bf3989;
--f5:#9a6700;--f6:#57606a}
@media(prefers-color-scheme:dark){:root{--back:#0d1117;--text:#e6edf3;--dim:#8b949e;--line:#30363d;
--good:#3fb950;--bad:#f85149;--f0:#58a6ff;--f1:#ffa657;--f2:#3fb950;--f3:#d2a8ff;--f4:#ff7bac;
--f5:#e3b341;--f6:#8b949e}}
body{background:var(--back);color:var(--text);font:14px/1.45 system-ui,sans-serif;
max-width:1100px;margin:2em auto;padding:0 1em}
h1{font-size:1.6em}h2{margin-top:2em;border-bottom:1px solid var(--line)}
p,figcaption{color:var(--dim)}.scroll{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:1em 0}
th,td{padding:.2em .7em;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}
th{color:var(--dim);font-weight:500}td.name,th.name{text-align:left}tr.all td{font-weight:600}
.good{color:var(--good)}.bad{color:var(--bad)}
figure{display:inline-block;margin:0 1em 1em 0}figcaption{padding-left:46px}
svg text{fill:var(--dim);font-size:11px}.grid{stroke:var(--line);fill:none}
.equal,.half{stroke:var(--dim);fill:none}.half{stroke-dasharray:4 3}
.dots{stroke-width:4;stroke-linecap:round;fill:none;stroke-opacity:.65}
.curve{fill:none;stroke-width:2}
.legend span{margin-right:1.2em}
.legend i{display:inline-block;width:.7em;height:.7em;border-radius:50%;margin-right:.4em}
""" + "".join(".f%d{stroke:var(--f%d)}i.f%d{background:var(--f%d)}\n" % ((n,) * 4)
              for n in range(7))


def _table(head, rows, names=1):
    """`rows` hold (text, style) cells; the first `names` columns are to the left."""
    def line(tag, row, style=""):
        found = ["<tr%s>" % (' class="%s"' % style if style else "")]
        for column, (text, cell_style) in enumerate(row):
            styles = " ".join(filter(None, ["name" if column < names else "", cell_style]))
            found.append("<%s%s>%s</%s>" % (tag, ' class="%s"' % styles if styles else "",
                                            html.escape(text), tag))
        return "".join(found) + "</tr>"
    body = [line("td", row, "all" if row[0][0] == "ALL" else "") for row in rows]
    return ('<div class="scroll"><table><thead>%s</thead><tbody>%s</tbody></table></div>'
            % (line("th", [(text, "") for text in head]), "\n".join(body)))


def _plain(cell_texts):
    return [(text, "") for text in cell_texts]


def _command_table(result, command):
    engines = cells.full_engines(result)
    rows = []
    for cell in cells.all_cells(result):
        if cell.command != command:
            continue
        row = [cell.kind, str(cell.queries)]
        row += [tables.number(cell.engines[name].mean if cell.engines[name] else None)
                for name in engines]
        style = ""
        if cell.ratio is not None:
            style = "bad" if cell.ratio > goals.ratio_wanted(cell) else "good"
        row = _plain(row) + [(tables.number(cell.ratio, 2), style)]
        rows.append(row + _plain([tables.number(cell.best_ratio, 2),
                                  tables.percent(cell.share_won)]))
    head = ["class", "queries", *(name + ", us" for name in engines), "to the best peer",
            "to the fastest of each query", "won"]
    return _table(head, rows)


def _builds(result):
    rows = []
    for name, engine in result["engines"].items():
        build = engine["build"]
        parts = sorted(build["parts"].items(), key=lambda part: -part[1])
        rows.append(_plain([
            name, engine["version"], tables.number(build["wall_s"]),
            tables.number(build["cpu_s"]), tables.number(build["peak_rss_bytes"] / 1e6, 0),
            tables.number(engine["serve_peak_rss_bytes"] / 1e6, 0),
            tables.number(build["index_bytes"] / 1e6),
            ", ".join("%s %.1f" % (part, size / 1e6) for part, size in parts[:6])]))
    return _table(["engine", "version", "build, s", "processor, s", "build, MB", "serving, MB",
                   "index, MB", "largest parts"], rows, names=2)


def _result(result):
    found = ["<h2>%s</h2>" % html.escape(tables.title(result))]
    figures = [plots.scatter(result, command) for command in result["best"]]
    if any(figures):
        found += ["<p>A dot a query. On the line both take the same time; on the dashed one we "
                  "take half.</p>", "".join(figures),
                  plots.legend([name for name, _ in plots.FAMILIES] + ["other"])]
    for command in result["best"]:
        found += ["<h3>%s</h3>" % html.escape(command), _command_table(result, command)]
    if cells.sampled_peers(result):
        found.append("<h3>Peers that were asked a sample</h3><pre>%s</pre>"
                     % html.escape(tables.sampled(result)))
    found += ["<h3>Indexes</h3>", _builds(result)]
    if result["disagreements"]:
        found.append("<h3>Not compared, because the engines disagree</h3><pre>%s</pre>"
                     % html.escape(tables.disagreements(result)))
    found.append("<details><summary>Worst queries</summary><pre>%s</pre></details>"
                 % html.escape(tables.worst(result)))
    found.append("<details><summary>Mean, median and 99th percentile</summary><pre>%s</pre>"
                 "</details>" % html.escape(tables.details(result)))
    return "\n".join(found)


def _growth(results):
    curves = growth.curves(results)
    ours = results[0]["ours"]
    found = ["<h2>Cost against corpus size, %s</h2>" % growth.COMMAND]
    if "ALL" in curves:
        found += [plots.growth_plot(curves["ALL"], "all queries"), plots.legend(curves["ALL"])]
    mine = {kind: engines[ours] for kind, engines in curves.items()
            if ours in engines and kind != "ALL"}
    for first in range(0, len(mine), len(plots.FAMILIES)):
        some = dict(list(mine.items())[first:first + len(plots.FAMILIES)])
        found += [plots.growth_plot(some, "%s by class" % ours), plots.legend(some)]
    found.append("<pre>%s</pre>" % html.escape(tables.growing(results)))
    return "\n".join(found)


def render(outcome):
    machine = outcome["machine"]
    where = "%s, %d cores, %s GB of memory, %s%s" % (
        machine["processor"], machine["cores"], machine["memory_gb"], machine["system"],
        ", virtual machine" if machine["virtual"] else "")
    body = ["<h1>Exact full-text queries, engine by engine</h1>",
            "<p>%s, %s. Microseconds inside the process on one thread, warm, no cache of results: "
            "the mean over the queries of each one's best of %d rounds, engines in turn. Ratios "
            "below 1 are in our favour; green reaches the project's goal.</p>"
            % (html.escape(where), html.escape(outcome["date"]), outcome["rounds"])]
    body += [_result(result) for result in outcome["results"]]
    if outcome["growth"]:
        body.append(_growth(outcome["growth"]))
    return ('<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><title>segue: comparison</title>'
            "<style>%s</style></head>\n<body>%s</body></html>\n" % (STYLE, "\n".join(body)))
