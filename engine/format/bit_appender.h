// SPDX-License-Identifier: Apache-2.0
//
// BitAppender: numbers of few bits, one behind the other, lowest bits first.
#ifndef SEGUE_FORMAT_BIT_APPENDER_H_
#define SEGUE_FORMAT_BIT_APPENDER_H_

#include <cstdint>
#include <string>

#include "engine/base/check.h"

namespace segue {

class BitAppender {
 public:
  explicit BitAppender(std::string* out) : out_(out) {}
  BitAppender(const BitAppender&) = delete;
  BitAppender& operator=(const BitAppender&) = delete;
  // REQUIRES: width <= 57 and value < 2^width.
  void Put(uint64_t value, uint32_t width) {
    SEGUE_DCHECK(width <= 57 && value >> width == 0);
    pending_ |= value << used_;
    for (used_ += width; used_ >= 8; used_ -= 8) {
      out_->push_back(static_cast<char>(pending_));
      pending_ >>= 8;
    }
  }
  // Fills the last byte up with zeros. Not left to the destructor, which may not run out of memory.
  void Flush() {
    if (used_ != 0) out_->push_back(static_cast<char>(pending_));
    pending_ = used_ = 0;
  }

 private:
  std::string* out_;
  uint64_t pending_ = 0;
  uint32_t used_ = 0;  // bits of it
};

}  // namespace segue

#endif  // SEGUE_FORMAT_BIT_APPENDER_H_
