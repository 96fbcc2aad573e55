// SPDX-License-Identifier: Apache-2.0
//
// DocSetScorer: the documents of many lists, which is what a pattern of many terms comes down to.
#ifndef SEGUE_EXEC_DOC_SET_SCORER_H_
#define SEGUE_EXEC_DOC_SET_SCORER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/exec/list_union.h"
#include "engine/exec/scorer.h"

namespace segue::exec {

class DocSetScorer final : public Scorer {
 public:
  // A document scores what `best` gives it, and 0 where that does not match. `best` matches no
  // document outside of the set, and its Score gives 0 to those that it does not match; nullptr: it
  // matches none. `name`: for Explain.
  DocSetScorer(std::unique_ptr<ListUnion> docs, ScorerPtr best, std::string name);

  DocId NextCandidate(DocId from) override { return docs_->FindNext(from); }
  void Bound(const Window& window, WordBounds* bounds) override;
  void Match(const Window& window, const DocMask& among, DocMask* out) override;
  void MatchAbove(const Window& window, const DocMask& among, float threshold,
                  DocMask* out) override;
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override;
  float MaxScore() const override { return best_ == nullptr ? 0 : best_->MaxScore(); }
  std::optional<uint64_t> MatchCount() const override { return docs_->Count(); }
  uint64_t Cost() const override { return docs_->Cost(); }
  Explanation Explain(const Window& window, DocId doc) override;
  void CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) override;

 private:
  std::unique_ptr<ListUnion> docs_;
  ScorerPtr best_;
  std::string name_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_DOC_SET_SCORER_H_
