// SPDX-License-Identifier: Apache-2.0
//
// A window is four blocks of a column. What was found out about a document of the window is kept
// until the next one: a count and a search may both ask. Documents are taken from the order at once
// for a count, else once as much time went into blocks as that takes: a search for the first of
// many hits needs few blocks.
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
// through a block of 1024 documents for one range, for several, or for an area; to look a value up;
// to find both ends of a range in the order; and to take one of many documents from it.
constexpr uint64_t kNanosOfBlock = 400;
constexpr uint64_t kNanosOfBlockOfSeveral = 2500;
constexpr uint64_t kNanosOfBlockOfArea = 15000;
constexpr uint64_t kNanosOfValue = 40;
constexpr uint64_t kNanosOfRun = 2000;
constexpr uint64_t kNanosOfEntry = 2;

}  // namespace

ColumnScorer::ColumnScorer(const Column* column, const WantedValues* wanted, float score,
                           std::string name, SearchContext* context)
    : column_(column),
      wanted_(wanted),
      score_(score),
      name_(std::move(name)),
      context_(context),
      cost_(column->docs_with_value()) {}

uint64_t ColumnScorer::NanosOfBlock() const {
  if (wanted_->area.has_value()) return kNanosOfBlockOfArea;
  return wanted_->sure.ranges().size() == 1 ? kNanosOfBlock : kNanosOfBlockOfSeveral;
}

absl::Status ColumnScorer::UseOrder(uint64_t asked, bool asks_all) {
  asks_all_ = asks_all;
  const size_t ranges = wanted_->range_count();
  if (column_->order().empty() || ranges == 0) return absl::OkStatus();
  const uint64_t without = std::min(asked * kNanosOfValue, column_->block_count() * NanosOfBlock());
  if (ranges * kNanosOfRun > without) return absl::OkStatus();
  std::vector<ValueRun> runs;
  runs.reserve(ranges);
  uint64_t all = 0, sure = 0;
  for (const ValueRange& range : wanted_->sure.ranges()) {
    SEGUE_ASSIGN_OR_RETURN(runs.emplace_back(), column_->FindRun(range));
    all += runs.back().all.size();
    sure += runs.back().sure.size();
  }
  for (const ValueRange& range : wanted_->maybe.ranges()) {
    SEGUE_ASSIGN_OR_RETURN(runs.emplace_back(), column_->FindRun(range));
    all += runs.back().all.size();
  }
  cost_ = std::min<uint64_t>(all, cost_);
  if (column_->single() && wanted_->maybe.ranges().empty()) count_ = all;
  nanos_to_gather_ = sure * kNanosOfEntry + (all - sure) * kNanosOfValue;
  if (nanos_to_gather_ > without) return absl::OkStatus();
  // Without so much memory it goes as without an order.
  const uint64_t bytes = runs.size() * sizeof(ValueRun) + all * sizeof(DocId) +
                         DocGroups::MemoryBytes(all, column_->doc_count());
  if (context_->Charge(bytes).ok()) to_gather_ = std::move(runs);
  return absl::OkStatus();
}

absl::Status ColumnScorer::AddDocs(size_t range, std::vector<DocId>* docs) const {
  const std::span<const ValueRange> sure = wanted_->sure.ranges();
  if (range < sure.size()) return column_->AddDocs(to_gather_[range], sure[range], docs);
  return column_->AddDocsWith(
      to_gather_[range].all, [this](int64_t value) { return wanted_->area->Contains(value); },
      docs);
}

void ColumnScorer::Gather() {
  if (to_gather_.empty()) return;
  std::vector<DocId> docs;
  for (size_t i = 0; i < to_gather_.size(); ++i) {
    absl::Status status = AddDocs(i, &docs);
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
  return record.value_count > 0 && wanted_->MayHave(record.min, record.max);
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
  if (asks_all_ || nanos_in_blocks_ >= nanos_to_gather_) Gather();
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

// Leaves those that match.
absl::Status ColumnScorer::Select(uint32_t block, ColumnBlockMask* docs) const {
  const ColumnBlockRecord record = column_->BlockBounds(block);
  if (record.value_count == 0 || !wanted_->MustAsk(record.min, record.max)) {
    return column_->Select(block, wanted_->sure, docs);
  }
  ColumnBlockMask found{};
  SEGUE_RETURN_IF_ERROR(column_->VisitValues(block, *docs, [&](uint32_t i, int64_t value) {
    if (wanted_->Has(value)) found[i / kWordDocs] |= uint64_t{1} << i % kWordDocs;
  }));
  *docs = found;
  return absl::OkStatus();
}

// Of the documents that are asked about; those of the block begin at the word `first_word`.
void ColumnScorer::SelectInBlock(uint32_t block, uint32_t first_word, const DocMask& asked) {
  ColumnBlockMask docs;
  if (!TakeColumnWords(asked, first_word, &docs) || block >= column_->block_count()) return;
  if (absl::Status status = Select(block, &docs); !status.ok()) {
    context_->Fail(std::move(status));
    return;
  }
  for (uint32_t i = 0; i < kColumnWords; ++i) members_[first_word + i] |= docs[i];
  nanos_in_blocks_ += NanosOfBlock();
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
  Explanation explanation = NoMatch(Cat("no value of the document is in ", name_));
  if (Matches(*this, window, doc)) {
    explanation = {.match = true,
                   .value = score_,
                   .description = Cat(name_, ", a value of the document, with a constant score"),
                   .details = {}};
  }
  if (!wanted_->area.has_value()) return explanation;
  std::vector<int64_t> points;
  if (absl::Status status = column_->GetAll(doc, &points); !status.ok()) {
    context_->Fail(std::move(status));
  }
  for (const int64_t point : points) {
    const bool is_in = wanted_->area->Contains(point);
    explanation.details.push_back({.match = is_in,
                                   .value = is_in ? score_ : 0,
                                   .description = wanted_->area->Describe(point),
                                   .details = {}});
  }
  return explanation;
}

}  // namespace segue::exec
