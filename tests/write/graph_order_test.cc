// SPDX-License-Identifier: Apache-2.0
#include "engine/write/graph_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "tests/support/seeded_random.h"

namespace segue {
namespace {

using Documents = std::vector<std::vector<uint32_t>>;  // terms of each

// The order of documents with some of so many terms.
std::vector<DocId> OrderOf(const Documents& documents, uint32_t term_count,
                           const GraphOrderOptions& options = {}) {
  size_t entries = 0;
  for (const std::vector<uint32_t>& terms : documents) entries += terms.size();
  DocumentGraph graph{.counts = HugeArray<uint16_t>(documents.size()),
                      .terms = HugeArray<uint16_t>(2 * entries),
                      .term_count = term_count};
  uint16_t* next = graph.terms.begin();
  for (size_t doc = 0; doc < documents.size(); ++doc) {
    graph.counts[doc] = static_cast<uint16_t>(documents[doc].size());
    for (const uint32_t term : documents[doc]) *next++ = static_cast<uint16_t>(term);
  }
  const HugeArray<DocId> order = GraphOrder(std::move(graph), options);
  return {order.begin(), order.end()};
}

// Documents of `topics` in turn, each with ten of its topic's forty terms.
Documents TopicsInTurn(DocId docs, uint32_t topics, SeededRandom* random) {
  Documents documents(docs);
  for (DocId doc = 0; doc < docs; ++doc) {
    std::vector<uint32_t>& terms = documents[doc];
    while (terms.size() < 10) {
      const auto term = static_cast<uint32_t>(doc % topics * 40 + random->Below(40));
      if (std::find(terms.begin(), terms.end(), term) == terms.end()) terms.push_back(term);
    }
  }
  return documents;
}

void ExpectPermutation(std::vector<DocId> order, DocId docs) {
  std::sort(order.begin(), order.end());
  std::vector<DocId> all(docs);
  std::iota(all.begin(), all.end(), DocId{0});
  EXPECT_EQ(order, all);
}

// Bits of the gaps of all posting lists.
double LogGaps(const Documents& documents, const std::vector<DocId>& order) {
  std::vector<DocId> last(kMaxGraphTerms, 0);
  double bits = 0;
  for (DocId place = 0; place < order.size(); ++place) {
    for (const uint32_t term : documents[order[place]]) {
      bits += std::log2(place + 1 - last[term]);
      last[term] = place + 1;
    }
  }
  return bits;
}

std::vector<DocId> AsTheyAre(DocId docs) {
  std::vector<DocId> order(docs);
  std::iota(order.begin(), order.end(), DocId{0});
  return order;
}

TEST(GraphOrderTest, FewDocumentsAndNone) {
  for (const DocId docs : {0u, 1u, 2u, 31u, 32u, 33u, 34u}) {
    ExpectPermutation(OrderOf(Documents(docs, {0, 1}), 2), docs);
    ExpectPermutation(OrderOf(Documents(docs), 0), docs);
  }
}

TEST(GraphOrderTest, DocumentsOfATopicComeTogether) {
  SeededRandom random(1);
  constexpr DocId kDocs = 4096;
  constexpr uint32_t kTopics = 16;
  const Documents documents = TopicsInTurn(kDocs, kTopics, &random);
  const std::vector<DocId> order = OrderOf(documents, kTopics * 40, {.rounds = 20});
  ExpectPermutation(order, kDocs);
  uint32_t changes = 0;
  for (DocId i = 1; i < kDocs; ++i) changes += order[i] % kTopics != order[i - 1] % kTopics;
  // 4,095 in the order given, 15 at best.
  EXPECT_LT(changes, 200u);
  // A topic's terms are then a sixteenth as far apart: four bits less for each posting.
  EXPECT_LT(LogGaps(documents, order), LogGaps(documents, AsTheyAre(kDocs)) - 3 * 10.0 * kDocs);
}

TEST(GraphOrderTest, MoreRoundsAreNotWorse) {
  SeededRandom random(2);
  const Documents documents = TopicsInTurn(3000, 7, &random);
  const double none = LogGaps(documents, AsTheyAre(3000));
  const double quick = LogGaps(documents, OrderOf(documents, 280, {.rounds = 4}));
  const double full = LogGaps(documents, OrderOf(documents, 280, {.rounds = 20}));
  EXPECT_LT(quick, none);
  EXPECT_LE(full, quick);
}

TEST(GraphOrderTest, ThreadsDoNotMatter) {
  SeededRandom random(3);
  const Documents documents = TopicsInTurn(20000, 50, &random);
  const std::vector<DocId> alone = OrderOf(documents, 2000, {.rounds = 5, .threads = 1});
  for (const uint32_t threads : {2u, 3u, 8u}) {
    EXPECT_EQ(OrderOf(documents, 2000, {.rounds = 5, .threads = threads}), alone) << threads;
  }
}

// All arithmetic is in integers, so that this is the order on every machine.
TEST(GraphOrderTest, TheOrderIsTheSameEverywhere) {
  Documents documents;
  uint32_t state = 1;
  for (DocId doc = 0; doc < 5000; ++doc) {
    std::vector<uint32_t>& terms = documents.emplace_back();
    for (uint32_t term = doc % 11; term < 300; term += 1 + (state >> 16) % 40) {
      terms.push_back(term);
      state = state * 1664525 + 1013904223;
    }
  }
  uint64_t hash = 0;
  for (const DocId doc : OrderOf(documents, 300, {.rounds = 6})) {
    hash = (hash ^ doc) * 0x9e3779b97f4a7c15u;
  }
  EXPECT_EQ(hash, 16218549953888670596u);
}

// As many terms as there may be, some documents with all of them, some with none.
TEST(GraphOrderTest, TheMostTerms) {
  Documents documents(200);
  for (size_t doc = 0; doc < documents.size(); ++doc) {
    if (doc % 3 == 0) continue;
    documents[doc].resize(doc % 50 == 1 ? kMaxGraphTerms : 10);
    std::iota(documents[doc].rbegin(), documents[doc].rend(),
              kMaxGraphTerms - static_cast<uint32_t>(documents[doc].size()));
  }
  const auto docs = static_cast<DocId>(documents.size());
  const std::vector<DocId> order = OrderOf(documents, kMaxGraphTerms);
  ExpectPermutation(order, docs);
  EXPECT_LT(LogGaps(documents, order), LogGaps(documents, AsTheyAre(docs)));
}

TEST(GraphOrderTest, LengthOrdersALeaf) {
  Documents documents;
  for (uint32_t doc = 0; doc < 20; ++doc) {
    documents.emplace_back(20 - doc);
    std::iota(documents.back().begin(), documents.back().end(), 0u);
  }
  const std::vector<DocId> order = OrderOf(documents, 20);
  EXPECT_TRUE(std::is_sorted(order.rbegin(), order.rend()));
}

TEST(GraphOrderTest, ACancelledOrderIsAnOrder) {
  SeededRandom random(4);
  const std::atomic<bool> cancel = true;
  ExpectPermutation(OrderOf(TopicsInTurn(5000, 3, &random), 120, {.cancel = &cancel}), 5000);
}

}  // namespace
}  // namespace segue
