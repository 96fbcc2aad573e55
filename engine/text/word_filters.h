// SPDX-License-Identifier: Apache-2.0
//
// Filters that remove tokens, mark them or cut their ends: `stop`, `keep`, `keyword_marker`,
// `length`, `possessive`.
#ifndef SEGUE_TEXT_WORD_FILTERS_H_
#define SEGUE_TEXT_WORD_FILTERS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "segue/analysis.h"

namespace segue {

// An immutable set of words. Thread-safe.
class WordSet {
 public:
  explicit WordSet(const std::vector<std::string>& words);
  bool Contains(std::string_view word) const;
  // The same for a word behind which 8 bytes are readable, as in a TokenBatch: faster.
  bool ContainsSlack(std::string_view word) const;

 private:
  struct Slot {
    uint64_t key = 0;
    uint32_t word_bytes = 0;  // 0: free
    uint32_t word = 0;        // index into words_
  };
  // The word itself if it has at most 8 bytes, else a hash of it.
  static uint64_t KeyOf(std::string_view word);
  bool Find(uint64_t key, std::string_view word) const;

  std::vector<std::string> words_;
  std::vector<Slot> slots_;  // a power of two, at most half full
  int shift_ = 0;            // of a 64-bit hash to a slot number
  // Bit b of lengths_[c]: a word of min(b, 31) bytes begins with byte c. Rejects most terms.
  uint32_t lengths_[256] = {};
};

// Base of filters that remove tokens: the positions of removed tokens stay as gaps.
class RemovingFilter : public TokenFilter {
 public:
  void Start() override { skipped_ = 0; }

 protected:
  // Keeps the tokens for which `keep(i)`.
  template <typename Keep>
  void RemoveUnless(TokenBatch* batch, bool end_of_value, Keep keep);

 private:
  uint32_t skipped_ = 0;  // positions since the last token that was kept
};

class StopFilter final : public RemovingFilter {
 public:
  explicit StopFilter(std::shared_ptr<const WordSet> words) : words_(std::move(words)) {}
  void Filter(TokenBatch* batch, bool end_of_value) override;

 private:
  const std::shared_ptr<const WordSet> words_;
};

// Keeps nothing but the words.
class KeepFilter final : public RemovingFilter {
 public:
  explicit KeepFilter(std::shared_ptr<const WordSet> words) : words_(std::move(words)) {}
  void Filter(TokenBatch* batch, bool end_of_value) override;

 private:
  const std::shared_ptr<const WordSet> words_;
};

// Marks the words, so that stemmers and what cuts words leave them alone.
class KeywordMarkerFilter final : public TokenFilter {
 public:
  explicit KeywordMarkerFilter(std::shared_ptr<const WordSet> words) : words_(std::move(words)) {}
  void Start() override {}
  void Filter(TokenBatch* batch, bool end_of_value) override;

 private:
  const std::shared_ptr<const WordSet> words_;
};

// Keeps tokens of `min_chars` to `max_chars` code points.
class LengthFilter final : public RemovingFilter {
 public:
  LengthFilter(size_t min_chars, size_t max_chars) : min_chars_(min_chars), max_chars_(max_chars) {}
  void Filter(TokenBatch* batch, bool end_of_value) override;

 private:
  const size_t min_chars_, max_chars_;
};

// Drops a final 's, with any of the apostrophes ' ’ ＇, as Lucene's EnglishPossessiveFilter.
class PossessiveFilter final : public TokenFilter {
 public:
  void Start() override {}
  void Filter(TokenBatch* batch, bool end_of_value) override;
};

}  // namespace segue

#endif  // SEGUE_TEXT_WORD_FILTERS_H_
