// SPDX-License-Identifier: Apache-2.0
//
// The edits of a char filter lie in ascending order, so the one that decides about an offset is
// found by bisection; between edits offsets move by a constant.
#include <algorithm>

#include "engine/base/check.h"
#include "segue/analysis.h"

namespace segue {

void OffsetMap::Add(uint32_t in_begin, uint32_t in_end, uint32_t out_begin, uint32_t out_end) {
  SEGUE_DCHECK(in_begin <= in_end && out_begin <= out_end);
  SEGUE_DCHECK(edits_.empty() ||
               (edits_.back().in_end <= in_begin && edits_.back().out_end <= out_begin));
  edits_.push_back({in_begin, in_end, out_begin, out_end});
}

uint32_t OffsetMap::StartBefore(uint32_t out) const {
  // The last edit that begins at or before `out`. One that only deletes at `out` counts: a token
  // that starts behind a deletion starts behind what was deleted.
  const auto after =
      std::upper_bound(edits_.begin(), edits_.end(), out,
                       [](uint32_t offset, const Edit& edit) { return offset < edit.out_begin; });
  if (after == edits_.begin()) return out;
  const Edit& edit = *(after - 1);
  return out < edit.out_end ? edit.in_begin : edit.in_end + (out - edit.out_end);
}

uint32_t OffsetMap::EndBefore(uint32_t out) const {
  // The last edit that begins before `out`: what was deleted at `out` lies behind the token.
  const auto after =
      std::lower_bound(edits_.begin(), edits_.end(), out,
                       [](const Edit& edit, uint32_t offset) { return edit.out_begin < offset; });
  if (after == edits_.begin()) return out;
  const Edit& edit = *(after - 1);
  return out <= edit.out_end ? edit.in_end : edit.in_end + (out - edit.out_end);
}

}  // namespace segue
