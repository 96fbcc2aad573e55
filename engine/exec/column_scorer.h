// SPDX-License-Identifier: Apache-2.0
//
// ColumnScorer: documents with a wanted value in a column of numbers, times or truth values.
//
// The least and the greatest value of each block of 1024 documents say which blocks can have any,
// and which have nothing else; the values of the others are run through, or looked up where other
// clauses have left only few documents.
#ifndef SEGUE_EXEC_COLUMN_SCORER_H_
#define SEGUE_EXEC_COLUMN_SCORER_H_

#include <cstdint>
#include <string>

#include "engine/exec/scorer.h"
#include "engine/exec/search_context.h"
#include "engine/format/column_reader.h"
#include "engine/format/value_ranges.h"

namespace segue::exec {

class ColumnScorer final : public Scorer {
 public:
  // `column` and `wanted` outlive the scorer. `name`: for Explain.
  ColumnScorer(const Column* column, const ValueRanges* wanted, float score, std::string name,
               SearchContext* context);

  DocId NextCandidate(DocId from) override;
  void Bound(const Window& window, WordBounds* bounds) override;
  void Match(const Window& window, const DocMask& among, DocMask* out) override;
  void MatchAbove(const Window& window, const DocMask& among, float threshold,
                  DocMask* out) override;
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override;
  float MaxScore() const override { return score_; }
  uint64_t Cost() const override { return column_->docs_with_value(); }
  Explanation Explain(const Window& window, DocId doc) override;

 private:
  bool MayMatch(uint32_t block) const;
  void SelectInBlock(uint32_t block, uint32_t first_word, const DocMask& asked);

  const Column* column_;
  const ValueRanges* wanted_;
  float score_;
  std::string name_;
  SearchContext* context_;
  Window window_{1, 1};  // what the masks describe; no window begins at 1
  DocMask known_;        // documents that were asked about
  DocMask members_;      // of these, those that match
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_COLUMN_SCORER_H_
