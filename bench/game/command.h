// SPDX-License-Identifier: Apache-2.0
//
// What a request of the benchmark game asks for.
#ifndef SEGUE_BENCH_GAME_COMMAND_H_
#define SEGUE_BENCH_GAME_COMMAND_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"

namespace segue::game {

struct Command {
  enum class Want : uint8_t {
    kCount,        // COUNT: the number of matching documents
    kTop,          // TOP_<k>: the k best, no count
    kTopAndCount,  // TOP_<k>_COUNT: both
    kHits,         // HITS_<k>: the k best with their scores, for checking
  };
  Want want = Want::kCount;
  uint32_t k = 0;

  bool counts() const { return want == Want::kCount || want == Want::kTopAndCount; }
};

// kInvalidArgument for any other name.
absl::StatusOr<Command> ParseCommand(std::string_view name);

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_COMMAND_H_
