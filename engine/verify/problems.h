// SPDX-License-Identifier: Apache-2.0
//
// Where the parts of the verifier put what they find.
#ifndef SEGUE_VERIFY_PROBLEMS_H_
#define SEGUE_VERIFY_PROBLEMS_H_

#include <string>
#include <string_view>
#include <utility>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/verify/verify.h"

namespace segue {

class Problems {
 public:
  Problems(VerifyReport* report, const VerifyOptions& options)
      : report_(report), options_(options) {}

  // What all following problems are about, such as "segment 0000000000000003".
  void SetPlace(std::string place) { place_ = std::move(place); }
  const std::string& place() const { return place_; }

  // Each segment is given up by itself; see full().
  void BeginPart() { in_part_ = 0; }

  void Add(std::string_view what) {
    ++report_->problem_count;
    ++in_part_;
    if (report_->problems.size() < options_.max_problems) {
      report_->problems.push_back(Cat(place_, ": ", what));
    }
  }
  // Whether there are so many problems that looking further serves nobody.
  bool full() const { return in_part_ >= options_.max_problems; }

  // Takes a status: damage becomes a problem and true is returned (go on elsewhere); OK gives
  // false. Any other error is kept, see error().
  bool Take(const absl::Status& status) {
    if (status.ok()) return false;
    const ErrorCode code = CodeOf(status);
    if (code == ErrorCode::kIo || code == ErrorCode::kCancelled) {
      if (error_.ok()) error_ = status;
    } else {
      Add(MessageOf(status));
    }
    return true;
  }
  // Why the check cannot go on, or OK.
  absl::Status error() const {
    if (error_.ok() && options_.cancel != nullptr && *options_.cancel) {
      return Error(ErrorCode::kCancelled, "verification was stopped");
    }
    return error_;
  }
  bool stop() const { return full() || !error().ok(); }

  VerifyReport& report() { return *report_; }
  const VerifyOptions& options() const { return options_; }

 private:
  VerifyReport* report_;
  const VerifyOptions& options_;
  std::string place_;
  size_t in_part_ = 0;  // problems since BeginPart
  absl::Status error_;
};

}  // namespace segue

#endif  // SEGUE_VERIFY_PROBLEMS_H_
