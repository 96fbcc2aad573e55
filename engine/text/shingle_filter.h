// SPDX-License-Identifier: Apache-2.0
//
// The `shingle` filter: neighbouring words as one term.
#ifndef SEGUE_TEXT_SHINGLE_FILTER_H_
#define SEGUE_TEXT_SHINGLE_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/text/expanding_filter.h"

namespace segue {

struct ShingleOptions {
  size_t min_words = 2, max_words = 2;  // 2 <= min <= max <= kMaxShingleWords
  bool unigrams = true;                 // and the words themselves
  std::string separator = " ";
  std::string filler = "_";  // stands for a position without a word
};

// At each position the word, then the shingles that it begins, the shorter ones first; a shingle
// begins and ends with a word and spans as many positions as it has words and fillers. Of several
// words at one position the first is in shingles; the others stay beside it. No shingle is longer
// than kMaxTermBytes.
class ShingleFilter final : public ExpandingFilter {
 public:
  explicit ShingleFilter(ShingleOptions options) : options_(std::move(options)) {}
  void Start() override;

 protected:
  bool Expand(const TokenBatch& in, size_t i, TokenBatch* out) override;
  void Finish(TokenBatch* out) override;

 private:
  // A position that has a word; what else lies there follows it in tokens_.
  struct Place {
    size_t word;  // in tokens_
    uint64_t position;
  };

  void GiveFirst(TokenBatch* out);
  void AppendShingle(size_t last, TokenBatch* out);
  void DropGiven();
  Token& Placed(Token& token);

  const ShingleOptions options_;
  TokenBatch tokens_, spare_;
  std::vector<Place> places_;  // from the first whose shingles were not given yet
  uint64_t position_ = 0;      // of the last token taken
  uint64_t given_ = 0;         // of the last token given
  std::string shingle_;
};

}  // namespace segue

#endif  // SEGUE_TEXT_SHINGLE_FILTER_H_
