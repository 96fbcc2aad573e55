// SPDX-License-Identifier: Apache-2.0
//
// The `word_delimiter` filter: AC/DC, Wi-Fi and iPhone13 are found by their parts and as one word.
#ifndef SEGUE_TEXT_WORD_DELIMITER_FILTER_H_
#define SEGUE_TEXT_WORD_DELIMITER_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/expanding_filter.h"

namespace segue {

struct WordDelimiterOptions {
  bool split_case = true;     // between a small and a capital letter
  bool split_numbers = true;  // between letters and digits
  bool parts = true;          // gives the parts
  bool joined = true;         // gives the parts as one word, without what stood between them
  bool original = false;      // gives the token as it was
};

// Cuts tokens at characters that are neither letter nor digit, and where the options say. The parts
// take positions of their own; the whole and the joined word lie on the first one's and span all.
// A token without letters and digits leaves a gap, unless originals are kept. One of more than
// kMaxWordParts parts, one that stands for several positions, and one that is marked as keyword
// stay as they are.
class WordDelimiterFilter final : public ExpandingFilter {
 public:
  explicit WordDelimiterFilter(const WordDelimiterOptions& options) : options_(options) {}

 protected:
  bool Expand(const TokenBatch& in, size_t i, TokenBatch* out) override;

 private:
  struct Part {
    size_t begin, end;
  };

  bool FindParts(std::string_view term);
  void Place(Token* token, uint32_t increment, size_t positions);

  const WordDelimiterOptions options_;
  std::vector<Part> parts_;  // of one token
  std::string joined_;
};

}  // namespace segue

#endif  // SEGUE_TEXT_WORD_DELIMITER_FILTER_H_
