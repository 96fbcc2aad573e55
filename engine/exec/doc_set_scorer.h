// SPDX-License-Identifier: Apache-2.0
//
// Scorers over sets of documents that are known before the search begins: what a pattern of many
// terms comes down to.
#ifndef SEGUE_EXEC_DOC_SET_SCORER_H_
#define SEGUE_EXEC_DOC_SET_SCORER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "engine/base/bitset.h"
#include "engine/exec/scorer.h"
#include "engine/format/postings_reader.h"

namespace segue::exec {

// Adds the documents of a list, all of them below docs->size(). Errors: kDataLoss.
absl::Status AddDocs(const PostingList& list, Bitset* docs);

// The documents of a set. Each scores the best that one of `scorers` gives it, or `score` if it is
// in none of them.
class DocSetScorer final : public Scorer {
 public:
  // `best`: matches no document outside of the set; may be nullptr. `score` is not above any score
  // of `best`. `name`: for Explain.
  DocSetScorer(Bitset docs, ScorerPtr best, float score, std::string name);

  DocId NextCandidate(DocId from) override;
  void Bound(const Window& window, WordBounds* bounds) override;
  void Match(const Window& window, const DocMask& among, DocMask* out) override;
  void MatchAbove(const Window& window, const DocMask& among, float threshold,
                  DocMask* out) override;
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override;
  std::optional<uint64_t> MatchCount() const override { return count_; }
  uint64_t Cost() const override { return count_; }
  Explanation Explain(const Window& window, DocId doc) override;
  void CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) override;

 private:
  Bitset docs_;
  uint64_t count_;
  ScorerPtr best_;
  float score_;
  std::string name_;
};

// Documents with a score each, put together from many short lists.
class ScoredDocsScorer final : public Scorer {
 public:
  struct ScoredDoc {
    DocId doc = 0;
    float score = 0;
  };

  // In any order, scores of 0 or more; of several scores of a document the best counts.
  explicit ScoredDocsScorer(std::vector<ScoredDoc> docs);

  DocId NextCandidate(DocId from) override;
  void Bound(const Window& window, WordBounds* bounds) override;
  void Match(const Window& window, const DocMask& among, DocMask* out) override;
  void MatchAbove(const Window& window, const DocMask& among, float threshold,
                  DocMask* out) override;
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override;
  std::optional<uint64_t> MatchCount() const override { return docs_.size(); }
  uint64_t Cost() const override { return docs_.size(); }
  Explanation Explain(const Window& window, DocId doc) override;

 private:
  // Those in the window.
  std::span<const ScoredDoc> In(const Window& window) const;

  std::vector<ScoredDoc> docs_;  // ascending
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_DOC_SET_SCORER_H_
