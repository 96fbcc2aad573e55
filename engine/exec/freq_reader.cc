// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/freq_reader.h"

#include <algorithm>
#include <array>

namespace segue::exec {
namespace {

// From this many frequencies of a block on, unpacking it whole is cheaper than asking for each,
constexpr size_t kBulk = 12;
// and up to so many, opening it costs more.
constexpr size_t kSingle = 3;

// Blocks are on their way from memory while so many frequencies before are read.
constexpr size_t kAhead = 8;

// REQUIRES: the ranks are of that block.
void ReadBlock(const PostingList& list, uint32_t block, const uint32_t* ranks, size_t count,
               uint32_t* freqs) {
  if (count >= kBulk) {
    std::array<uint32_t, kBlockPostings> all;
    if (!list.DecodeFreqs(block, all.data())) all.fill(1);
    for (size_t i = 0; i < count; ++i) freqs[i] = all[ranks[i] % kBlockPostings];
    return;
  }
  const FreqBlock opened = list.OpenFreqs(block);
  for (size_t i = 0; i < count; ++i) freqs[i] = opened.At(ranks[i] % kBlockPostings);
}

}  // namespace

void ReadFreqs(const PostingList& list, const uint32_t* ranks, size_t count, uint32_t* freqs) {
  const uint32_t last_rank = list.doc_freq() - 1;
  for (size_t i = 0; i < count;) {
    // By itself, so that what is read as a block has indexes of the block.
    if (ranks[i] > last_rank) {
      freqs[i++] = list.FreqAt(last_rank / kBlockPostings, last_rank % kBlockPostings);
      continue;
    }
    const uint32_t block = ranks[i] / kBlockPostings;
    const uint32_t first = block * kBlockPostings;
    const uint32_t in_block = std::min(kBlockPostings - 1, last_rank - first);
    size_t end = i + 1;
    while (end < count && ranks[end] - first <= in_block) ++end;
    if (end + kAhead < count) {
      list.WillDecode(std::min(ranks[end + kAhead], last_rank) / kBlockPostings);
    }
    if (end - i <= kSingle) {
      for (size_t j = i; j < end; ++j) {
        freqs[j] = list.FreqAt(block, ranks[j] % kBlockPostings);
      }
    } else {
      ReadBlock(list, block, ranks + i, end - i, freqs + i);
    }
    i = end;
  }
}

}  // namespace segue::exec
