// SPDX-License-Identifier: Apache-2.0
//
// Growing large vectors in small steps, where memory is counted.
#ifndef SEGUE_WRITE_GENTLE_VECTOR_H_
#define SEGUE_WRITE_GENTLE_VECTOR_H_

#include <cstddef>
#include <vector>

namespace segue {

// Makes room for one more element. From 64 Ki elements on a vector grows by a
// quarter instead of doubling: ten million values should not hold memory for
// twenty.
template <typename T>
void GrowGently(std::vector<T>* vector) {
  constexpr size_t kGentleFrom = size_t{1} << 16;
  if (vector->size() == vector->capacity() && vector->size() >= kGentleFrom) {
    vector->reserve(vector->size() + vector->size() / 4);
  }
}

}  // namespace segue

#endif  // SEGUE_WRITE_GENTLE_VECTOR_H_
