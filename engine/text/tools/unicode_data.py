# SPDX-License-Identifier: Apache-2.0
"""Reads the Unicode character database as Debian's package unicode-data lays it out."""

import os
import re

CODE_POINTS = 0x110000


class UnicodeData:
    """Properties as sets of code points, read on demand from `folder`."""

    def __init__(self, folder):
        self.folder = folder
        self._files = {}
        self.names, self.categories = {}, {}
        self.lower, self.decompositions = {}, {}
        self._read_unicode_data()

    def version(self):
        with open(os.path.join(self.folder, "PropList.txt"), encoding="utf-8") as f:
            return re.match(r"# PropList-([0-9.]+)\.txt", f.readline()).group(1)

    def property(self, file, value):
        """All code points for which `file` says `value`."""
        if file not in self._files:
            self._files[file] = self._read_ranges(file)
        return self._files[file].get(value, set())

    def _read_ranges(self, file):
        values = {}
        with open(os.path.join(self.folder, file), encoding="utf-8") as f:
            for line in f:
                fields = [x.strip() for x in line.split("#")[0].split(";")]
                if len(fields) < 2:
                    continue
                first, _, last = fields[0].partition("..")
                codes = range(int(first, 16), int(last or first, 16) + 1)
                values.setdefault(fields[1], set()).update(codes)
        return values

    def _read_unicode_data(self):
        path = os.path.join(self.folder, "UnicodeData.txt")
        with open(path, encoding="utf-8") as f:
            range_begin = None
            for line in f:
                fields = line.rstrip("\n").split(";")
                code, name = int(fields[0], 16), fields[1]
                if name.endswith(", First>"):
                    range_begin = code
                    continue
                first = code if range_begin is None else range_begin
                range_begin = None
                for c in range(first, code + 1):
                    self.categories[c] = fields[2]
                self.names[code] = name
                if fields[5]:
                    parts = fields[5].split()
                    if parts[0].startswith("<"):
                        parts = parts[1:]
                    self.decompositions[code] = [int(x, 16) for x in parts]
                if fields[13]:
                    self.lower[code] = int(fields[13], 16)

    def case_folding(self):
        """Full case folding (C + F of CaseFolding.txt): code point -> list."""
        folding = {}
        path = os.path.join(self.folder, "CaseFolding.txt")
        with open(path, encoding="utf-8") as f:
            for line in f:
                fields = [x.strip() for x in line.split("#")[0].split(";")]
                if len(fields) >= 3 and fields[1] in ("C", "F"):
                    codes = [int(x, 16) for x in fields[2].split()]
                    folding[int(fields[0], 16)] = codes
        return folding

    def compatibility_decomposition(self, code):
        if code not in self.decompositions:
            return [code]
        out = []
        for part in self.decompositions[code]:
            out += self.compatibility_decomposition(part)
        return out


def two_stage(values, block_bits=7):
    """Splits a list of CODE_POINTS small numbers into (block numbers, blocks)."""
    size = 1 << block_bits
    index, blocks, seen = [], [], {}
    for begin in range(0, CODE_POINTS, size):
        block = tuple(values[begin:begin + size])
        if block not in seen:
            seen[block] = len(blocks)
            blocks.append(block)
        index.append(seen[block])
    return index, blocks


def write_array(out, declaration, values):
    """`declaration` = {…} with lines of at most 100 characters."""
    out.write(declaration + " = {\n")
    line = "   "
    for value in values:
        text = " %s," % value
        if len(line) + len(text) > 100:
            out.write(line + "\n")
            line = "   "
        line += text
    out.write(line + "\n};\n")


def write_two_stage(out, name, values, kind="uint8_t"):
    index, blocks = two_stage(values)
    flat = [x for block in blocks for x in block]
    index_kind = "uint8_t" if len(blocks) <= 256 else "uint16_t"
    write_array(out, "inline constexpr %s k%sBlock[%d]" % (index_kind, name, len(index)), index)
    write_array(out, "inline constexpr %s k%sValue[%d]" % (kind, name, len(flat)), flat)


def write_head(out, script, version):
    out.write("// SPDX-License-Identifier: Apache-2.0 AND Unicode-DFS-2016\n")
    out.write("// Made by engine/text/tools/%s from Unicode %s data. Do not edit.\n" % (script, version))
