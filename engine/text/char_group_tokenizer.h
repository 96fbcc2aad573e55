// SPDX-License-Identifier: Apache-2.0
//
// The `char_group` tokenizer: cut at characters that are named.
#ifndef SEGUE_TEXT_CHAR_GROUP_TOKENIZER_H_
#define SEGUE_TEXT_CHAR_GROUP_TOKENIZER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "segue/analysis.h"

namespace segue {

// A set of characters, single ones and whole kinds.
class CharGroup {
 public:
  // Adds one character, or "whitespace", "letter", "digit", "punctuation", "symbol". False: it is
  // neither.
  bool Add(std::string_view member);
  bool Contains(char32_t cp) const;

 private:
  std::vector<char32_t> characters_;  // ascending
  bool whitespace_ = false, letters_ = false;
  uint32_t categories_ = 0;  // bit c: general category c of utf8proc
};

// Runs of characters that are not in the group, nor malformed; cut where they are longer than
// `max_token_units` UTF-16 units.
class CharGroupTokenizer final : public Tokenizer {
 public:
  CharGroupTokenizer(std::shared_ptr<const CharGroup> separators, size_t max_token_units)
      : separators_(std::move(separators)), max_token_units_(max_token_units) {}
  void Start(std::string_view text) override;
  bool Next(TokenBatch* batch) override;

 private:
  const std::shared_ptr<const CharGroup> separators_;
  const size_t max_token_units_;
  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace segue

#endif  // SEGUE_TEXT_CHAR_GROUP_TOKENIZER_H_
