// SPDX-License-Identifier: Apache-2.0
#include "tests/hostile/hostile_world.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "engine/io/memory_env.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

// What patterns cost goes with the words and postings that there are: over larger indexes it is for
// deadlines to bound it.
constexpr uint64_t kDocuments = SEGUE_CHECKS_ON ? 1000 : 2500;
constexpr uint64_t kLongestWord = 7;  // three thousand words

// Words of three letters only, so that patterns and misspelt words are near to many.
std::string DrawWord(SeededRandom& random) {
  std::string word;
  for (uint64_t length = random.Between(1, kLongestWord); length > 0; --length) {
    word += static_cast<char>('a' + random.Below(3));
  }
  return word;
}

std::string DrawText(SeededRandom& random, uint64_t words) {
  std::string text = "common";
  for (; words > 0; --words) text += Cat(" ", DrawWord(random));
  return text;
}

std::string Repeated(std::string_view piece, size_t count) {
  std::string text;
  for (; count > 0; --count) text += piece;
  return text;
}

void AddOrdinary(Writer* writer, SeededRandom& random, uint64_t from, uint64_t to) {
  for (uint64_t i = from; i < to; ++i) {
    Document document;
    document.Add("id", Cat("k", i)).Add("title", DrawText(random, 3));
    document.Add("body", DrawText(random, 20)).Add("bare", DrawText(random, 3));
    document.Add("tag", DrawWord(random)).Add("n", static_cast<int64_t>(i % 100));
    document.Add("x", static_cast<double>(i) / 7).Add("flag", i % 2 == 0);
    document.Add("at", static_cast<int64_t>(i * 1000000));
    ASSERT_TRUE(writer->Add(document).ok());
  }
}

// What makes single lists, terms and positions extreme.
void AddExtreme(Writer* writer) {
  const std::string texts[] = {
      Repeated("same ", 20000),
      Repeated("same other ", 5000),
      Repeated("\xe4\xb8\xad\xe6\x96\x87", 3000),  // ideographs, each a token
      Repeated(Repeated("a", 255) + " ", 50),
      "a\xcc\x81\xcc\x82\xcc\x83 \xef\xbf\xbd \xff\xfe plain",
  };
  uint64_t number = 0;
  for (const std::string& text : texts) {
    Document document;
    document.Add("id", Cat("extreme", number++)).Add("body", text).Add("title", "extreme");
    // Keywords as long as may be that differ at their ends only.
    document.Add("tag", Repeated("t", kMaxTermBytes - 1) + std::to_string(number));
    ASSERT_TRUE(writer->Add(document).ok());
  }
}

}  // namespace

Schema HostileSchema() {
  return *Schema::FromJson(
      R"({"key":"id","default":["title","body"],"fields":{
          "id":{"type":"keyword"},"title":{"type":"text","stored":true},
          "body":{"type":"text"},"bare":{"type":"text","positions":false},
          "tag":{"type":"keyword","multi":true},"n":{"type":"int64"},"x":{"type":"float64"},
          "flag":{"type":"bool"},"at":{"type":"timestamp"},"place":{"type":"geo_point","multi":true},
          "blob":{"type":"bytes","stored":true}}})");
}

HostileWorld::HostileWorld() : env_(NewMemoryEnv()) {
  SeededRandom random(1);
  const Index index = *Index::Create("world", HostileSchema(), {.env = env_.get()});
  const auto writer = *index.OpenWriter({.auto_merge = false});
  AddOrdinary(writer.get(), random, 0, kDocuments / 2);
  EXPECT_TRUE(writer->Commit().ok());
  AddOrdinary(writer.get(), random, kDocuments / 2, kDocuments);
  AddExtreme(writer.get());
  EXPECT_TRUE(writer->Commit().ok());
  for (uint64_t i = 0; i < kDocuments; i += 97) EXPECT_TRUE(*writer->Delete(Cat("k", i)));
  EXPECT_TRUE(writer->Commit().ok());
  snapshot_ = *index.OpenSnapshot();
}

}  // namespace segue
