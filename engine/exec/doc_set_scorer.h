// SPDX-License-Identifier: Apache-2.0
//
// DocSetScorer: a set of documents that is known before the search begins, which is what a pattern
// of many terms comes down to.
#ifndef SEGUE_EXEC_DOC_SET_SCORER_H_
#define SEGUE_EXEC_DOC_SET_SCORER_H_

#include <cstdint>
#include <optional>
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

class DocSetScorer final : public Scorer {
 public:
  // A document scores what `best` gives it, and 0 where that does not match. `best` matches no
  // document outside of the set, and its Score gives 0 to those that it does not match; nullptr: it
  // matches none. `name`: for Explain.
  DocSetScorer(Bitset docs, ScorerPtr best, std::string name);

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
  std::string name_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_DOC_SET_SCORER_H_
