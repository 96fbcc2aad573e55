// SPDX-License-Identifier: Apache-2.0
//
// The `compound` filter: words of a dictionary inside longer words ("Dampfschiff": "Schiff").
#ifndef SEGUE_TEXT_COMPOUND_FILTER_H_
#define SEGUE_TEXT_COMPOUND_FILTER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/text/expanding_filter.h"
#include "engine/text/word_filters.h"

namespace segue {

struct CompoundDictionary {
  explicit CompoundDictionary(const std::vector<std::string>& dictionary);

  WordSet words;
  size_t longest_bytes = 0;
};

struct CompoundOptions {
  size_t min_word_chars = 5;  // shorter tokens are not looked into
  size_t min_part_chars = 3;  // shorter words are not looked for
  bool only_longest = false;  // of the words that begin at a place
};

// Keeps each token, and puts the dictionary's words that it holds on top of it, with their own
// offsets where those are known.
class CompoundFilter final : public ExpandingFilter {
 public:
  CompoundFilter(std::shared_ptr<const CompoundDictionary> dictionary,
                 const CompoundOptions& options)
      : dictionary_(std::move(dictionary)), options_(options) {}
  void Start() override;

 protected:
  bool Expand(const TokenBatch& in, size_t i, TokenBatch* out) override;

 private:
  void AddWordsAt(const TokenBatch& in, size_t i, TokenBatch* out);

  const std::shared_ptr<const CompoundDictionary> dictionary_;
  const CompoundOptions options_;
  size_t at_ = 0;          // in the term of the token in work
  bool is_begun_ = false;  // the token itself was given
};

}  // namespace segue

#endif  // SEGUE_TEXT_COMPOUND_FILTER_H_
