// SPDX-License-Identifier: Apache-2.0
#include "engine/text/path_tokenizer.h"

#include "engine/base/limits.h"

namespace segue {

// Whether a name ends, and another one begins, at the delimiter at `at`.
bool PathTokenizer::EndsLevel(size_t at) const {
  return text_[at] == delimiter_ && at > 0 && at + 1 < text_.size() &&
         text_[reverse_ ? at + 1 : at - 1] != delimiter_;
}

void PathTokenizer::Add(size_t begin, size_t end, TokenBatch* batch) const {
  Token& token = batch->Append(text_.substr(begin, end - begin), static_cast<uint32_t>(begin),
                               static_cast<uint32_t>(end));
  if (batch->size() > 1) token.position_increment = 0;
}

bool PathTokenizer::Next(TokenBatch* batch) {
  if (text_.empty()) return false;
  size_t levels = 1;
  if (reverse_) {
    Add(0, text_.size(), batch);
    for (size_t at = 0; at < text_.size() && levels < kMaxPathLevels; ++at) {
      if (!EndsLevel(at)) continue;
      ++levels;
      if (text_.size() - at - 1 <= kMaxTermBytes) Add(at + 1, text_.size(), batch);
    }
  } else {
    for (size_t at = 0; at < text_.size() && at <= kMaxTermBytes && levels < kMaxPathLevels; ++at) {
      if (!EndsLevel(at)) continue;
      ++levels;
      Add(0, at, batch);
    }
    Add(0, text_.size(), batch);
  }
  text_ = {};
  return false;
}

}  // namespace segue
