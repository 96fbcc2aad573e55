// SPDX-License-Identifier: Apache-2.0
//
// Terms and increments of every size in the log of tokens, as the index holds them afterwards.
#include "engine/write/token_log.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "engine/io/memory_env.h"
#include "tests/support/seeded_random.h"
#include "tests/write/index_dump.h"
#include "tests/write/write_test_util.h"

namespace segue {
namespace {

constexpr char kDir[] = "index";

// Words that are numbered from 0 to `count`, more than one unit has numbers for; then old and new
// ones at near and far positions.
std::vector<Document> DocumentsOfManyTerms(uint32_t count, SeededRandom& random) {
  std::vector<Document> documents;
  for (uint32_t first = 0; first < count; first += 1000) {
    std::string text;
    for (uint32_t i = first; i < std::min(first + 1000, count); ++i) CatTo(&text, "w", i, " ");
    documents.emplace_back();
    documents.back().Add("text", text);
  }
  constexpr uint32_t kIncrements[] = {0,
                                      1,
                                      2,
                                      TokenLog::kMaxIncrement - 1,
                                      TokenLog::kMaxIncrement,
                                      TokenLog::kMaxIncrement + 1,
                                      100'000};
  for (int i = 0; i < 300; ++i) {
    std::vector<PreToken> tokens;
    for (uint64_t left = random.Between(1, 30); left > 0; --left) {
      const uint64_t term = random.OneIn(2) ? random.Below(count + 5) : random.Below(20);
      const uint32_t increment = kIncrements[random.Below(std::size(kIncrements))];
      tokens.push_back({Cat("w", term), random.OneIn(2) ? 1 : increment, 0, 0});
    }
    documents.emplace_back();
    documents.back().AddTokens("text", "", tokens);
    if (random.OneIn(3)) documents.back().Add("text", Cat("w", random.Below(count), " w7"));
  }
  return documents;
}

TEST(TokenLogTest, TermsAndIncrementsOfEverySize) {
  SeededRandom random(1);
  Schema schema;
  ASSERT_TRUE(schema.AddField("text", {.multi = true}).ok());
  const std::vector<Document> documents = DocumentsOfManyTerms(TokenLog::kTwoUnits + 6000, random);
  const auto env = NewMemoryEnv();
  ASSERT_TRUE(IndexWriter::Create(env.get(), kDir, schema).ok());
  auto writer = OpenOrDie(env.get(), kDir, {});
  // Refused half way, behind tokens that are in the log by then.
  Document too_far = documents.back();
  too_far.AddTokens("text", "", {{"w1", 1, 0, 0}, {"w2", kMaxPosition, 0, 0}});
  for (const Document& document : documents) {
    if (random.OneIn(10)) {
      EXPECT_FALSE(writer->Add(too_far).ok());
    }
    ASSERT_TRUE(writer->Add(document).ok());
  }
  ASSERT_TRUE(writer->Commit().ok());
  const auto wanted = ModelIndex(schema, documents);
  ASSERT_TRUE(wanted.ok()) << wanted.status();
  const auto found = DumpIndex(env.get(), kDir);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(Difference(*found, *wanted), "");
}

}  // namespace
}  // namespace segue
