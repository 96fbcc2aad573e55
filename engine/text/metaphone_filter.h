// SPDX-License-Identifier: Apache-2.0
//
// The `metaphone` filter: words by how they sound.
#ifndef SEGUE_TEXT_METAPHONE_FILTER_H_
#define SEGUE_TEXT_METAPHONE_FILTER_H_

#include <string>
#include <string_view>

#include "engine/text/expanding_filter.h"

namespace segue {

// Not thread-safe; keeps its buffers.
class MetaphoneEncoder {
 public:
  // The code of an English word after Lawrence Philips, "Hanging on the Metaphone" (1990): capital
  // letters, 0 for the sound of th. Characters other than ASCII letters are passed over; empty if
  // there is no other. Good until the next call.
  std::string_view Encode(std::string_view word);

 private:
  std::string letters_, code_;
};

// Gives the code of each word in its place, or with `keeps_words` on top of it. Words without a
// code stay.
class MetaphoneFilter final : public ExpandingFilter {
 public:
  explicit MetaphoneFilter(bool keeps_words) : keeps_words_(keeps_words) {}

 protected:
  bool Expand(const TokenBatch& in, size_t i, TokenBatch* out) override;

 private:
  const bool keeps_words_;
  MetaphoneEncoder encoder_;
};

}  // namespace segue

#endif  // SEGUE_TEXT_METAPHONE_FILTER_H_
