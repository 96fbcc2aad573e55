// SPDX-License-Identifier: Apache-2.0
//
// A window is four blocks of a column. What was found out about a document of the window is kept
// until the next one: a count and a search may both ask.
#include "engine/exec/column_scorer.h"

#include <algorithm>
#include <utility>

#include "engine/base/strings.h"
#include "engine/exec/column_window.h"
#include "engine/exec/explain_text.h"
#include "engine/format/column_format.h"

namespace segue::exec {
ColumnScorer::ColumnScorer(const Column* column, const ValueRanges* wanted, float score,
                           std::string name, SearchContext* context)
    : column_(column), wanted_(wanted), score_(score), name_(std::move(name)), context_(context) {}

bool ColumnScorer::MayMatch(uint32_t block) const {
  if (block >= column_->block_count()) return false;
  const ColumnBlockRecord record = column_->BlockBounds(block);
  return record.value_count > 0 && !wanted_->Within(record.min, record.max).empty();
}

DocId ColumnScorer::NextCandidate(DocId from) {
  for (uint32_t block = from / kColumnBlockDocs; block < column_->block_count(); ++block) {
    if (MayMatch(block)) return std::max(from, block * kColumnBlockDocs);
  }
  return kEndOfDocs;
}

void ColumnScorer::Bound(const Window& window, WordBounds* bounds) {
  ForEachColumnBlock(window, [&](uint32_t block, uint32_t first_word) {
    std::fill_n(bounds->begin() + first_word, kColumnWords, MayMatch(block) ? score_ : kNoMatch);
  });
}

void ColumnScorer::Match(const Window& window, const DocMask& among, DocMask* out) {
  if (!(window == window_)) {
    window_ = window;
    known_.Clear();
    members_.Clear();
  }
  DocMask asked = among;
  asked.AndNot(known_);
  ForEachColumnBlock(window, [&](uint32_t block, uint32_t first_word) {
    SelectInBlock(block, first_word, asked);
  });
  known_.Or(asked);
  for (uint32_t w = 0; w < kWindowWords; ++w) (*out)[w] = members_[w] & among[w];
}

// Of the documents that are asked about; those of the block begin at the word `first_word`.
void ColumnScorer::SelectInBlock(uint32_t block, uint32_t first_word, const DocMask& asked) {
  ColumnBlockMask docs;
  if (!TakeColumnWords(asked, first_word, &docs) || block >= column_->block_count()) return;
  if (absl::Status status = column_->Select(block, *wanted_, &docs); !status.ok()) {
    context_->Fail(std::move(status));
    return;
  }
  for (uint32_t i = 0; i < kColumnWords; ++i) members_[first_word + i] |= docs[i];
}

void ColumnScorer::MatchAbove(const Window& window, const DocMask& among, float threshold,
                              DocMask* out) {
  if (score_ <= threshold) {
    out->Clear();
  } else {
    Match(window, among, out);
  }
}

void ColumnScorer::Score(const Window&, const DocMask& docs, WindowScores* scores) {
  docs.ForEach([&](uint32_t offset) { (*scores)[offset] = score_; });
}

Explanation ColumnScorer::Explain(const Window& window, DocId doc) {
  if (!Matches(*this, window, doc)) return NoMatch(Cat("no value of the document is in ", name_));
  return {.match = true,
          .value = score_,
          .description = Cat(name_, ", a value of the document, with a constant score"),
          .details = {}};
}

}  // namespace segue::exec
