// SPDX-License-Identifier: Apache-2.0
//
// The ids that travel between layers.
#ifndef SEGUE_BASE_TYPES_H_
#define SEGUE_BASE_TYPES_H_

#include <compare>
#include <cstdint>
#include <string>

#include "engine/base/strings.h"

namespace segue {

// A document's number within its segment, from 0. Below 2^31, so that
// differences fit a signed 32-bit lane.
using DocId = uint32_t;

// Greater than any document: where an exhausted cursor stands.
inline constexpr DocId kEndOfDocs = 0x7fffffff;

// A field's number within its index; never reused.
using FieldId = uint32_t;

// A segment's number within its index: a counter, so that the same input gives
// the same bytes. 0 means "no segment".
struct SegmentId {
  uint64_t value = 0;

  friend constexpr auto operator<=>(const SegmentId&, const SegmentId&) = default;
  // 16 hexadecimal digits, as in file names.
  std::string ToString() const { return Hex(value, 16); }
};

}  // namespace segue

#endif  // SEGUE_BASE_TYPES_H_
