// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/freq_reader.h"

#include <algorithm>

namespace segue::exec {
namespace {

// From this many frequencies on, unpacking the whole block is cheaper than asking for each.
constexpr size_t kBulk = 12;

}  // namespace

void FreqReader::Read(const PostingList& list, const uint32_t* ranks, size_t count,
                      uint32_t* freqs) {
  const uint32_t last_rank = list.doc_freq() - 1;
  for (size_t i = 0; i < count;) {
    const uint32_t block = std::min(ranks[i], last_rank) / kBlockPostings;
    if (block != block_) {
      freqs_ = list.OpenFreqs(block);
      block_ = block;
    }
    size_t end = i + 1;
    while (end < count && ranks[end] / kBlockPostings == block && ranks[end] <= last_rank) ++end;
    if (freqs_.all_one()) {
      std::fill(freqs + i, freqs + end, 1u);
    } else if (end - i >= kBulk) {
      std::array<uint32_t, kBlockPostings> all;
      if (!list.DecodeFreqs(block, all.data())) all.fill(1);
      for (size_t j = i; j < end; ++j) freqs[j] = all[ranks[j] % kBlockPostings];
    } else {
      for (size_t j = i; j < end; ++j) {
        freqs[j] = freqs_.At(std::min(ranks[j], last_rank) % kBlockPostings);
      }
    }
    i = end;
  }
}

}  // namespace segue::exec
