// SPDX-License-Identifier: Apache-2.0
#include "engine/write/graph_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include "tests/support/seeded_random.h"

namespace segue {
namespace {

DocumentGraph MakeGraph(const std::vector<std::vector<uint32_t>>& documents, uint32_t term_count) {
  DocumentGraph graph{.starts = {0}, .terms = {}, .term_count = term_count};
  for (const std::vector<uint32_t>& terms : documents) {
    graph.terms.insert(graph.terms.end(), terms.begin(), terms.end());
    graph.starts.push_back(graph.terms.size());
  }
  return graph;
}

// Documents of `topics` in turn, each with ten of its topic's forty terms.
DocumentGraph TopicsInTurn(DocId docs, uint32_t topics, SeededRandom* random) {
  std::vector<std::vector<uint32_t>> documents(docs);
  for (DocId doc = 0; doc < docs; ++doc) {
    std::vector<uint32_t>& terms = documents[doc];
    while (terms.size() < 10) {
      const auto term = static_cast<uint32_t>(doc % topics * 40 + random->Below(40));
      if (std::find(terms.begin(), terms.end(), term) == terms.end()) terms.push_back(term);
    }
  }
  return MakeGraph(documents, topics * 40);
}

void ExpectPermutation(std::vector<DocId> order, DocId docs) {
  std::sort(order.begin(), order.end());
  std::vector<DocId> all(docs);
  std::iota(all.begin(), all.end(), DocId{0});
  EXPECT_EQ(order, all);
}

// Bits of the gaps of all posting lists.
double LogGaps(const DocumentGraph& graph, const std::vector<DocId>& order) {
  std::vector<DocId> last(graph.term_count, 0);
  double bits = 0;
  for (DocId place = 0; place < order.size(); ++place) {
    for (const uint16_t term : graph.TermsOf(order[place])) {
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
    std::vector<std::vector<uint32_t>> documents(docs, {0, 1});
    ExpectPermutation(GraphOrder(MakeGraph(documents, 2), {}), docs);
    ExpectPermutation(GraphOrder(MakeGraph(std::vector<std::vector<uint32_t>>(docs), 0), {}), docs);
  }
}

TEST(GraphOrderTest, DocumentsOfATopicComeTogether) {
  SeededRandom random(1);
  constexpr DocId kDocs = 4096;
  constexpr uint32_t kTopics = 16;
  const DocumentGraph graph = TopicsInTurn(kDocs, kTopics, &random);
  const std::vector<DocId> order = GraphOrder(graph, {.rounds = 20});
  ExpectPermutation(order, kDocs);
  uint32_t changes = 0;
  for (DocId i = 1; i < kDocs; ++i) changes += order[i] % kTopics != order[i - 1] % kTopics;
  // 4,095 in the order given, 15 at best.
  EXPECT_LT(changes, 200u);
  // A topic's terms are then a sixteenth as far apart: four bits less for each posting.
  EXPECT_LT(LogGaps(graph, order), LogGaps(graph, AsTheyAre(kDocs)) - 3 * 10.0 * kDocs);
}

TEST(GraphOrderTest, MoreRoundsAreNotWorse) {
  SeededRandom random(2);
  const DocumentGraph graph = TopicsInTurn(3000, 7, &random);
  const double none = LogGaps(graph, AsTheyAre(3000));
  const double quick = LogGaps(graph, GraphOrder(graph, {.rounds = 4}));
  const double full = LogGaps(graph, GraphOrder(graph, {.rounds = 20}));
  EXPECT_LT(quick, none);
  EXPECT_LE(full, quick);
}

TEST(GraphOrderTest, ThreadsDoNotMatter) {
  SeededRandom random(3);
  const DocumentGraph graph = TopicsInTurn(20000, 50, &random);
  const std::vector<DocId> alone = GraphOrder(graph, {.rounds = 5, .threads = 1});
  for (const uint32_t threads : {2u, 3u, 8u}) {
    EXPECT_EQ(GraphOrder(graph, {.rounds = 5, .threads = threads}), alone) << threads;
  }
}

// All arithmetic is in integers, so that this is the order on every machine.
TEST(GraphOrderTest, TheOrderIsTheSameEverywhere) {
  std::vector<std::vector<uint32_t>> documents;
  uint32_t state = 1;
  for (DocId doc = 0; doc < 5000; ++doc) {
    std::vector<uint32_t>& terms = documents.emplace_back();
    for (uint32_t term = doc % 11; term < 300; term += 1 + (state >> 16) % 40) {
      terms.push_back(term);
      state = state * 1664525 + 1013904223;
    }
  }
  uint64_t hash = 0;
  for (const DocId doc : GraphOrder(MakeGraph(documents, 300), {.rounds = 6})) {
    hash = (hash ^ doc) * 0x9e3779b97f4a7c15u;
  }
  EXPECT_EQ(hash, 16218549953888670596u);
}

// As many terms as there may be, some documents with all of them, some with none.
TEST(GraphOrderTest, TheMostTerms) {
  std::vector<std::vector<uint32_t>> documents(200);
  for (size_t doc = 0; doc < documents.size(); ++doc) {
    if (doc % 3 == 0) continue;
    documents[doc].resize(doc % 50 == 1 ? kMaxGraphTerms : 10);
    std::iota(documents[doc].rbegin(), documents[doc].rend(),
              kMaxGraphTerms - static_cast<uint32_t>(documents[doc].size()));
  }
  const DocumentGraph graph = MakeGraph(documents, kMaxGraphTerms);
  const std::vector<DocId> order = GraphOrder(graph, {});
  ExpectPermutation(order, static_cast<DocId>(documents.size()));
  EXPECT_LT(LogGaps(graph, order), LogGaps(graph, AsTheyAre(graph.doc_count())));
}

TEST(GraphOrderTest, LengthOrdersALeaf) {
  std::vector<std::vector<uint32_t>> documents;
  for (uint32_t doc = 0; doc < 20; ++doc) {
    documents.emplace_back(20 - doc);
    std::iota(documents.back().begin(), documents.back().end(), 0u);
  }
  const std::vector<DocId> order = GraphOrder(MakeGraph(documents, 20), {});
  EXPECT_TRUE(std::is_sorted(order.rbegin(), order.rend()));
}

TEST(GraphOrderTest, ACancelledOrderIsAnOrder) {
  SeededRandom random(4);
  const std::atomic<bool> cancel = true;
  ExpectPermutation(GraphOrder(TopicsInTurn(5000, 3, &random), {.cancel = &cancel}), 5000);
}

}  // namespace
}  // namespace segue
