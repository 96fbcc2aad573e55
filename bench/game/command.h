// SPDX-License-Identifier: Apache-2.0
//
// One request of the benchmark game: `COMMAND<TAB>query`.
#ifndef SEGUE_BENCH_GAME_COMMAND_H_
#define SEGUE_BENCH_GAME_COMMAND_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "segue/index.h"

namespace segue::game {

// COUNT, TOP_<k> or TOP_<k>_COUNT.
struct Command {
  uint32_t k = 0;
  CountMode count = CountMode::kNone;
};

// kInvalidArgument for any other name.
absl::StatusOr<Command> ParseCommand(std::string_view name);

struct Outcome {
  uint64_t answer = 0;       // the total where counted, else the number of hits
  uint64_t nanoseconds = 0;  // parsing, planning and searching; not printing
  SearchCounters counters;
};

// Parses and runs one query. Nothing is kept between calls.
absl::StatusOr<Outcome> Run(const Snapshot& snapshot, const Command& command,
                            std::string_view query);

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_COMMAND_H_
