// SPDX-License-Identifier: Apache-2.0
//
// The `path_hierarchy` tokenizer: "a/b/c" is in "a", in "a/b" and in "a/b/c".
#ifndef SEGUE_TEXT_PATH_TOKENIZER_H_
#define SEGUE_TEXT_PATH_TOKENIZER_H_

#include <cstddef>
#include <string_view>

#include "segue/analysis.h"

namespace segue {

// The fronts of the text up to each delimiter and the whole, all at one position; in reverse, the
// ends of the text behind each delimiter, the longest first. A delimiter at the very front and at
// the end, and one behind another, ends nothing. Levels beyond kMaxPathLevels, and paths longer
// than kMaxTermBytes, have no tokens, but for the whole.
class PathTokenizer final : public Tokenizer {
 public:
  PathTokenizer(char delimiter, bool reverse) : delimiter_(delimiter), reverse_(reverse) {}
  void Start(std::string_view text) override { text_ = text; }
  bool Next(TokenBatch* batch) override;

 private:
  bool EndsLevel(size_t at) const;
  void Add(size_t begin, size_t end, TokenBatch* batch) const;

  const char delimiter_;
  const bool reverse_;
  std::string_view text_;
};

}  // namespace segue

#endif  // SEGUE_TEXT_PATH_TOKENIZER_H_
