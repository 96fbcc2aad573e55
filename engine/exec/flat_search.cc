// SPDX-License-Identifier: Apache-2.0
//
// The words with the greatest bounds come first: k documents in them are likely to be near the top,
// and the k-th of them is a threshold for the other words, which follow in the order of documents.
// Within a chunk without a threshold the rows with the greatest bounds come first for the same
// reason. So documents are offered out of order, and a score equal to the threshold is of interest
// up to the last document that ties with it (TopK::ThresholdFrom).
#include "engine/exec/flat_search.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>

#include "engine/exec/few_matches.h"
#include "engine/exec/flat_bounds.h"
#include "engine/exec/flat_count.h"
#include "engine/exec/flat_matcher.h"
#include "engine/exec/flat_parts.h"
#include "engine/exec/flat_scorer.h"
#include "engine/exec/position_column.h"
#include "engine/exec/rare_first.h"
#include "engine/exec/row_filter.h"
#include "engine/exec/sparse_search.h"
#include "engine/exec/term_map_search.h"
#include "engine/exec/union_search.h"

namespace segue::exec {
namespace {

// More prohibited documents leave no floor worth its search.
constexpr uint64_t kFewProhibited = 1024;

// Without a threshold, so many times k rows with the greatest bounds come first, at least
// kFirstRows.
constexpr uint32_t kFirstShare = 2;
constexpr uint32_t kFirstRows = 32;

// Rows are chosen by their bounds so many at a time.
constexpr size_t kRowsAtOnce = 256;

// The words with the greatest bounds come first: at least so many, or k, but a quarter of all at
// most.
constexpr uint32_t kMinBestWords = 32;
constexpr uint32_t kBestWordsShare = 4;
// Of words with the same bound only the first ones.
constexpr uint32_t kMostTiedWords = 4;

class FlatSearch {
 public:
  FlatSearch(const std::vector<FlatClause>& clauses, const FlatParts& parts,
             const SearchedSegment& segment, SearchContext* context)
      : clauses_(clauses),
        parts_(parts),
        segment_(segment),
        context_(context),
        kernels_(ActiveKernels()),
        matcher_(parts, segment, context),
        scorer_(clauses, context),
        mask_(context->scratch().TakeMask()) {}
  ~FlatSearch() { groups_.Clear(mask_); }
  FlatSearch(const FlatSearch&) = delete;
  FlatSearch& operator=(const FlatSearch&) = delete;

  void Count(MatchCounter* counter) {
    for (DocId from = 0; from < segment_.doc_count && counter->wanted();) {
      const DocId next = matcher_.NextCandidate(from);
      if (next >= segment_.doc_count || !context_->KeepGoing()) return;
      const Chunk chunk = ChunkAt(next / kChunkDocs, segment_.doc_count);
      counter->Add(matcher_.Count(chunk));
      from = chunk.end;
    }
  }

  // `counter`: null if matches are not to be counted.
  void Collect(TopK* top_k, MatchCounter* counter) {
    // Only positions tell what matches, so that every candidate has them compared, once.
    const bool prune = counter == nullptr || parts_.phrase == nullptr;
    if (prune && !AreFew(clauses_, parts_, segment_.doc_count, ExpectedHits(segment_, *top_k))) {
      if (top_k->missing() > 0) SetFloor(top_k->k());
      bounds_.emplace(clauses_, parts_.needs_should, segment_.doc_count, Threshold(*top_k, 0),
                      &context_->scratch());
      scorer_.UseBounds(&*bounds_);
      CollectBest(top_k);
      Refine(Threshold(*top_k, 0));
    } else if (prune) {
      scorer_.UseBounds(nullptr);
    }
    for (DocId from = 0; from < segment_.doc_count;) {
      const DocId next = matcher_.NextCandidate(from);
      if (next >= segment_.doc_count || !context_->KeepGoing()) return;
      const Chunk chunk = ChunkAt(next / kChunkDocs, segment_.doc_count);
      from = chunk.end;
      CollectChunk(chunk, prune, top_k, counter);
    }
  }

 private:
  void CollectChunk(const Chunk& chunk, bool prune, TopK* top_k, MatchCounter* counter) {
    const uint16_t least = Least(Threshold(*top_k, chunk.begin)).sum;
    if (counter == nullptr || !counter->wanted()) {
      if (Begin(chunk, least)) OfferChunk(chunk, prune, top_k);
      return;
    }
    if (!matcher_.Candidates(chunk, mask_, &groups_)) return;
    if (!prune) {
      counter->Add(OfferChunk(chunk, prune, top_k));
      return;
    }
    counter->Add(kernels_.count_words(mask_, chunk.words()));
    if (KeepWords(chunk, least)) OfferChunk(chunk, prune, top_k);
  }

  // Scores are of interest above it, of documents of the segment from `from` on.
  float Threshold(const TopK& top_k, DocId from) const {
    return std::max(floor_, top_k.ThresholdFrom(segment_.base + from));
  }

  // The least bounds of words and documents whose scores may be above the threshold.
  struct LeastBounds {
    uint16_t sum = 1;
    uint8_t byte = 1;
  };
  LeastBounds Least(float threshold) {
    if (bounds_.has_value() && threshold != least_of_) {
      least_of_ = threshold;
      least_ = {bounds_->LeastSum(threshold), bounds_->LeastByte(threshold)};
    }
    return least_;
  }

  // What k documents of one list reach is a floor where each of them matches; where some documents
  // are prohibited, what so many more reach.
  void SetFloor(uint32_t k) {
    if (segment_.live != nullptr) return;
    const FlatClause* required = nullptr;
    uint64_t prohibited = 0;
    for (const FlatClause& clause : clauses_) {
      if (clause.kind == ClauseKind::kShould) continue;
      if (clause.kind == ClauseKind::kMustNot) {
        prohibited += clause.list->doc_freq();
        continue;
      }
      if (clause.kind != ClauseKind::kMust || clause.phrase != nullptr || required != nullptr) {
        return;
      }
      required = &clause;
    }
    if (prohibited > kFewProhibited) return;
    k += static_cast<uint32_t>(prohibited);
    float reached = kNoThreshold;
    for (const FlatClause& clause : clauses_) {
      if (clause.kind == ClauseKind::kMustNot) continue;
      if (required != nullptr && &clause != required) continue;
      reached = FlatBounds::ReachedBy(clause.list->source(), clause.list->similarity(), k, reached);
    }
    RaiseFloor(reached);
  }

  // Documents that score as much are still of interest: they may come before those known.
  void RaiseFloor(float reached) {
    if (reached == kNoThreshold) return;
    floor_ = std::max(floor_, std::nextafter(reached, -std::numeric_limits<float>::infinity()));
  }

  void Refine(float threshold) {
    bounds_->Refine(threshold);
    scorer_.UseBounds(&*bounds_);
    least_of_ = std::numeric_limits<float>::quiet_NaN();
  }

  // Offers the documents in the words with the greatest bounds, which are then done.
  void CollectBest(TopK* top_k) {
    if (top_k->missing() == 0) return;
    const uint32_t wanted =
        std::min(std::max(top_k->k(), kMinBestWords), bounds_->words() / kBestWordsShare);
    if (wanted == 0) return;
    const uint16_t least = bounds_->SumOfBest(wanted, Least(floor_).sum);
    if (least <= 1) return;
    std::vector<uint64_t> best(bounds_->words() / 64 + kChunkWords / 64);
    kernels_.mask_at_least_u16(bounds_->sums(), bounds_->words(), least, best.data());
    KeepFirstBits(wanted * kMostTiedWords, &best);
    only_ = &best;
    for (uint32_t c = 0; c * kChunkWords < bounds_->words(); ++c) {
      const Chunk chunk = ChunkAt(c, segment_.doc_count);
      if (context_->KeepGoing() && Begin(chunk, least)) OfferChunk(chunk, /*prune=*/true, top_k);
    }
    only_ = nullptr;
    done_ = std::move(best);
  }

  static void KeepFirstBits(uint64_t count, std::vector<uint64_t>* words) {
    for (uint64_t& word : *words) {
      while (static_cast<uint64_t>(std::popcount(word)) > count) {
        word &= ~(uint64_t{1} << (63 - std::countl_zero(word)));
      }
      count -= static_cast<uint64_t>(std::popcount(word));
    }
  }

  // The candidates in the words whose bound is at least `least`. False if there are none.
  bool Begin(const Chunk& chunk, uint16_t least) {
    if (!bounds_.has_value()) return matcher_.Candidates(chunk, mask_, &groups_);
    if (!SelectWords(chunk, least)) return false;
    groups_.Clear(mask_);
    groups_ = ChunkGroups();
    ForEachSelected([&](uint32_t word) {
      mask_[word] = matcher_.LiveWord(chunk, word);
      groups_.Add(word / kGroupWords);
    });
    return matcher_.Narrow(chunk, mask_, &groups_);
  }

  // Narrows the mask to those words. False if nothing is left.
  bool KeepWords(const Chunk& chunk, uint16_t least) {
    if (!bounds_.has_value()) return true;
    if (!SelectWords(chunk, least)) return false;
    uint64_t any = 0;
    for (uint32_t word = 0; word < chunk.words(); ++word) {
      if ((selected_[word / 64] >> (word % 64) & 1) == 0) mask_[word] = 0;
      any |= mask_[word];
    }
    return any != 0;
  }

  bool SelectWords(const Chunk& chunk, uint16_t least) {
    const size_t first = chunk.begin / kWordDocs;
    selected_.fill(0);
    kernels_.mask_at_least_u16(bounds_->sums() + first, chunk.words(), least, selected_.data());
    uint64_t any = 0;
    for (size_t i = 0; i < selected_.size(); ++i) {
      if (only_ != nullptr) selected_[i] &= (*only_)[first / 64 + i];
      if (!done_.empty()) selected_[i] &= ~done_[first / 64 + i];
      any |= selected_[i];
    }
    return any != 0;
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
  // looked at.
  uint64_t OfferChunk(const Chunk& chunk, bool prune, TopK* top_k) {
    matcher_.LoadShoulds(chunk, groups_);
    const bool in_words = prune && bounds_.has_value();
    const size_t rows = GatherRows(chunk, in_words, Threshold(*top_k, chunk.begin));
    ByteRange range{0, 256};
    uint64_t matches = 0;
    if (in_words && top_k->missing() > 0) {
      range.end = BestRows(rows, std::max(kFirstShare * top_k->k(), kFirstRows));
      matches += OfferRows(chunk, rows, {range.end, 256}, prune, top_k);
    }
    matches += OfferRows(chunk, rows, range, prune, top_k);
    for (const FlatClause& clause : clauses_) {
      if (clause.list != nullptr) clause.list->ReportDamage();
    }
    return matches;
  }

  // The documents of the mask, which have all that is required: those that may score above the
  // threshold, if it is to be pruned. Returns how many.
  size_t GatherRows(const Chunk& chunk, bool prune, float threshold) {
    ChunkRows& rows = context_->scratch().rows();
    if (prune && !parts_.shoulds.empty()) {
      KeepAbove(chunk, Least(threshold).byte, rows.bounds.data());
    }
    size_t count = 0;
    groups_.ForEachRun(chunk.words(), [&](uint32_t first, uint32_t words) {
      count += kernels_.bits_to_docs(mask_ + first, words, first * kWordDocs,
                                     rows.offsets.data() + count);
    });
    if (prune && parts_.shoulds.empty()) SumWords(chunk);
    return count;
  }

  // The bounds of rows that have all lists: the sums of their words' bytes.
  void SumWords(const Chunk& chunk) {
    size_t scored = 0;
    for (const FlatClause& clause : clauses_) scored += IsScored(clause.kind);
    uint8_t* out = context_->scratch().rows().bounds.data();
    groups_.ForEachRun(chunk.words(), [&](uint32_t first, uint32_t words) {
      for (uint32_t word = first; word < first + words; ++word) {
        if (mask_[word] == 0) continue;
        uint32_t sum = 0;
        for (size_t s = 0; s < scored; ++s) {
          sum += bounds_->part(s)[chunk.begin / kWordDocs + word];
        }
        // As many as a word can have: those of the next one stand over what is too much.
        std::memset(out, static_cast<int>(std::min(sum, 255u)), kWordDocs);
        out += std::popcount(mask_[word]);
      }
    });
  }

  // A byte that about `wanted` of the rows' bounds reach.
  uint32_t BestRows(size_t count, uint32_t wanted) const {
    const ChunkRows& rows = context_->scratch().rows();
    std::array<uint32_t, 256> counts = {};
    for (size_t i = 0; i < count; ++i) ++counts[rows.bounds[i]];
    uint32_t byte = 256, reached = 0;
    while (byte > 0 && reached < wanted) reached += counts[--byte];
    return byte;
  }

  // Rows with such a bound.
  struct ByteRange {
    uint32_t begin = 0;
    uint32_t end = 256;
  };

  uint64_t OfferRows(const Chunk& chunk, size_t count, ByteRange range, bool prune, TopK* top_k) {
    const ChunkRows& rows = context_->scratch().rows();
    ScoreColumns& columns = context_->scratch().columns();
    const RowOrigin origin{segment_.base + chunk.begin, chunk.begin / kWordDocs};
    uint64_t matches = 0;
    for (size_t row = 0; row < count && context_->KeepGoing();) {
      const float threshold =
          prune ? Threshold(*top_k, chunk.begin + rows.offsets[row]) : kNoThreshold;
      size_t batch = 0;
      if (!prune || !bounds_.has_value()) {
        batch = std::min(ScoreColumns::kBatchRows, count - row);
        std::copy_n(rows.offsets.begin() + static_cast<ptrdiff_t>(row), batch,
                    columns.offsets.begin());
        row += batch;
      } else {
        const uint32_t least = std::max<uint32_t>(range.begin, Least(threshold).byte);
        if (least >= range.end) return matches;
        while (row < count && batch <= ScoreColumns::kBatchRows - kRowsAtOnce) {
          const size_t more = std::min(kRowsAtOnce, count - row);
          batch += kernels_.keep_within_u8(
              rows.bounds.data() + row, rows.offsets.data() + row, more,
              static_cast<uint8_t>(least), static_cast<uint8_t>(range.end - 1),
              columns.bounds.data() + batch, columns.offsets.data() + batch);
          row += more;
        }
      }
      if (batch > 0) matches += scorer_.Offer(batch, origin, prune, threshold, top_k);
    }
    return matches;
  }

  // Drops documents from the mask whose bytes add up to less than `least`, and writes the sums of
  // the others.
  void KeepAbove(const Chunk& chunk, uint8_t least, uint8_t* sums) {
    groups_.ForEachRun(chunk.words(), [&](uint32_t first, uint32_t words) {
      member_rows_.clear();
      part_rows_.clear();
      for (const FlatClause& clause : clauses_) {
        if (!IsScored(clause.kind)) continue;
        part_rows_.push_back(bounds_->part(part_rows_.size()) + chunk.begin / kWordDocs + first);
        // Every candidate has the terms of a phrase.
        member_rows_.push_back((clause.list != nullptr ? clause.list->members() : mask_) + first);
      }
      sums += kernels_.keep_sums_at_least(member_rows_.data(), part_rows_.data(), part_rows_.size(),
                                          words, least, mask_ + first, sums);
    });
  }

  const std::vector<FlatClause>& clauses_;
  const FlatParts& parts_;
  const SearchedSegment& segment_;
  SearchContext* context_;
  const Kernels& kernels_;
  FlatMatcher matcher_;
  FlatScorer scorer_;
  std::optional<FlatBounds> bounds_;  // none: few matches
  float floor_ = kNoThreshold;
  float least_of_ = std::numeric_limits<float>::quiet_NaN();  // the threshold that least_ is of
  LeastBounds least_;
  uint64_t* mask_;
  ChunkGroups groups_;                               // where mask_ may have bits
  std::array<uint64_t, kChunkWords / 64> selected_;  // words of the chunk
  const std::vector<uint64_t>* only_ = nullptr;      // words that are looked at; null: all
  std::vector<uint64_t> done_;                       // words whose documents have been offered
  std::vector<const uint8_t*> part_rows_;
  std::vector<const uint64_t*> member_rows_;
};

// Searches a query of which one list is scored, while others only prohibit, by the map of that
// list. False if it is another query, or there is no map. (With lists that filter it gains
// nothing.)
bool SearchOneScored(const std::vector<FlatClause>& clauses, const FlatParts& parts,
                     const SearchedSegment& segment, SearchContext* context, TopK* top_k) {
  if (parts.phrase != nullptr || parts.required.size() + parts.shoulds.size() != 1) return false;
  const FlatList& scored = *(parts.required.empty() ? parts.shoulds : parts.required).front();
  const bool is_filter = std::any_of(clauses.begin(), clauses.end(), [](const FlatClause& clause) {
    return clause.kind == ClauseKind::kFilter;
  });
  if (is_filter || !scored.source().HasUsableMap(scored.similarity())) return false;
  uint64_t dropped = segment.live == nullptr ? 0 : segment.doc_count;
  for (const FlatList* list : parts.prohibited) dropped += list->doc_freq();
  RowFilter filter(segment.live, {}, parts.prohibited);
  TermMapSearch(scored.source(), scored.similarity(), segment, &filter, dropped, context,
                top_k->k())
      .Run(top_k);
  return true;
}

}  // namespace

void SearchFlat(std::vector<FlatClause> clauses, bool needs_should, const SearchedSegment& segment,
                SearchContext* context, TopK* top_k, MatchCounter* counter) {
  if (segment.doc_count == 0) return;
  FlatParts parts(clauses, needs_should);
  const bool any_hits = top_k->k() != 0;
  const uint64_t hits = ExpectedHits(segment, *top_k);
  if (any_hits && UnionSearch::Suits(clauses, parts, segment, hits, counter->wanted())) {
    UnionSearch(parts, segment, context).Run(top_k, counter);
    return;
  }
  const bool sparse = SparseSearch::Suits(parts, segment.doc_count, any_hits) &&
                      (!any_hits || AreFew(clauses, parts, segment.doc_count, hits));
  bool count = counter->wanted();
  // A sparse search counts what it looks at anyway.
  if (count && !(sparse && any_hits)) {
    if (const auto known = CountAtOnce(parts, segment, context); known.has_value()) {
      // What was made of an intersection that is not whole may be too much.
      if (context->ok()) counter->Add(*known);
      count = false;
    }
  }
  if (!count && !any_hits) return;
  if (sparse) {
    SparseSearch(SparseSearch::SourcesOf(parts), clauses, parts, segment, context)
        .Run(top_k, count ? counter : nullptr);
    return;
  }
  // With a required clause the hits' pass counts, too: it has the matches at hand. A single list,
  // of which it is only asked how many documents live, is counted sooner by itself.
  if (count && (!any_hits || !parts.has_required() || parts.list_count() == 1)) {
    std::make_unique<FlatSearch>(clauses, parts, segment, context)->Count(counter);
    count = false;
  }
  if (!any_hits) return;
  if (!count && SearchOneScored(clauses, parts, segment, context, top_k)) return;
  if (!count && !SearchRareFirst(segment, context, top_k, &clauses, &parts)) return;
  if (!count && SearchOneScored(clauses, parts, segment, context, top_k)) return;
  std::make_unique<FlatSearch>(clauses, parts, segment, context)
      ->Collect(top_k, count ? counter : nullptr);
}

void SearchFlatAmong(FlatAmong among, const std::vector<FlatClause>& clauses, bool needs_should,
                     const SearchedSegment& segment, SearchContext* context, TopK* top_k,
                     MatchCounter* counter) {
  const FlatParts parts(clauses, needs_should);
  const auto run = [&](SparseSearch search) {
    search.UseGates(&among.gates, among.score);
    search.Run(top_k, counter->wanted() ? counter : nullptr);
  };
  if (among.candidates.has_value()) {
    run(SparseSearch(*std::move(among.candidates), clauses, parts, segment, context));
  } else {
    run(SparseSearch(SparseSearch::SourcesOf(parts), clauses, parts, segment, context));
  }
}

uint64_t FlatMemoryBytes(size_t list_count, size_t in_phrases, uint32_t doc_count) {
  const uint64_t words = doc_count / kWordDocs + kWordDocs;
  constexpr uint64_t kMask = kChunkWords * sizeof(uint64_t);
  // A mask, ranks of its groups, the short list, a map and its bytes; or what probing needs.
  const uint64_t in_chunks =
      kMask + kChunkGroups * sizeof(uint32_t) + FlatList::kShortList * sizeof(DocId) + 2 * words;
  const uint64_t list = sizeof(FlatList) + std::max<uint64_t>(in_chunks, sizeof(ProbeRows));
  // The matcher's, the scorer's and the search's own mask; sums of bounds, and a row beside them.
  return sizeof(FlatSearch) + sizeof(ChunkRows) + 3 * kMask + 3 * words + list_count * list +
         in_phrases * sizeof(PositionColumn);
}

}  // namespace segue::exec
