// SPDX-License-Identifier: Apache-2.0
//
// Filters that cut words at an apostrophe: `elision`, `apostrophe`.
#ifndef SEGUE_TEXT_ELISION_FILTERS_H_
#define SEGUE_TEXT_ELISION_FILTERS_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/text/word_filters.h"
#include "segue/analysis.h"

namespace segue {

// Languages that have a list of elided words, sorted.
std::vector<std::string> ElisionLanguages();
// Short words that stand before a vowel without theirs ("l" of "l'avion"), in lower case; empty if
// the language has none.
std::vector<std::string> ElidedWordsOf(std::string_view language);

// Drops one of the words, in any case of its ASCII letters, and the apostrophe behind it, from the
// front of terms. The offsets stay those of the whole.
class ElisionFilter final : public TokenFilter {
 public:
  // REQUIRES: the words are in lower case.
  explicit ElisionFilter(std::shared_ptr<const WordSet> words) : words_(std::move(words)) {}
  void Start() override {}
  void Filter(TokenBatch* batch, bool end_of_value) override;

 private:
  const std::shared_ptr<const WordSet> words_;
};

// Drops an apostrophe and all behind it, as Turkish writes suffixes of names: "İstanbul'da".
class ApostropheFilter final : public TokenFilter {
 public:
  void Start() override {}
  void Filter(TokenBatch* batch, bool end_of_value) override;
};

}  // namespace segue

#endif  // SEGUE_TEXT_ELISION_FILTERS_H_
