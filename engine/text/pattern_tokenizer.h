// SPDX-License-Identifier: Apache-2.0
//
// The `pattern` tokenizer: what a regular expression matches, or what lies between its matches.
#ifndef SEGUE_TEXT_PATTERN_TOKENIZER_H_
#define SEGUE_TEXT_PATTERN_TOKENIZER_H_

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

#include "engine/pattern/piece_finder.h"
#include "segue/analysis.h"

namespace segue {

// Pieces of the text, or what lies between them, without what is malformed or U+FFFD; cut where
// they are longer than `max_token_units` UTF-16 units.
class PatternTokenizer final : public Tokenizer {
 public:
  PatternTokenizer(std::shared_ptr<const PieceProgram> program, bool splits, size_t max_token_units)
      : finder_(std::move(program)), splits_(splits), max_token_units_(max_token_units) {}
  void Start(std::string_view text) override;
  bool Next(TokenBatch* batch) override;

 private:
  bool NextSpan();
  void AddToken(TokenBatch* batch);

  PieceFinder finder_;
  const bool splits_;
  const size_t max_token_units_;
  std::string_view text_;
  // What is left of the text that becomes tokens now.
  size_t at_ = 0;
  size_t end_ = 0;
  size_t behind_ = 0;     // the end of the last piece
  bool is_last_ = false;  // no piece comes behind
};

}  // namespace segue

#endif  // SEGUE_TEXT_PATTERN_TOKENIZER_H_
