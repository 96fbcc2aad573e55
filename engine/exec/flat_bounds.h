// SPDX-License-Identifier: Apache-2.0
//
// FlatBounds: upper bounds of a flat query's scores, a byte for each word of 64 documents.
//
// Every scored list has a byte per word: its window map, rescaled so that the bytes of all lists
// have one unit and their sum fits a byte. Sums are then compared 32 or 64 words at a time, and
// within a word the sum over just the lists that a document is in bounds that document
// (Kernels::keep_sums_at_least). Rescaling rounds up, so what is dropped could not have entered.
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
  FlatBounds(const std::vector<FlatClause>& clauses, uint32_t doc_count, float threshold,
             SearchScratch* scratch);

  // A score greater than `above` that at least k of a list's documents reach, deleted ones among
  // them, as far as its map tells; else `above`.
  static float ReachedBy(const FlatList& list, uint32_t k, float above);

  // The bytes for a higher threshold, if they would be much finer.
  void Refine(float threshold);

  // The words of the segment, and rows padded with zeros to whole groups of 64.
  uint32_t words() const { return words_; }

  // The sum of all lists and of base(), 0 where no document can match: a required list has none
  // there, or none of the lists has.
  const uint8_t* sums() const { return sums_->data(); }
  // 1 where a match may score 0, all required clauses being filters; else 0.
  uint8_t base() const { return base_; }
  // The part of one clause of the scored ones, in their order.
  const uint8_t* part(size_t scored) const { return scored_[scored].part->data(); }

  // A score in a word where the clause's part is v > 0 is at most v * unit() + offset(clause), and
  // anywhere at most greatest(clause), in double. A part of 255 says nothing but greatest().
  double unit() const { return unit_; }
  double offset(size_t scored) const { return scored_[scored].offset; }
  double greatest(size_t scored) const { return scored_[scored].greatest; }

  // Raises a sum of such bounds by more than the rounding of a sum of 1,024 doubles takes away.
  static constexpr double kSumMargin = 1.0 + 1.0 / (uint64_t{1} << 40);

  // The least sum of bytes, base() included, of a document whose score may be above `threshold`; at
  // least 1. Sums saturate at 255, so 255 always may be.
  uint8_t Least(float threshold) const;

  // The greatest byte that at least `count` words reach; 0 if that many do not match at all.
  uint8_t ByteOfBest(uint32_t count) const;

 private:
  // What a list scores at most: per byte of its map, or, if not linear, anywhere.
  struct ListBound {
    FlatList* list = nullptr;
    bool linear = false;
    double step = 0;
    double offset = 0;
    double greatest = 0;  // without the offset
  };
  // A document has all lists of a clause, and each of their scores bounds the clause's.
  struct ScoredClause {
    bool must = false;
    std::vector<ListBound> lists = {};
    double offset = 0;
    double greatest = 0;
    std::vector<uint8_t>* part = nullptr;
  };

  static ListBound BoundOf(FlatList* list);
  static ScoredClause BoundsOf(const FlatClause& clause);
  double UnitFor(float threshold) const;
  void Fill();
  void FillPart(const ScoredClause& clause);
  void AddPresence(FlatList* list, uint8_t value, std::vector<uint8_t>* row) const;
  void Spread(FlatList* list, uint32_t scale, std::vector<uint8_t>* row) const;

  const Kernels& kernels_;
  uint32_t words_;
  uint32_t padded_words_;
  uint8_t base_ = 0;
  double unit_ = 1;    // of a byte
  double offset_ = 0;  // the sum of what linear bounds add to their bytes
  double total_ = 0;   // of the clauses' greatest
  std::vector<ScoredClause> scored_;
  std::vector<FlatList*> filters_;
  std::vector<uint8_t>* sums_;
  std::vector<uint8_t>* row_;     // of one list
  std::vector<uint8_t>* scaled_;  // a map before it is spread over words
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FLAT_BOUNDS_H_
