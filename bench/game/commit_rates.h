// SPDX-License-Identifier: Apache-2.0
//
// How many documents a second come into an index, durably, when there is a commit for every so many
// of them.
#ifndef SEGUE_BENCH_GAME_COMMIT_RATES_H_
#define SEGUE_BENCH_GAME_COMMIT_RATES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "bench/game/corpus_stream.h"

namespace segue::game {

struct CommitRateOptions {
  std::string folder;   // must not exist
  uint64_t batch = 1;   // documents a commit
  double seconds = 10;  // no further commit is begun after so much time
};

// What an engine has to do for it.
class CommittingIndex {
 public:
  virtual ~CommittingIndex() = default;
  virtual absl::Status Add(const CorpusDocument& document) = 0;
  // Returns when the documents would survive a power cut.
  virtual absl::Status Commit() = 0;
};

// Adds documents from standard input until the time is up or there are no more, and prints
// {"engine":…,"version":…,"batch":…,"commits":…,"documents":…,"seconds":…,"p50_ms":…,"p99_ms":…}:
// the time of adding and committing without that of reading the input, and that of one commit with
// its additions.
absl::Status RunCommitRates(std::string_view engine, std::string_view version,
                            const CommitRateOptions& options, CommittingIndex* index);

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_COMMIT_RATES_H_
