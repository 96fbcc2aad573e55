// SPDX-License-Identifier: Apache-2.0
//
// The char filter `mapping` against one that tries every key at every place, with the bytes that
// each byte of the result came from; and its rules as they may be written.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/text/mapping_char_filter.h"
#include "segue/status.h"
#include "tests/text/naive_tokens.h"

namespace segue {
namespace {

using Pairs = std::map<std::string, std::string>;

// A text, and of each byte the piece of the value that it stands for.
struct Filtered {
  std::string text;
  std::vector<std::pair<size_t, size_t>> from;
};

Filtered Whole(std::string_view value) {
  Filtered all;
  all.text = std::string(value);
  for (size_t i = 0; i < value.size(); ++i) all.from.emplace_back(i, i + 1);
  return all;
}

Filtered NaiveMapped(const Filtered& before, const Pairs& pairs) {
  Filtered after;
  for (size_t at = 0; at < before.text.size();) {
    const Pairs::value_type* best = nullptr;
    for (const auto& pair : pairs) {
      if (before.text.compare(at, pair.first.size(), pair.first) != 0) continue;
      if (best == nullptr || pair.first.size() > best->first.size()) best = &pair;
    }
    if (best == nullptr) {
      after.text += before.text[at];
      after.from.push_back(before.from[at]);
      ++at;
      continue;
    }
    after.text += best->second;
    const std::pair piece(before.from[at].first, before.from[at + best->first.size() - 1].second);
    after.from.insert(after.from.end(), best->second.size(), piece);
    at += best->first.size();
  }
  return after;
}

// Of the words of a text the pieces of the value that they stand for.
Tokens NaiveWordsOf(const Filtered& filtered) {
  Tokens words = NaiveWords(filtered.text);
  for (AnalyzedToken& word : words) {
    const size_t first = word.start_byte, last = word.end_byte - 1;
    word.start_byte = static_cast<uint32_t>(filtered.from[first].first);
    word.end_byte = static_cast<uint32_t>(filtered.from[last].second);
  }
  return words;
}

Pairs RandomPairs(SeededRandom* random) {
  const Strings keys = {"a", "b", "ab", "ba", "aab", "é", "éa", "日", "bé日", "x"};
  const Strings values = {"", "a", "b", "é", "abba", " ", "x ", "日本"};
  Pairs pairs;
  for (uint64_t left = random->Between(1, 6); left > 0; --left) {
    pairs[keys[random->Below(keys.size())]] = values[random->Below(values.size())];
  }
  return pairs;
}

std::string FilterOf(const Pairs& pairs) {
  std::string rules;
  for (const auto& [from, to] : pairs) {
    // A space at an end is one of the rule, if it is not escaped.
    std::string escaped;
    for (const char c : to) escaped += c == ' ' ? "\\\\u0020" : std::string(1, c);
    CatTo(&rules, rules.empty() ? "" : ",", "\"", from, " => ", escaped, "\"");
  }
  return Cat(R"({"type":"mapping","mappings":[)", rules, "]}");
}

TEST(MappingModelTest, RandomRulesOneFilterAndTwo) {
  SeededRandom random(791);
  const Strings parts = {"a", "b", "é", "日", " ", "a", "b", "c"};
  size_t changed = 0;
  for (int round = 0; round < 300; ++round) {
    std::vector<Pairs> filters;
    std::string json;
    for (uint64_t left = random.Between(1, 3); left > 0; --left) {
      filters.push_back(RandomPairs(&random));
      CatTo(&json, json.empty() ? "" : ",", FilterOf(filters.back()));
    }
    const std::string definition =
        Cat(R"({"char_filters":[)", json, R"(],"tokenizer":"whitespace"})");
    const std::string value = RandomOf(&random, parts, 0, 30);
    Filtered filtered = Whole(value);
    for (const Pairs& pairs : filters) filtered = NaiveMapped(filtered, pairs);
    changed += filtered.text != value;
    const Tokens found = Analyze(definition, value), wanted = NaiveWordsOf(filtered);
    ASSERT_EQ(found.size(), wanted.size()) << definition << "\n" << value;
    for (size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].term, wanted[i].term) << definition << "\n" << value;
      // With several filters a deletion may lie at the edge of what another one put in: the piece
      // is no smaller than what the word came from.
      EXPECT_LE(found[i].start_byte, wanted[i].start_byte) << definition << "\n" << value;
      EXPECT_GE(found[i].end_byte, wanted[i].end_byte) << definition << "\n" << value;
      EXPECT_LE(found[i].end_byte, value.size());
      if (filters.size() == 1) {
        EXPECT_EQ(found[i], wanted[i]) << definition << "\n" << value;
      }
    }
  }
  EXPECT_GT(changed, 100u);
}

TEST(MappingModelTest, TheTrieFindsTheLongestKey) {
  SeededRandom random(792);
  for (int round = 0; round < 200; ++round) {
    Pairs pairs;
    for (uint64_t left = random.Between(1, 20); left > 0; --left) {
      std::string key;
      for (uint64_t bytes = random.Between(1, 5); bytes > 0; --bytes) {
        key += random.OneIn(4) ? static_cast<char>(random.Below(256)) : "ab"[random.Below(2)];
      }
      pairs[key] = Cat("<", pairs.size(), ">");
    }
    const StringMapping mapping(pairs);
    for (int i = 0; i < 50; ++i) {
      std::string text;
      for (uint64_t bytes = random.Below(8); bytes > 0; --bytes) text += "abc\xff"[random.Below(4)];
      const Pairs::value_type* best = nullptr;
      for (const auto& pair : pairs) {
        if (!text.starts_with(pair.first)) continue;
        if (best == nullptr || pair.first.size() > best->first.size()) best = &pair;
      }
      std::string_view replacement = "untouched";
      ASSERT_EQ(mapping.Match(text, &replacement), best == nullptr ? 0 : best->first.size());
      EXPECT_EQ(replacement, best == nullptr ? "untouched" : best->second);
    }
    for (int byte = 0; byte < 256; ++byte) {
      bool may = false;
      for (const auto& [key, value] : pairs) may |= static_cast<uint8_t>(key[0]) == byte;
      EXPECT_EQ(mapping.MayBegin(static_cast<uint8_t>(byte)), may) << byte;
    }
  }
}

std::string Mapping(std::string_view rule) {
  return Cat(R"({"char_filters":[{"type":"mapping","mappings":[)", rule,
             R"(]}],"tokenizer":"keyword"})");
}

TEST(MappingRulesTest, HowTheyMayBeWritten) {
  const struct {
    const char* rule;  // in JSON
    const char* text;
    const char* wanted;
  } cases[] = {
      {R"("a=>b")", "aa", "bb"},
      {R"("  a  =>  b  ")", "a a", "b b"},
      {R"("a =>")", "xay", "xy"},
      {R"("a b => c")", "a b ab", "c ab"},  // a space within counts
      {R"("\\u0020 => _")", "a b", "a_b"},
      {R"("a => \\u0020")", "xay", "x y"},
      {R"("\\u00E9 => e")", "é", "e"},  // digits of either case
      {R"("\\u00e9 => \\u65e5")", "é", "日"},
      {R"("\\\\ => /")", "a\\b", "a/b"},
      {R"("/ => \\\\")", "a/b", "a\\b"},
      {R"("= => -")", "a=b", "a-b"},
      {R"("a => b => c")", "a", "b => c"},    // the first arrow is the one
      {R"("\\u003d> => x")", "a=>b", "axb"},  // so one in a key is escaped
      {R"("😀 => :D")", "😀😀", ":D:D"},
      {R"("a => b","a => c")", "a", "c"},  // the last one counts
      {R"("a => aa")", "aa", "aaaa"},      // once
      {R"("\\u0000 => 0")", "a", "a"},
  };
  for (const auto& [rule, text, wanted] : cases) {
    EXPECT_EQ(Terms(Mapping(rule), text), Strings{wanted}) << rule;
  }
  // A string counts as a list of one; none changes nothing.
  EXPECT_EQ(Terms(R"({"char_filters":[{"type":"mapping","mappings":"a => b"}],
                      "tokenizer":"keyword"})",
                  "a"),
            Strings{"b"});
  EXPECT_EQ(Terms(R"({"char_filters":["mapping"],"tokenizer":"keyword"})", "a"), Strings{"a"});
}

TEST(MappingRulesTest, WhatIsNoRuleIsQuoted) {
  for (const char* rule : {"a", "a -> b", "a = > b", "=> b", "  => b", "a => \\\\u12",
                           "a => \\\\u12g4", "\\\\x => b", "a => \\\\", "\\\\u00 => x", ""}) {
    const std::string mistake = MistakeOf(Mapping(Cat("\"", rule, "\"")));
    EXPECT_NE(mistake.find("\"mapping\": "), std::string::npos) << rule << ": " << mistake;
    EXPECT_NE(mistake.find("is no rule; write \"FROM => TO\""), std::string::npos) << mistake;
  }
  // One among good ones is enough.
  EXPECT_NE(MistakeOf(Mapping(R"("a => b","c","d => e")")).find("is no rule"), std::string::npos);
}

TEST(MappingRulesTest, SidesAreLimited) {
  const std::string most(1024, 'x');
  EXPECT_EQ(MistakeOf(Mapping(Cat("\"a => ", most, "\""))), "");
  EXPECT_EQ(MistakeOf(Mapping(Cat("\"", most, " => a\""))), "");
  for (const std::string& rule : {Cat("\"a => x", most, "\""), Cat("\"x", most, " => a\"")}) {
    EXPECT_NE(MistakeOf(Mapping(rule)).find("is longer than 1024 bytes"), std::string::npos);
  }
}

// A stream that was asked too much goes on with the next value.
TEST(MappingRulesTest, AStreamLivesOnBehindAValueThatIsTooLong) {
  const auto stream = MakeAnalyzer(Mapping(R"("x => yy")"))->NewStream();
  ASSERT_TRUE(stream->Start("x x").ok());
  // Not read, so that it need not be filled.
  constexpr size_t kTooLong = Analyzer::kMaxValueBytes + 1;
  const std::unique_ptr<char[]> value(new char[kTooLong]);
  const absl::Status status = stream->Start(std::string_view(value.get(), kTooLong));
  EXPECT_EQ(CodeOf(status), ErrorCode::kResourceExhausted);
  EXPECT_NE(status.message().find(Cat(Analyzer::kMaxValueBytes)), std::string::npos) << status;
  ASSERT_TRUE(stream->Start("axb").ok());
  const TokenBatch* const batch = stream->Next();
  ASSERT_NE(batch, nullptr);
  EXPECT_EQ(batch->term(0), "ayyb");
  EXPECT_EQ((*batch)[0].start_byte, 0u);
  EXPECT_EQ((*batch)[0].end_byte, 3u);
  EXPECT_EQ(stream->Next(), nullptr);
}

}  // namespace
}  // namespace segue
