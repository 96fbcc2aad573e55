// SPDX-License-Identifier: Apache-2.0
//
// DocGates: what a flat query asks of its documents besides lists: that they match, or do not
// match, scorers of any kind (a set of documents, a range of values, another boolean).
#ifndef SEGUE_EXEC_DOC_GATES_H_
#define SEGUE_EXEC_DOC_GATES_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/exec/scorer.h"
#include "engine/exec/search_context.h"

namespace segue::exec {

class DocGates {
 public:
  // Of a segment of so many documents.
  explicit DocGates(uint32_t doc_count) : doc_count_(doc_count) {}

  // Documents have to match the scorer, or (not `wanted`) must not.
  void Add(ScorerPtr scorer, bool wanted) { gates_.push_back({std::move(scorer), wanted}); }

  // Leaves those of `docs`, which ascend, that pass all gates; returns how many. `rows`: which of
  // them they were. Calls come in document order. Cost: a mask of each window that has any of them,
  // for each gate.
  size_t Keep(DocId* docs, size_t count, uint32_t* rows);

 private:
  struct Gate {
    ScorerPtr scorer;
    bool wanted;
  };

  size_t KeepAt(const Gate& gate, DocId* docs, size_t count, uint32_t* rows) const;

  uint32_t doc_count_;
  std::vector<Gate> gates_;
};

// All documents of the segment that the scorer matches, ascending. Charges the context for them.
// Errors: context->status().
std::vector<DocId> DocsOf(Scorer* scorer, uint32_t doc_count, SearchContext* context);

}  // namespace segue::exec

#endif  // SEGUE_EXEC_DOC_GATES_H_
