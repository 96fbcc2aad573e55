// SPDX-License-Identifier: Apache-2.0
//
// A window is four blocks of a column. What was found out about a document of the window is kept
// until the next one: a count and a search may both ask. Documents are taken from the order once as
// much time went into blocks as that takes: a search for the first of many hits needs few blocks.
#include "engine/exec/column_scorer.h"

#include <algorithm>
#include <span>
#include <utility>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/exec/column_window.h"
#include "engine/exec/explain_text.h"
#include "engine/format/column_format.h"

namespace segue::exec {
namespace {

// About what things take in nanoseconds, with a million values between 0 and a million: to run
// through a block of 1024 documents for one range, or for several; to look a value up; to find both
// ends of a range in the order; and to take a document from it.
constexpr uint64_t kNanosOfBlock = 400;
constexpr uint64_t kNanosOfBlockOfSeveral = 2500;
constexpr uint64_t kNanosOfValue = 40;
constexpr uint64_t kNanosOfRun = 2000;
constexpr uint64_t kNanosOfEntry = 6;

}  // namespace

ColumnScorer::ColumnScorer(const Column* column, const ValueRanges* wanted, float score,
                           std::string name, SearchContext* context)
    : column_(column),
      wanted_(wanted),
      score_(score),
      name_(std::move(name)),
      context_(context),
      cost_(column->docs_with_value()) {}

absl::Status ColumnScorer::UseOrder(uint64_t asked) {
  const std::span<const ValueRange> ranges = wanted_->ranges();
  if (column_->order().empty() || ranges.empty()) return absl::OkStatus();
  const uint64_t in_blocks =
      column_->block_count() * (ranges.size() == 1 ? kNanosOfBlock : kNanosOfBlockOfSeveral);
  const uint64_t without = std::min(asked * kNanosOfValue, in_blocks);
  if (ranges.size() * kNanosOfRun > without) return absl::OkStatus();
  std::vector<ValueRun> runs;
  runs.reserve(ranges.size());
  uint64_t all = 0, sure = 0;
  for (const ValueRange& range : ranges) {
    SEGUE_ASSIGN_OR_RETURN(runs.emplace_back(), column_->FindRun(range));
    all += runs.back().all.size();
    sure += runs.back().sure.size();
  }
  cost_ = std::min<uint64_t>(all, cost_);
  if (column_->single()) count_ = all;
  nanos_to_gather_ = sure * kNanosOfEntry + (all - sure) * kNanosOfValue;
  if (nanos_to_gather_ > without) return absl::OkStatus();
  // Without so much memory it goes as without an order.
  const uint64_t bytes = runs.size() * sizeof(ValueRun) + all * sizeof(DocId) +
                         DocGroups::MemoryBytes(all, column_->doc_count());
  if (context_->Charge(bytes).ok()) to_gather_ = std::move(runs);
  return absl::OkStatus();
}

void ColumnScorer::Gather() {
  if (to_gather_.empty()) return;
  std::vector<DocId> docs;
  for (size_t i = 0; i < to_gather_.size(); ++i) {
    absl::Status status = column_->AddDocs(to_gather_[i], wanted_->ranges()[i], &docs);
    if (status.ok()) continue;
    context_->Fail(std::move(status));
    docs.clear();
    break;
  }
  to_gather_.clear();
  groups_.emplace(docs, column_->doc_count());
}

bool ColumnScorer::MayMatch(uint32_t block) const {
  if (block >= column_->block_count()) return false;
  const ColumnBlockRecord record = column_->BlockBounds(block);
  return record.value_count > 0 && !wanted_->Within(record.min, record.max).empty();
}

std::optional<std::vector<DocId>> ColumnScorer::FewMatches(uint64_t most) {
  if (to_gather_.empty() || cost_ > most) return std::nullopt;
  Gather();
  return groups_->Sorted();
}

DocId ColumnScorer::NextCandidate(DocId from) {
  if (groups_.has_value()) return groups_->Next(from);
  for (uint32_t block = from / kColumnBlockDocs; block < column_->block_count(); ++block) {
    if (MayMatch(block)) return std::max(from, block * kColumnBlockDocs);
  }
  return kEndOfDocs;
}

void ColumnScorer::Enter(const Window& window) {
  if (window == window_) return;
  if (nanos_in_blocks_ >= nanos_to_gather_) Gather();
  window_ = window;
  known_.Clear();
  members_.Clear();
  if (!groups_.has_value()) return;
  groups_->AddTo(window, &members_);
  known_.Fill(kWindowDocs);
}

void ColumnScorer::Bound(const Window& window, WordBounds* bounds) {
  Enter(window);
  if (groups_.has_value()) {
    for (uint32_t w = 0; w < kWindowWords; ++w) {
      (*bounds)[w] = members_[w] != 0 ? score_ : kNoMatch;
    }
    return;
  }
  ForEachColumnBlock(window, [&](uint32_t block, uint32_t first_word) {
    std::fill_n(bounds->begin() + first_word, kColumnWords, MayMatch(block) ? score_ : kNoMatch);
  });
}

void ColumnScorer::Match(const Window& window, const DocMask& among, DocMask* out) {
  Enter(window);
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
  nanos_in_blocks_ += wanted_->ranges().size() == 1 ? kNanosOfBlock : kNanosOfBlockOfSeveral;
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
