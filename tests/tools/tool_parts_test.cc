// SPDX-License-Identifier: Apache-2.0
//
// Parts of the tool without a process around them: what flags mean, how answers are summed up, and
// what becomes of a folder.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "segue/status.h"
#include "tests/corpus/temp_folder.h"
#include "tests/support/seeded_random.h"
#include "tools/console.h"
#include "tools/fresh_folder.h"
#include "tools/order_flag.h"
#include "tools/reading.h"
#include "tools/results.h"
#include "tools/threads_flag.h"
#include "tools/wait_flag.h"

namespace segue {
namespace {

TEST(OrderFlagTest, NamesAndFields) {
  const struct {
    const char* name;
    DocumentOrder order;
    const char* field;
  } cases[] = {
      {"", DocumentOrder::kAsAdded, ""},
      {"none", DocumentOrder::kAsAdded, ""},
      {"quick", DocumentOrder::kQuick, ""},
      {"full", DocumentOrder::kFull, ""},
      {"+year", DocumentOrder::kAscending, "year"},
      {"-year", DocumentOrder::kDescending, "year"},
      {"-+x", DocumentOrder::kDescending, "+x"},  // the rest is a name, whatever it is
      {"+none", DocumentOrder::kAscending, "none"},
  };
  for (const auto& [name, order, field] : cases) {
    const absl::StatusOr<ChosenOrder> chosen = OrderFlag{name}.Read();
    ASSERT_TRUE(chosen.ok()) << chosen.status();
    EXPECT_EQ(chosen->order, order) << name;
    EXPECT_EQ(chosen->field, field) << name;
  }
  for (const char* wrong : {"+", "-", "Quick", "year", " quick", "random"}) {
    const absl::Status status = OrderFlag{wrong}.Read().status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << wrong;
    EXPECT_NE(status.message().find("--order takes none, quick, full, +FIELD or -FIELD, not "),
              std::string::npos)
        << status;
  }
}

TEST(CountFlagTest, WordsAndNumbers) {
  const struct {
    const char* text;
    CountMode mode;
    uint64_t at_least;
  } cases[] = {{"exact", CountMode::kExact, 0},
               {"none", CountMode::kNone, 0},
               {"0", CountMode::kAtLeast, 0},
               {"1000", CountMode::kAtLeast, 1000},
               {"18446744073709551615", CountMode::kAtLeast, UINT64_MAX}};
  for (const auto& [text, mode, at_least] : cases) {
    const auto count = ParseCount(text);
    ASSERT_TRUE(count.ok()) << count.status();
    EXPECT_EQ(count->first, mode) << text;
    EXPECT_EQ(count->second, at_least) << text;
  }
  for (const char* wrong :
       {"", "all", "Exact", "-1", "1.5", "1e3", " 1", "1 ", "18446744073709551616"}) {
    EXPECT_EQ(CodeOf(ParseCount(wrong).status()), ErrorCode::kInvalidArgument) << wrong;
  }
}

TEST(ThreadsFlagTest, AtLeastOneAndNotTooMany) {
  const absl::StatusOr<uint32_t> usual = ThreadsFlag{}.Read();
  ASSERT_TRUE(usual.ok());
  EXPECT_TRUE(*usual == 1 || *usual == 2);
  for (const uint64_t count : {1u, 3u, 256u}) EXPECT_EQ(*ThreadsFlag{count}.Read(), count);
  for (const uint64_t count : {uint64_t{257}, UINT64_MAX}) {
    EXPECT_EQ(CodeOf(ThreadsFlag{count}.Read().status()), ErrorCode::kInvalidArgument);
  }
}

// Seconds become milliseconds, and for ever stays for ever.
TEST(WaitFlagTest, DoesNotWrapAround) {
  EXPECT_EQ(WaitFlag{0}.milliseconds(), 0u);
  EXPECT_EQ(WaitFlag{30}.milliseconds(), 30'000u);
  EXPECT_EQ(WaitFlag{4'294'967}.milliseconds(), 4'294'967'000u);
  EXPECT_EQ(WaitFlag{4'294'968}.milliseconds(), 4'294'967'000u);
  EXPECT_EQ(WaitFlag{UINT64_MAX}.milliseconds(), 4'294'967'000u);
}

// --- Numbers for people ---

TEST(ConsoleNumbersTest, GroupedDigitsReadBack) {
  SeededRandom random(891);
  for (int round = 0; round < 2000; ++round) {
    const uint64_t number = random.Next() >> random.Below(64);
    const std::string text = Grouped(number);
    std::string digits = text;
    std::erase(digits, ',');
    EXPECT_EQ(digits, Cat(number));
    // A comma before each three digits from the end, and none in front.
    for (size_t i = 0; i < text.size(); ++i) {
      EXPECT_EQ(text[text.size() - 1 - i] == ',', i % 4 == 3) << text;
    }
    EXPECT_NE(text[0], ',');
  }
}

TEST(ConsoleNumbersTest, UnitsByTheSize) {
  const std::pair<uint64_t, const char*> sizes[] = {
      {0, "0 B"},           {9999, "9999 B"},      {10'000, "0.01 MB"},
      {500'000, "0.50 MB"}, {1'000'000, "1.0 MB"}, {1'234'567'890, "1234.6 MB"},
  };
  for (const auto& [bytes, text] : sizes) EXPECT_EQ(Megabytes(bytes), text);
  const std::pair<int64_t, const char*> times[] = {
      {0, "0 µs"},           {999, "999 µs"},         {1000, "1.00 ms"},      {50'123, "50.12 ms"},
      {1'000'000, "1.00 s"}, {61'500'000, "61.50 s"}, {999'994, "999.99 ms"}, {999'995, "1.00 s"},
  };
  for (const auto& [microseconds, text] : times) EXPECT_EQ(Duration(microseconds), text);
  EXPECT_EQ(Decimal(0.005), "0.01");
  EXPECT_EQ(Decimal(12), "12.00");
}

// As many digits as read back to the same float: scores of two runs can be compared.
TEST(ScoreTextTest, ReadsBack) {
  SeededRandom random(892);
  for (int round = 0; round < 2000; ++round) {
    const float score = std::abs(std::bit_cast<float>(random.U32()));
    if (!std::isfinite(score)) continue;
    EXPECT_EQ(std::bit_cast<uint32_t>(std::strtof(ScoreText(score).c_str(), nullptr)),
              std::bit_cast<uint32_t>(score))
        << ScoreText(score);
  }
}

// --- Answers ---

TEST(SummaryTest, CountsAsTheyAre) {
  const auto summary = [](size_t hits, std::optional<TotalHits> total, bool timing = false) {
    Answer answer;
    answer.result.hits.resize(hits);
    answer.result.total = total;
    answer.took_us = 45;
    return Summary(answer, timing);
  };
  const auto equal = TotalRelation::kEqual, more = TotalRelation::kGreaterOrEqual;
  EXPECT_EQ(summary(0, TotalHits{0, equal}), "no documents");
  EXPECT_EQ(summary(1, TotalHits{1, equal}), "1 of 1 document");
  EXPECT_EQ(summary(2, TotalHits{2, equal}), "2 of 2 documents");
  EXPECT_EQ(summary(10, TotalHits{1234567, equal}), "10 of 1,234,567 documents");
  EXPECT_EQ(summary(10, TotalHits{1000, more}), "10 of at least 1,000 documents");
  EXPECT_EQ(summary(1, TotalHits{1, more}), "1 of at least 1 documents");
  EXPECT_EQ(summary(10, std::nullopt), "10 shown") << "nothing was counted";
  EXPECT_EQ(summary(1, TotalHits{1, equal}, true), "1 of 1 document in 45 µs");
}

TEST(ChosenFieldsTest, TheNamedOnesInTheirOrder) {
  Document document;
  document.Add("a", "1").Add("b", 2).Add("a", "3").Add("c", true);
  EXPECT_EQ(ChooseFields(document, {"*"}), document);
  EXPECT_EQ(ChooseFields(document, {}), Document());
  EXPECT_EQ(ChooseFields(document, {"a"}), Document().Add("a", "1").Add("a", "3"));
  EXPECT_EQ(ChooseFields(document, {"none"}), Document());
  EXPECT_EQ(ChooseFields(document, {"b", "*"}).values().size(), 4u);
  // Each value once, however often its field is named.
  EXPECT_EQ(ChooseFields(document, {"c", "c", "b"}).values().size(), 2u);
}

TEST(ChosenFieldsTest, MistypedOnesAreTold) {
  Schema schema;
  ASSERT_TRUE(schema.AddField("title", {.stored = true}).ok());
  ASSERT_TRUE(schema.AddField("text", {}).ok());
  EXPECT_TRUE(CheckFields(schema, {"title", "*"}).ok());
  EXPECT_TRUE(CheckFields(schema, {}).ok());
  const absl::Status unknown = CheckFields(schema, {"title", "titel"});
  EXPECT_EQ(CodeOf(unknown), ErrorCode::kInvalidArgument);
  EXPECT_NE(unknown.message().find("titel"), std::string::npos) << unknown;
}

// --- Folders ---

std::set<std::string> FilesIn(const std::string& folder) {
  std::set<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; it != end; it.increment(error)) {
    names.insert(it->path().filename().string());
  }
  return names;
}

// A job that failed leaves the disk as it was, and never takes what is not its own.
TEST(FreshFolderTest, WhatCameSinceGoes) {
  const TempFolder folder;
  {
    const FreshFolder fresh(folder.File("new"));
    folder.Write("new/segment", "x");
    folder.Write("new/manifest", "y");
  }
  EXPECT_FALSE(std::filesystem::exists(folder.File("new"))) << "it was not there before";

  folder.Write("old/mine", "1");
  {
    FreshFolder fresh(folder.File("old"));
    folder.Write("old/segment", "x");
    folder.Write("old/inner/theirs", "z");
    std::filesystem::create_symlink("mine", folder.File("old/link"));
    fresh.Wipe();
    EXPECT_EQ(FilesIn(folder.File("old")), (std::set<std::string>{"inner", "link", "mine"}));
    folder.Write("old/again", "x");
  }
  EXPECT_EQ(FilesIn(folder.File("old")), (std::set<std::string>{"inner", "link", "mine"}));
  EXPECT_TRUE(std::filesystem::exists(folder.File("old/inner/theirs")));
}

TEST(FreshFolderTest, WhatIsKeptStays) {
  const TempFolder folder;
  {
    FreshFolder fresh(folder.File("new"));
    folder.Write("new/segment", "x");
    fresh.Keep();
  }
  EXPECT_EQ(FilesIn(folder.File("new")), (std::set<std::string>{"segment"}));
  { const FreshFolder nothing(folder.File("never made")); }
  EXPECT_FALSE(std::filesystem::exists(folder.File("never made")));
  // A folder that somebody else put something in is not taken away with it.
  {
    const FreshFolder fresh(folder.File("shared"));
    folder.Write("shared/segment", "x");
    folder.Write("shared/theirs/file", "y");
  }
  EXPECT_EQ(FilesIn(folder.File("shared")), (std::set<std::string>{"theirs"}));
}

}  // namespace
}  // namespace segue
