// SPDX-License-Identifier: Apache-2.0
//
// The index that segue brings to the game.
#ifndef SEGUE_BENCH_GAME_INDEX_BUILDER_H_
#define SEGUE_BENCH_GAME_INDEX_BUILDER_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "segue/index.h"

namespace segue::game {

struct IndexBuilderOptions {
  std::string folder;           // must not exist
  uint64_t segments = 1;        // consecutive runs of nearly equal numbers of documents
  uint64_t documents = 0;       // how many will come; needed for more than one segment
  uint32_t delete_percent = 0;  // a divisor of 100
  DocumentOrder order = DocumentOrder::kAsAdded;  // in each segment
  bool numbers = false;                           // every document has one, which is indexed
  uint32_t threads = 1;  // that analyse text; the index does not depend on it
  // The writer's budget where the index is one segment; as the drivers of the other engines.
  uint64_t memory_mb = 512;
};

// Indexes the corpus on standard input; the number of its documents. The schema is GameSchema's;
// with deletions it has a key, by which they are made, and with numbers a field of them.
absl::StatusOr<uint64_t> BuildIndex(const IndexBuilderOptions& options);

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_INDEX_BUILDER_H_
