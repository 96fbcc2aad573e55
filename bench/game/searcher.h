// SPDX-License-Identifier: Apache-2.0
//
// A snapshot that answers requests of the game.
#ifndef SEGUE_BENCH_GAME_SEARCHER_H_
#define SEGUE_BENCH_GAME_SEARCHER_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/game/line_server.h"
#include "segue/index.h"
#include "segue/query.h"

namespace segue::game {

struct Outcome {
  SearchResult result;
  uint64_t nanoseconds = 0;  // parsing, planning and searching; not printing

  // The total where it was counted, else the number of hits.
  uint64_t number() const {
    return result.total.has_value() ? result.total->value : result.hits.size();
  }
};

// What a pattern (prefix, wildcard, regular expression, fuzzy word) adds to the score of its
// matches.
enum class PatternScores : uint8_t {
  kOne,       // 1, as the rules of the game are
  kBestTerm,  // what segue gives by itself: the score of the best of its terms
};

// Keeps nothing between two requests.
class Searcher {
 public:
  static absl::StatusOr<Searcher> Open(const std::string& folder, PatternScores patterns);

  // kDeadlineExceeded if it is not done by the deadline.
  absl::StatusOr<Outcome> Run(
      const Request& request,
      std::optional<std::chrono::steady_clock::time_point> deadline = std::nullopt) const;

 private:
  Searcher(std::shared_ptr<const Snapshot> snapshot, PatternScores patterns)
      : snapshot_(std::move(snapshot)), patterns_(patterns) {}

  Query QueryOf(const Request& request) const;

  std::shared_ptr<const Snapshot> snapshot_;
  PatternScores patterns_;
};

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_SEARCHER_H_
