#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes engine/text/word_tables.inc: the grammar of the `standard` tokenizer as an automaton.

Usage: make_word_tables.py [/usr/share/unicode] > engine/text/word_tables.inc

The rules say which strings are tokens. The tokenizer takes the longest match at each place (the
first rule of the list wins a tie) and skips one character where none matches; that gives the
segments of UAX #29 that hold a letter, a digit, a kana, an ideograph or an emoji, with the
differences that docs/analysis.md lists. They are those of Lucene's StandardTokenizer 10.
"""

import sys

from automaton import Set, compile_rules, optional, plus, star
from unicode_data import CODE_POINTS, UnicodeData, write_array, write_head, write_two_stage

# In the order of enum TokenType, and of preference among matches of equal length: see `rules`.
TYPES = ["kAlphanum", "kNum", "kSoutheastAsian", "kIdeographic", "kHiragana", "kKatakana",
         "kHangul", "kEmoji"]


def grammar(ucd):
    def word_break(*values):
        return set().union(*(ucd.property("auxiliary/WordBreakProperty.txt", v) for v in values))

    def emoji(value):
        return ucd.property("emoji/emoji-data.txt", value)

    def script(value):
        return ucd.property("Scripts.txt", value)

    # WB4: a character takes the marks, format characters and joiners behind it along.
    marks = word_break("Extend", "Format", "ZWJ")

    def with_marks(codes):
        return Set(codes) + star(Set(marks))

    letters = word_break("ALetter", "Hebrew_Letter")
    letter = with_marks(letters)
    hebrew = with_marks(word_break("Hebrew_Letter"))
    digit = with_marks(word_break("Numeric"))
    katakana = with_marks(word_break("Katakana"))
    connectors = star(with_marks(word_break("ExtendNumLet")))
    some_connectors = plus(with_marks(word_break("ExtendNumLet")))
    quote = with_marks(word_break("Single_Quote"))
    double_quote = with_marks(word_break("Double_Quote"))
    between_letters = with_marks(word_break("MidLetter", "MidNumLet", "Single_Quote"))
    between_digits = with_marks(word_break("MidNum", "MidNumLet", "Single_Quote"))

    # WB8, WB11, WB12, WB13a, WB13b.
    digits = digit + star((connectors | between_digits) + digit)
    number = connectors + digits + connectors

    # WB5 to WB7c, WB9, WB10, WB13 to WB13b. Katakana joins letters only over a connector.
    letter_run = letter + star((connectors | between_letters) + letter)
    hebrew_run = hebrew + (quote | (double_quote + hebrew))
    piece = (katakana + star(connectors + katakana)) | plus(hebrew_run | digits | letter_run)
    word = connectors + piece + star(some_connectors + piece) + connectors

    # The emoji sequences of UTS #51. The presentation selectors are marks everywhere but here.
    selectors = {0xFE0E, 0xFE0F}
    inner_marks = star(Set(marks - selectors))
    emoji_selector = optional(Set({0xFE0F}))
    joiner = Set(word_break("ZWJ"))
    keycap_bases = set(map(ord, "0123456789#*"))
    not_by_emoji_property = (word_break("Regional_Indicator") | keycap_bases |
                             {0xA9, 0xAE, 0x2122, 0x3030, 0x303D} | emoji("Emoji_Modifier"))
    pictures = emoji("Extended_Pictographic") | (emoji("Emoji") - not_by_emoji_property)
    modifier_base = star(joiner) + Set(emoji("Emoji_Modifier_Base")) + inner_marks
    element = ((star(joiner) + Set(pictures) + inner_marks + emoji_selector) |
               (optional(modifier_base) + Set(emoji("Emoji_Modifier")) + inner_marks))
    tags = plus(Set(range(0xE0020, 0xE007F))) + Set({0xE007F})
    flag = with_marks(word_break("Regional_Indicator"))
    emoji_sequence = ((element + (star(joiner + element) | tags)) |
                      (Set(keycap_bases) + inner_marks + emoji_selector +
                       Set({0x20E3}) + inner_marks) |
                      (flag + flag))

    hangul = plus(with_marks(script("Hangul") & letters))
    southeast_asian = plus(with_marks(ucd.property("LineBreak.txt", "SA")))
    return [("kEmoji", emoji_sequence),
            ("kNum", number),
            ("kHangul", hangul),
            ("kKatakana", plus(katakana)),
            ("kAlphanum", word),
            ("kSoutheastAsian", southeast_asian),
            ("kIdeographic", with_marks(script("Han"))),
            ("kHiragana", with_marks(script("Hiragana")))]


def main():
    ucd = UnicodeData(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode")
    rules = grammar(ucd)
    class_of, classes, transitions, accepted = compile_rules([r for _, r in rules], CODE_POINTS)
    types = [0] + [TYPES.index(name) + 1 for name, _ in rules]
    out = sys.stdout
    write_head(out, "make_word_tables.py", ucd.version())
    out.write('inline constexpr char kUnicodeVersion[] = "%s";\n' % ucd.version())
    out.write("inline constexpr int kWordClasses = %d;\n" % classes)
    out.write("inline constexpr int kWordStates = %d;\n" % len(transitions))
    write_two_stage(out, "WordClass", class_of)
    write_array(out, "// 1 + TokenType of the token that may end here, or 0.\n"
                "inline constexpr uint8_t kWordAccept[%d]" % len(accepted),
                [types[a] for a in accepted])
    write_array(out, "// [state][class]; state 0 is dead, state 1 the start.\n"
                "inline constexpr uint8_t kWordNext[%d]" % (len(transitions) * classes),
                [t for row in transitions for t in row])


if __name__ == "__main__":
    main()
