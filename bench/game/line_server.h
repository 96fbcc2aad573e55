// SPDX-License-Identifier: Apache-2.0
//
// The conversation of the game: a request a line on standard input, an answer a line on standard
// output, in order, until the end of the input.
#ifndef SEGUE_BENCH_GAME_LINE_SERVER_H_
#define SEGUE_BENCH_GAME_LINE_SERVER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/game/command.h"

namespace segue::game {

// COMMAND<TAB>query[<TAB>filter]; the views hold during the call.
struct Request {
  Command command;
  std::string_view query;
  std::string_view filter;  // empty: none
};

struct ScoredLine {
  uint64_t line = 0;  // of the corpus, from 0
  double score = 0;
};

struct Answer {
  uint64_t number = 0;           // of matches where the command counts, else of hits
  uint64_t nanoseconds = 0;      // from the text of the query to the numbers of the hits
  std::vector<ScoredLine> hits;  // for HITS_<k>
};

// An empty optional: the engine cannot answer this exactly.
using Answerer = std::function<absl::StatusOr<std::optional<Answer>>(const Request&)>;

// Serves until the input ends. `timing`: "number<TAB>nanoseconds" instead of the number alone.
void ServeLines(const Answerer& answerer, bool timing);

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_LINE_SERVER_H_
