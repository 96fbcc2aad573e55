// SPDX-License-Identifier: Apache-2.0
//
// Making and passing on errors inside the library. Callers outside see
// segue/status.h only.
#ifndef SEGUE_BASE_STATUS_H_
#define SEGUE_BASE_STATUS_H_

#include <string>
#include <string_view>
#include <utility>

#include "segue/status.h"

namespace segue {

// REQUIRES: code != kOk. The message says what was wrong, where, and if it can,
// what to do; it quotes nothing but the caller's own input and file positions.
absl::Status Error(ErrorCode code, std::string message);

// The same error (code and marks) with "context: " in front of its message. OK
// stays OK.
absl::Status Annotate(const absl::Status& status, std::string_view context);

// Marks an error as a failed fsync. What had been written before may be gone,
// and trying again proves nothing: the writer must give up.
absl::Status MarkSyncFailure(const absl::Status& status);
bool IsSyncFailure(const absl::Status& status);

// Marks an error for IsOutcomeUnknown (segue/status.h).
absl::Status MarkOutcomeUnknown(const absl::Status& status);

}  // namespace segue

#define SEGUE_STATUS_CONCAT_INNER_(a, b) a##b
#define SEGUE_STATUS_CONCAT_(a, b) SEGUE_STATUS_CONCAT_INNER_(a, b)

// Returns from the enclosing function if `expr` (an absl::Status) is an error.
#define SEGUE_RETURN_IF_ERROR(expr)       \
  do {                                    \
    absl::Status segue_status_ = (expr);  \
    if (!segue_status_.ok()) [[unlikely]] \
      return segue_status_;               \
  } while (false)

// Evaluates `expr` (an absl::StatusOr<T>); returns its error, or moves its value
// into `decl`:  SEGUE_ASSIGN_OR_RETURN(Section body, file.Open());
#define SEGUE_ASSIGN_OR_RETURN(decl, expr) \
  SEGUE_ASSIGN_OR_RETURN_IMPL_(SEGUE_STATUS_CONCAT_(segue_status_or_, __LINE__), decl, expr)
#define SEGUE_ASSIGN_OR_RETURN_IMPL_(holder, decl, expr) \
  auto holder = (expr);                                  \
  if (!holder.ok()) [[unlikely]]                         \
    return std::move(holder).status();                   \
  decl = *std::move(holder)

#endif  // SEGUE_BASE_STATUS_H_
