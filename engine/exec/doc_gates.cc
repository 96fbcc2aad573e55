// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/doc_gates.h"

#include <numeric>
#include <utility>

#include "engine/exec/window.h"

namespace segue::exec {

size_t DocGates::Keep(DocId* docs, size_t count, uint32_t* rows) {
  std::iota(rows, rows + count, 0);
  for (const Gate& gate : gates_) {
    if (count != 0) count = KeepAt(gate, docs, count, rows);
  }
  return count;
}

size_t DocGates::KeepAt(const Gate& gate, DocId* docs, size_t count, uint32_t* rows) const {
  size_t kept = 0;
  for (size_t first = 0; first < count;) {
    const Window window = WindowOf(docs[first], doc_count_);
    DocMask asked, matches;
    size_t end = first;
    for (; end < count && docs[end] < window.end; ++end) asked.Set(docs[end] - window.begin);
    gate.scorer->Match(window, asked, &matches);
    for (; first < end; ++first) {
      docs[kept] = docs[first];
      rows[kept] = rows[first];
      kept += matches.Test(docs[first] - window.begin) == gate.wanted;
    }
  }
  return kept;
}

std::vector<DocId> DocsOf(Scorer* scorer, uint32_t doc_count, SearchContext* context) {
  std::vector<DocId> docs;
  uint64_t charged = 0;
  for (DocId from = 0; from < doc_count;) {
    const DocId candidate = scorer->NextCandidate(from);
    if (candidate >= doc_count || !context->KeepGoing()) break;
    const Window window = WindowOf(candidate, doc_count);
    from = window.end;
    DocMask among, matches;
    among.Fill(window.size());
    scorer->Match(window, among, &matches);
    matches.ForEach([&](uint32_t offset) { docs.push_back(window.begin + offset); });
    if (docs.capacity() == charged) continue;
    absl::Status status = context->Charge(sizeof(DocId) * (docs.capacity() - charged));
    charged = docs.capacity();
    if (status.ok()) continue;
    context->Fail(std::move(status));
    break;
  }
  return docs;
}

}  // namespace segue::exec
