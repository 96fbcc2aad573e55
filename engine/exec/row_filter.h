// SPDX-License-Identifier: Apache-2.0
//
// RowFilter: what a document must satisfy besides having scored terms: it is live, has the lists
// that filter, and has none that prohibit.
//
// Asked late, of documents that may enter the top k: there are few of those.
#ifndef SEGUE_EXEC_ROW_FILTER_H_
#define SEGUE_EXEC_ROW_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/base/bitset.h"
#include "engine/exec/flat_list.h"
#include "engine/exec/list_probe.h"
#include "engine/exec/search_scratch.h"
#include "engine/exec/top_k.h"

namespace segue::exec {

class RowFilter {
 public:
  // So many documents at once.
  static constexpr size_t kRows = ListProbe::kRows;

  // `live`: null if all documents are. From now on the lists are probed, until the end.
  RowFilter(const Bitset* live, std::vector<FlatList*> required, std::vector<FlatList*> prohibited);
  ~RowFilter();
  RowFilter(const RowFilter&) = delete;
  RowFilter& operator=(const RowFilter&) = delete;

  // Every document passes.
  bool passes_all() const { return live_ == nullptr && required_.empty() && prohibited_.empty(); }

  // Offers those documents of a segment, at most kRows and ascending, that pass and score above the
  // threshold. The documents may be the offsets of `columns` and the scores its scores; they are no
  // other column of it. `base`: number of the segment's first document.
  void Offer(const DocId* docs, const float* scores, size_t count, float threshold, uint64_t base,
             ScoreColumns* columns, TopK* top_k);

  // Leaves those of at most kRows ascending documents that pass, and the scores of each; returns
  // how many.
  template <typename Score>
  size_t Keep(DocId* docs, Score* scores, size_t count);

 private:
  const Bitset* live_;
  std::vector<FlatList*> required_;
  std::vector<FlatList*> prohibited_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_ROW_FILTER_H_
