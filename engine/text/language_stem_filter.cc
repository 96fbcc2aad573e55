// SPDX-License-Identifier: Apache-2.0
#include "engine/text/language_stem_filter.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <utility>

#include "engine/base/limits.h"
#include "engine/text/stop_words.h"
#include "engine/text/utf8_inline.h"

namespace segue {
namespace {

// A stop word tells more than a script, which other languages may have, too.
constexpr uint64_t kStopWordVotes = 4;

// Scripts by the blocks that their letters are in; 0 for all others and for what is no letter.
uint8_t ScriptOf(std::string_view word) {
  struct Block {
    char32_t first, last;
  };
  static constexpr Block kBlocks[] = {
      {'a', 0x24f},   {0x370, 0x3ff}, {0x400, 0x52f}, {0x531, 0x58f},   {0x5d0, 0x5f4},
      {0x600, 0x6ff}, {0x900, 0x97f}, {0xb80, 0xbff}, {0x1e00, 0x1eff}, {0x1f00, 0x1fff}};
  // Latin and Greek have two each.
  static constexpr uint8_t kScripts[] = {1, 2, 3, 4, 5, 6, 7, 8, 1, 2};
  char32_t cp;
  const auto* begin = reinterpret_cast<const uint8_t*>(word.data());
  DecodeUtf8Inline(begin, begin + word.size(), &cp);
  for (size_t i = 0; i < std::size(kBlocks); ++i) {
    if (cp >= kBlocks[i].first && cp <= kBlocks[i].last) return kScripts[i];
  }
  return 0;
}

}  // namespace

LanguageChoice::LanguageChoice(const std::vector<std::string>& languages) : names_(languages) {
  for (const std::string& language : languages) {
    const std::vector<std::string> words = StopWordsOf(language);
    stop_words_.emplace_back(words);
    scripts_.push_back(ScriptOf(words.front()));
  }
}

size_t LanguageChoice::Guess(const TokenBatch& words) const {
  std::array<uint64_t, kMaxChosenLanguages> all_votes = {};
  const std::span<uint64_t> votes(all_votes.data(), names_.size());
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words.term(i);
    const uint8_t script = ScriptOf(word);
    for (size_t language = 0; language < votes.size(); ++language) {
      if (script != 0 && script == scripts_[language]) ++votes[language];
      if (stop_words_[language].ContainsSlack(word)) votes[language] += kStopWordVotes;
    }
  }
  const auto best = std::max_element(votes.begin(), votes.end());
  if (*best == 0 || std::count(votes.begin(), votes.end(), *best) > 1) return kUndecided;
  return static_cast<size_t>(best - votes.begin());
}

LanguageStemFilter::LanguageStemFilter(std::shared_ptr<const LanguageChoice> choice, bool guesses)
    : choice_(std::move(choice)), guesses_(guesses) {
  for (const std::string& language : choice_->names()) stemmers_.emplace_back(language);
}

void LanguageStemFilter::Start() {
  ExpandingFilter::Start();
  waiting_.Clear();
  is_decided_ = !guesses_;
  language_ = LanguageChoice::kUndecided;
}

void LanguageStemFilter::Give(const TokenBatch& in, size_t i, TokenBatch* out) {
  if (in[i].is_keyword || language_ != LanguageChoice::kUndecided) {
    out->AppendFrom(in, i);
    if (language_ != LanguageChoice::kUndecided) {
      stemmers_[language_].StemToken(out, out->size() - 1);
    }
    return;
  }
  const size_t first = out->size();
  for (const SnowballStemmer& stemmer : stemmers_) {
    Token& token = out->AppendFrom(in, i);
    if (out->size() - 1 > first) token.position_increment = 0;
    const size_t last = out->size() - 1;
    stemmer.StemToken(out, last);
    for (size_t other = first; other < last; ++other) {
      if (out->term(other) != out->term(last)) continue;
      out->Truncate(last);
      break;
    }
  }
}

void LanguageStemFilter::Decide(TokenBatch* out) {
  language_ = choice_->Guess(waiting_);
  is_decided_ = true;
  for (size_t i = 0; i < waiting_.size(); ++i) Give(waiting_, i, out);
  waiting_.Clear();
}

bool LanguageStemFilter::Expand(const TokenBatch& in, size_t i, TokenBatch* out) {
  if (is_decided_) {
    Give(in, i, out);
    return true;
  }
  waiting_.AppendFrom(in, i);
  if (waiting_.size() == LanguageChoice::kGuessTokens) Decide(out);
  return true;
}

void LanguageStemFilter::Finish(TokenBatch* out) {
  if (!is_decided_) Decide(out);
}

}  // namespace segue
