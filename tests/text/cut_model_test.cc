// SPDX-License-Identifier: Apache-2.0
//
// What cuts text at signs, against models that look at one character after another:
// `word_delimiter`, `path_hierarchy`, `char_group`; and what takes whole words away.
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "tests/text/naive_tokens.h"

namespace segue {
namespace {

// --- word_delimiter ---

struct Delimiter {
  bool split_case = true, split_numbers = true, parts = true, joined = true, original = false;

  std::string ToJson() const {
    const auto truth = [](bool value) { return value ? "true" : "false"; };
    return Cat(R"({"type":"word_delimiter","split_case":)", truth(split_case),
               R"(,"split_numbers":)", truth(split_numbers), R"(,"parts":)", truth(parts),
               R"(,"joined":)", truth(joined), R"(,"preserve_original":)", truth(original), "}");
  }
};

enum class Kind { kSign, kSmall, kCapital, kOther, kDigit };

Kind KindOf(std::string_view character) {
  if (character == "a" || character == "b" || character == "é") return Kind::kSmall;
  if (character == "A" || character == "É") return Kind::kCapital;
  if (character == "日") return Kind::kOther;
  if (character == "1" || character == "٣") return Kind::kDigit;
  return Kind::kSign;
}

const Strings kDelimited = {"a", "b", "é", "A", "É", "日", "1", "٣", "-", "/", "。", "_"};

// Parts of a word: where each begins and ends.
std::vector<std::pair<size_t, size_t>> NaiveParts(std::string_view word, const Delimiter& how) {
  std::vector<std::pair<size_t, size_t>> parts;
  const std::vector<size_t> bounds = NaiveBounds(word);
  Kind before = Kind::kSign;
  for (size_t i = 0; i + 1 < bounds.size(); ++i) {
    const Kind kind = KindOf(word.substr(bounds[i], bounds[i + 1] - bounds[i]));
    if (kind != Kind::kSign) {
      bool begins = before == Kind::kSign;
      if (how.split_case && before == Kind::kSmall && kind == Kind::kCapital) begins = true;
      if (how.split_numbers && (before == Kind::kDigit) != (kind == Kind::kDigit)) begins = true;
      if (begins) parts.emplace_back(bounds[i], 0);
      parts.back().second = bounds[i + 1];
    }
    before = kind;
  }
  return parts;
}

Tokens NaiveDelimited(std::string_view text, const Delimiter& how) {
  Tokens tokens;
  size_t next = 0;  // position
  for (const AnalyzedToken& word : NaiveWords(text)) {
    const auto parts = NaiveParts(word.term, how);
    const size_t base = next;
    // A sign without letters takes a place, if it is given or not.
    next = base + (how.parts ? std::max<size_t>(parts.size(), 1) : 1);
    const auto give = [&](std::string_view term, size_t position, size_t begin, size_t end,
                          size_t length) {
      tokens.push_back(NaiveToken(term, position, word.start_byte + begin, word.start_byte + end));
      tokens.back().position_length = static_cast<uint32_t>(length);
    };
    std::string joined;
    for (const auto& [begin, end] : parts) joined += word.term.substr(begin, end - begin);
    const size_t spanned = next - base;
    const bool is_one_part = parts.size() == 1 && joined == word.term;
    if (how.original || is_one_part) give(word.term, base, 0, word.term.size(), spanned);
    if (is_one_part || parts.empty()) continue;
    if (how.joined && parts.size() > 1 && !(how.original && joined == word.term)) {
      give(joined, base, parts.front().first, parts.back().second, spanned);
    }
    if (!how.parts && parts.size() > 1) continue;
    for (size_t i = 0; i < parts.size(); ++i) {
      const auto [begin, end] = parts[i];
      give(word.term.substr(begin, end - begin), base + i, begin, end, 1);
    }
  }
  return tokens;
}

TEST(WordDelimiterModelTest, EveryOptionWithEveryOther) {
  SeededRandom random(781);
  Strings characters = kDelimited;
  characters.insert(characters.end(), 3, " ");
  for (int options = 0; options < 32; ++options) {
    const Delimiter how = {.split_case = (options & 1) != 0,
                           .split_numbers = (options & 2) != 0,
                           .parts = (options & 4) != 0,
                           .joined = (options & 8) != 0,
                           .original = (options & 16) != 0};
    if (!how.parts && !how.joined && !how.original) continue;
    const std::string definition = WithFilter(how.ToJson());
    for (int i = 0; i < 25; ++i) {
      const std::string text = RandomOf(&random, characters, 0, 30);
      ASSERT_EQ(Analyze(definition, text), NaiveDelimited(text, how)) << definition << "\n" << text;
    }
  }
}

// A mark belongs to the character that it stands on, whatever that is.
TEST(WordDelimiterModelTest, MarksDoNotCut) {
  const std::string definition = WithFilter(R"("word_delimiter")");
  EXPECT_EQ(Terms(definition, "e\u0301a"), Strings{"e\u0301a"});
  EXPECT_EQ(Terms(definition, "e\u0301A"), (Strings{"e\u0301A", "e\u0301", "A"}));
  EXPECT_EQ(Terms(definition,
                  "1\u0301"
                  "2"),
            Strings{"1\u0301"
                    "2"});
  EXPECT_EQ(Terms(definition, "-\u0301a"), (Strings{"\u0301a"}));
  EXPECT_EQ(Terms(definition, "कि-ताब"), (Strings{"किताब", "कि", "ताब"}));
}

TEST(WordDelimiterModelTest, WhatSpansSeveralPositionsStays) {
  // The joined shingle is not cut again: its parts would take places that others have.
  const std::string definition =
      WithFilter(R"({"type":"shingle","separator":"-"},"word_delimiter")");
  EXPECT_EQ(Terms(definition, "A/B c"), (Strings{"AB", "A", "B", "A/B-c", "c"}));
}

// --- path_hierarchy ---

Tokens NaivePath(std::string_view text, char delimiter, bool reverse) {
  Strings paths;
  std::vector<std::pair<size_t, size_t>> bytes;
  if (text.empty()) return {};
  if (reverse) bytes.emplace_back(0, text.size());
  for (size_t at = 1; at + 1 < text.size(); ++at) {
    if (text[at] != delimiter) continue;
    // One beside another is part of a name.
    if (!reverse && text[at - 1] != delimiter) bytes.emplace_back(0, at);
    if (reverse && text[at + 1] != delimiter) bytes.emplace_back(at + 1, text.size());
  }
  if (!reverse) bytes.emplace_back(0, text.size());
  Tokens tokens;
  for (const auto& [begin, end] : bytes) {
    tokens.push_back(NaiveToken(text.substr(begin, end - begin), 0, begin, end));
  }
  return tokens;
}

TEST(PathModelTest, FrontsAndEnds) {
  SeededRandom random(782);
  for (int round = 0; round < 400; ++round) {
    const bool reverse = random.OneIn(2);
    const char delimiter = random.OneIn(2) ? '/' : '.';
    const std::string definition =
        Cat(R"({"tokenizer":{"type":"path_hierarchy","delimiter":")", delimiter, R"(","reverse":)",
            reverse ? "true" : "false", "}}");
    const std::string text = RandomOf(&random, {"a", "é", "/", ".", "/", " "}, 0, 14);
    ASSERT_EQ(Analyze(definition, text), NaivePath(text, delimiter, reverse)) << definition << "\n"
                                                                              << text;
  }
}

// A path that is too long for a term has no token, but for the whole; shorter ones have theirs.
TEST(PathModelTest, LongNames) {
  const std::string name(20000, 'x');
  const std::string path = Cat("/a/", name, "/", name);
  EXPECT_EQ(Terms(R"({"tokenizer":"path_hierarchy"})", path),
            (Strings{"/a", Cat("/a/", name), path}));
  EXPECT_EQ(Terms(R"({"tokenizer":{"type":"path_hierarchy","reverse":true}})", path),
            (Strings{path, name}));
}

// --- char_group ---

struct Group {
  const char* json;
  std::function<bool(std::string_view)> holds;
};

bool IsOneOf(std::string_view character, const Strings& set) {
  return std::find(set.begin(), set.end(), character) != set.end();
}

// By hand: what each name means for these.
const Strings kGroupCharacters = {"a", "É",  "日", "1",      "٣",      ",", "“", "+",
                                  "€", "\t", " ",  "\u2003", "\u0301", "²", "_", "\u00a0"};

const std::vector<Group>& Groups() {
  static const std::vector<Group> groups = {
      {R"("whitespace")",
       [](std::string_view c) {
         return IsOneOf(c, {"\t", " ", "\u2003"});
       }},
      {R"("letter")",
       [](std::string_view c) {
         return IsOneOf(c, {"a", "É", "日"});
       }},
      {R"("digit")",
       [](std::string_view c) {
         return IsOneOf(c, {"1", "٣"});
       }},
      {R"("punctuation")",
       [](std::string_view c) {
         return IsOneOf(c, {",", "“", "_"});
       }},
      {R"("symbol")",
       [](std::string_view c) {
         return IsOneOf(c, {"+", "€"});
       }},
      {R"("É")", [](std::string_view c) { return c == "É"; }},
      {R"("a")", [](std::string_view c) { return c == "a"; }},
      {R"("\u00a0")", [](std::string_view c) { return c == "\u00a0"; }},
  };
  return groups;
}

TEST(CharGroupModelTest, EveryNameAndSingleCharacters) {
  SeededRandom random(783);
  for (int round = 0; round < 200; ++round) {
    std::string separators;
    std::vector<const Group*> chosen;
    for (const Group& group : Groups()) {
      if (random.OneIn(2)) continue;
      CatTo(&separators, separators.empty() ? "" : ",", group.json);
      chosen.push_back(&group);
    }
    const size_t most = random.OneIn(2) ? 255 : random.Between(1, 4);
    const std::string definition = Cat(R"({"tokenizer":{"type":"char_group","separators":[)",
                                       separators, R"(],"max_token_length":)", most, "}}");
    const std::string text = RandomOf(&random, kGroupCharacters, 0, 40);
    Tokens wanted;
    const std::vector<size_t> bounds = NaiveBounds(text);
    size_t in_token = 0;
    for (size_t i = 0; i + 1 < bounds.size(); ++i) {
      const std::string_view character =
          std::string_view(text).substr(bounds[i], bounds[i + 1] - bounds[i]);
      const bool separates = std::any_of(chosen.begin(), chosen.end(), [&](const Group* group) {
        return group->holds(character);
      });
      if (separates || in_token == most) in_token = 0;
      if (separates) continue;
      if (in_token++ == 0) {
        wanted.push_back(NaiveToken("", wanted.size(), bounds[i], 0));
      }
      wanted.back().term += character;
      wanted.back().end_byte = static_cast<uint32_t>(bounds[i + 1]);
    }
    ASSERT_EQ(Analyze(definition, text), wanted) << definition << "\n" << text;
  }
}

// --- Words taken away ---

// A position stays where its word went, at the front, between and at the end.
TEST(RemovingModelTest, GapsAreWhereTheWordsWere) {
  SeededRandom random(784);
  const Strings words = {"a ", "bb ", "ccc ", "dddd ", "é ", "日本語 "};
  const struct {
    const char* filter;
    std::function<bool(const std::string&)> keeps;
  } cases[] = {
      {R"({"type":"stop","words":["bb","日本語"]})",
       [](const std::string& word) { return word != "bb" && word != "日本語"; }},
      {R"({"type":"stop","words":[]})", [](const std::string&) { return true; }},
      {R"({"type":"keep","words":["a","é","nothing"]})",
       [](const std::string& word) { return word == "a" || word == "é"; }},
      {R"({"type":"keep","words":[]})", [](const std::string&) { return false; }},
      {R"({"type":"length","min":2,"max":3})",
       [](const std::string& word) {
         const size_t chars = NaiveBounds(word).size() - 1;
         return chars >= 2 && chars <= 3;
       }},
      {R"({"type":"length","min":0})", [](const std::string&) { return true; }},
      {R"({"type":"length","min":0,"max":0})", [](const std::string&) { return false; }},
  };
  for (const auto& [filter, keeps] : cases) {
    for (int round = 0; round < 20; ++round) {
      const std::string text = RandomOf(&random, words, 0, 15);
      Tokens wanted = NaiveWords(text);
      const size_t all = wanted.size();
      std::erase_if(wanted,
                    [&, keeps = keeps](const AnalyzedToken& word) { return !keeps(word.term); });
      ASSERT_EQ(Analyze(WithFilter(filter), text), wanted) << filter << "\n" << text;
      // What is left at the end is told, so that a second value goes on behind it.
      const auto stream = MakeAnalyzer(WithFilter(filter))->NewStream();
      ASSERT_TRUE(stream->Start(text).ok());
      size_t trailing = 0;
      while (const TokenBatch* batch = stream->Next()) trailing = batch->trailing_increment();
      EXPECT_EQ(trailing, wanted.empty() ? all : all - 1 - wanted.back().position) << filter;
    }
  }
}

}  // namespace
}  // namespace segue
