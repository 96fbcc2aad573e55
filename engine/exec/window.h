// SPDX-License-Identifier: Apache-2.0
//
// Windows: queries are evaluated over runs of 4096 documents, as bit masks of 64 words.
//
// A mask of one window is 512 bytes, its scores 16 KiB: both stay in the L1 cache while all the
// clauses of a query pass over them. One word (64 documents) is also the grain of pruning: bounds
// are asked per word, and a word whose bound cannot reach the top k is never looked at.
#ifndef SEGUE_EXEC_WINDOW_H_
#define SEGUE_EXEC_WINDOW_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "engine/base/types.h"
#include "engine/simd/kernels.h"

namespace segue::exec {

inline constexpr uint32_t kWindowDocs = 4096;
inline constexpr uint32_t kWordDocs = 64;
inline constexpr uint32_t kWindowWords = kWindowDocs / kWordDocs;

// The documents [begin, end): begin is a multiple of kWindowDocs, end at most begin + kWindowDocs.
struct Window {
  DocId begin = 0;
  DocId end = 0;

  uint32_t size() const { return end - begin; }
  friend bool operator==(const Window&, const Window&) = default;
};

// The window that `doc` lies in, in a segment of `doc_count` documents.
inline Window WindowOf(DocId doc, uint32_t doc_count) {
  const DocId begin = doc / kWindowDocs * kWindowDocs;
  return {begin, std::min(doc_count, begin + kWindowDocs)};
}

// A set of documents of one window: bit i of the mask is document begin + i.
class alignas(64) DocMask {
 public:
  uint64_t& operator[](uint32_t word) { return words_[word]; }
  uint64_t operator[](uint32_t word) const { return words_[word]; }
  uint64_t* data() { return words_.data(); }
  const uint64_t* data() const { return words_.data(); }

  bool Test(uint32_t offset) const { return (words_[offset / 64] >> (offset % 64) & 1) != 0; }
  void Set(uint32_t offset) { words_[offset / 64] |= uint64_t{1} << (offset % 64); }
  void Reset(uint32_t offset) { words_[offset / 64] &= ~(uint64_t{1} << (offset % 64)); }

  void Clear() { words_.fill(0); }
  // All documents of a window of `docs` documents.
  void Fill(uint32_t docs) {
    for (uint32_t w = 0; w < kWindowWords; ++w) {
      const uint32_t first = w * kWordDocs;
      words_[w] = first >= docs               ? 0
                  : docs - first >= kWordDocs ? ~uint64_t{0}
                                              : (uint64_t{1} << (docs - first)) - 1;
    }
  }
  bool Any() const {
    uint64_t any = 0;
    for (uint64_t word : words_) any |= word;
    return any != 0;
  }
  uint32_t Count() const {
    return static_cast<uint32_t>(ActiveKernels().count_words(words_.data(), words_.size()));
  }
  void And(const DocMask& other) {
    for (uint32_t w = 0; w < kWindowWords; ++w) words_[w] &= other.words_[w];
  }
  void AndNot(const DocMask& other) {
    for (uint32_t w = 0; w < kWindowWords; ++w) words_[w] &= ~other.words_[w];
  }
  void Or(const DocMask& other) {
    for (uint32_t w = 0; w < kWindowWords; ++w) words_[w] |= other.words_[w];
  }

  // Calls fn(offset) for each document, ascending.
  template <typename Fn>
  void ForEach(Fn&& fn) const {
    for (uint32_t w = 0; w < kWindowWords; ++w) {
      for (uint64_t word = words_[w]; word != 0; word &= word - 1) {
        fn(w * kWordDocs + static_cast<uint32_t>(std::countr_zero(word)));
      }
    }
  }

  friend bool operator==(const DocMask&, const DocMask&) = default;

 private:
  std::array<uint64_t, kWindowWords> words_{};
};

// One score per document of a window; meaningful only where a mask says so.
using WindowScores = std::array<float, kWindowDocs>;

// One upper bound per word of a window. 0 or more; -infinity: no document of the word matches.
using WordBounds = std::array<float, kWindowWords>;

}  // namespace segue::exec

#endif  // SEGUE_EXEC_WINDOW_H_
