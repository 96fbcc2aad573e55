// SPDX-License-Identifier: Apache-2.0
#include "corpus/game_corpus.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "corpus/record.h"
#include "tests/corpus/game_testing.h"

namespace segue {
namespace {

using Strings = std::vector<std::string>;

struct Made {
  absl::Status status;
  GameCorpusCounts counts;
  Strings lines;
  Strings bad;
};

Made Make(const Strings& inputs, const GameCorpusOptions& options) {
  Made made;
  made.lines = LinesOf(Captured([&](std::FILE* out) {
    const absl::StatusOr<GameCorpusCounts> counts = WriteGameCorpus(
        inputs, options, out,
        [&made](const absl::Status& status) { made.bad.emplace_back(MessageOf(status)); });
    made.status = counts.status();
    if (counts.ok()) made.counts = *counts;
  }));
  return made;
}

// A line without what its number decides.
std::string WithoutFilter(const std::string& line) {
  return line.substr(0, line.find(",\"filter"));
}

constexpr char kArticles[] =
    "{\"id\":\"7\",\"title\":\"The Sea\",\"text\":\"The sea is wide. It is deep, too.\\n"
    "Waves come and go as they like, day by day.\"}\n"
    "{\"id\":8,\"text\":\"\\u6771\\u4eac \\u6771\\u4eac \\u6771\\u4eac \\u6771\\u4eac "
    "\\u6771\\u4eac \\u6771\\u4eac \\u6771\\u4eac \\u6771\\u4eac\"}\n"
    "{\"title\":\"Caf\\u00e9\",\"contents\":\"\"}\n";

TEST(GameCorpus, NumbersAreWrittenIfWanted) {
  const TempFolder folder;
  const std::string file = folder.Write("a.jsonl", "{\"id\":\"7\",\"text\":\"Sea\"}\n");
  Made made = Make({file}, {});
  ASSERT_EQ(made.lines.size(), 1u);
  std::string wanted = made.lines[0];
  wanted.pop_back();
  wanted += ",\"number\":\"" + std::to_string(GameNumber(0)) + "\"}";
  GameCorpusOptions options;
  options.with_numbers = true;
  EXPECT_EQ(Make({file}, options).lines, Strings{wanted});
}

TEST(GameCorpus, ArticlesAreTitleAndText) {
  const TempFolder folder;
  const Made made = Make({folder.Write("a.jsonl", kArticles)}, {});
  EXPECT_TRUE(made.status.ok()) << made.status;
  EXPECT_EQ(made.lines,
            (Strings{"{\"id\":\"7\",\"text\":\"the sea the sea is wide it is deep too waves come "
                     "and go as they like day by day\",\"filter\":\"" +
                         std::string(FilterWords(0)) + "\"}",
                     "{\"id\":\"3\",\"text\":\"cafe\",\"filter\":\"" + std::string(FilterWords(1)) +
                         "\"}"}));
  EXPECT_EQ(made.counts.documents, 2u);
  EXPECT_EQ(made.counts.words, 21u);
  EXPECT_EQ(made.counts.empty, 1u);
}

TEST(GameCorpus, PassagesAndSentencesAreNumbered) {
  const TempFolder folder;
  const std::string file = folder.Write("a.jsonl", kArticles);
  GameCorpusOptions options;
  options.unit = GameUnit::kPassage;
  options.passages.min_characters = 10;
  options.passages.max_words = 6;
  Strings lines;
  for (const std::string& line : Make({file}, options).lines) lines.push_back(WithoutFilter(line));
  EXPECT_EQ(lines, (Strings{R"({"id":"7#1","text":"the sea is wide it is")",
                            R"({"id":"7#2","text":"deep too")",
                            R"({"id":"7#3","text":"waves come and go as they")",
                            R"({"id":"7#4","text":"like day by day")"}));
  options.unit = GameUnit::kSentence;
  options.sentences.min_characters = 16;
  lines.clear();
  for (const std::string& line : Make({file}, options).lines) lines.push_back(WithoutFilter(line));
  EXPECT_EQ(lines, (Strings{R"({"id":"7#1","text":"the sea is wide")",
                            R"({"id":"7#2","text":"it is deep too")",
                            R"({"id":"7#3","text":"waves come and go as they like day by day")"}));
}

TEST(GameCorpus, SeveralFilesAreToldApart) {
  const TempFolder folder;
  const std::string a = folder.Write("a.jsonl", "{\"id\":\"1\",\"text\":\"x\"}\n");
  const std::string b = folder.Write("b.jsonl", "{\"id\":\"1\",\"text\":\"y\"}\n");
  Strings lines;
  for (const std::string& line : Make({a, b, a}, {}).lines) lines.push_back(WithoutFilter(line));
  EXPECT_EQ(lines, (Strings{R"({"id":"1:1","text":"x")", R"({"id":"2:1","text":"y")",
                            R"({"id":"3:1","text":"x")"}));
}

std::string Numbered(int count) {
  std::string articles;
  for (int i = 0; i < count; ++i) {
    articles += "{\"id\":\"" + std::to_string(i) + "\",\"text\":\"w" + std::to_string(i) + "\"}\n";
  }
  return articles;
}

TEST(GameCorpus, ShufflesBySeed) {
  const TempFolder folder;
  const std::string file = folder.Write("a.jsonl", Numbered(500));
  const auto make = [&file](uint64_t seed, uint64_t limit) {
    GameCorpusOptions options;
    options.shuffle_seed = seed;
    options.limit = limit;
    return Make({file}, options).lines;
  };
  const Strings one = make(1, UINT64_MAX);
  EXPECT_EQ(one, make(1, UINT64_MAX));
  EXPECT_NE(one, make(2, UINT64_MAX));
  Strings kept, all;
  for (const std::string& line : one) kept.push_back(WithoutFilter(line));
  for (const std::string& line : Make({file}, {}).lines) all.push_back(WithoutFilter(line));
  EXPECT_NE(kept, all);
  std::sort(kept.begin(), kept.end());
  std::sort(all.begin(), all.end());
  EXPECT_EQ(kept, all);
  EXPECT_EQ(make(1, 20), Strings(one.begin(), one.begin() + 20));
  // The very order, so that a corpus is the same everywhere.
  EXPECT_EQ(WithoutFilter(one[0]), R"({"id":"389","text":"w389")");
}

TEST(GameCorpus, TheLimitEndsReading) {
  const TempFolder folder;
  const std::string file = folder.Write("a.jsonl", Numbered(3) + "no JSON\n");
  GameCorpusOptions options;
  options.limit = 3;
  const Made made = Make({file, folder.Write("b.jsonl", Numbered(5))}, options);
  EXPECT_EQ(made.lines.size(), 3u);
  EXPECT_EQ(made.counts.documents, 3u);
  EXPECT_TRUE(made.bad.empty());
  options.limit = 0;
  EXPECT_TRUE(Make({file}, options).lines.empty());
  options.unit = GameUnit::kSentence;
  options.sentences.min_characters = 0;
  options.limit = 2;  // in the middle of an article
  const std::string sentences = folder.Write("c.jsonl", "{\"id\":\"1\",\"text\":\"A. B. C.\"}\n");
  EXPECT_EQ(Make({sentences}, options).lines.size(), 2u);
}

TEST(GameCorpus, BadInputIsPassedOver) {
  const TempFolder folder;
  std::string content = "{\"id\":\"1\",\"text\":\"a\"}\n";
  content += "{\"id\":\"2\",\"text\":\"b\xff\"}\n";
  content += "{\"id\":\"3\",\"text\":\"" + std::string(kMaxRecordBytes, 'x') + "\"}\n";
  content += "{\"id\":\"a\\\"\\u00e9\\n\",\"text\":\"" + std::string(1 << 20, ' ') + "c\"}\n";
  const Made made = Make({folder.Write("a.jsonl", content)}, {});
  EXPECT_TRUE(made.status.ok()) << made.status;
  EXPECT_EQ(made.counts.bad_records, 2u);
  ASSERT_EQ(made.bad.size(), 2u);
  EXPECT_NE(made.bad[0].find(":2: not valid UTF-8"), std::string::npos) << made.bad[0];
  EXPECT_NE(made.bad[1].find(":3: longer than"), std::string::npos) << made.bad[1];
  ASSERT_EQ(made.lines.size(), 2u);
  EXPECT_EQ(WithoutFilter(made.lines[1]), "{\"id\":\"a\\\"é\\n\",\"text\":\"c\"");
  // An id with a line break survives the shuffle.
  GameCorpusOptions options;
  options.shuffle_seed = 3;
  Strings shuffled = Make({folder.File("a.jsonl")}, options).lines;
  for (std::string& line : shuffled) line = WithoutFilter(line);
  EXPECT_EQ(std::count(shuffled.begin(), shuffled.end(), WithoutFilter(made.lines[1])), 1);
}

TEST(GameCorpus, NothingInNothingOut) {
  const TempFolder folder;
  GameCorpusOptions options;
  const std::string empty = folder.Write("a.jsonl", "");
  EXPECT_TRUE(Make({empty}, options).lines.empty());
  options.shuffle_seed = 1;
  EXPECT_TRUE(Make({empty}, options).lines.empty());
  EXPECT_EQ(CodeOf(Make({folder.File("missing")}, options).status), ErrorCode::kNotFound);
}

TEST(GameCorpus, AFullDiskIsSaid) {
  const TempFolder folder;
  const std::string file = folder.Write("a.jsonl", Numbered(10));
  std::FILE* const full = std::fopen("/dev/full", "w");
  ASSERT_NE(full, nullptr);
  std::setvbuf(full, nullptr, _IONBF, 0);
  const auto ignore = [](const absl::Status&) {};
  EXPECT_EQ(CodeOf(WriteGameCorpus({file}, {}, full, ignore).status()), ErrorCode::kIo);
  std::fclose(full);
}

TEST(FilterWords, HaveTheirSharesAndAreIndependent) {
  constexpr uint64_t kLines = 400'000;
  std::map<std::string_view, uint64_t> found;
  for (uint64_t line = 0; line < kLines; ++line) ++found[FilterWords(line)];
  const auto expect = [&found](std::string_view words, double share) {
    const double wanted = share * kLines;
    EXPECT_NEAR(static_cast<double>(found[words]), wanted, 5 * std::sqrt(wanted)) << words;
  };
  EXPECT_EQ(found.size(), 8u);
  expect("", .5 * .95 * .995);
  expect("half", .5 * .95 * .995);
  expect("twentieth", .5 * .05 * .995);
  expect("half twentieth", .5 * .05 * .995);
  expect("rare", .5 * .95 * .005);
  expect("half rare", .5 * .95 * .005);
  expect("twentieth rare", .5 * .05 * .005);
  expect("half twentieth rare", .5 * .05 * .005);
  EXPECT_TRUE(IsFilterWord("half") && IsFilterWord("twentieth") && IsFilterWord("rare"));
  EXPECT_FALSE(IsFilterWord("") || IsFilterWord("half rare") || IsFilterWord("all"));
}

TEST(GameNumbers, AreEvenAndIndependentOfTheFilters) {
  constexpr uint64_t kLines = 400'000;
  constexpr uint64_t kTenth = kGameNumbers / 10;
  std::vector<uint64_t> all(10), halves(10);
  for (uint64_t line = 0; line < kLines; ++line) {
    ASSERT_LT(GameNumber(line), kGameNumbers);
    ++all[GameNumber(line) / kTenth];
    halves[GameNumber(line) / kTenth] += FilterWords(line).starts_with("half");
  }
  for (size_t tenth = 0; tenth < 10; ++tenth) {
    EXPECT_NEAR(static_cast<double>(all[tenth]), kLines / 10.0, 5 * std::sqrt(kLines / 10.0));
    EXPECT_NEAR(static_cast<double>(halves[tenth]), kLines / 20.0, 5 * std::sqrt(kLines / 20.0));
  }
}

TEST(GameNumbers, DoNotChange) {
  EXPECT_EQ(GameNumber(0), 667'271u);
  EXPECT_EQ(GameNumber(1), 469'475u);
  EXPECT_EQ(GameNumber(999'999), 964'002u);
}

// The same lines on every machine and for ever: results are compared by line number.
TEST(FilterWords, DoNotChange) {
  std::string halves;
  std::vector<uint64_t> twentieths, rares;
  for (uint64_t line = 0; line < 400; ++line) {
    const std::string_view words = FilterWords(line);
    if (line < 40) halves += words.find("half") == words.npos ? '.' : 'h';
    if (line < 100 && words.find("twentieth") != words.npos) twentieths.push_back(line);
    if (words.find("rare") != words.npos) rares.push_back(line);
  }
  EXPECT_EQ(halves, "..hh.hhh...h....h..h.hhhhh....h..h....hh");
  EXPECT_EQ(twentieths, (std::vector<uint64_t>{7, 50, 86, 93}));
  EXPECT_EQ(rares, (std::vector<uint64_t>{256, 295}));
}

}  // namespace
}  // namespace segue
