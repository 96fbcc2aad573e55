// SPDX-License-Identifier: Apache-2.0
//
// Searches among scores, and the bytes and sums of maps: how great the n-th greatest of many is, by
// a few vector passes over them, and from which byte on something holds.
#ifndef SEGUE_EXEC_NTH_GREATEST_H_
#define SEGUE_EXEC_NTH_GREATEST_H_

#include <cstdint>
#include <span>

namespace segue::exec {

// The count-th greatest of the values, or 0 if that is below `least`. REQUIRES: count > 0.
// Value: uint8_t or uint16_t.
template <typename Value>
uint32_t NthGreatest(std::span<const Value> values, uint32_t count, uint32_t least);

// The count-th greatest of scores, which are 0 or more. REQUIRES: 0 < count <= their number.
// Takes a few passes without a branch that depends on them, where selecting by exchanges mistakes
// every other one.
float NthGreatest(std::span<const float> scores, uint32_t count);

// A number that `count` of the scores reach, near the greatest such: by a pass over them where the
// count is small. REQUIRES: as above.
float ReachedBy(std::span<const float> scores, uint32_t count);

// The first byte for which `holds`, which from there on does; 256 if there is none.
template <typename Holds>
uint32_t FirstByte(Holds holds) {
  uint32_t first = 0, last = 256;
  while (first < last) {
    const uint32_t middle = (first + last) / 2;
    if (holds(static_cast<uint8_t>(middle))) {
      last = middle;
    } else {
      first = middle + 1;
    }
  }
  return first;
}

}  // namespace segue::exec

#endif  // SEGUE_EXEC_NTH_GREATEST_H_
