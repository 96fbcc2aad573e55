// SPDX-License-Identifier: Apache-2.0
//
// --compression NAME, of the commands that write segments.
#ifndef SEGUE_TOOLS_COMPRESSION_FLAG_H_
#define SEGUE_TOOLS_COMPRESSION_FLAG_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "corpus/base_tools.h"
#include "segue/schema.h"
#include "tools/flags.h"

namespace segue {

struct CompressionFlag {
  std::string name;

  void Declare(Flags* flags) {
    flags->Value("--compression", "NAME", &name,
                 "of stored values: snappy, or zstd for fewer bytes (as the schema says; snappy)");
  }
  // Nothing if it was not given; kInvalidArgument for a name that is none.
  absl::StatusOr<std::optional<StoredCompression>> Read() const {
    if (name.empty()) return std::nullopt;
    const absl::StatusOr<StoredCompression> compression = ParseStoredCompression(name);
    if (!compression.ok()) return Annotate(compression.status(), "--compression");
    return *compression;
  }
};

}  // namespace segue

#endif  // SEGUE_TOOLS_COMPRESSION_FLAG_H_
