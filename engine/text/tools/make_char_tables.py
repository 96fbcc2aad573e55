#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes engine/text/char_tables.inc: kinds of characters, lower case, folding.

Usage: make_char_tables.py [/usr/share/unicode] > engine/text/char_tables.inc
"""

import re
import sys

from unicode_data import CODE_POINTS, UnicodeData, write_array, write_head, write_two_stage

LETTER, SPACE, MAY_FOLD = 1, 2, 4

# Letters and signs without a decomposition whose names do not give them away.
TO_ASCII_BY_HAND = {
    0xC6: "AE", 0xE6: "ae", 0x1E2: "AE", 0x1E3: "ae", 0x1FC: "AE", 0x1FD: "ae",
    0xD0: "D", 0xF0: "d", 0xDE: "TH", 0xFE: "th", 0xDF: "ss", 0x1E9E: "SS",
    0x131: "i", 0x138: "q", 0x149: "'n", 0x14A: "N", 0x14B: "n", 0x152: "OE", 0x153: "oe",
    0x17F: "s", 0x18E: "E", 0x18F: "A", 0x1DD: "e", 0x259: "a", 0x237: "j",
    0x195: "hv", 0x1F6: "HV", 0x1BF: "w", 0x1F7: "W",
    0xAB: '"', 0xBB: '"', 0x2010: "-", 0x2011: "-", 0x2012: "-", 0x2013: "-", 0x2014: "-",
    0x2018: "'", 0x2019: "'", 0x201A: "'", 0x201B: "'", 0x201C: '"', 0x201D: '"', 0x201E: '"',
    0x2032: "'", 0x2033: '"', 0x2039: "'", 0x203A: "'", 0x2044: "/", 0x2052: "%",
}


def java_whitespace(ucd):
    """Character.isWhitespace(): separators except the non-breaking ones, and some controls."""
    spaces = {c for c, k in ucd.categories.items() if k in ("Zs", "Zl", "Zp")}
    return (spaces - {0xA0, 0x2007, 0x202F}) | set(range(0x9, 0xE)) | set(range(0x1C, 0x20))


def to_ascii(ucd):
    """The ASCII text that a character stands for when its marks are dropped."""
    folded = {}
    for code, name in ucd.names.items():
        if code < 0x80:
            continue
        parts = [p for p in ucd.compatibility_decomposition(code)
                 if ucd.categories[p] not in ("Mn", "Me")]
        if code in ucd.decompositions:
            parts = [ord(TO_ASCII_BY_HAND[p]) if len(TO_ASCII_BY_HAND.get(p, "")) == 1 else p
                     for p in parts]
        if parts and all(0x20 < p < 0x80 for p in parts):
            folded[code] = "".join(map(chr, parts))
            continue
        match = re.fullmatch(r"LATIN (SMALL|CAPITAL|LETTER SMALL CAPITAL)(?: LETTER)? "
                             r"(?:DOTLESS |TURNED |REVERSED |OPEN |CLOSED |INSULAR )*([A-Z]{1,2})"
                             r"(?: WITH .*)?", name)
        if match and (len(match.group(2)) == 1 or match.group(2) in ("AE", "OE", "DZ", "LJ", "NJ")):
            text = match.group(2)
            folded[code] = text.lower() if match.group(1) == "SMALL" else text
    folded.update(TO_ASCII_BY_HAND)
    # A letter with a base that was folded by hand (ǽ = æ + mark) is folded too.
    for code in ucd.decompositions:
        parts = [p for p in ucd.compatibility_decomposition(code)
                 if ucd.categories[p] not in ("Mn", "Me")]
        if code >= 0x80 and code not in folded and len(parts) == 1 and parts[0] in folded:
            folded[code] = folded[parts[0]]
    return folded


def write_lower(out, ucd):
    deltas = sorted({ucd.lower[c] - c for c in ucd.lower})
    number = {0: 0}
    for delta in deltas:
        number.setdefault(delta, len(number))
    write_two_stage(out, "Lower", [number[ucd.lower.get(c, c) - c] for c in range(CODE_POINTS)])
    write_array(out, "inline constexpr int32_t kLowerDelta[%d]" % len(number), list(number))


def write_folding(out, ucd):
    folding = ucd.case_folding()
    number, singles = {0: 0}, {}
    for code, to in folding.items():
        if len(to) == 1:
            singles[code] = number.setdefault(to[0] - code, len(number))
    several = sorted(c for c in folding if len(folding[c]) > 1)
    kinds = [singles.get(c, 0) for c in range(CODE_POINTS)]
    for code in several:
        kinds[code] = 255
    assert len(number) < 255
    write_two_stage(out, "Fold", kinds)
    write_array(out, "inline constexpr int32_t kFoldDelta[%d]" % len(number), list(number))
    rows = ["{0x%x, {%s}}" % (c, ", ".join("0x%x" % x for x in (folding[c] + [0, 0])[:3]))
            for c in several]
    write_array(out, "inline constexpr struct {\n  char32_t from, to[3];\n} kFoldSeveral[%d]" %
                len(rows), rows)


def c_string(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')


def main():
    ucd = UnicodeData(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode")
    out = sys.stdout
    write_head(out, "make_char_tables.py", ucd.version())
    spaces, ascii_of = java_whitespace(ucd), to_ascii(ucd)
    marks = {c for c, k in ucd.categories.items() if k in ("Mn", "Me")}
    kinds = [0] * CODE_POINTS
    for code, category in ucd.categories.items():
        kinds[code] = ((LETTER if category[0] == "L" else 0) | (SPACE if code in spaces else 0) |
                       (MAY_FOLD if code in ascii_of else 0))
    out.write("enum CharKind : uint8_t { kLetterKind = 1, kSpaceKind = 2, kFoldsToAsciiKind = 4 };\n")
    write_two_stage(out, "CharKind", kinds)
    write_lower(out, ucd)
    write_folding(out, ucd)
    rows = ["{0x%x, %s}" % (c, c_string(ascii_of[c])) for c in sorted(ascii_of)]
    write_array(out, "inline constexpr struct {\n  char32_t from;\n  const char* to;\n} "
                "kToAscii[%d]" % len(rows), rows)
    # Combining marks that follow an ASCII letter vanish: the blocks of diacritics in general use.
    wanted = [c for c in sorted(marks) if 0x300 <= c < 0x370 or 0x1AB0 <= c < 0x1B00 or
              0x1DC0 <= c < 0x1E00 or 0x20D0 <= c < 0x2100 or 0xFE20 <= c < 0xFE30]
    ranges = []
    for code in wanted:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    write_array(out, "inline constexpr struct {\n  char32_t first, last;\n} kDiacritics[%d]" %
                len(ranges), ["{0x%x, 0x%x}" % tuple(r) for r in ranges])


if __name__ == "__main__":
    main()
