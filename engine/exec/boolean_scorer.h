// SPDX-License-Identifier: Apache-2.0
//
// BooleanScorer: clauses that must, should, must not match, or filter.
//
// Matches first (performance notes, section 6): required clauses narrow a mask, cheapest first;
// then bounds, per word and per document, drop what cannot reach the threshold; then prohibited
// clauses are looked at; and only what is left is scored, in the order of the clauses. For a pure
// disjunction the clauses are split as in MAXSCORE (Turtle and Flood 1995): those whose bounds
// together stay below the threshold only refine candidates that the others bring.
#ifndef SEGUE_EXEC_BOOLEAN_SCORER_H_
#define SEGUE_EXEC_BOOLEAN_SCORER_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/exec/clause_kind.h"
#include "engine/exec/scorer.h"
#include "engine/exec/search_context.h"

namespace segue::exec {

struct BooleanClause {
  ClauseKind kind = ClauseKind::kMust;
  ScorerPtr scorer;
};

class BooleanScorer final : public Scorer {
 public:
  // Clauses in the order of the query. A document matches if all kMust and kFilter clauses match,
  // no kMustNot clause does, and at least `min_should_match` kShould clauses do; at least one
  // where there are neither kMust nor kFilter clauses.
  BooleanScorer(std::vector<BooleanClause> clauses, uint32_t min_should_match,
                SearchContext* context);

  // Bytes of working memory of such a scorer, for SearchContext::Charge.
  static uint64_t MemoryBytes(size_t clause_count);

  DocId NextCandidate(DocId from) override;
  void Bound(const Window& window, WordBounds* bounds) override;
  void Match(const Window& window, const DocMask& among, DocMask* out) override {
    MatchAbove(window, among, kNoThreshold, out);
  }
  void MatchAbove(const Window& window, const DocMask& among, float threshold,
                  DocMask* out) override;
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override;
  uint64_t Cost() const override;
  Explanation Explain(const Window& window, DocId doc) override;
  void CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) override;

 private:
  // A clause that adds to the score, with what is known of it in the current window.
  struct Scoring {
    Scorer* scorer = nullptr;
    bool required = false;
    WordBounds bounds;
    float window_bound = 0;  // the greatest of `bounds`
    DocMask members;         // its matches among the candidates
  };

  void LoadBounds(const Window& window);
  bool MatchRequired(const Window& window, DocMask* candidates);
  void MatchAnyShould(const Window& window, const DocMask& among, float threshold, DocMask* out);
  void MatchEnoughShould(const Window& window, const DocMask& among, DocMask* out);
  uint32_t SplitByBounds(float threshold);
  void LoadMembers(const Window& window, const DocMask& candidates);
  void DropByWordBounds(float threshold, DocMask* candidates) const;
  void DropByMembership(float threshold, DocMask* candidates) const;
  void DropProhibited(const Window& window, DocMask* candidates);

  std::vector<BooleanClause> clauses_;
  uint32_t min_should_match_;
  SearchContext* context_;

  std::vector<Scorer*> required_;  // kMust and kFilter, cheapest first
  std::vector<Scorer*> prohibited_;
  std::vector<Scoring> scoring_;    // kMust and kShould, in the order of the query
  std::vector<uint32_t> shoulds_;   // indices into scoring_
  std::vector<uint32_t> by_bound_;  // shoulds_ by ascending window_bound

  Window bounds_window_{1, 1};   // what the bounds describe; no window begins at 1
  Window members_window_{1, 1};  // what the members describe, among members_of_
  DocMask members_of_;
  std::array<uint16_t, kWindowDocs> should_counts_;
  std::array<double, kWindowDocs> sums_;
  WindowScores clause_scores_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_BOOLEAN_SCORER_H_
