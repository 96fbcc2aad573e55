// SPDX-License-Identifier: Apache-2.0
//
// Scorers whose documents all have the same score: none, all, a number in a column, or whatever
// another query matches.
#ifndef SEGUE_EXEC_SIMPLE_SCORERS_H_
#define SEGUE_EXEC_SIMPLE_SCORERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/exec/scorer.h"
#include "engine/exec/search_context.h"
#include "engine/format/column_reader.h"

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
  std::optional<uint64_t> MatchCount() const override { return inner_->MatchCount(); }
  uint64_t Cost() const override { return inner_->Cost(); }
  Explanation Explain(const Window& window, DocId doc) override;

 private:
  ScorerPtr inner_;
  float score_;
};

// Documents with a value in [low, high] (ordered form, column_format.h) in a column.
class ColumnRangeScorer final : public Scorer {
 public:
  // `column` outlives the scorer.
  ColumnRangeScorer(const Column* column, int64_t low, int64_t high, float score, std::string name,
                    SearchContext* context);

  DocId NextCandidate(DocId from) override;
  void Bound(const Window&, WordBounds* bounds) override { bounds->fill(score_); }
  void Match(const Window& window, const DocMask& among, DocMask* out) override;
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override;
  uint64_t Cost() const override { return column_->docs_with_value(); }
  Explanation Explain(const Window& window, DocId doc) override;

 private:
  const Column* column_;
  int64_t low_;
  int64_t high_;
  float score_;
  std::string name_;
  SearchContext* context_;
  Window window_{1, 1};  // what members_ describes; no window begins at 1
  DocMask members_;
  std::vector<DocId> docs_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_SIMPLE_SCORERS_H_
