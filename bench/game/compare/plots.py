# SPDX-License-Identifier: Apache-2.0
"""Small SVG plots with logarithmic axes; colours come from the page's style."""
import html
import math

import cells

# Class -> family; a family is a colour (style `fN` of the page, in this order).
FAMILIES = [("one term", ("term",)), ("all", ("and2", "and3", "and_more")),
            ("any", ("or2", "or3", "or_more", "stop_words", "long_or")),
            ("phrase", ("phrase", "two_phase")), ("must, should, not", ("must_should", "negated")),
            ("filtered", ("filtered_half", "filtered_twentieth", "filtered_rare"))]


def family_of(kind):
    for number, (_, kinds) in enumerate(FAMILIES):
        if kind in kinds:
            return number
    return len(FAMILIES)


def legend(labels):
    """Dots with names; a label's place in the list is its colour."""
    return '<p class="legend">%s</p>' % " ".join(
        '<span><i class="f%d"></i>%s</span>' % (number, html.escape(label))
        for number, label in enumerate(labels))


def plain(value):
    """1, 10, 1k, 1M, 0.1."""
    for size, suffix in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return "%g%s" % (value / size, suffix)
    return "%g" % value


class Axes:
    """A square of decades. x and y are in the units of the labels."""
    SIDE, LEFT, BELOW, ABOVE = 260, 46, 38, 8

    def __init__(self, xs, ys, x_label, y_label):
        self.x0, self.x1 = self._decades(xs)
        self.y0, self.y1 = self._decades(ys)
        self.parts = []
        self._grid(x_label, y_label)

    @staticmethod
    def _decades(values):
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        return low, max(high, low + 1)

    def x(self, value):
        share = (math.log10(value) - self.x0) / (self.x1 - self.x0)
        return self.LEFT + self.SIDE * share

    def y(self, value):
        share = (math.log10(value) - self.y0) / (self.y1 - self.y0)
        return self.ABOVE + self.SIDE * (1 - share)

    def _text(self, x, y, text, anchor="middle", more=""):
        self.parts.append('<text x="%.1f" y="%.1f" text-anchor="%s"%s>%s</text>'
                          % (x, y, anchor, more, html.escape(text)))

    def _grid(self, x_label, y_label):
        bottom, right = self.ABOVE + self.SIDE, self.LEFT + self.SIDE
        for decade in range(self.x0, self.x1 + 1):
            x = self.x(10.0 ** decade)
            self.parts.append('<path class="grid" d="M%.1f %dV%d"/>' % (x, self.ABOVE, bottom))
            self._text(x, bottom + 14, plain(10.0 ** decade))
        for decade in range(self.y0, self.y1 + 1):
            y = self.y(10.0 ** decade)
            self.parts.append('<path class="grid" d="M%d %.1fH%d"/>' % (self.LEFT, y, right))
            self._text(self.LEFT - 5, y + 4, plain(10.0 ** decade), "end")
        self._text((self.LEFT + right) / 2, bottom + 32, x_label)
        middle = (self.ABOVE + bottom) / 2
        self._text(12, middle, y_label, more=' transform="rotate(-90 12 %.1f)"' % middle)

    def line_of_ratio(self, ratio, style):
        """y = ratio * x, as far as it lies inside."""
        begin = max(10.0 ** self.x0, 10.0 ** self.y0 / ratio)
        end = min(10.0 ** self.x1, 10.0 ** self.y1 / ratio)
        if begin < end:
            self.line([(begin, ratio * begin), (end, ratio * end)], style)

    def line(self, points, style):
        path = "L".join("%.1f %.1f" % (self.x(x), self.y(y)) for x, y in points)
        self.parts.append('<path class="%s" d="M%s"/>' % (style, path))

    def dots(self, points, style):
        if points:
            path = "".join("M%.1f %.1fh0" % (self.x(x), self.y(y)) for x, y in points)
            self.parts.append('<path class="dots %s" d="%s"/>' % (style, path))

    def svg(self, name):
        width = self.LEFT + self.SIDE + 20
        height = self.ABOVE + self.SIDE + self.BELOW
        return ('<figure><figcaption>%s</figcaption><svg viewBox="0 0 %d %d" width="%d" role="img" '
                'aria-label="%s">%s</svg></figure>'
                % (html.escape(name), width, height, width, html.escape(name),
                   "".join(self.parts)))


def scatter(result, command):
    """A dot a query: ours over the fastest peer. Empty if there is nothing to compare."""
    pairs = cells.against_best(result, command)
    if not pairs:
        return ""
    both = [time / 1000 for _, mine, theirs, _ in pairs for time in (mine, theirs)]
    axes = Axes(both, both, "fastest peer, us", "%s, us" % result["ours"])
    axes.line_of_ratio(1, "equal")
    axes.line_of_ratio(0.5, "half")
    for family in range(len(FAMILIES) + 1):
        axes.dots([(theirs / 1000, mine / 1000) for index, mine, theirs, _ in pairs
                   if family_of(result["queries"][index]["kind"]) == family], "f%d" % family)
    return axes.svg(command)


def growth_plot(curves, name):
    """`curves`: [label] -> [(documents, us)]; the labels' places are their colours."""
    points = [point for curve in curves.values() for point in curve]
    axes = Axes([x for x, _ in points], [y for _, y in points], "documents", "mean, us")
    for number, curve in enumerate(curves.values()):
        axes.line(curve, "curve f%d" % number)
        axes.dots(curve, "f%d" % number)
    return axes.svg(name)
