// SPDX-License-Identifier: Apache-2.0
//
// Each window is passed over at most twice: once for the count (masks only, no scores) if one is
// wanted, and once for the hits, where bounds first drop the words that cannot reach the top k.
// In the window in which the top k fills, only as many words are scored as it takes to fill it;
// the rest of the window is pruned already.
#include "engine/exec/segment_search.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <memory>

namespace segue::exec {
namespace {

class WindowPass {
 public:
  WindowPass(Scorer& scorer, const SearchedSegment& segment, bool exhaustive,
             const SearchContext& context, TopK* top_k)
      : scorer_(scorer),
        segment_(segment),
        exhaustive_(exhaustive),
        context_(context),
        top_k_(top_k) {}

  // Offers the documents of `among` that may still enter.
  void Collect(const Window& window, DocMask among) {
    if (exhaustive_) {
      DocMask matches;
      scorer_.Match(window, among, &matches);
      Offer(window, matches);
      return;
    }
    if (top_k_->threshold() == kNoThreshold) {
      FillTopK(window, &among);
      if (top_k_->threshold() == kNoThreshold) return;
    }
    CollectAboveThreshold(window, &among);
  }

 private:
  // Offers the first matches, word by word, until the top k is full; leaves the others in *among.
  void FillTopK(const Window& window, DocMask* among) {
    DocMask matches;
    scorer_.Match(window, *among, &matches);
    DocMask first;
    uint32_t taken = 0;
    for (uint32_t w = 0; w < kWindowWords && taken < top_k_->missing(); ++w) {
      first[w] = matches[w];
      taken += static_cast<uint32_t>(std::popcount(matches[w]));
    }
    Offer(window, first);
    *among = matches;
    among->AndNot(first);
  }

  void CollectAboveThreshold(const Window& window, DocMask* among) {
    if (!among->Any()) return;
    WordBounds bounds;
    scorer_.Bound(window, &bounds);
    for (uint32_t w = 0; w < kWindowWords; ++w) {
      if (bounds[w] <= top_k_->threshold()) (*among)[w] = 0;
    }
    if (!among->Any()) return;
    DocMask matches;
    scorer_.MatchAbove(window, *among, top_k_->threshold(), &matches);
    Offer(window, matches);
  }

  void Offer(const Window& window, const DocMask& matches) {
    if (!matches.Any()) return;
    scorer_.Score(window, matches, &scores_);
    if (!context_.ok()) return;  // matches and scores may be anything
    const uint64_t base = segment_.base + window.begin;
    matches.ForEach([&](uint32_t offset) { top_k_->Offer({base + offset, scores_[offset]}); });
  }

  Scorer& scorer_;
  const SearchedSegment& segment_;
  bool exhaustive_;
  const SearchContext& context_;
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

// Documents come in ascending order: what scores no more than the worst hit comes too late.
bool MayCollect(const Scorer& scorer, bool exhaustive, const TopK& top_k) {
  return exhaustive || scorer.MaxScore() > top_k.threshold();
}

// Deleted documents that match.
uint64_t CountDeleted(Scorer& scorer, const SearchedSegment& segment, SearchContext* context) {
  uint64_t count = 0;
  for (DocId from = 0; from < segment.doc_count;) {
    const DocId candidate = scorer.NextCandidate(from);
    if (candidate >= segment.doc_count || !context->KeepGoing()) break;
    const Window window = WindowOf(candidate, segment.doc_count);
    from = window.end;
    DocMask live, deleted, matches;
    LiveDocs(segment, window, &live);
    deleted.Fill(window.size());
    deleted.AndNot(live);
    if (!deleted.Any()) continue;
    scorer.Match(window, deleted, &matches);
    count += matches.Count();
  }
  return count;
}

}  // namespace

void SearchSegment(Scorer& scorer, const SearchedSegment& segment, bool exhaustive,
                   SearchContext* context, TopK* top_k, MatchCounter* counter) {
  bool count_matches = counter->wanted();
  const bool any_hits = top_k->threshold() != std::numeric_limits<float>::infinity();
  // Windows are gone through once: if for hits, those count, too.
  if (count_matches && (segment.live == nullptr || !any_hits)) {
    if (const std::optional<uint64_t> known = scorer.MatchCount(); known.has_value()) {
      const uint64_t deleted = segment.live == nullptr ? 0 : CountDeleted(scorer, segment, context);
      if (!context->ok()) return;
      counter->Add(*known - std::min(*known, deleted));  // less only of damaged data
      count_matches = false;
    }
  }
  // WindowPass holds a window of scores: too large for a small thread's stack.
  const auto pass = std::make_unique<WindowPass>(scorer, segment, exhaustive, *context, top_k);
  for (DocId from = 0; from < segment.doc_count;) {
    count_matches = count_matches && counter->wanted();
    if (!count_matches && !(any_hits && MayCollect(scorer, exhaustive, *top_k))) return;
    const DocId candidate = scorer.NextCandidate(from);
    if (candidate >= segment.doc_count || !context->KeepGoing()) return;
    const Window window = WindowOf(candidate, segment.doc_count);
    from = window.end;
    DocMask among;
    LiveDocs(segment, window, &among);
    if (count_matches) {
      DocMask matches;
      scorer.Match(window, among, &matches);
      if (!context->ok()) return;
      among = matches;
      counter->Add(matches.Count());
    }
    if (any_hits) pass->Collect(window, among);
  }
}

void MatchSegment(Scorer& scorer, const SearchedSegment& segment, SearchContext* context,
                  Bitset* matches) {
  const std::span<uint64_t> words = matches->mutable_words();
  for (DocId from = 0; from < segment.doc_count;) {
    const DocId candidate = scorer.NextCandidate(from);
    if (candidate >= segment.doc_count || !context->KeepGoing()) return;
    const Window window = WindowOf(candidate, segment.doc_count);
    from = window.end;
    DocMask among, found;
    LiveDocs(segment, window, &among);
    scorer.Match(window, among, &found);
    const size_t first = window.begin / kWordDocs;
    const size_t count = std::min<size_t>(kWindowWords, words.size() - first);
    for (size_t w = 0; w < count; ++w) words[first + w] |= found[static_cast<uint32_t>(w)];
  }
}

}  // namespace segue::exec
