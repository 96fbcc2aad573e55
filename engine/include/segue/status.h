// SPDX-License-Identifier: Apache-2.0
//
// What every failing call of segue returns.
//
// The library throws nothing: it returns absl::Status or absl::StatusOr<T>.
// Each error carries one stable ErrorCode (as a payload, so that it survives
// copies and annotations). The numbers never change their meaning; new ones are
// added at the end.
//
//   absl::StatusOr<segue::Index> index = segue::Index::Open(dir);
//   if (!index.ok()) {
//     std::cerr << segue::MessageOf(index.status()) << "\n";
//     return segue::ExitCodeOf(index.status());
//   }
#ifndef SEGUE_STATUS_H_
#define SEGUE_STATUS_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "segue/export.h"

namespace segue {

enum class ErrorCode : int {
  kOk = 0,
  // The caller's mistake: an argument, a schema, a query in strict mode.
  kInvalidArgument = 1,
  // No such file, field, document or index.
  kNotFound = 2,
  // Bytes on disk are not what was written. Never reported as "no results".
  kDataLoss = 3,
  // A limit of segue, memory, file handles or mappings ran out.
  kResourceExhausted = 4,
  // The operating system refused to read or write (a full disk too).
  kIo = 5,
  // The index was written by another version of segue, or uses a feature that
  // this one does not have.
  kVersion = 6,
  // Another writer holds the index; the message names it.
  kLocked = 7,
  // The search passed its deadline.
  kDeadlineExceeded = 8,
  // The caller cancelled.
  kCancelled = 9,
  // The call is not allowed in this state (a closed or poisoned writer, …).
  kFailedPrecondition = 10,
  // A bug in segue.
  kInternal = 11,
};

// The code of `status`; kOk for OK. A status that segue did not make is mapped
// by its absl code.
SEGUE_EXPORT ErrorCode CodeOf(const absl::Status& status);

// A stable lower-case name, such as "data loss".
SEGUE_EXPORT std::string_view NameOf(ErrorCode code);

// The exit status a command-line tool reports for `status`: 0 done, 1 the
// user's mistake, 2 damaged data, 3 a limit, deadline or memory, 4 input/output,
// 5 another version of the format, 70 a bug in segue.
SEGUE_EXPORT int ExitCodeOf(const absl::Status& status);

// The text of `status`, as a std view that lives as long as `status` does.
inline std::string_view MessageOf(const absl::Status& status) {
  return std::string_view(status.message().data(), status.message().size());
}

// True if a commit failed at its very last step, so that only reopening the
// index tells whether the new generation is there. The index is intact either
// way.
SEGUE_EXPORT bool IsOutcomeUnknown(const absl::Status& status);

}  // namespace segue

#endif  // SEGUE_STATUS_H_
