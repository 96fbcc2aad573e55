// SPDX-License-Identifier: Apache-2.0
//
// The tokenizer `unicode61` of SQLite's full-text index, asked itself.
#ifndef SEGUE_TESTS_TEXT_FTS5_TOKENIZER_H_
#define SEGUE_TESTS_TEXT_FTS5_TOKENIZER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace segue {

struct Fts5Token {
  std::string term;
  size_t start_byte = 0;
  size_t end_byte = 0;
};

class Fts5Tokenizer {
 public:
  // Arguments are pairs of an option and its value: {"remove_diacritics", "2"}. Fails the test if
  // SQLite refuses.
  explicit Fts5Tokenizer(const std::vector<const char*>& arguments);
  ~Fts5Tokenizer();

  std::vector<Fts5Token> Tokens(std::string_view text) const;

 private:
  struct Handles;
  std::unique_ptr<Handles> handles_;
};

}  // namespace segue

#endif  // SEGUE_TESTS_TEXT_FTS5_TOKENIZER_H_
