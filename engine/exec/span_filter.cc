// SPDX-License-Identifier: Apache-2.0
//
// Among the spans that begin where another does, or later, the one with the least end says whether
// any lies in it; among those that begin there or earlier, the one with the greatest end whether it
// lies in any.
#include "engine/exec/span_filter.h"

#include <algorithm>

namespace segue::exec {

Spans* SpanFilter::Clear() {
  others_.clear();
  return &others_;
}

void SpanFilter::Arrange() {
  if (!std::is_sorted(others_.begin(), others_.end())) std::sort(others_.begin(), others_.end());
  if (IsContainer()) {
    for (size_t i = others_.size(); i-- > 1;) {
      others_[i - 1].second = std::min(others_[i - 1].second, others_[i].second);
    }
  } else {
    for (size_t i = 1; i < others_.size(); ++i) {
      others_[i].second = std::max(others_[i].second, others_[i - 1].second);
    }
  }
}

bool SpanFilter::Accepts(uint32_t begin, uint32_t end) const {
  bool found = false;
  if (IsContainer()) {
    const auto first = std::partition_point(others_.begin(), others_.end(),
                                            [&](const auto& other) { return other.first < begin; });
    found = first != others_.end() && first->second <= end;
  } else {
    const auto behind = std::partition_point(
        others_.begin(), others_.end(), [&](const auto& other) { return other.first <= begin; });
    found = behind != others_.begin() && std::prev(behind)->second >= end;
  }
  return found == needs_others();
}

}  // namespace segue::exec
