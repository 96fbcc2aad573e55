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
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/types.h"

namespace segue {

// A term's number takes two bytes, and one is kept for "none".
inline constexpr uint32_t kMaxGraphTerms = 0xffff;

// Which terms the documents hold, each once.
struct DocumentGraph {
  std::vector<uint64_t> starts;  // doc_count + 1 of them, ascending, the first one 0
  std::vector<uint16_t> terms;   // of document d: [starts[d], starts[d + 1]), each below term_count
  uint32_t term_count = 0;       // at most kMaxGraphTerms

  DocId doc_count() const { return static_cast<DocId>(starts.size() - 1); }
  std::span<const uint16_t> TermsOf(DocId doc) const {
    return {terms.data() + starts[doc], terms.data() + starts[doc + 1]};
  }
};

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
// Cost: about rounds * edges * log2(documents) additions; beside the graph, which is used up, 2
// bytes an edge (in graph.terms, best with that capacity), 17 a document, and for each thread 20 a
// term.
std::vector<DocId> GraphOrder(DocumentGraph graph, const GraphOrderOptions& options);

}  // namespace segue

#endif  // SEGUE_WRITE_GRAPH_ORDER_H_
