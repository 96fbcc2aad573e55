// SPDX-License-Identifier: Apache-2.0
//
// Live documents keep their order in a merge, so the new number of one is how many were live before
// it, over all inputs, when the merge began. That is counted by words of the live documents.
#include "engine/write/background_merge.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/guard.h"
#include "engine/base/status.h"
#include "engine/format/set_values.h"
#include "engine/write/merger.h"

namespace segue {
namespace {

Bitset LiveDocs(const Segment& segment) {
  return segment.live() != nullptr ? *segment.live() : Bitset(segment.doc_count(), true);
}

// Deletes in `merged` what was live in `input`, whose documents are there from number `base` on,
// and is not in `now` (nullptr: nothing is). False if something is live now that was not.
bool CarryDeletions(const Segment& input, const ListedSegment* now, DocId base,
                    ListedSegment* merged) {
  const Bitset before = LiveDocs(input);
  Bitset after(input.doc_count());
  if (now != nullptr) after = now->live ? *now->live : LiveDocs(*now->segment);
  DocId at = base;
  for (size_t w = 0; w < before.word_count(); ++w) {
    const uint64_t was = before.words()[w], is = after.words()[w];
    if ((is & ~was) != 0) return false;
    for (uint64_t gone = was & ~is; gone != 0; gone &= gone - 1) {
      const uint64_t below = was & ((gone & -gone) - 1);
      merged->MutableLive().Clear(at + static_cast<DocId>(std::popcount(below)));
    }
    at += static_cast<DocId>(std::popcount(was));
  }
  return true;
}

const Column* ColumnOf(const Segment& segment, FieldId id) {
  const SegmentField* const field = segment.field(id);
  return field == nullptr ? nullptr : field->column();
}

// Fields of which values may be others in `now` than in `input`, the same segment: set since, or
// set before and taken back.
std::vector<FieldId> FieldsSet(const Segment& input, const ListedSegment& now) {
  std::vector<FieldId> fields = now.notes.fields();
  if (input.set_values() != now.segment->set_values()) {
    for (const SetValues* const set : {input.set_values(), now.segment->set_values()}) {
      if (set == nullptr) continue;
      for (const SegmentFieldMeta& field : set->meta.fields) fields.push_back(field.field);
    }
  }
  std::sort(fields.begin(), fields.end());
  fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
  return fields;
}

// Sets in `merged` the values that are others now than in `input`, whose live documents are there
// from number `base` on.
absl::Status CarryValues(const Segment& input, const ListedSegment& now, DocId base,
                         ListedSegment* merged) {
  for (const FieldId field : FieldsSet(input, now)) {
    const std::vector<ValueChange> notes = now.notes.Of(field);
    ChangedColumn before(ColumnOf(input, field), {}), after(ColumnOf(*now.segment, field), notes);
    DocId at = base;
    for (DocId doc = 0; doc < input.doc_count(); ++doc) {
      if (!input.IsLive(doc)) continue;
      const std::optional<int64_t> value = after.Get(doc);
      if (before.Get(doc) != value) merged->notes.Set(field, at, value);
      ++at;
    }
    SEGUE_RETURN_IF_ERROR(before.status());
    SEGUE_RETURN_IF_ERROR(after.status());
  }
  return absl::OkStatus();
}

const ListedSegment* FindSegment(const SegmentList& list, SegmentId id) {
  const auto at = std::find_if(list.items().begin(), list.items().end(),
                               [id](const ListedSegment& item) { return item.entry.id == id; });
  return at == list.items().end() ? nullptr : &*at;
}

}  // namespace

BackgroundMerge::BackgroundMerge(SegmentFolder folder, SegmentId id,
                                 std::vector<std::shared_ptr<const Segment>> inputs,
                                 const StoredPacking& packing)
    : folder_(std::move(folder)), id_(id), inputs_(std::move(inputs)), packing_(packing) {
  for (const auto& input : inputs_) input_bytes_ += input->total_bytes();
}

bool BackgroundMerge::Merges(SegmentId id) const {
  return std::any_of(inputs_.begin(), inputs_.end(),
                     [id](const auto& input) { return input->id() == id; });
}

absl::StatusOr<ListedSegment> BackgroundMerge::Merge(const std::function<void()>& pause) const {
  MergeOptions options;
  options.pause = pause;
  options.cancel = &cancelled_;
  options.stored = packing_;
  SEGUE_ASSIGN_OR_RETURN(ManifestSegment entry,
                         MergeSegments(folder_.env, folder_.dir, id_, inputs_, options));
  return OpenWritten(folder_, std::move(entry));
}

void BackgroundMerge::Run(const std::function<void()>& pause) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (state_ != State::kWaiting) return;
    state_ = State::kRunning;
  }
  absl::StatusOr<ListedSegment> result = Guarded([&] { return Merge(pause); });
  const std::lock_guard<std::mutex> lock(mutex_);
  result_ = std::move(result);
  state_ = State::kDone;
  // Under the lock: whoever waits may destroy this as soon as it is given back.
  done_.notify_all();
}

void BackgroundMerge::Finish() {
  Run({});
  std::unique_lock<std::mutex> lock(mutex_);
  done_.wait(lock, [this] { return state_ == State::kDone; });
}

void BackgroundMerge::Cancel() {
  cancelled_.store(true, std::memory_order_relaxed);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (state_ != State::kWaiting) return;
  // Without words: there may be no memory for any.
  result_ = absl::CancelledError();
  state_ = State::kDone;
}

bool BackgroundMerge::done() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return state_ == State::kDone;
}

absl::Status BackgroundMerge::Install(SegmentList* list) {
  SEGUE_DCHECK(done());
  const std::vector<std::shared_ptr<const Segment>> inputs = std::exchange(inputs_, {});
  if (!result_.ok()) return result_.status();
  ListedSegment merged = *std::move(result_);
  result_ = absl::CancelledError();  // its files are nobody's but the list's now
  std::optional<MergeRange> place;
  DocId base = 0;
  bool fits = true;
  absl::Status status;
  for (const auto& input : inputs) {
    const ListedSegment* const now = FindSegment(*list, input->id());
    if (now != nullptr) {
      const auto at = static_cast<size_t>(now - list->items().data());
      fits = fits && (!place || place->end == at);
      place = {place ? place->begin : at, at + 1};
    }
    fits = fits && CarryDeletions(*input, now, base, &merged);
    if (now != nullptr) status.Update(CarryValues(*input, *now, base, &merged));
    base += input->live_count();
  }
  if (!fits || !place || !status.ok()) {
    RemoveFiles(folder_, merged);
    return status;
  }
  std::optional<ListedSegment> successor;
  if (merged.live_count() > 0) {
    successor = std::move(merged);
  } else {
    RemoveFiles(folder_, merged);
  }
  for (const ListedSegment& old : list->Replace(*place, std::move(successor))) {
    RemoveUncommitted(folder_, old);
  }
  return absl::OkStatus();
}

void BackgroundMerge::Discard() {
  Cancel();
  Finish();
  if (result_.ok()) RemoveFiles(folder_, *result_);
  result_ = absl::CancelledError();
  inputs_.clear();
}

}  // namespace segue
