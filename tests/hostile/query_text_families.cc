// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "tests/hostile/query_families.h"

namespace segue {
namespace {

// From 1 to `most`, evenly in its logarithm, so that limits are met from both sides.
size_t Grow(uint64_t number, size_t most) {
  size_t count = 1;
  for (uint64_t i = 0; i <= number; ++i) {
    count = std::max(count + 1, count + count * (most > 4096 ? 6 : 4) / 10);
  }
  return number + 1 == kQueriesInFamily ? most : std::min(count, most);
}

// As many pieces as a text may hold, and now and then more.
std::string FillText(SeededRandom& random, const std::vector<std::string>& pieces, size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += Pick(random, pieces);
  return text;
}

std::string DrawNesting(SeededRandom& random, uint64_t number) {
  const size_t depth = Grow(number, 40000);
  const std::string open = Pick(random, {"(", "(a ", "+(a ", "-(", "title:(", "NOT (", "((a)^2 "});
  const std::string close = Pick(random, {")", ")^3", ")@1", " b)", ""});
  const size_t fits = (kMaxQueryBytes + 200) / (open.size() + close.size());
  return Repeat(open, std::min(depth, fits)) + "a" + Repeat(close, std::min(depth, fits));
}

std::string DrawOperators(SeededRandom& random, uint64_t number) {
  return FillText(random,
                  {"+", "-", "!", " AND ", " OR ", " NOT ", "&&", "||", " a ", ":", "^", "~", "@"},
                  Grow(number, kMaxQueryBytes));
}

std::string DrawUnbalanced(SeededRandom& random, uint64_t number) {
  return FillText(random, {"\"", "(", ")", "[", "]", "{", "}", "/", "<", ">", " a ", " TO ", "\\"},
                  Grow(number, kMaxQueryBytes));
}

std::string DrawLongWord(SeededRandom& random, uint64_t number) {
  const std::string piece =
      Pick(random, {"a", "ab", "\xc3\xa9", "a-", "1.", "_", "a'", "\xf0\x9f\x91\xa8\xe2\x80\x8d"});
  return Repeat(piece, Grow(number, kMaxQueryBytes + 100) / piece.size() + 1);
}

std::string DrawManyWords(SeededRandom& random, uint64_t number) {
  std::string text;
  const size_t words = Grow(number, 30000);
  const bool same = random.OneIn(3);
  for (size_t i = 0; i < words && text.size() < kMaxQueryBytes; ++i) {
    text += Cat(Pick(random, {"", "", "+", "-"}), same ? "common" : Repeat("abc", i % 5), "a ");
  }
  return text;
}

std::string DrawBoosts(SeededRandom& random, uint64_t number) {
  std::string text;
  for (size_t i = Grow(number, 300); i > 0; --i) {
    text += Cat("(common a",
                Pick(random, {"^1e38", "^1e400", "^nan", "^inf", "^-1", "^0", "^1e-45", "^0x7f",
                              "^9999999999999999999999", "^.", "^^2"}),
                ")^3.4e38 ");
  }
  return text;
}

std::string DrawInvalidUtf8(SeededRandom& random, uint64_t number) {
  return FillText(random,
                  {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe4\xb8", " ", "a*",
                   "\"", "~2 ", "\xc3("},
                  Grow(number, kMaxQueryBytes));
}

// Scripts without spaces: one word to the parser, thousands of tokens to the analyzer.
std::string DrawUnbroken(SeededRandom& random, uint64_t number) {
  const std::string piece =
      Pick(random, {"\xe4\xb8\xad", "\xe3\x81\x82", "\xe0\xb8\x81\xe0\xb8\xb2", "\xea\xb0\x80",
                    "a\xcc\x81", "\xf0\x9f\x87\xa9", "\xe3\x82\xa2", "\xd7\x90\xd6\xb0"});
  const std::string quote = random.OneIn(2) ? "\"" : "";
  return quote + Repeat(piece, Grow(number, kMaxQueryBytes - 2) / piece.size()) + quote;
}

std::string DrawMarks(SeededRandom& random, uint64_t number) {
  return "a" + FillText(random,
                        {"\xcc\x81", "\xcc\x82", "\xe2\x80\x8d", "\xef\xb8\x8f", "\xcd\x8f"},
                        Grow(number, kMaxQueryBytes - 8));
}

std::string DrawControls(SeededRandom& random, uint64_t number) {
  return FillText(random,
                  {std::string(1, '\0'), "\x01", "\x1b[2J", "\r", "\n", "\x7f", "a", "\xc2\x85",
                   "\xe2\x80\xa8", "\xef\xbb\xbf"},
                  Grow(number, kMaxQueryBytes));
}

std::string DrawWildcards(SeededRandom& random, uint64_t number) {
  std::string text;
  const size_t patterns = 1 + number * 8;
  for (size_t i = 0; i < patterns && text.size() < kMaxQueryBytes; ++i) {
    text += Repeat(Pick(random, {"*a", "?", "a*", "?*", "*b?c", "*", "\\*a*", "*\xe4\xb8\xad"}),
                   random.Between(1, 40));
    text += " ";
  }
  return text;
}

std::string DrawExpressions(SeededRandom& random, uint64_t number) {
  std::string text;
  for (size_t i = 0; i <= number; ++i) {
    std::string inner = Pick(random, {"(a*)*", "(a|a)*", "(a|aa)+", "[a-c]{0,300}", ".*a.{12}",
                                      "((a{1,30}){1,30}){1,30}", "(.?){200}", "[^a]*b[^b]*",
                                      "(a|b|c)*a(a|b|c){9}", "(((((((((a)))))))))", "\\u{10ffff}"});
    text += Cat("/", Repeat(inner, random.Between(1, 8)), random.OneIn(2) ? "b" : "", "/ ");
  }
  return text;
}

std::string DrawFuzzy(SeededRandom& random, uint64_t number) {
  std::string text;
  for (size_t i = 0; i < 1 + number * 8 && text.size() < kMaxQueryBytes; ++i) {
    text += Repeat(Pick(random, {"a", "ab", "cab", "\xc3\xa9"}), random.Between(1, 40));
    text += Pick(random, {"~2 ", "~1 ", "~ ", "~9 ", "~0.5 ", "~-1 ", "~1e9 "});
  }
  return text;
}

std::string DrawPhrases(SeededRandom& random, uint64_t number) {
  const std::string word = Pick(random, {"same ", "common ", "same other ", "a b ", "absent "});
  return Cat("\"", Repeat(word, Grow(number, 12000)), "\"");
}

std::string DrawRanges(SeededRandom& random, uint64_t number) {
  std::string text;
  for (size_t i = 0; i < 1 + number * 8; ++i) {
    text += Pick(random, {"body:[* TO *] ", "body:[a TO c} ", "tag:{c TO a} ", "[a TO b] ",
                          "n:[1 TO 9] ", "body:[a TO ", "tag:[\"\" TO \xff] ", "{* TO *} "});
  }
  return text;
}

std::string DrawAreas(SeededRandom& random, uint64_t number) {
  return FillText(random,
                  {"place:BOX(",
                   "place:AROUND(",
                   "n:BOX(1, 2, 3, 4) ",
                   "{}:AROUND(",
                   "BOX(",
                   "1",
                   ", ",
                   ",",
                   ")",
                   "km",
                   "-180",
                   "90.0000001",
                   "1e308",
                   "nan",
                   "inf",
                   "  ",
                   "^2 ",
                   "place:AROUND(48, 11, 5000km) ",
                   "-place:BOX(-90, 1, 90, -1) ",
                   "99999999999999999999999"},
                  Grow(number, 20000));
}

std::string DrawLeastMatches(SeededRandom& random, uint64_t number) {
  std::string text;
  for (size_t i = 0; i <= number * 3; ++i) {
    text +=
        Cat("(common a b ab)",
            Pick(random, {"@4", "@4294967295", "@99999999999999999999", "@0", "@-1", "@"}), " ");
  }
  return text;
}

std::string DrawFields(SeededRandom& random, uint64_t number) {
  return FillText(
      random, {"title:", "body:",    "n:",       "*:",          "t*:",           "{title^2 body}:",
               "{",      "{}:",      "}:",       "blob:",       "absent:",       ":",
               "a",      "x:1e999 ", "at:2000 ", "flag:maybe ", "bare:\"a b\" ", "tag:(",
               ")",      " "},
      Grow(number, 20000));
}

std::string DrawPrefixes(SeededRandom& random, uint64_t number) {
  std::string text;
  for (size_t i = 0; i < 1 + number * 8; ++i) {
    text +=
        Pick(random, {"a* ", "*:* ", "c* ", "ab* ", "tag:t* ", "title:* ", "* ", "body:same* "});
  }
  return text;
}

std::string DrawFunctions(SeededRandom& random, uint64_t number) {
  return FillText(random,
                  {"a", "^log1p(", "n", ")", ", factor=", "1e308", "^gauss(x, origin=3)",
                   "NOT^0.5 ", "(", "\"", "^value(n)", " ", "a^sqrt(n, combine=add)", "=", ","},
                  Grow(number, kMaxQueryBytes));
}

std::string DrawCalls(SeededRandom& random, uint64_t number) {
  return FillText(random,
                  {"NEAR(",
                   "ORDERED(",
                   "PHRASE(",
                   "ATLEAST(2, ",
                   "CONTAINING(",
                   "NOT_WITHIN(same, ",
                   "LIKE(",
                   "body:LIKE(same common",
                   "same ",
                   "a* ",
                   "(",
                   ")",
                   ", 5)",
                   ", max_terms=1024)",
                   ", min_doc_freq=0)",
                   ", ",
                   "\"",
                   "=",
                   "99999999999999999999",
                   " ",
                   "^2 "},
                  Grow(number, kMaxQueryBytes));
}

std::string DrawEscapes(SeededRandom& random, uint64_t number) {
  return FillText(random, {"\\", "\\\\", "\\\"", "a", "\"", "\\ ", "\\u0041"},
                  Grow(number, kMaxQueryBytes));
}

std::string DrawAnything(SeededRandom& random, uint64_t number) {
  return DrawBytes(random, Grow(number, kMaxQueryBytes));
}

}  // namespace

std::vector<TextFamily> QueryTextFamilies() {
  return {
      {"nesting", "recursion, or time in the square of the depth", DrawNesting},
      {"operators", "a grammar that tries every reading", DrawOperators},
      {"unbalanced", "looking for an end that never comes, again and again", DrawUnbalanced},
      {"long word", "copies of a word, edits of it, messages that quote it", DrawLongWord},
      {"many words", "a list for each", DrawManyWords},
      {"boosts", "scores that are no numbers", DrawBoosts},
      {"invalid UTF-8", "reading past the end, endless steps of nothing", DrawInvalidUtf8},
      {"unbroken scripts", "one word of thousands of tokens", DrawUnbroken},
      {"combining marks", "graphemes without end", DrawMarks},
      {"control characters", "texts that end at NUL, terminals that obey", DrawControls},
      {"wildcards", "backtracking; automata that double with each star", DrawWildcards},
      {"regular expressions", "the same, written shorter", DrawExpressions},
      {"fuzzy words", "neighbourhoods of everything", DrawFuzzy},
      {"phrases", "positions of one word against themselves", DrawPhrases},
      {"ranges", "all terms there are, many times", DrawRanges},
      {"areas", "a thousand areas; numbers and spaces run through again and again", DrawAreas},
      {"least matches", "numbers that do not fit", DrawLeastMatches},
      {"fields", "types that do not fit", DrawFields},
      {"prefixes", "all terms there are, many times", DrawPrefixes},
      {"functions", "calls that never end, looked through again and again", DrawFunctions},
      {"calls", "words near each other, texts, and neither", DrawCalls},
      {"escapes", "what is behind the last character", DrawEscapes},
      {"any bytes", "whatever nobody thought of", DrawAnything},
  };
}

}  // namespace segue
