// SPDX-License-Identifier: Apache-2.0
//
// ColumnScorer: documents with a wanted value in a column of numbers, times, truth values or
// points.
//
// The least and the greatest value of each block of 1024 documents say which blocks can have any,
// and which have nothing else; the values of the others are run through, or looked up where other
// clauses have left only few documents. Where the column has an order by value, that tells how many
// documents match, and where these are few, which.
#ifndef SEGUE_EXEC_COLUMN_SCORER_H_
#define SEGUE_EXEC_COLUMN_SCORER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/exec/doc_groups.h"
#include "engine/exec/scorer.h"
#include "engine/exec/search_context.h"
#include "engine/exec/wanted_values.h"
#include "engine/format/column_reader.h"

namespace segue::exec {

class ColumnScorer final : public Scorer {
 public:
  // `column` and `wanted` outlive the scorer. `name`: for Explain.
  ColumnScorer(const Column* column, const WantedValues* wanted, float score, std::string name,
               SearchContext* context);

  // Looks the wanted values up in the column's order, if that is there and less work than asking
  // the column about `asked` documents, at most so many; `asks_all`: surely about nearly all of
  // them, as a count is. Before any search. Errors: kDataLoss.
  absl::Status UseOrder(uint64_t asked, bool asks_all = false);

  // All documents that match, ascending, if that UseOrder found them to be at most `most` and less
  // work to take than to ask about; nothing if not.
  std::optional<std::vector<DocId>> FewMatches(uint64_t most);

  DocId NextCandidate(DocId from) override;
  void Bound(const Window& window, WordBounds* bounds) override;
  void Match(const Window& window, const DocMask& among, DocMask* out) override;
  void MatchAbove(const Window& window, const DocMask& among, float threshold,
                  DocMask* out) override;
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override;
  float MaxScore() const override { return score_; }
  std::optional<uint64_t> MatchCount() const override { return count_; }
  uint64_t Cost() const override { return cost_; }
  Explanation Explain(const Window& window, DocId doc) override;

 private:
  bool MayMatch(uint32_t block) const;
  uint64_t NanosOfBlock() const;
  absl::Status Select(uint32_t block, ColumnBlockMask* docs) const;
  void SelectInBlock(uint32_t block, uint32_t first_word, const DocMask& asked);
  void Enter(const Window& window);
  absl::Status AddDocs(size_t range, std::vector<DocId>* docs) const;
  void Gather();

  const Column* column_;
  const WantedValues* wanted_;
  float score_;
  std::string name_;
  SearchContext* context_;
  uint64_t cost_;
  std::optional<uint64_t> count_;  // of the documents that match
  // By range, the sure ones first: into groups_, when that pays.
  std::vector<ValueRun> to_gather_;
  uint64_t nanos_to_gather_ = 0;
  bool asks_all_ = false;
  uint64_t nanos_in_blocks_ = 0;     // so far
  std::optional<DocGroups> groups_;  // all documents that match
  Window window_{1, 1};              // what the masks describe; no window begins at 1
  DocMask known_;                    // documents that were asked about
  DocMask members_;                  // of these, those that match
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_COLUMN_SCORER_H_
