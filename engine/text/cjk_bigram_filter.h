// SPDX-License-Identifier: Apache-2.0
//
// The `cjk_bigram` filter: scripts that put no spaces between words are indexed by pairs of
// characters.
#ifndef SEGUE_TEXT_CJK_BIGRAM_FILTER_H_
#define SEGUE_TEXT_CJK_BIGRAM_FILTER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/text/expanding_filter.h"

namespace segue {

// Each character of the types, with its marks, has a position; at it stands the pair that it
// begins, and with `unigrams` before that the character alone, beside which the pair spans two
// positions. Characters pair across tokens if nothing stands between those. Without unigrams a
// character that is in no pair stands for itself.
class CjkBigramFilter final : public ExpandingFilter {
 public:
  // `types`: bit t stands for the TokenType t.
  CjkBigramFilter(uint32_t types, bool unigrams) : types_(types), unigrams_(unigrams) {}
  void Start() override;

 protected:
  bool Expand(const TokenBatch& in, size_t i, TokenBatch* out) override;
  void Finish(TokenBatch* out) override { Give(out); }

 private:
  // The last character, of which it is open what follows.
  struct Held {
    bool is_held = false;
    bool is_paired = false;  // with the one before
    std::string term;
    Token token;
  };

  void Give(TokenBatch* out);
  void GivePair(std::string_view next, const Token& next_token, TokenBatch* out);

  const uint32_t types_;
  const bool unigrams_;
  Held held_;
  size_t at_ = 0;  // in the term of the token in work
  std::string pair_;
};

}  // namespace segue

#endif  // SEGUE_TEXT_CJK_BIGRAM_FILTER_H_
