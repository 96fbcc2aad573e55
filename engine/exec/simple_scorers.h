// SPDX-License-Identifier: Apache-2.0
//
// Scorers whose documents all have the same score: none, all, or whatever another query matches.
#ifndef SEGUE_EXEC_SIMPLE_SCORERS_H_
#define SEGUE_EXEC_SIMPLE_SCORERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "engine/exec/scorer.h"

namespace segue::exec {

class MatchNoneScorer final : public Scorer {
 public:
  // `why` is what Explain says.
  explicit MatchNoneScorer(std::string why) : why_(std::move(why)) {}

  DocId NextCandidate(DocId) override { return kEndOfDocs; }
  void Bound(const Window&, WordBounds* bounds) override { bounds->fill(kNoMatch); }
  void Match(const Window&, const DocMask&, DocMask* out) override { out->Clear(); }
  void Score(const Window&, const DocMask&, WindowScores*) override {}
  std::optional<uint64_t> MatchCount() const override { return 0; }
  uint64_t Cost() const override { return 0; }
  Explanation Explain(const Window&, DocId) override {
    return {.match = false, .value = 0, .description = why_, .details = {}};
  }

 private:
  std::string why_;
};

class MatchAllScorer final : public Scorer {
 public:
  MatchAllScorer(uint32_t doc_count, float score) : doc_count_(doc_count), score_(score) {}

  DocId NextCandidate(DocId from) override { return from < doc_count_ ? from : kEndOfDocs; }
  void Bound(const Window&, WordBounds* bounds) override { bounds->fill(score_); }
  void Match(const Window& window, const DocMask& among, DocMask* out) override;
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override;
  float MaxScore() const override { return score_; }
  std::optional<uint64_t> MatchCount() const override { return doc_count_; }
  uint64_t Cost() const override { return doc_count_; }
  Explanation Explain(const Window& window, DocId doc) override;

 private:
  uint32_t doc_count_;
  float score_;
};

// The matches of another scorer, all with one score.
class ConstantScorer final : public Scorer {
 public:
  ConstantScorer(ScorerPtr inner, float score) : inner_(std::move(inner)), score_(score) {}

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
  float MaxScore() const override { return score_; }
  std::optional<uint64_t> MatchCount() const override { return inner_->MatchCount(); }
  uint64_t Cost() const override { return inner_->Cost(); }
  Explanation Explain(const Window& window, DocId doc) override;

 private:
  ScorerPtr inner_;
  float score_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_SIMPLE_SCORERS_H_
