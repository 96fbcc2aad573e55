// SPDX-License-Identifier: Apache-2.0
//
// A first pass over the words with the greatest bounds finds k documents that are likely to be
// near the top; the k-th of them is a threshold that the second pass, over all words in order,
// starts from. The first pass keeps nothing else, so the order of documents decides ties as ever.
#include "engine/exec/flat_search.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

#include "engine/exec/flat_bounds.h"
#include "engine/exec/flat_matcher.h"
#include "engine/exec/flat_scorer.h"

namespace segue::exec {
namespace {

// So few matches of a union are scored sooner than their bounds are computed; with required
// clauses, whose matches are fewer than the rarest clause's documents by far, more.
constexpr uint64_t kFewInAny = 2048;
constexpr uint64_t kFewInRarest = 8192;

// So few candidates of a chunk are scored at one go.
constexpr uint64_t kOneSlice = 1024;
static_assert(kOneSlice <= ScoreColumns::kRows - 16 && kWindowDocs <= ScoreColumns::kRows - 16);

// The first pass must be small beside the second.
constexpr uint32_t kMinBestWords = 32;
constexpr uint32_t kLeastShareOfBestWords = 4;

class FlatSearch {
 public:
  FlatSearch(const std::vector<FlatClause>& clauses, const SearchedSegment& segment,
             SearchContext* context)
      : clauses_(clauses),
        segment_(segment),
        context_(context),
        kernels_(ActiveKernels()),
        matcher_(clauses, segment, context),
        scorer_(clauses, context),
        mask_(context->scratch().TakeMask()) {}

  void Run(TopK* top_k, MatchCounter* counter) {
    bool count = counter->wanted();
    if (count) {
      if (const std::optional<uint64_t> known = matcher_.CountAtOnce(); known.has_value()) {
        counter->Add(*known);
        count = false;
      }
    }
    const bool any_hits = top_k->threshold() != std::numeric_limits<float>::infinity();
    // With a required clause the hits' pass counts, too: it has the matches at hand.
    if (count && (!any_hits || !matcher_.has_required())) {
      Count(counter);
      count = false;
    }
    if (any_hits) Collect(top_k, count ? counter : nullptr);
  }

 private:
  void Count(MatchCounter* counter) {
    for (DocId from = 0; from < segment_.doc_count && counter->wanted();) {
      const DocId next = matcher_.NextCandidate(from);
      if (next >= segment_.doc_count || !context_->KeepGoing()) return;
      const Chunk chunk = ChunkAt(next / kChunkDocs, segment_.doc_count);
      counter->Add(matcher_.Count(chunk));
      from = chunk.end;
    }
  }

  void Collect(TopK* top_k, MatchCounter* counter) {
    if (matcher_.MatchesAtMost() > (matcher_.has_required() ? kFewInRarest : kFewInAny)) {
      bounds_.emplace(clauses_, segment_.doc_count, &context_->scratch());
      SeedThreshold(top_k);
    }
    for (DocId from = 0; from < segment_.doc_count;) {
      const DocId next = matcher_.NextCandidate(from);
      if (next >= segment_.doc_count || !context_->KeepGoing()) return;
      const Chunk chunk = ChunkAt(next / kChunkDocs, segment_.doc_count);
      from = chunk.end;
      const bool count = counter != nullptr && counter->wanted();
      if (count) {
        if (!matcher_.Candidates(chunk, mask_, &dirty_)) continue;
        if (matcher_.phrase() != nullptr) {
          // Only positions tell what matches, so every candidate has them compared, once.
          counter->Add(OfferChunk(chunk, /*prune=*/false, top_k));
          continue;
        }
        counter->Add(kernels_.count_words(mask_, chunk.words()));
        if (!KeepWords(chunk, Least(Threshold(*top_k)))) continue;
      } else if (!Begin(chunk, Least(Threshold(*top_k)))) {
        continue;
      }
      OfferChunk(chunk, /*prune=*/true, top_k);
    }
  }

  // Scores are of interest above it.
  float Threshold(const TopK& top_k) const { return std::max(floor_, top_k.threshold()); }

  uint8_t Least(float threshold) {
    if (bounds_.has_value() && threshold != least_of_) {
      least_of_ = threshold;
      least_ = bounds_->Least(threshold);
    }
    return least_;
  }

  void SeedThreshold(const TopK* top_k) {
    const uint32_t wanted = std::max(top_k->k(), kMinBestWords);
    if (top_k->missing() == 0 || wanted > bounds_->words() / kLeastShareOfBestWords) return;
    const uint8_t byte = bounds_->ByteOfBest(wanted);
    if (byte <= 1) return;
    TopK best(top_k->k());
    for (uint32_t c = 0; c * kChunkWords < bounds_->words(); ++c) {
      const Chunk chunk = ChunkAt(c, segment_.doc_count);
      if (Begin(chunk, byte)) OfferChunk(chunk, true, &best);
    }
    if (best.missing() == 0) {
      floor_ = std::nextafter(best.threshold(), -std::numeric_limits<float>::infinity());
    }
  }

  // The candidates in the words whose bound is at least `least`. False if there are none.
  bool Begin(const Chunk& chunk, uint8_t least) {
    if (!bounds_.has_value()) return matcher_.Candidates(chunk, mask_, &dirty_);
    if (!SelectWords(chunk, least)) return false;
    dirty_.Clear(mask_);
    dirty_ = ChunkGroups();
    ForEachSelected([&](uint32_t word) {
      mask_[word] = matcher_.LiveWord(chunk, word);
      dirty_.Add(word / kGroupWords);
    });
    return matcher_.Narrow(chunk, mask_);
  }

  // Narrows the mask to those words. False if nothing is left.
  bool KeepWords(const Chunk& chunk, uint8_t least) {
    if (!bounds_.has_value()) return true;
    if (!SelectWords(chunk, least)) return false;
    uint64_t any = 0;
    for (uint32_t word = 0; word < chunk.words(); ++word) {
      if ((selected_[word / 64] >> (word % 64) & 1) == 0) mask_[word] = 0;
      any |= mask_[word];
    }
    return any != 0;
  }

  bool SelectWords(const Chunk& chunk, uint8_t least) {
    const uint8_t* sums = bounds_->sums() + chunk.begin / kWordDocs;
    selected_.fill(0);
    kernels_.mask_at_least_u8(sums, chunk.words(), least, selected_.data());
    return std::any_of(selected_.begin(), selected_.end(), [](uint64_t bits) { return bits != 0; });
  }

  template <typename Fn>
  void ForEachSelected(Fn&& fn) const {
    for (uint32_t i = 0; i < selected_.size(); ++i) {
      for (uint64_t rest = selected_[i]; rest != 0; rest &= rest - 1) {
        fn(i * 64 + static_cast<uint32_t>(std::countr_zero(rest)));
      }
    }
  }

  // Offers what the mask holds; returns how many match. `prune`: what cannot enter need not be
  // looked at. Many candidates go in slices, each with the threshold that those before it reached.
  uint64_t OfferChunk(const Chunk& chunk, bool prune, TopK* top_k) {
    matcher_.LoadShoulds(chunk, mask_);
    const uint8_t least = KeepMatches(chunk, prune ? Threshold(*top_k) : kNoThreshold);
    const uint64_t candidates = kernels_.count_words(mask_, chunk.words());
    const uint32_t slice = candidates <= kOneSlice ? kChunkWords : kWindowWords;
    uint64_t matches = 0;
    for (uint32_t first = 0; first < chunk.words(); first += slice) {
      if (!context_->KeepGoing()) break;
      const uint32_t words = std::min(slice, chunk.words() - first);
      const float threshold = prune ? Threshold(*top_k) : kNoThreshold;
      if (bounds_.has_value() && threshold != kNoThreshold && Least(threshold) > least) {
        KeepAbove(chunk, first, words, Least(threshold));
      }
      matches +=
          scorer_.Offer(mask_ + first, words, first, segment_.base + chunk.begin, threshold, top_k);
    }
    for (const FlatClause& clause : clauses_) {
      if (clause.list != nullptr) clause.list->ReportDamage();
    }
    return matches;
  }

  // Narrows the mask, whose documents have all that is required, to the matches that may score
  // above the threshold; returns the least sum of bytes among them, 0 if none was asked for.
  uint8_t KeepMatches(const Chunk& chunk, float threshold) {
    if (bounds_.has_value() && threshold != kNoThreshold) {
      const uint8_t least = Least(threshold);
      KeepAbove(chunk, 0, chunk.words(), least);
      return least;
    }
    if (!matcher_.has_required()) matcher_.KeepAnyShould(chunk.words(), mask_);
    return 0;
  }

  // Drops documents from `words` words of the mask whose bytes add up to less than `least`.
  void KeepAbove(const Chunk& chunk, uint32_t first, uint32_t words, uint8_t least) {
    member_rows_.clear();
    part_rows_.clear();
    for (const FlatClause& clause : clauses_) {
      if (!IsScored(clause.kind)) continue;
      part_rows_.push_back(bounds_->part(part_rows_.size()) + chunk.begin / kWordDocs + first);
      // Every candidate has the terms of a phrase.
      const uint64_t* members = clause.list != nullptr ? clause.list->members() : mask_;
      member_rows_.push_back(members + first);
    }
    kernels_.keep_sums_at_least(member_rows_.data(), part_rows_.data(), part_rows_.size(), words,
                                static_cast<uint8_t>(least - bounds_->base()), mask_ + first);
  }

  const std::vector<FlatClause>& clauses_;
  const SearchedSegment& segment_;
  SearchContext* context_;
  const Kernels& kernels_;
  FlatMatcher matcher_;
  FlatScorer scorer_;
  std::optional<FlatBounds> bounds_;  // none: few matches
  float floor_ = kNoThreshold;
  float least_of_ = kNoThreshold;  // the threshold that least_ belongs to
  uint8_t least_ = 1;
  uint64_t* mask_;
  ChunkGroups dirty_ = ChunkGroups::All();           // where mask_ may have bits
  std::array<uint64_t, kChunkWords / 64> selected_;  // words of the chunk
  std::vector<const uint8_t*> part_rows_;
  std::vector<const uint64_t*> member_rows_;
};

}  // namespace

void SearchFlat(std::vector<FlatClause> clauses, const SearchedSegment& segment,
                SearchContext* context, TopK* top_k, MatchCounter* counter) {
  if (segment.doc_count == 0) return;
  std::make_unique<FlatSearch>(clauses, segment, context)->Run(top_k, counter);
}

uint64_t FlatMemoryBytes(size_t list_count, uint32_t doc_count) {
  const uint64_t words = doc_count / kWordDocs + kWordDocs;
  const uint64_t list = sizeof(FlatList) + kChunkWords * sizeof(uint64_t) +
                        FlatList::kShortList * sizeof(DocId) + 2 * words;
  return sizeof(FlatSearch) + words + list_count * list;
}

}  // namespace segue::exec
