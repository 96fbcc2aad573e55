// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/best_terms_scorer.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <utility>

#include "engine/base/status.h"
#include "engine/exec/explain_text.h"
#include "engine/simd/kernels.h"

namespace segue::exec {
namespace {

struct Block {
  alignas(64) std::array<DocId, kBlockRoom> docs;
  alignas(64) std::array<uint32_t, kBlockRoom> freqs;
  alignas(64) std::array<float, kBlockRoom> scores;
};

float MaxScoreOf(const TermSource& source, const Bm25Scorer& similarity,
                 const TermSimilarity* other) {
  if (!source.bounds.has_value() || source.bounds->empty()) {
    return other == nullptr ? similarity.MaxScore() : std::numeric_limits<float>::max();
  }
  const std::span<const Impact> frontier = source.bounds->list_frontier();
  return other == nullptr ? FrontierMaxScore(similarity, frontier)
                          : FrontierMaxScore(*other, frontier);
}

}  // namespace

BestTermsScorer::BestTermsScorer(const Bm25Norms* norms, uint32_t doc_count, SearchContext* context)
    : norms_(norms),
      doc_count_(doc_count),
      context_(context),
      short_lists_(doc_count / kChunkDocs + 1),
      best_(new float[kChunkDocs]) {
  std::fill_n(best_.get(), kChunkDocs, kNoMatch);
}

absl::Status BestTermsScorer::Add(TermSource source, float weight, const TermSimilarity* other) {
  const Bm25Scorer similarity(weight, norms_);
  lengths_ = source.norms;
  postings_ += source.list.doc_freq();
  context_->counters().postings += source.list.doc_freq();
  if (source.list.doc_freq() <= kBlockPostings) return AddShort(source, similarity, other);
  SEGUE_RETURN_IF_ERROR(context_->Charge(sizeof(LongList)));
  max_score_ = std::max(max_score_, MaxScoreOf(source, similarity, other));
  long_lists_.push_back({std::move(source.list), similarity, other});
  return absl::OkStatus();
}

absl::Status BestTermsScorer::AddShort(const TermSource& source, const Bm25Scorer& similarity,
                                       const TermSimilarity* other) {
  const PostingList& list = source.list;
  SEGUE_RETURN_IF_ERROR(context_->Charge(list.doc_freq() * sizeof(ScoredDoc)));
  Block block;
  const uint32_t count = list.DecodeDocs(0, block.docs.data());
  if (count == 0 || !list.DecodeFreqs(0, block.freqs.data())) return list.status();
  for (uint32_t i = 0; i < count; ++i) {
    const uint8_t norm = lengths_[block.docs[i]];
    const float score = other == nullptr ? similarity.Score(block.freqs[i], norm)
                                         : other->Score(static_cast<float>(block.freqs[i]), norm);
    max_score_ = std::max(max_score_, score);
    short_lists_[block.docs[i] / kChunkDocs].push_back({block.docs[i], score});
  }
  context_->counters().documents_scored += count;
  return absl::OkStatus();
}

void BestTermsScorer::Load(const Window& window) {
  const uint32_t chunk = window.begin / kChunkDocs;
  if (chunk == chunk_) return;
  Forget();
  chunk_ = chunk;
  const DocId begin = chunk * kChunkDocs;
  const DocId end = std::min<DocId>(begin + kChunkDocs, doc_count_);
  for (const ScoredDoc& scored : short_lists_[chunk]) {
    float& best = best_[scored.doc - begin];
    best = std::max(best, scored.score);
  }
  for (const LongList& list : long_lists_) {
    if (!context_->ok()) break;
    LoadList(list, begin, end);
  }
}

// Clears the scores of the chunk that is loaded.
void BestTermsScorer::Forget() {
  if (!long_lists_.empty()) {
    std::fill_n(best_.get(), kChunkDocs, kNoMatch);
  } else if (chunk_ != kNoChunk) {
    const DocId begin = chunk_ * kChunkDocs;
    for (const ScoredDoc& scored : short_lists_[chunk_]) best_[scored.doc - begin] = kNoMatch;
  }
}

void BestTermsScorer::LoadList(const LongList& long_list, DocId begin, DocId end) {
  const PostingList& list = long_list.list;
  const Bm25Scorer& similarity = long_list.similarity;
  Block block;
  for (uint32_t i = list.FindBlock(begin, 0); i < list.block_count(); ++i) {
    if (list.first_doc(i) >= end) break;
    const uint32_t count = list.DecodeDocs(i, block.docs.data());
    if (count == 0 || !list.DecodeFreqs(i, block.freqs.data())) {
      context_->Fail(list.status());
      return;
    }
    if (long_list.other == nullptr) {
      ActiveKernels().score_bm25(block.docs.data(), block.freqs.data(), count, lengths_,
                                 similarity.norm_inverse(), similarity.weight(),
                                 block.scores.data());
    } else {
      for (uint32_t row = 0; row < count; ++row) {
        block.scores[row] =
            long_list.other->Score(static_cast<float>(block.freqs[row]), lengths_[block.docs[row]]);
      }
    }
    context_->counters().documents_scored += count;
    ++context_->counters().blocks_decoded;
    if (!context_->KeepGoingAfter(count)) return;
    for (uint32_t row = 0; row < count; ++row) {
      const DocId doc = block.docs[row];
      if (doc < begin || doc >= end) continue;
      float& best = best_[doc - begin];
      best = std::max(best, block.scores[row]);
    }
  }
}

void BestTermsScorer::Bound(const Window&, WordBounds* bounds) { bounds->fill(max_score_); }

void BestTermsScorer::Match(const Window& window, const DocMask& among, DocMask* out) {
  MatchAbove(window, among, kNoThreshold, out);
}

void BestTermsScorer::MatchAbove(const Window& window, const DocMask& among, float threshold,
                                 DocMask* out) {
  DocMask found;
  if (max_score_ > threshold) {
    Load(window);
    const float* best = ScoresOf(window);
    among.ForEach([&](uint32_t offset) {
      if (best[offset] > threshold) found.Set(offset);
    });
  }
  *out = found;
}

void BestTermsScorer::Score(const Window& window, const DocMask& docs, WindowScores* scores) {
  Load(window);
  const float* best = ScoresOf(window);
  docs.ForEach([&](uint32_t offset) { (*scores)[offset] = std::max(best[offset], 0.0f); });
}

Explanation BestTermsScorer::Explain(const Window& window, DocId doc) {
  DocMask one;
  one.Set(doc - window.begin);
  DocMask found;
  Match(window, one, &found);
  if (!found.Any()) return NoMatch("none of the terms");
  return {.match = true,
          .value = ScoresOf(window)[doc - window.begin],
          .description = "the best of several terms",
          .details = {}};
}

}  // namespace segue::exec
