// SPDX-License-Identifier: Apache-2.0
#include "engine/write/document_graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/format/manifest_io.h"
#include "engine/io/memory_env.h"
#include "engine/segment/segment.h"
#include "tests/write/write_test_util.h"

namespace segue {
namespace {

constexpr char kDir[] = "index";
constexpr size_t kDocs = 3000;
constexpr size_t kFlushes = 3;

// Documents with one field of words, in some segments, and which words each of them has.
class DocumentGraphTest : public testing::Test {
 protected:
  void SetUp() override {
    const Schema schema =
        *Schema::FromJson(R"({"fields":{"text":{"type":"text","analyzer":"standard"}}})");
    ASSERT_TRUE(IndexWriter::Create(env_.get(), kDir, schema).ok());
    auto writer = OpenOrDie(env_.get(), kDir, {.auto_merge = false});
    std::mt19937_64 random(TestSeed(31));
    for (size_t i = 0; i < kDocs; ++i) {
      std::string text;
      std::set<size_t>& words = words_.emplace_back();
      for (uint64_t n = 1 + random() % 60; n > 0; --n) {
        const double u = static_cast<double>(random() >> 11) * 0x1p-53;
        words.insert(static_cast<size_t>(2000 * u * u));
      }
      for (const size_t word : words) text += Cat("w", word, " ");
      Document document;
      document.Add("text", text);
      ASSERT_TRUE(writer->Add(document).ok());
      if ((i + 1) % (kDocs / kFlushes) == 0) {
        ASSERT_TRUE(writer->Commit().ok());
      }
    }
    const auto manifest = ReadNewestManifest(env_.get(), kDir);
    for (const ManifestSegment& entry : manifest->segments) {
      segments_.push_back(*Segment::Open(env_.get(), kDir, entry, {}));
    }
    ASSERT_EQ(segments_.size(), kFlushes);
  }

  std::map<size_t, size_t> DocFreqs() const {
    std::map<size_t, size_t> doc_freq;
    for (const auto& words : words_) {
      for (const size_t word : words) ++doc_freq[word];
    }
    return doc_freq;
  }

  static std::vector<size_t> EntriesOf(const DocumentGraph& graph) {
    std::vector<size_t> entries;
    const uint16_t* next = graph.terms.begin();
    for (const uint16_t count : graph.counts) {
      const std::span terms(next, count);
      next += count;
      EXPECT_EQ(std::set(terms.begin(), terms.end()).size(), terms.size()) << "a term twice";
      for (const uint16_t term : terms) EXPECT_LT(term, graph.term_count);
      entries.push_back(terms.size());
    }
    EXPECT_EQ(next, graph.terms.begin() + graph.entry_count());
    return entries;
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  std::vector<std::set<size_t>> words_;
  std::vector<std::shared_ptr<const Segment>> segments_;
};

TEST_F(DocumentGraphTest, HasTheTermsThatTellSomething) {
  const MergeMap map(segments_);
  const auto graph = MakeDocumentGraph(segments_, map, uint64_t{1} << 30);
  ASSERT_TRUE(graph.ok()) << graph.status();
  const std::map<size_t, size_t> doc_freq = DocFreqs();
  std::vector<size_t> entries;
  for (const auto& words : words_) {
    entries.push_back(
        static_cast<size_t>(std::count_if(words.begin(), words.end(), [&](size_t word) {
          return doc_freq.at(word) >= 2 && doc_freq.at(word) <= kDocs / 8;
        })));
  }
  EXPECT_EQ(EntriesOf(*graph), entries);
}

// The most frequent ones go until the others have room: at 4 bytes each in half of the memory, or
// in what 23 bytes for each document leave of three quarters of it, or at least in an eighth.
TEST_F(DocumentGraphTest, KeepsTheRarestWhereMemoryIsShort) {
  const MergeMap map(segments_);
  const std::map<size_t, size_t> doc_freq = DocFreqs();
  // Of a graph of the words with at most so many documents.
  const auto entries = [&](size_t most) {
    size_t count = 0;
    for (const auto& [word, docs] : doc_freq) count += docs >= 2 && docs <= most ? docs : 0;
    return count;
  };
  constexpr size_t kForDocuments = 23 * kDocs;
  const size_t all = entries(kDocs / 8);
  for (const auto& [memory, room] : {std::pair(5 * kForDocuments, 5 * kForDocuments / 2),
                                     std::pair(2 * kForDocuments, kForDocuments / 2),
                                     std::pair(kForDocuments, kForDocuments / 8),
                                     std::pair(kForDocuments / 5, kForDocuments / 40)}) {
    ASSERT_GT(all, room / 4);
    const auto graph = MakeDocumentGraph(segments_, map, memory);
    ASSERT_TRUE(graph.ok()) << graph.status();
    EntriesOf(*graph);
    EXPECT_LE(graph->entry_count(), room / 4);
    // No word more would have fit; of equally frequent ones some stay.
    size_t most = kDocs / 8, kept = all, kept_and_equals = all;
    while (kept > room / 4) {
      kept_and_equals = kept;
      kept = entries(--most);
    }
    EXPECT_GE(graph->entry_count(), kept);
    EXPECT_LE(graph->entry_count(), kept_and_equals);
  }
}

}  // namespace
}  // namespace segue
