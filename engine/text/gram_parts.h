// SPDX-License-Identifier: Apache-2.0
//
// Pieces of words by their length: `ngram` and `edge_ngram`, as tokenizers and as filters.
#ifndef SEGUE_TEXT_GRAM_PARTS_H_
#define SEGUE_TEXT_GRAM_PARTS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/text/expanding_filter.h"
#include "segue/analysis.h"

namespace segue {

struct GramOptions {
  size_t min_chars = 1, max_chars = 2;  // 1 <= min <= max <= kMaxGramChars
  bool only_front = false;              // those that begin where the text or token begins
  bool keeps_original = false;          // filters: and tokens that are shorter or longer than any
};

// All pieces of min to max characters, at each place the shorter ones first. A text is cut as it
// is, white space included; each place is a position.
class GramTokenizer final : public Tokenizer {
 public:
  explicit GramTokenizer(const GramOptions& options) : options_(options) {}
  void Start(std::string_view text) override;
  bool Next(TokenBatch* batch) override;

 private:
  const GramOptions options_;
  std::string_view text_;
  size_t at_ = 0;
};

// The pieces of a token lie on its position. A token that has none leaves a gap.
class GramFilter final : public ExpandingFilter {
 public:
  explicit GramFilter(const GramOptions& options) : options_(options) {}
  void Start() override;

 protected:
  bool Expand(const TokenBatch& in, size_t i, TokenBatch* out) override;

 private:
  const GramOptions options_;
  size_t at_ = 0;     // in the term of the token in work
  bool any_ = false;  // a piece of it was given
};

}  // namespace segue

#endif  // SEGUE_TEXT_GRAM_PARTS_H_
