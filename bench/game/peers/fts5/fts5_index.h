// SPDX-License-Identifier: Apache-2.0
//
// The database that FTS5 brings to the game:
//   docs  a full-text table without content: words, frequencies, positions, lengths; rowid = line
//   meta  line, id (stored), and the filter's words as bits of a plain integer column
// The filter is no column of `docs` because bm25() would count its words as text.
#ifndef SEGUE_BENCH_GAME_PEERS_FTS5_FTS5_INDEX_H_
#define SEGUE_BENCH_GAME_PEERS_FTS5_FTS5_INDEX_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/game/corpus_stream.h"
#include "bench/game/peers/fts5/sqlite.h"

namespace segue::game {

std::string DatabaseFile(const std::string& folder);

// The bit of a filter word; kInvalidArgument for a word that no corpus has.
absl::StatusOr<int64_t> FilterBit(std::string_view word);

// A new database in `folder`, which must not exist, and its tables.
absl::StatusOr<Database> CreateDatabase(const std::string& folder);
absl::Status CreateFts5Tables(Database* database);

// Inserts documents into both tables.
class Fts5Inserter {
 public:
  static absl::StatusOr<Fts5Inserter> Make(Database* database);
  absl::Status Insert(int64_t line, const CorpusDocument& document);

 private:
  Statement docs_, meta_;
};

// Indexes the corpus on standard input into one FTS5 segment, then deletes; the number of
// documents. `delete_percent` is 0 or a divisor of 100.
absl::StatusOr<uint64_t> BuildFts5(const std::string& folder, uint32_t delete_percent);

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_PEERS_FTS5_FTS5_INDEX_H_
