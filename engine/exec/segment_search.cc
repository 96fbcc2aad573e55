// SPDX-License-Identifier: Apache-2.0
//
// Each window is passed over at most twice: once for the count (masks only, no scores) if one is
// wanted, and once for the hits, where bounds first drop the words that cannot reach the top k.
// Until k hits are held the second pass goes in steps of a few words, so that a threshold exists
// as early as possible.
#include "engine/exec/segment_search.h"

#include <algorithm>
#include <memory>

namespace segue::exec {
namespace {

constexpr uint32_t kFirstStepWords = 4;

class WindowPass {
 public:
  WindowPass(Scorer& scorer, const SearchedSegment& segment, bool exhaustive, TopK* top_k)
      : scorer_(scorer), segment_(segment), exhaustive_(exhaustive), top_k_(top_k) {}

  // Offers the documents of `among` that may still enter.
  void Collect(const Window& window, DocMask among) {
    if (!exhaustive_ && top_k_->threshold() != kNoThreshold) {
      WordBounds bounds;
      scorer_.Bound(window, &bounds);
      Drop(bounds, &among);
    }
    uint32_t word = 0;
    while (word < kWindowWords) {
      const bool full = top_k_->threshold() != kNoThreshold;
      const uint32_t end = full ? kWindowWords : std::min(kWindowWords, word + kFirstStepWords);
      DocMask step;
      uint64_t any = 0;
      for (uint32_t w = word; w < end; ++w) any |= step[w] = among[w];
      if (any != 0) CollectStep(window, step);
      word = end;
    }
  }

 private:
  void Drop(const WordBounds& bounds, DocMask* among) const {
    for (uint32_t w = 0; w < kWindowWords; ++w) {
      if (bounds[w] <= top_k_->threshold()) (*among)[w] = 0;
    }
  }

  void CollectStep(const Window& window, const DocMask& among) {
    DocMask matches;
    scorer_.MatchAbove(window, among, exhaustive_ ? kNoThreshold : top_k_->threshold(), &matches);
    if (!matches.Any()) return;
    scorer_.Score(window, matches, &scores_);
    const uint64_t base = segment_.base + window.begin;
    matches.ForEach([&](uint32_t offset) { top_k_->Offer({base + offset, scores_[offset]}); });
  }

  Scorer& scorer_;
  const SearchedSegment& segment_;
  bool exhaustive_;
  TopK* top_k_;
  WindowScores scores_;
};

void LiveDocs(const SearchedSegment& segment, const Window& window, DocMask* mask) {
  if (segment.live == nullptr) {
    mask->Fill(window.size());
    return;
  }
  const std::span<const uint64_t> words = segment.live->words();
  const size_t first = window.begin / kWordDocs;
  const size_t count = std::min<size_t>(kWindowWords, words.size() - first);
  std::copy_n(words.begin() + static_cast<ptrdiff_t>(first), count, mask->data());
  std::fill(mask->data() + count, mask->data() + kWindowWords, 0);
}

}  // namespace

void SearchSegment(Scorer& scorer, const SearchedSegment& segment, bool exhaustive,
                   SearchContext* context, TopK* top_k, MatchCounter* counter) {
  bool count_matches = counter->wanted();
  if (count_matches && segment.live == nullptr) {
    if (const std::optional<uint64_t> known = scorer.MatchCount(); known.has_value()) {
      counter->Add(*known);
      count_matches = false;
    }
  }
  // WindowPass holds a window of scores: too large for a small thread's stack.
  const auto pass = std::make_unique<WindowPass>(scorer, segment, exhaustive, top_k);
  const bool any_hits = top_k->threshold() != std::numeric_limits<float>::infinity();
  for (DocId from = 0; from < segment.doc_count;) {
    count_matches = count_matches && counter->wanted();
    if (!count_matches && !any_hits) return;
    const DocId candidate = scorer.NextCandidate(from);
    if (candidate >= segment.doc_count || !context->KeepGoing()) return;
    const Window window = WindowOf(candidate, segment.doc_count);
    from = window.end;
    DocMask among;
    LiveDocs(segment, window, &among);
    if (count_matches) {
      DocMask matches;
      scorer.Match(window, among, &matches);
      among = matches;
      counter->Add(matches.Count());
    }
    if (any_hits) pass->Collect(window, among);
  }
}

}  // namespace segue::exec
