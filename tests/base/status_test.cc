// SPDX-License-Identifier: Apache-2.0
#include "engine/base/status.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace segue {
namespace {

TEST(StatusTest, EveryCodeSurvivesTheRoundTrip) {
  for (int number = 1; number <= 11; ++number) {
    const ErrorCode code = static_cast<ErrorCode>(number);
    const absl::Status status = Error(code, "what");
    EXPECT_FALSE(status.ok());
    EXPECT_EQ(CodeOf(status), code);
    EXPECT_EQ(MessageOf(status), "what");
    EXPECT_FALSE(NameOf(code).empty());
  }
}

TEST(StatusTest, OkIsOk) {
  EXPECT_EQ(CodeOf(absl::OkStatus()), ErrorCode::kOk);
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), 0);
  EXPECT_TRUE(Annotate(absl::OkStatus(), "context").ok());
  EXPECT_TRUE(MarkSyncFailure(absl::OkStatus()).ok());
}

TEST(StatusTest, ExitCodesAreThePromisedOnes) {
  const auto exit = [](ErrorCode code) { return ExitCodeOf(Error(code, "")); };
  EXPECT_EQ(exit(ErrorCode::kInvalidArgument), 1);
  EXPECT_EQ(exit(ErrorCode::kNotFound), 1);
  EXPECT_EQ(exit(ErrorCode::kLocked), 1);
  EXPECT_EQ(exit(ErrorCode::kFailedPrecondition), 1);
  EXPECT_EQ(exit(ErrorCode::kDataLoss), 2);
  EXPECT_EQ(exit(ErrorCode::kResourceExhausted), 3);
  EXPECT_EQ(exit(ErrorCode::kDeadlineExceeded), 3);
  EXPECT_EQ(exit(ErrorCode::kCancelled), 3);
  EXPECT_EQ(exit(ErrorCode::kIo), 4);
  EXPECT_EQ(exit(ErrorCode::kVersion), 5);
  EXPECT_EQ(exit(ErrorCode::kInternal), 70);
}

TEST(StatusTest, CodesBecomeTheFittingAbslCodes) {
  EXPECT_EQ(Error(ErrorCode::kDataLoss, "").code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Error(ErrorCode::kIo, "").code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Error(ErrorCode::kCancelled, "").code(), absl::StatusCode::kCancelled);
}

TEST(StatusTest, ForeignStatusesAreMapped) {
  EXPECT_EQ(CodeOf(absl::DataLossError("")), ErrorCode::kDataLoss);
  EXPECT_EQ(CodeOf(absl::PermissionDeniedError("")), ErrorCode::kIo);
  EXPECT_EQ(CodeOf(absl::OutOfRangeError("")), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(absl::UnknownError("")), ErrorCode::kInternal);
  absl::Status odd = absl::NotFoundError("");
  odd.SetPayload("segue/code", absl::Cord("999"));  // of a later version
  EXPECT_EQ(CodeOf(odd), ErrorCode::kNotFound);
}

TEST(StatusTest, AnnotateKeepsCodeAndMarks) {
  const absl::Status marked =
      MarkOutcomeUnknown(MarkSyncFailure(Error(ErrorCode::kIo, "fsync failed")));
  const absl::Status annotated = Annotate(marked, "commit");
  EXPECT_EQ(MessageOf(annotated), "commit: fsync failed");
  EXPECT_EQ(CodeOf(annotated), ErrorCode::kIo);
  EXPECT_TRUE(IsSyncFailure(annotated));
  EXPECT_TRUE(IsOutcomeUnknown(annotated));
  EXPECT_FALSE(IsSyncFailure(Error(ErrorCode::kIo, "")));
  EXPECT_FALSE(IsOutcomeUnknown(absl::OkStatus()));
}

absl::StatusOr<std::unique_ptr<int>> MakeNumber(bool good) {
  if (!good) return Error(ErrorCode::kNotFound, "no number");
  return std::make_unique<int>(7);
}

absl::StatusOr<int> UseNumber(bool good) {
  SEGUE_ASSIGN_OR_RETURN(const std::unique_ptr<int> first, MakeNumber(true));
  SEGUE_ASSIGN_OR_RETURN(const std::unique_ptr<int> second, MakeNumber(good));
  SEGUE_RETURN_IF_ERROR(absl::OkStatus());
  return *first + *second;
}

TEST(StatusTest, MacrosMoveValuesAndReturnErrors) {
  ASSERT_TRUE(UseNumber(true).ok());
  EXPECT_EQ(*UseNumber(true), 14);
  EXPECT_EQ(CodeOf(UseNumber(false).status()), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace segue
