// SPDX-License-Identifier: Apache-2.0
//
// Impact: a frequency and a norm byte that together dominate some postings.

#ifndef SEGUE_FORMAT_IMPACT_H_
#define SEGUE_FORMAT_IMPACT_H_

#include <cstdint>

namespace segue {

struct Impact {
  uint32_t freq = 0;
  uint8_t norm = 0;

  friend bool operator==(const Impact&, const Impact&) = default;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_IMPACT_H_
