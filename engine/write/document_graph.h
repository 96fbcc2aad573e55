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
// tell little and are left out; of the others, the rarest where the graph, and what GraphOrder
// needs besides, would take more than `memory_bytes`, or are more than kMaxGraphTerms. Errors: as
// reading postings.
absl::StatusOr<DocumentGraph> MakeDocumentGraph(
    std::span<const std::shared_ptr<const Segment>> inputs, const MergeMap& map,
    uint64_t memory_bytes);

}  // namespace segue

#endif  // SEGUE_WRITE_DOCUMENT_GRAPH_H_
