// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/term_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

#include "engine/exec/term_map_search.h"
#include "engine/format/impact.h"
#include "engine/simd/kernels.h"

namespace segue::exec {
namespace {

// Blocks are on their way from memory so far ahead of being decoded.
constexpr uint32_t kTermBlocksAhead = 2;

// A window of a map costs about as much as so many postings in a row.
constexpr uint32_t kPostingsOfWindow = 8;

// The context is asked whether to go on after so many.
constexpr uint32_t kBlocksAtOnce = 32;

// The least frequency with which a document of a list may score above a threshold that rises.
class LeastFreq {
 public:
  LeastFreq(const TermSource& source, const Bm25Scorer& similarity) : similarity_(similarity) {
    if (source.bounds.has_value()) frontier_ = source.bounds->list_frontier();
    for (const Impact& impact : frontier_) greatest_ = std::max(greatest_, impact.freq);
  }

  uint32_t value() const { return least_; }
  // No document is so frequent.
  bool none() const { return !frontier_.empty() && least_ > greatest_; }

  void RaiseTo(float threshold) {
    if (frontier_.empty() || none() || Bound(least_) > threshold) return;
    uint32_t low = least_, high = greatest_ + 1;  // low is too low, high is not
    while (high - low > 1) {
      const uint32_t middle = low + (high - low) / 2;
      (Bound(middle) > threshold ? high : low) = middle;
    }
    least_ = high;
  }

 private:
  // Of the scores of documents with at most this frequency: each has one of the frontier's norms at
  // best, where it is not more frequent than that.
  float Bound(uint32_t freq) const {
    float greatest = 0;
    for (const Impact& impact : frontier_) {
      greatest = std::max(greatest, similarity_.Score(std::min(freq, impact.freq), impact.norm));
    }
    return greatest;
  }

  const Bm25Scorer& similarity_;
  std::span<const Impact> frontier_;
  uint32_t greatest_ = 0;  // of the frontier
  uint32_t least_ = 1;
};

// Postings of a block.
struct ScoredBlock {
  alignas(64) std::array<DocId, kBlockRoom> docs;
  alignas(64) std::array<uint32_t, kBlockRoom> freqs;
  alignas(64) std::array<float, kBlockRoom> scores;
  alignas(64) std::array<uint32_t, kBlockRoom> rows;

  // The rows with at least this frequency; returns their number.
  uint32_t FindFrequent(uint32_t least, uint32_t count) {
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; ++i) {
      rows[found] = i;
      found += freqs[i] >= least;
    }
    return found;
  }
  void KeepRows(uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
      docs[i] = docs[rows[i]];
      freqs[i] = freqs[rows[i]];
    }
  }
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

  // Reads those postings of a block of the list; returns their number. Damage: the list's status
  // tells.
  uint32_t Read(const PostingList& list, uint32_t block, uint32_t least_freq) {
    uint32_t count = list.docs_in_block(block);
    if (least_freq > 1 && list.OpenFreqs(block).all_one()) return 0;
    if (!list.DecodeFreqs(block, freqs.data())) return 0;
    if (least_freq > 1) {
      const uint32_t frequent = FindFrequent(least_freq, count);
      if (frequent == 0 || list.DecodeDocs(block, docs.data()) == 0) return 0;
      KeepRows(frequent);
      return frequent;
    }
    return list.DecodeDocs(block, docs.data());
  }
};

// Block by block. Scores are of interest above the floor.
void SearchBlocks(const TermSource& source, const Bm25Scorer& similarity,
                  const SearchedSegment& segment, float floor, SearchContext* context,
                  TopK* top_k) {
  const Kernels& kernels = ActiveKernels();
  const PostingList& list = source.list;
  LeastFreq least(source, similarity);
  ScoredBlock rows;
  for (uint32_t block = 0; block < list.block_count(); ++block) {
    if (block % kBlocksAtOnce == 0 && !context->KeepGoing()) return;
    if (block + kTermBlocksAhead < list.block_count()) list.WillDecode(block + kTermBlocksAhead);
    const float threshold = std::max(floor, top_k->threshold());
    least.RaiseTo(threshold);
    if (least.none()) return;
    uint32_t count = rows.Read(list, block, least.value());
    if (count == 0) continue;
    ++context->counters().blocks_decoded;
    if (segment.live != nullptr) count = rows.KeepLive(*segment.live, count);
    kernels.score_bm25(rows.docs.data(), rows.freqs.data(), count, source.norms,
                       similarity.norm_inverse(), similarity.weight(), rows.scores.data());
    context->counters().documents_scored += count;
    const size_t better =
        kernels.filter_greater(rows.scores.data(), count, threshold, rows.rows.data());
    for (size_t i = 0; i < better; ++i) {
      const uint32_t row = rows.rows[i];
      top_k->Offer({segment.base + rows.docs[row], rows.scores[row]});
    }
  }
  if (absl::Status status = list.status(); !status.ok()) context->Fail(std::move(status));
}

}  // namespace

bool TermSearchSuits(const TermSource& source, const Bm25Scorer& similarity) {
  return source.list.doc_freq() <= kShortTermDocs || source.HasUsableMap(similarity);
}

void SearchTerm(const TermSource& source, const Bm25Scorer& similarity,
                const SearchedSegment& segment, SearchContext* context, TopK* top_k) {
  context->counters().postings += source.list.doc_freq();
  float floor = kNoThreshold;
  if (source.HasUsableMap(similarity)) {
    RowFilter live(segment.live, {}, {});
    const uint64_t dropped = segment.live == nullptr ? 0 : segment.doc_count;
    TermMapSearch by_map(source, similarity, segment, &live, dropped, context, top_k->k());
    if (uint64_t{kPostingsOfWindow} * by_map.first_windows() < source.list.doc_freq()) {
      return by_map.Run(top_k);
    }
    floor = by_map.floor();
  }
  SearchBlocks(source, similarity, segment, floor, context, top_k);
}

uint64_t CountLive(const PostingList& list, const SearchedSegment& segment,
                   SearchContext* context) {
  const Kernels& kernels = ActiveKernels();
  const std::span<const uint64_t> live = segment.live->words();
  if (list.dense()) {
    // A damaged bitmap can have more bits.
    return std::min<uint64_t>(list.doc_freq(),
                              kernels.count_and(list.dense_words(), live.data(), live.size()));
  }
  ScoredBlock rows;
  uint64_t count = 0;
  for (uint32_t block = 0; block < list.block_count(); ++block) {
    if (block % kBlocksAtOnce == 0 && !context->KeepGoing()) return count;
    if (block + kTermBlocksAhead < list.block_count()) list.WillDecode(block + kTermBlocksAhead);
    const uint32_t in_block = list.DecodeDocs(block, rows.docs.data());
    count += kernels.select_set(live.data(), rows.docs.data(), in_block, rows.rows.data(),
                                rows.freqs.data());
    ++context->counters().blocks_decoded;
  }
  if (absl::Status status = list.status(); !status.ok()) context->Fail(std::move(status));
  return count;
}

}  // namespace segue::exec
