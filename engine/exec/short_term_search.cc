// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/short_term_search.h"

#include <array>

#include "engine/simd/kernels.h"

namespace segue::exec {
namespace {

// Kernels may write 16 entries past the ones that count.
constexpr size_t kRows = kBlockPostings + 16;

// Blocks are on their way from memory so far ahead of being decoded.
constexpr uint32_t kBlocksAhead = 2;

// The context is asked whether to go on after so many.
constexpr uint32_t kBlocksAtOnce = 32;

struct Block {
  alignas(64) std::array<DocId, kRows> docs;
  alignas(64) std::array<uint32_t, kRows> freqs;
  alignas(64) std::array<float, kRows> scores;
  alignas(64) std::array<uint32_t, kRows> better;  // rows

  // Keeps the live documents of `count`; returns their number.
  uint32_t KeepLive(const Bitset& live, uint32_t count) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; ++i) {
      docs[kept] = docs[i];
      freqs[kept] = freqs[i];
      kept += live.Test(docs[i]);
    }
    return kept;
  }
};

}  // namespace

void SearchShortTerm(const PostingList& list, const uint8_t* norms, const Bm25Scorer& similarity,
                     const SearchedSegment& segment, SearchContext* context, TopK* top_k) {
  const Kernels& kernels = ActiveKernels();
  context->counters().postings += list.doc_freq();
  Block rows;
  for (uint32_t block = 0; block < list.block_count(); ++block) {
    if (block % kBlocksAtOnce == 0 && !context->KeepGoing()) return;
    if (block + kBlocksAhead < list.block_count()) list.WillDecode(block + kBlocksAhead);
    uint32_t count = list.DecodeDocs(block, rows.docs.data());
    if (count == 0 || !list.DecodeFreqs(block, rows.freqs.data())) {
      context->Fail(list.status());
      return;
    }
    ++context->counters().blocks_decoded;
    if (segment.live != nullptr) count = rows.KeepLive(*segment.live, count);
    kernels.score_bm25(rows.docs.data(), rows.freqs.data(), count, norms, similarity.norm_inverse(),
                       similarity.weight(), rows.scores.data());
    context->counters().documents_scored += count;
    const size_t better =
        kernels.filter_greater(rows.scores.data(), count, top_k->threshold(), rows.better.data());
    for (size_t i = 0; i < better; ++i) {
      const uint32_t row = rows.better[i];
      top_k->Offer({segment.base + rows.docs[row], rows.scores[row]});
    }
  }
}

}  // namespace segue::exec
