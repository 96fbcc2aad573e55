// SPDX-License-Identifier: Apache-2.0
#include "engine/base/settable_limits.h"

#include <span>

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

template <typename Limits>
absl::Status CheckAll(std::span<const SettableLimit<Limits>> settable, const Limits& limits) {
  for (const SettableLimit<Limits>& limit : settable) {
    const uint64_t value = limits.*limit.value;
    if (value >= 1 && value <= limit.most) continue;
    return Error(ErrorCode::kInvalidArgument, Cat("the limit ", limit.name, " is set to ", value,
                                                  "; it can be 1 to ", limit.most));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status QueryLimits::Validate() const {
  return CheckAll<QueryLimits>(kSettableQueryLimits, *this);
}

absl::Status DocumentLimits::Validate() const {
  return CheckAll<DocumentLimits>(kSettableDocumentLimits, *this);
}

}  // namespace segue
