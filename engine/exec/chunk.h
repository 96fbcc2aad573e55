// SPDX-License-Identifier: Apache-2.0
//
// Chunks: flat queries are evaluated over runs of 65,536 documents, as bit masks of 1,024 words.
//
// A chunk is large, so that what is done once per chunk and list costs nothing per posting, and its
// mask of 8 KiB is small enough for a few of them to stay in the nearest caches. Within a chunk,
// words of 64 documents are what bounds are compared for, groups of 512 what lists are decoded for
// and ranks are counted from.
#ifndef SEGUE_EXEC_CHUNK_H_
#define SEGUE_EXEC_CHUNK_H_

#include <algorithm>
#include <bit>
#include <cstdint>

#include "engine/base/types.h"
#include "engine/exec/window.h"
#include "engine/format/postings_format.h"
#include "engine/simd/kernels.h"

namespace segue::exec {

inline constexpr uint32_t kChunkDocs = 65536;
inline constexpr uint32_t kChunkWords = kChunkDocs / kWordDocs;
inline constexpr uint32_t kGroupDocs = kRankWindowDocs;
inline constexpr uint32_t kGroupWords = kGroupDocs / kWordDocs;
inline constexpr uint32_t kChunkGroups = kChunkDocs / kGroupDocs;

// The documents [begin, end): begin is a multiple of kChunkDocs, end at most begin + kChunkDocs.
struct Chunk {
  DocId begin = 0;
  DocId end = 0;

  uint32_t size() const { return end - begin; }
  uint32_t words() const { return (size() + kWordDocs - 1) / kWordDocs; }
  friend bool operator==(const Chunk&, const Chunk&) = default;
};

inline Chunk ChunkAt(uint32_t number, uint32_t doc_count) {
  const DocId begin = number * kChunkDocs;
  return {begin, std::min<DocId>(doc_count, begin + kChunkDocs)};
}

// A set of the groups of a chunk.
class ChunkGroups {
 public:
  static ChunkGroups All() {
    ChunkGroups groups;
    for (uint64_t& bits : groups.bits_) bits = ~uint64_t{0};
    return groups;
  }

  void Add(uint32_t group) { bits_[group / 64] |= uint64_t{1} << (group % 64); }
  void AddAll(const ChunkGroups& other) {
    bits_[0] |= other.bits_[0];
    bits_[1] |= other.bits_[1];
  }
  void AddRange(uint32_t first, uint32_t last) {
    for (uint32_t i = first / 64; i <= last / 64; ++i) {
      const uint64_t from = i == first / 64 ? ~uint64_t{0} << (first % 64) : ~uint64_t{0};
      const uint64_t to = i == last / 64 ? ~uint64_t{0} >> (63 - last % 64) : ~uint64_t{0};
      bits_[i] |= from & to;
    }
  }

  // The first group of the set at or after `group`; kChunkGroups if there is none.
  uint32_t Next(uint32_t group) const {
    for (uint32_t i = group / 64; i < kChunkGroups / 64; ++i) {
      const uint64_t rest = i == group / 64 ? bits_[i] >> (group % 64) << (group % 64) : bits_[i];
      if (rest != 0) return i * 64 + static_cast<uint32_t>(std::countr_zero(rest));
    }
    return kChunkGroups;
  }
  // Narrows a mask to `other`, or to what is not in it; the set must hold every group in which the
  // mask has a document, and holds just those afterwards.
  void And(uint64_t* mask, const uint64_t* other) {
    ActiveKernels().and_groups(mask, other, kChunkGroups, bits_);
  }
  void AndNot(uint64_t* mask, const uint64_t* other) {
    ActiveKernels().and_not_groups(mask, other, kChunkGroups, bits_);
  }

  template <typename Fn>
  void ForEach(Fn&& fn) const {
    for (uint32_t i = 0; i < kChunkGroups / 64; ++i) {
      for (uint64_t rest = bits_[i]; rest != 0; rest &= rest - 1) {
        fn(i * 64 + static_cast<uint32_t>(std::countr_zero(rest)));
      }
    }
  }

  // Zeroes the words of the groups of a mask that has nothing elsewhere.
  void Clear(uint64_t* mask) const {
    if (many()) {
      std::fill_n(mask, kChunkWords, 0);
      return;
    }
    ForEach([&](uint32_t group) { std::fill_n(mask + group * kGroupWords, kGroupWords, 0); });
  }
  // Copies the groups of a mask of `words` words that has nothing elsewhere to one that has nothing
  // at all.
  void Copy(const uint64_t* from, uint32_t words, uint64_t* mask) const {
    if (many()) {
      std::copy_n(from, words, mask);
      return;
    }
    ForEach([&](uint32_t group) {
      std::copy_n(from + group * kGroupWords, kGroupWords, mask + group * kGroupWords);
    });
  }

  friend bool operator==(const ChunkGroups&, const ChunkGroups&) = default;
  bool empty() const { return (bits_[0] | bits_[1]) == 0; }

  // Calls fn(first word, words) for runs of words that hold all groups, in order; the words of a
  // chunk of `chunk_words` only.
  template <typename Fn>
  void ForEachRun(uint32_t chunk_words, Fn&& fn) const {
    if (many()) {
      fn(uint32_t{0}, chunk_words);
      return;
    }
    for (uint32_t group = Next(0); group * kGroupWords < chunk_words;) {
      uint32_t end = group + 1;
      while (end < kChunkGroups && Has(end)) ++end;
      const uint32_t first = group * kGroupWords;
      fn(first, std::min(end * kGroupWords, chunk_words) - first);
      group = Next(end);
    }
  }

 private:
  bool Has(uint32_t group) const { return (bits_[group / 64] >> (group % 64) & 1) != 0; }

  // One long stretch is then quicker than its parts.
  bool many() const { return std::popcount(bits_[0]) + std::popcount(bits_[1]) > 16; }

  static_assert(kChunkGroups == 128);
  uint64_t bits_[2] = {};
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_CHUNK_H_
