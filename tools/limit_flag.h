// SPDX-License-Identifier: Apache-2.0
//
// --at-most NAME=N, of the commands that take queries or documents: lowers a limit. (--limit is
// how much is shown.)
#ifndef SEGUE_TOOLS_LIMIT_FLAG_H_
#define SEGUE_TOOLS_LIMIT_FLAG_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "segue/limits.h"
#include "tools/flags.h"

namespace segue {

// Of QueryLimits or DocumentLimits; names are those of their members.
template <typename Limits>
struct LimitFlag {
  std::vector<std::string> given;

  void Declare(Flags* flags);
  // kInvalidArgument for a name that is none, with those that there are, and for a number that the
  // limit cannot be.
  absl::StatusOr<Limits> Read() const;
};

extern template struct LimitFlag<QueryLimits>;
extern template struct LimitFlag<DocumentLimits>;

}  // namespace segue

#endif  // SEGUE_TOOLS_LIMIT_FLAG_H_
