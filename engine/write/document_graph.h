// SPDX-License-Identifier: Apache-2.0
//
// Which terms the documents of a merge hold: what GraphOrder orders by.
#ifndef SEGUE_WRITE_DOCUMENT_GRAPH_H_
#define SEGUE_WRITE_DOCUMENT_GRAPH_H_

#include <cstdint>
#include <memory>
#include <span>

#include "absl/status/statusor.h"
#include "engine/segment/segment.h"
#include "engine/write/graph_order.h"
#include "engine/write/merge_map.h"

namespace segue {

// Documents as the map numbers them. Terms that hardly any document holds, or a large part of them,
// tell little and are left out; of the others, the kMaxGraphTerms most frequent count, and of
// these the rarest where they have more than kMaxGraphEntries entries, or more than half of
// `memory_bytes` has room for. Errors: as reading postings.
// Memory: 4 bytes an entry, 8 a document.
absl::StatusOr<DocumentGraph> MakeDocumentGraph(
    std::span<const std::shared_ptr<const Segment>> inputs, const MergeMap& map,
    uint64_t memory_bytes);

}  // namespace segue

#endif  // SEGUE_WRITE_DOCUMENT_GRAPH_H_
