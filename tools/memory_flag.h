// SPDX-License-Identifier: Apache-2.0
//
// --memory SIZE, of the commands that build segments.
#ifndef SEGUE_TOOLS_MEMORY_FLAG_H_
#define SEGUE_TOOLS_MEMORY_FLAG_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "tools/flags.h"

namespace segue {

struct MemoryFlag {
  std::string size = {};

  void Declare(Flags* flags) {
    flags->Value("--memory", "SIZE", &size,
                 "for what is being built (a quarter of what there is, at most 1GiB)");
  }
  // Bytes; without the flag DefaultMemoryBytes() (usable_memory.h). kInvalidArgument for what is no
  // size, such as 512M, 2G, 64MiB or 1000000.
  absl::StatusOr<uint64_t> Read() const;
};

}  // namespace segue

#endif  // SEGUE_TOOLS_MEMORY_FLAG_H_
