// SPDX-License-Identifier: Apache-2.0
//
// What the searching subcommands share: opening an index, reading a query as the flags say.
#ifndef SEGUE_TOOLS_READING_H_
#define SEGUE_TOOLS_READING_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/types.h"
#include "tools/flags.h"
#include "tools/limit_flag.h"

namespace segue {

// An open index and its newest generation.
struct OpenedIndex {
  std::string path;
  std::unique_ptr<Index> index;
  std::shared_ptr<const Snapshot> snapshot;
};
absl::StatusOr<OpenedIndex> OpenForReading(const std::string& path);

// How query text is read, and what a query may be.
struct QueryFlags {
  bool text = false;    // every character is text
  bool strict = false;  // what the language has no meaning for is an error
  bool all = false;     // words are joined by AND
  LimitFlag<QueryLimits> limits;

  void Declare(Flags* flags);
};

struct ReadQuery {
  Query query;
  std::vector<Diagnostic> diagnostics;
};
absl::StatusOr<ReadQuery> QueryFromText(std::string_view text, const QueryFlags& flags,
                                        const Schema& schema);

// "exact", "none" or a number.
absl::StatusOr<std::pair<CountMode, uint64_t>> ParseCount(std::string_view text);

// A document by its number, or with `is_key` by its key.
absl::StatusOr<uint64_t> FindDocument(const Snapshot& snapshot, std::string_view name, bool is_key);

}  // namespace segue

#endif  // SEGUE_TOOLS_READING_H_
