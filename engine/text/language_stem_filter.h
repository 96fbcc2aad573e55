// SPDX-License-Identifier: Apache-2.0
//
// The `language_stem` filter: several languages in one field.
#ifndef SEGUE_TEXT_LANGUAGE_STEM_FILTER_H_
#define SEGUE_TEXT_LANGUAGE_STEM_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/expanding_filter.h"
#include "engine/text/snowball_filter.h"
#include "engine/text/word_filters.h"

namespace segue {

// Languages to choose between. Thread-safe.
class LanguageChoice {
 public:
  static constexpr size_t kUndecided = SIZE_MAX;
  // Words that a guess rests on: a language shows in its first lines.
  static constexpr size_t kGuessTokens = 256;

  // REQUIRES: 1 to kMaxChosenLanguages, each one of StopWordLanguages().
  explicit LanguageChoice(const std::vector<std::string>& languages);

  const std::vector<std::string>& names() const { return names_; }
  // Which language the words (in lower case) are of: each stop word of a language speaks for it,
  // and a little each word in its script. kUndecided if two are as likely.
  size_t Guess(const TokenBatch& words) const;

 private:
  std::vector<std::string> names_;
  std::vector<WordSet> stop_words_;
  std::vector<uint8_t> scripts_;
};

// Stems the words of a value by the stemmer of its language, which is guessed from its first
// LanguageChoice::kGuessTokens words; without a guess, and where it is undecided, gives the stems
// of all languages, different ones on top of each other. So a field may hold values of several
// languages: the index guesses, a search, whose few words tell nothing, takes all.
class LanguageStemFilter final : public ExpandingFilter {
 public:
  LanguageStemFilter(std::shared_ptr<const LanguageChoice> choice, bool guesses);
  void Start() override;

 protected:
  bool Expand(const TokenBatch& in, size_t i, TokenBatch* out) override;
  void Finish(TokenBatch* out) override;

 private:
  void Decide(TokenBatch* out);
  void Give(const TokenBatch& in, size_t i, TokenBatch* out);

  const std::shared_ptr<const LanguageChoice> choice_;
  const bool guesses_;
  std::vector<SnowballStemmer> stemmers_;
  TokenBatch waiting_;  // until the language is guessed
  bool is_decided_ = false;
  size_t language_ = LanguageChoice::kUndecided;
};

}  // namespace segue

#endif  // SEGUE_TEXT_LANGUAGE_STEM_FILTER_H_
