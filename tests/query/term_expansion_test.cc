// SPDX-License-Identifier: Apache-2.0
//
// Which terms a pattern is scored by, and what the collection knows of terms: over any layout of
// segments the same as over a list of all documents.
#include "engine/query/term_expansion.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/format/manifest_io.h"
#include "engine/io/memory_env.h"
#include "engine/query/planner.h"
#include "engine/segment/segment.h"
#include "engine/write/index_writer.h"
#include "segue/status.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

constexpr char kDir[] = "index";

// A collection with one field of words, in some segments, and what is in it.
class TermExpansionTest : public testing::Test {
 protected:
  // Words of a few letters, so that many are near each other.
  static std::string RandomWord(SeededRandom* random) {
    std::string word;
    for (uint64_t left = random->Between(1, 5); left > 0; --left) word += "abc"[random->Below(3)];
    return word;
  }

  static std::vector<std::vector<std::string>> RandomDocuments(SeededRandom* random, size_t count) {
    std::vector<std::vector<std::string>> documents(count);
    for (auto& words : documents) {
      for (uint64_t left = random->Below(8); left > 0; --left) words.push_back(RandomWord(random));
    }
    return documents;
  }

  // `parts`: how many segments they are put in, about.
  void Build(const std::vector<std::vector<std::string>>& documents, size_t parts) {
    const Schema schema = *Schema::FromJson(
        R"({"fields":{"t":{"type":"text","analyzer":"whitespace"},"n":{"type":"int64"}}})");
    env_ = NewMemoryEnv();
    ASSERT_TRUE(IndexWriter::Create(env_.get(), kDir, schema).ok());
    auto writer = IndexWriter::Open(env_.get(), kDir, {.auto_merge = false});
    ASSERT_TRUE(writer.ok()) << writer.status();
    terms_.clear();
    field_ = {};
    for (size_t i = 0; i < documents.size(); ++i) {
      std::string text;
      std::set<std::string> distinct;
      for (const std::string& word : documents[i]) {
        CatTo(&text, word, " ");
        ++terms_[word].total_freq;
        ++field_.sum_total_freq;
        if (distinct.insert(word).second) ++terms_[word].doc_freq;
      }
      field_.doc_count += documents[i].empty() ? 0 : 1;
      ASSERT_TRUE((*writer)->Add(Document().Add("t", text).Add("n", 1)).ok());
      if ((i + 1) % (documents.size() / parts + 1) == 0) {
        ASSERT_TRUE((*writer)->Commit().ok());
      }
    }
    ASSERT_TRUE((*writer)->Commit().ok());
    segments_.clear();
    const auto manifest = ReadNewestManifest(env_.get(), kDir);
    ASSERT_TRUE(manifest.ok()) << manifest.status();
    for (const ManifestSegment& entry : manifest->segments) {
      auto segment = Segment::Open(env_.get(), kDir, entry, {});
      ASSERT_TRUE(segment.ok()) << segment.status();
      segments_.push_back(*std::move(segment));
    }
  }

  TermExpansions Expanded(const Query& leaf, uint64_t most,
                          const Statistics* statistics = nullptr) {
    const absl::StatusOr<TermPattern> pattern = TermPattern::Of(leaf);
    EXPECT_TRUE(pattern.ok()) << pattern.status();
    auto expansions = ExpandTerms(*pattern, leaf.field(), most, segments_, statistics,
                                  [] { return absl::OkStatus(); });
    EXPECT_TRUE(expansions.ok()) << expansions.status();
    return expansions.ok() ? *std::move(expansions) : TermExpansions();
  }

  struct Ranked {
    std::string term;
    float closeness;
  };
  // All terms that are wanted, the best first: by closeness, by length, by bytes.
  static std::vector<Ranked> Rank(const Query& leaf,
                                  const std::map<std::string, TermStatistics>& terms) {
    const absl::StatusOr<TermPattern> pattern = TermPattern::Of(leaf);
    TermPattern::Test test(*pattern);
    std::vector<Ranked> ranked;
    for (const auto& [term, statistics] : terms) {
      const std::optional<float> closeness = test(term);
      if (closeness && statistics.doc_freq > 0) ranked.push_back({term, *closeness});
    }
    std::sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
      return std::tuple(-a.closeness, a.term.size(), a.term) <
             std::tuple(-b.closeness, b.term.size(), b.term);
    });
    return ranked;
  }

  static std::vector<Query> Patterns(SeededRandom* random) {
    const std::string word = RandomWord(random);
    return {Query::Prefix("t", word),
            Query::Prefix("t", ""),
            Query::Wildcard("t", word + "*"),
            Query::Wildcard("t", "?" + word + "?"),
            Query::Regexp("t", "[ab]+c?"),
            Query::Fuzzy("t", word, {.edits = 1}),
            Query::Fuzzy("t", word + "ab", {.edits = 2}),
            Query::Fuzzy("t", word, {.edits = 2, .prefix_length = 1})};
  }

  std::unique_ptr<Env> env_;
  std::vector<std::shared_ptr<const Segment>> segments_;
  std::map<std::string, TermStatistics> terms_;
  FieldStatistics field_;
};

TEST_F(TermExpansionTest, TheBestOfAllWhateverTheLayoutIs) {
  SeededRandom random(881);
  for (int round = 0; round < 6; ++round) {
    const auto documents = RandomDocuments(&random, random.Between(5, 80));
    for (const size_t parts : {1, 3, 10}) {
      Build(documents, parts);
      SeededRandom same(900 + static_cast<uint64_t>(round));
      for (const Query& leaf : Patterns(&same)) {
        const std::vector<Ranked> ranked = Rank(leaf, terms_);
        for (const uint64_t most : {uint64_t{1}, uint64_t{3}, uint64_t{20}, uint64_t{1000}}) {
          const TermExpansions found = Expanded(leaf, most);
          ASSERT_EQ(found.cut, ranked.size() > most) << leaf.ToString();
          ASSERT_EQ(found.terms.size(), std::min<size_t>(ranked.size(), most)) << leaf.ToString();
          for (size_t i = 0; i < found.terms.size(); ++i) {
            ASSERT_EQ(found.terms[i].term, ranked[i].term) << leaf.ToString() << " at " << i;
            EXPECT_EQ(found.terms[i].closeness, ranked[i].closeness);
            EXPECT_EQ(found.terms[i].statistics, terms_[ranked[i].term]) << ranked[i].term;
          }
        }
      }
    }
  }
}

// What each segment has of a term is told, so that nobody looks it up again.
TEST_F(TermExpansionTest, MetadataOfEachSegment) {
  SeededRandom random(882);
  Build(RandomDocuments(&random, 60), 4);
  ASSERT_GT(segments_.size(), 2u);
  for (const TermExpansion& expansion : Expanded(Query::Prefix("t", ""), 1000).terms) {
    ASSERT_LE(expansion.metas.size(), segments_.size());
    ASSERT_FALSE(expansion.metas.empty());
    EXPECT_GT(expansion.metas.back().doc_freq, 0u) << "up to the last one that has it";
    for (size_t i = 0; i < segments_.size(); ++i) {
      const auto entry = segments_[i]->field("t")->dictionary()->Find(expansion.term);
      ASSERT_TRUE(entry.ok()) << entry.status();
      const uint64_t told = i < expansion.metas.size() ? expansion.metas[i].doc_freq : 0;
      EXPECT_EQ(told, entry->has_value() ? (*entry)->meta.doc_freq : 0) << expansion.term;
    }
  }
}

// A shard that is searched with the numbers of all takes the terms of all, also those that it
// lacks.
TEST_F(TermExpansionTest, StatisticsFromOutsideSayWhichTermsThereAre) {
  SeededRandom random(883);
  for (int round = 0; round < 5; ++round) {
    Build(RandomDocuments(&random, 40), 2);
    std::map<std::string, TermStatistics> everywhere = terms_;
    Statistics statistics;
    for (int i = 0; i < 30; ++i) {
      TermStatistics& elsewhere = everywhere[RandomWord(&random)];
      elsewhere.doc_freq += random.Between(1, 5);
      elsewhere.total_freq += 7;
    }
    for (const auto& [term, numbers] : everywhere) {
      statistics.AddTerm("t", term, numbers.doc_freq, numbers.total_freq);
    }
    for (const Query& leaf : Patterns(&random)) {
      const std::vector<Ranked> ranked = Rank(leaf, everywhere);
      const TermExpansions found = Expanded(leaf, 10, &statistics);
      EXPECT_EQ(found.cut, ranked.size() > 10);
      ASSERT_EQ(found.terms.size(), std::min<size_t>(ranked.size(), 10)) << leaf.ToString();
      for (size_t i = 0; i < found.terms.size(); ++i) {
        EXPECT_EQ(found.terms[i].term, ranked[i].term);
        EXPECT_EQ(found.terms[i].statistics, everywhere[ranked[i].term]);
        const auto here = terms_.find(ranked[i].term);
        uint64_t docs = 0;
        for (const TermMeta& meta : found.terms[i].metas) docs += meta.doc_freq;
        EXPECT_EQ(docs, here == terms_.end() ? 0 : here->second.doc_freq) << ranked[i].term;
      }
    }
  }
}

TEST_F(TermExpansionTest, FieldsWithoutTermsHaveNone) {
  SeededRandom random(884);
  Build(RandomDocuments(&random, 10), 2);
  for (const char* field : {"n", "unknown"}) {
    const TermExpansions found = Expanded(Query::Prefix(field, ""), 5);
    EXPECT_TRUE(found.terms.empty()) << field;
    EXPECT_FALSE(found.cut);
  }
}

// Asked every few hundred terms, so that a search can be stopped in a large dictionary.
TEST_F(TermExpansionTest, ACheckThatFailsEndsTheWalk) {
  std::vector<std::vector<std::string>> documents(1);
  for (int i = 0; i < 5000; ++i) documents[0].push_back(Cat("a", i));
  Build(documents, 1);
  for (const Query& leaf : {Query::Prefix("t", "a"), Query::Wildcard("t", "a*1*"),
                            Query::Fuzzy("t", "a1234", {.edits = 2})}) {
    const absl::StatusOr<TermPattern> pattern = TermPattern::Of(leaf);
    ASSERT_TRUE(pattern.ok());
    const auto expansions = ExpandTerms(*pattern, "t", 5, segments_, nullptr,
                                        [] { return absl::DeadlineExceededError("late"); });
    EXPECT_EQ(expansions.status().message(), "late") << leaf.ToString();
  }
}

TEST_F(TermExpansionTest, StatisticsOfTermsAndFieldsAreSums) {
  SeededRandom random(886);
  for (const size_t parts : {1, 4}) {
    Build(RandomDocuments(&random, 50), parts);
    EXPECT_EQ(CollectFieldStatistics(segments_, "t"), field_);
    EXPECT_EQ(CollectFieldStatistics(segments_, "unknown"), FieldStatistics());
    for (const auto& [term, numbers] : terms_) {
      const auto found = TermStatisticsOf(segments_, "t", term);
      ASSERT_TRUE(found.ok()) << found.status();
      EXPECT_EQ(*found, numbers) << term;
      EXPECT_EQ(*DocFreqOf(segments_, "t", term), numbers.doc_freq);
    }
    EXPECT_EQ(*TermStatisticsOf(segments_, "t", "no such term"), TermStatistics());
    EXPECT_EQ(*TermStatisticsOf(segments_, "n", "1"), TermStatistics());
  }
}

// What two terms count as together.
TEST(BlendedStatisticsTest, TheGreatestAndTheSum) {
  TermStatistics greatest, blended;
  for (const TermStatistics& term :
       {TermStatistics{3, 10}, TermStatistics{7, 9}, TermStatistics{5, 100}}) {
    RaiseTo(term, &greatest);
    Blend(term, &blended);
  }
  EXPECT_EQ(greatest.doc_freq, 7u);
  EXPECT_GE(greatest.total_freq, greatest.doc_freq);
  EXPECT_EQ(blended.doc_freq, 7u) << "each as if it were in as many documents as the most frequent";
  EXPECT_EQ(blended.total_freq, 119u) << "and stood wherever any of them does";
}

}  // namespace
}  // namespace segue
