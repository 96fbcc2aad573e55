// SPDX-License-Identifier: Apache-2.0
//
// FunctionScorer: the matches of another scorer, whose scores are combined with what a function
// makes of a column's values.
//
// Pruning stays on: the least and the greatest value of each block of a column bound the function
// there, so whole words go before anything is decoded; of the documents that are left, values are
// read before they are scored.
#ifndef SEGUE_EXEC_FUNCTION_SCORER_H_
#define SEGUE_EXEC_FUNCTION_SCORER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/exec/column_function.h"
#include "engine/exec/scorer.h"

namespace segue::exec {

class FunctionScorer final : public Scorer {
 public:
  // `function`, and `column` if there is one, outlive the scorer. The combined score is multiplied
  // by `boost`. `name`: for Explain.
  FunctionScorer(ScorerPtr inner, const ValueFunction* function, const Column* column, float boost,
                 std::string name, SearchContext* context);

  DocId NextCandidate(DocId from) override { return inner_->NextCandidate(from); }
  void Bound(const Window& window, WordBounds* bounds) override;
  void Match(const Window& window, const DocMask& among, DocMask* out) override {
    inner_->Match(window, among, out);
  }
  void MatchAbove(const Window& window, const DocMask& among, float threshold,
                  DocMask* out) override;
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override;
  void CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) override {
    inner_->CollectMatches(window, doc, spans);
  }
  std::optional<uint64_t> MatchCount() const override { return inner_->MatchCount(); }
  uint64_t Cost() const override { return inner_->Cost(); }
  Explanation Explain(const Window& window, DocId doc) override;

 private:
  void LoadBounds(const Window& window);
  float MostOf(float score, const ColumnFunction::Most& most) const;
  float InnerThreshold(const DocMask& candidates, float threshold) const;

  ScorerPtr inner_;
  const ValueFunction* function_;
  ColumnFunction column_;
  float boost_;
  std::string name_;
  Window bounds_window_{1, 1};  // what the two describe; no window begins at 1
  WordBounds inner_bounds_;
  ColumnFunction::WordMost most_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FUNCTION_SCORER_H_
