// SPDX-License-Identifier: Apache-2.0
//
// GraphOrder: an order of documents in which those that share terms are near each other.
//
// Recursive graph bisection: the documents are cut into halves, documents change sides as long as
// that makes the logarithms of the gaps in posting lists smaller, and each half is cut in turn.
// L. Dhulipala et al., "Compressing Graphs and Indexes with Recursive Graph Bisection" (KDD 2016);
// changing sides by selection instead of sorting: J. Mackenzie et al., "Faster Index Reordering
// with Bipartite Graph Partitioning" (SIGIR 2021).
#ifndef SEGUE_WRITE_GRAPH_ORDER_H_
#define SEGUE_WRITE_GRAPH_ORDER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "engine/base/types.h"
#include "engine/write/huge_array.h"

namespace segue {

// A term's number takes two bytes, and one is kept for "none".
inline constexpr uint32_t kMaxGraphTerms = 0xffff;

// Which terms the documents hold, each once.
struct DocumentGraph {
  HugeArray<uint16_t> counts;  // of terms, by document
  // Document by document, each below term_count; behind them there is room for as many.
  HugeArray<uint16_t> terms;
  uint32_t term_count = 0;  // at most kMaxGraphTerms

  DocId doc_count() const { return static_cast<DocId>(counts.size()); }
  size_t entry_count() const { return terms.size() / 2; }
};

// What a graph and its order take for each entry and for each document, this among it.
inline constexpr uint64_t kGraphEntryBytes = 2 * sizeof(uint16_t);
inline constexpr uint64_t kGraphDocumentBytes = 23;
// And for each thread.
inline constexpr uint64_t kGraphThreadBytes = 20 * uint64_t{kMaxGraphTerms};

struct GraphOrderOptions {
  // How often documents change sides at each cut, at most.
  uint32_t rounds = 20;
  // The order does not depend on it.
  uint32_t threads = 1;
  // Set by anybody: the order is then any. May be null.
  const std::atomic<bool>* cancel = nullptr;
};

// Element i is the document that comes at place i. The same graph and number of rounds give the
// same order on every machine: all arithmetic is in integers.
// Cost: about rounds * entries * log2(documents) additions; kGraphEntryBytes for each entry,
// kGraphDocumentBytes for each document (with the graph, which is used up, and the result), and
// kGraphThreadBytes at most for each thread.
HugeArray<DocId> GraphOrder(DocumentGraph graph, const GraphOrderOptions& options);

}  // namespace segue

#endif  // SEGUE_WRITE_GRAPH_ORDER_H_
