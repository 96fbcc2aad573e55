// SPDX-License-Identifier: Apache-2.0
//
// An error is an absl::Status with one payload that holds its ErrorCode in
// decimal, and further, empty payloads as marks. One table ties the code to the
// absl code, to a name and to a tool's exit status.
#include "engine/base/status.h"

#include <charconv>
#include <optional>

#include "absl/strings/cord.h"

namespace segue {
namespace {

constexpr char kCodePayload[] = "segue/code";
constexpr char kSyncPayload[] = "segue/sync-failure";
constexpr char kUnknownPayload[] = "segue/outcome-unknown";

struct CodeRow {
  ErrorCode code;
  absl::StatusCode absl_code;
  int exit_code;
  std::string_view name;
};

// In the order of the enum.
constexpr CodeRow kCodeTable[] = {
    {ErrorCode::kOk, absl::StatusCode::kOk, 0, "ok"},
    {ErrorCode::kInvalidArgument, absl::StatusCode::kInvalidArgument, 1, "invalid argument"},
    {ErrorCode::kNotFound, absl::StatusCode::kNotFound, 1, "not found"},
    {ErrorCode::kDataLoss, absl::StatusCode::kDataLoss, 2, "data loss"},
    {ErrorCode::kResourceExhausted, absl::StatusCode::kResourceExhausted, 3, "resource exhausted"},
    {ErrorCode::kIo, absl::StatusCode::kUnavailable, 4, "input/output"},
    {ErrorCode::kVersion, absl::StatusCode::kUnimplemented, 5, "version"},
    {ErrorCode::kLocked, absl::StatusCode::kAborted, 1, "locked"},
    {ErrorCode::kDeadlineExceeded, absl::StatusCode::kDeadlineExceeded, 3, "deadline exceeded"},
    {ErrorCode::kCancelled, absl::StatusCode::kCancelled, 3, "cancelled"},
    {ErrorCode::kFailedPrecondition, absl::StatusCode::kFailedPrecondition, 1,
     "failed precondition"},
    // Outside the six results that a tool promises: sysexits' EX_SOFTWARE.
    {ErrorCode::kInternal, absl::StatusCode::kInternal, 70, "internal"},
};
constexpr int kCodeCount = sizeof(kCodeTable) / sizeof(kCodeTable[0]);

const CodeRow& RowOf(ErrorCode code) {
  const int index = static_cast<int>(code);
  const int last = kCodeCount - 1;
  return kCodeTable[index < 0 || index > last ? last : index];
}

void CopyPayloads(const absl::Status& from, absl::Status* to) {
  for (const char* url : {kCodePayload, kSyncPayload, kUnknownPayload}) {
    if (auto payload = from.GetPayload(url)) to->SetPayload(url, *payload);
  }
}

absl::Status Mark(const absl::Status& status, const char* url) {
  absl::Status marked = status;
  if (!marked.ok()) marked.SetPayload(url, absl::Cord("1"));
  return marked;
}

}  // namespace

ErrorCode CodeOf(const absl::Status& status) {
  if (status.ok()) return ErrorCode::kOk;
  if (auto payload = status.GetPayload(kCodePayload)) {
    const std::string text(*payload);
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    if (number > 0 && number < kCodeCount) return static_cast<ErrorCode>(number);
  }
  for (const CodeRow& row : kCodeTable) {
    if (row.absl_code == status.code()) return row.code;
  }
  switch (status.code()) {
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kAlreadyExists:
      return ErrorCode::kInvalidArgument;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return ErrorCode::kIo;
    default:
      return ErrorCode::kInternal;
  }
}

std::string_view NameOf(ErrorCode code) { return RowOf(code).name; }

int ExitCodeOf(const absl::Status& status) { return RowOf(CodeOf(status)).exit_code; }

absl::Status Error(ErrorCode code, std::string message) {
  absl::Status status(RowOf(code).absl_code, message);
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof(digits), static_cast<int>(code)).ptr;
  if (!status.ok()) {
    status.SetPayload(kCodePayload, absl::Cord(std::string(digits, end)));
  }
  return status;
}

absl::Status Annotate(const absl::Status& status, std::string_view context) {
  if (status.ok()) return status;
  std::string message(context);
  message += ": ";
  message += MessageOf(status);
  absl::Status annotated(status.code(), message);
  CopyPayloads(status, &annotated);
  return annotated;
}

absl::Status MarkSyncFailure(const absl::Status& status) { return Mark(status, kSyncPayload); }

bool IsSyncFailure(const absl::Status& status) {
  return status.GetPayload(kSyncPayload).has_value();
}

absl::Status MarkOutcomeUnknown(const absl::Status& status) {
  return Mark(status, kUnknownPayload);
}

bool IsOutcomeUnknown(const absl::Status& status) {
  return status.GetPayload(kUnknownPayload).has_value();
}

}  // namespace segue
