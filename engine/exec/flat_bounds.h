// SPDX-License-Identifier: Apache-2.0
//
// FlatBounds: upper bounds of a flat query's scores for each word of 64 documents.
//
// Every scored list has a byte per word, from its window map, rescaled so that the bytes of all
// lists have one unit. Within a word the sum over just the lists that a document is in bounds that
// document (Kernels::keep_sums_at_least). Which words are looked at at all is decided by sums over
// all lists, in steps of 1/256 of the unit. Rescaling rounds up, so what is dropped could not have
// entered.
//
// A byte has 255 steps, so the unit is chosen for the scores that matter: those around the
// threshold. Sums far above it saturate, which only says "look at it".
#ifndef SEGUE_EXEC_FLAT_BOUNDS_H_
#define SEGUE_EXEC_FLAT_BOUNDS_H_

#include <cstdint>
#include <vector>

#include "engine/exec/flat_clause.h"
#include "engine/simd/kernels.h"

namespace segue::exec {

class FlatBounds {
 public:
  // Computes the bytes of all words of a segment, for thresholds from `threshold` on; kNoThreshold
  // if nothing is known. Reads the maps; decodes short lists.
  // `needs_should`: a match has a should clause even if others are required.
  FlatBounds(const std::vector<FlatClause>& clauses, bool needs_should, uint32_t doc_count,
             float threshold, SearchScratch* scratch);

  // A score greater than `above` that at least k of a list's documents reach, deleted ones among
  // them, as far as its map tells; else `above`.
  static float ReachedBy(const TermSource& source, const Bm25Scorer& similarity, uint32_t k,
                         float above);

  // The bytes for a higher threshold, if they would be much finer.
  void Refine(float threshold);

  // The words of the segment.
  uint32_t words() const { return words_; }

  // The sum of all lists in steps of unit() / 256, 0 where no document can match: a required list
  // has none there, or none of the lists has.
  const uint16_t* sums() const { return sums_; }
  // Whether a match may score 0, all required clauses being filters. Sums of words are 1 more then.
  bool zero_may_match() const { return zero_may_match_; }
  // The part of one clause of the scored ones, in their order: bytes.
  const uint8_t* part(size_t scored) const { return scored_[scored].part->data(); }

  // A score in a word where the clause's part is v > 0 is at most v * unit(), and anywhere at most
  // greatest(clause), in double. A part of 255 says nothing but greatest(). kUnitsOfAll units are
  // not less than all clauses' greatest() together, whatever the threshold.
  double unit() const { return unit_; }
  static constexpr double kUnitsOfAll = 1 << 29;
  double greatest(size_t scored) const { return scored_[scored].greatest; }

  // Raises a sum of such bounds by more than the rounding of a sum of 1,024 doubles takes away.
  static constexpr double kSumMargin = 1.0 + 1.0 / (uint64_t{1} << 40);

  // The least sum of the bytes of a document whose score may be above `threshold`; 0 only if
  // zero_may_match(). Sums saturate at 255, so 255 always may be.
  uint8_t LeastByte(float threshold) const;
  // The same of a word's sum; at least 1, and 65535 always may be.
  uint16_t LeastSum(float threshold) const;

  // A sum from `least` on that about `count` words reach: at least so many, and the greatest such
  // sum but for a unit() at most; `least` if fewer do.
  uint16_t SumOfBest(uint32_t count, uint16_t least) const;

 private:
  // What a list scores at most in a word where its map is v > 0: v * step + offset, in double.
  struct ListBound {
    const uint8_t* map = nullptr;  // a byte a word, of the first `map_words`; the others are 0
    uint32_t map_words = 0;
    double step = 0;
    double offset = 0;
    double greatest = 0;  // anywhere
  };
  // A document has all lists of a clause, and each of their scores bounds the clause's.
  struct ScoredClause {
    bool must = false;
    std::vector<ListBound> lists = {};
    double greatest = 0;
    std::vector<uint8_t>* part = nullptr;
  };

  ListBound BoundOf(FlatList* list);
  ScoredClause BoundsOf(const FlatClause& clause);
  void MapOf(FlatList* list, ListBound* bound);
  double UnitFor(double score) const;
  void Fill();
  void FillPart(const ListBound& bound, std::vector<uint8_t>* part) const;
  void AddToSums(const ScoredClause& clause);

  const Kernels& kernels_;
  SearchScratch* scratch_;
  uint32_t words_;
  bool zero_may_match_ = false;
  double unit_ = 1;   // of a byte
  double total_ = 0;  // of the clauses' greatest
  std::vector<ScoredClause> scored_;
  std::vector<ListBound> filters_;
  uint16_t* sums_;
  std::vector<uint8_t>* row_;  // of one list
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FLAT_BOUNDS_H_
