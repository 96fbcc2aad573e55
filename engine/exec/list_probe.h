// SPDX-License-Identifier: Apache-2.0
//
// ListProbe: which of given documents a list has, and where their postings stand.
//
// For few documents this costs less than the mask of a chunk: a block is decoded only if one of
// them may be in it, and none of its postings are moved.
#ifndef SEGUE_EXEC_LIST_PROBE_H_
#define SEGUE_EXEC_LIST_PROBE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/exec/search_context.h"
#include "engine/format/postings_reader.h"
#include "engine/simd/kernels.h"

namespace segue::exec {

class ListProbe {
 public:
  // So many documents at once.
  static constexpr size_t kRows = ProbeRows::kRows;

  // `all_docs`: those of the list, if they are decoded already. They outlive the probe.
  ListProbe(const PostingList* list, const std::vector<DocId>* all_docs, SearchContext* context);

  // Of `docs` (of the segment, ascending, at most kRows), those that the list has: writes their
  // indexes, the documents themselves and the ranks of their postings; returns how many. The
  // outputs have room for count. Damage: the context is told.
  size_t Find(const DocId* docs, size_t count, uint32_t* rows, DocId* found, uint32_t* ranks);

  // Its memory, of which `ranks` are the caller's.
  ProbeRows* rows() const { return rows_; }

  // The list's next documents, at most kRows, and the rank of the first; 0 at its end. `docs` has
  // room for kRows and 16 more.
  size_t Take(DocId* docs, uint32_t* first_rank);

 private:
  static constexpr uint32_t kNoBlock = ~0u;

  size_t FindDense(const DocId* docs, size_t count, uint32_t* rows, DocId* found, uint32_t* ranks);
  size_t FindRuns(const DocId* docs, size_t count);
  bool Enter(uint32_t block);

  const PostingList* list_;
  const std::vector<DocId>* all_docs_;
  SearchContext* context_;
  const Kernels& kernels_;
  ProbeRows* rows_;
  uint32_t block_ = kNoBlock;  // whose documents rows_ has
  uint32_t next_block_ = 0;    // to be taken
};

// Leaves those documents for whose index `stays` holds, without a branch on it; returns how many.
// `rows`: which they were.
template <typename Stays>
size_t KeepDocs(DocId* docs, size_t count, uint32_t* rows, Stays stays) {
  size_t kept = 0;
  for (size_t i = 0; i < count; ++i) {
    const bool stays_here = stays(i);
    docs[kept] = docs[i];
    rows[kept] = static_cast<uint32_t>(i);
    kept += stays_here;
  }
  return kept;
}

}  // namespace segue::exec

#endif  // SEGUE_EXEC_LIST_PROBE_H_
