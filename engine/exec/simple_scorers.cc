// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/simple_scorers.h"

#include <algorithm>

#include "engine/base/strings.h"
#include "engine/exec/explain_text.h"
#include "engine/format/column_format.h"

namespace segue::exec {
namespace {

void FillScores(const DocMask& docs, float score, WindowScores* scores) {
  docs.ForEach([&](uint32_t offset) { (*scores)[offset] = score; });
}

Explanation ConstantMatch(float score, std::string description) {
  return {.match = true, .value = score, .description = std::move(description), .details = {}};
}

}  // namespace

void MatchAllScorer::Match(const Window& window, const DocMask& among, DocMask* out) {
  out->Fill(window.size());
  out->And(among);
}

void MatchAllScorer::Score(const Window&, const DocMask& docs, WindowScores* scores) {
  FillScores(docs, score_, scores);
}

Explanation MatchAllScorer::Explain(const Window&, DocId) {
  return ConstantMatch(score_, "*:*, every document with this score");
}

void ConstantScorer::Bound(const Window& window, WordBounds* bounds) {
  inner_->Bound(window, bounds);
  for (float& bound : *bounds) {
    if (bound != kNoMatch) bound = score_;
  }
}

void ConstantScorer::MatchAbove(const Window& window, const DocMask& among, float threshold,
                                DocMask* out) {
  if (score_ <= threshold) {
    out->Clear();
  } else {
    inner_->Match(window, among, out);
  }
}

void ConstantScorer::Score(const Window&, const DocMask& docs, WindowScores* scores) {
  FillScores(docs, score_, scores);
}

Explanation ConstantScorer::Explain(const Window& window, DocId doc) {
  Explanation inner = inner_->Explain(window, doc);
  if (!inner.match) return inner;
  Explanation constant = ConstantMatch(score_, "constant score, whatever the score of:");
  constant.details.push_back(std::move(inner));
  return constant;
}

ColumnRangeScorer::ColumnRangeScorer(const Column* column, int64_t low, int64_t high, float score,
                                     std::string name, SearchContext* context)
    : column_(column),
      low_(low),
      high_(high),
      score_(score),
      name_(std::move(name)),
      context_(context) {}

// Blocks whose minimum and maximum exclude the range are stepped over.
DocId ColumnRangeScorer::NextCandidate(DocId from) {
  for (uint32_t block = from / kColumnBlockDocs; block < column_->block_count(); ++block) {
    const ColumnBlockRecord bounds = column_->BlockBounds(block);
    if (bounds.value_count > 0 && bounds.min <= high_ && bounds.max >= low_) {
      return std::max(from, block * kColumnBlockDocs);
    }
  }
  return kEndOfDocs;
}

void ColumnRangeScorer::Match(const Window& window, const DocMask& among, DocMask* out) {
  if (!(window == window_)) {
    window_ = window;
    members_.Clear();
    docs_.clear();
    if (absl::Status status = column_->CollectRange(low_, high_, window.begin, window.end, &docs_);
        !status.ok()) {
      context_->Fail(std::move(status));
    }
    for (DocId doc : docs_) members_.Set(doc - window.begin);
  }
  for (uint32_t w = 0; w < kWindowWords; ++w) (*out)[w] = members_[w] & among[w];
}

void ColumnRangeScorer::Score(const Window&, const DocMask& docs, WindowScores* scores) {
  FillScores(docs, score_, scores);
}

Explanation ColumnRangeScorer::Explain(const Window& window, DocId doc) {
  if (!Matches(*this, window, doc)) return NoMatch(Cat(name_, " is not a value of the document"));
  return ConstantMatch(score_, Cat(name_, ", a number, with a constant score"));
}

}  // namespace segue::exec
