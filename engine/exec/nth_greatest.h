// SPDX-License-Identifier: Apache-2.0
//
// NthGreatest: how great the n-th greatest of many small numbers is, by a few vector passes over
// them.
#ifndef SEGUE_EXEC_NTH_GREATEST_H_
#define SEGUE_EXEC_NTH_GREATEST_H_

#include <cstdint>
#include <span>

namespace segue::exec {

// The count-th greatest of the values, or 0 if that is below `least`. REQUIRES: count > 0.
// Value: uint8_t or uint16_t.
template <typename Value>
uint32_t NthGreatest(std::span<const Value> values, uint32_t count, uint32_t least);

}  // namespace segue::exec

#endif  // SEGUE_EXEC_NTH_GREATEST_H_
