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
// tell little and are left out; of the others, the kMaxGraphTerms most frequent count, and of these
// the rarest where their entries are more than kMaxGraphEntries, or than there is room for: half of
// `memory_bytes`, or what is left of three quarters of it beside what the map and GraphOrder take
// for documents, but an eighth in any case. Errors: as reading postings.
// Memory: kGraphEntryBytes for each entry, 2 bytes for each document, and 6 MiB.
absl::StatusOr<DocumentGraph> MakeDocumentGraph(
    std::span<const std::shared_ptr<const Segment>> inputs, const MergeMap& map,
    uint64_t memory_bytes);

}  // namespace segue

#endif  // SEGUE_WRITE_DOCUMENT_GRAPH_H_
