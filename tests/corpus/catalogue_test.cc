// SPDX-License-Identifier: Apache-2.0
#include "corpus/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "corpus/document_maker.h"

namespace segue {
namespace {

// FNV-1a: any stable hash will do.
uint64_t Hash(uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

TEST(CatalogueWords, WordsAreDifferentAndZipfian) {
  const CatalogueWords words;
  std::set<std::string> all;
  for (uint32_t rank = 0; rank < CatalogueWords::kWords; ++rank) all.insert(words.Word(rank));
  EXPECT_EQ(all.size(), CatalogueWords::kWords);
  StableRandom random(5);
  std::map<uint32_t, int> drawn;
  for (int i = 0; i < 100'000; ++i) ++drawn[words.DrawRank(&random)];
  EXPECT_GT(drawn[0], 2 * drawn[9]);
  EXPECT_GT(drawn[9], 4 * drawn[99]);
  EXPECT_GT(drawn.size(), 10'000u);
}

TEST(Catalogue, TheSameOnEveryMachine) {
  const Catalogue catalogue({.documents = 1000, .seed = 7});
  Record record;
  uint64_t hash = 0xcbf29ce484222325u;
  for (uint64_t i = 0; i < catalogue.documents(); ++i) {
    catalogue.Make(i, &record);
    hash = Hash(hash, record.ToJson());
  }
  EXPECT_EQ(hash, 12484332873021610759u)
      << "a changed catalogue changes every index made of it; the new hash goes here";
}

TEST(Catalogue, DocumentsDependOnTheirNumberOnly) {
  const Catalogue small({.documents = 10, .seed = 3}), large({.documents = 100'000, .seed = 3});
  const Catalogue other({.documents = 10, .seed = 4});
  Record a, b, c;
  for (uint64_t i = 0; i < small.documents(); ++i) {
    small.Make(i, &a);
    large.Make(i, &b);
    other.Make(i, &c);
    EXPECT_EQ(a.fields, b.fields);
    EXPECT_NE(a.fields, c.fields);
  }
}

TEST(Catalogue, FitsItsSchemaWithUniqueKeysAndKnownNames) {
  const Schema schema = Catalogue::MakeSchema();
  ASSERT_EQ(schema.key(), "id");
  DocumentMaker maker(schema);
  const Catalogue catalogue({.documents = 2000});
  Record record;
  Document document;
  std::set<std::string> ids, artists;
  std::map<std::string, int> kinds;
  for (uint64_t i = 0; i < catalogue.documents(); ++i) {
    catalogue.Make(i, &record);
    EXPECT_TRUE(ids.emplace(record.Text("id")).second);
    ++kinds[std::string(record.Text("kind"))];
    if (record.Text("kind") == "artist") artists.emplace(record.Text("title"));
    if (!record.Text("artist").empty()) {
      EXPECT_TRUE(artists.contains(std::string(record.Text("artist"))));
    }
    const absl::Status status = maker.Make(&record, &document);
    EXPECT_TRUE(status.ok()) << status;
  }
  EXPECT_TRUE(maker.dropped().by_name.empty());
  EXPECT_EQ(
      kinds,
      (std::map<std::string, int>{
          {"artist", 40}, {"album", 120}, {"podcast", 80}, {"track", 1200}, {"episode", 560}}));
}

}  // namespace
}  // namespace segue
