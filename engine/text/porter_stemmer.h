// SPDX-License-Identifier: Apache-2.0
//
// Martin Porter's stemmer for English ("An algorithm for suffix stripping", Program 14(3), 1980),
// with the departures that Lucene's PorterStemFilter shares with Porter's own programs: words of
// one or two characters stay, -bli becomes -ble (not -abli -able), -logi becomes -log.
#ifndef SEGUE_TEXT_PORTER_STEMMER_H_
#define SEGUE_TEXT_PORTER_STEMMER_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "segue/analysis.h"

namespace segue {

// Stems `word`, lower-case, in place; returns its new length, which is at most `length`. Characters
// beyond a-z count as consonants. char: the word is ASCII. char16_t: any text in UTF-16.
size_t PorterStem(char* word, size_t length);
size_t PorterStem(char16_t* word, size_t length);

class PorterFilter final : public TokenFilter {
 public:
  void Start() override {}
  void Filter(TokenBatch* batch, bool end_of_value) override;

 private:
  void StemNonAscii(TokenBatch* batch, size_t i);
  std::u16string utf16_;
  std::string utf8_;
};

}  // namespace segue

#endif  // SEGUE_TEXT_PORTER_STEMMER_H_
