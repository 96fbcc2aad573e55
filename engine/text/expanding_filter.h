// SPDX-License-Identifier: Apache-2.0
//
// Base of filters that give other tokens than they take.
#ifndef SEGUE_TEXT_EXPANDING_FILTER_H_
#define SEGUE_TEXT_EXPANDING_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "segue/analysis.h"

namespace segue {

// Takes a batch, makes tokens of one of its tokens after the other, and gives them in batches of
// about kTargetTokens: memory is that of two batches, however many tokens one becomes.
class ExpandingFilter : public TokenFilter {
 public:
  void Start() override;
  void Filter(TokenBatch* batch, bool end_of_value) final;
  bool HasMore() const final { return next_ < in_.size(); }

 protected:
  // Appends what becomes of token i. False: there is more of it; so a call may stop when *out has
  // kTargetTokens, and is made again with an empty one.
  virtual bool Expand(const TokenBatch& in, size_t i, TokenBatch* out) = 0;
  // Appends what was held back until the end of the value.
  virtual void Finish(TokenBatch* /*out*/) {}

  // Positions since the last token that was given; what is left at the end of the value trails it.
  uint32_t skipped_ = 0;

 private:
  TokenBatch in_;
  size_t next_ = 0;
};

// Appends bytes [begin, end) of the term of token i, with their offsets if those are known, else
// the token's; type and flags are the token's, the position increment is 1. REQUIRES: characters
// begin at `begin` and `end`.
Token& AppendPart(const TokenBatch& in, size_t i, size_t begin, size_t end, TokenBatch* out);

// Where the character of `term` that begins at byte `at` ends, with the marks behind it.
// REQUIRES: at < term.size().
size_t EndOfCluster(std::string_view term, size_t at);
// The same without the marks.
size_t EndOfCharacter(std::string_view term, size_t at);

}  // namespace segue

#endif  // SEGUE_TEXT_EXPANDING_FILTER_H_
