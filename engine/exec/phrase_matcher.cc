// SPDX-License-Identifier: Apache-2.0
//
// The rarest word's positions are candidate starts; those at which another word is missing are
// struck out, word by word. Repeated words share one decode.
#include "engine/exec/phrase_matcher.h"

#include <numeric>
#include <utility>

namespace segue::exec {
namespace {

// Kernels read and write so many values more.
constexpr size_t kSlack = 16;

}  // namespace

PhraseMatcher::PhraseMatcher(const std::vector<const PostingList*>& lists,
                             std::vector<PhraseWord> words, SearchContext* context)
    : lists_(lists),
      words_(std::move(words)),
      context_(context),
      kernels_(ActiveKernels()),
      slices_(lists.size()),
      order_(words_.size()) {
  readers_.reserve(lists.size());
  for (const PostingList* list : lists) readers_.emplace_back(list);
  std::iota(order_.begin(), order_.end(), 0);
}

uint32_t PhraseMatcher::Freq(const std::vector<PostingPlace>& places) {
  ++context_->counters().phrase_candidates;
  SortByFreq(places);
  for (Slice& slice : slices_) slice.count = 0;
  count_ = 0;
  bool first = true;
  for (const uint32_t i : order_) {
    const PhraseWord& word = words_[i];
    Slice& slice = slices_[word.term];
    if (slice.count == 0 && !ReadSlice(word.term, places[word.term])) return count_ = 0;
    if (first) {
      StartsOf(slice, word.position);
      first = false;
    } else {
      KeepStarts(slice, word.position);
    }
    if (count_ == 0) return 0;
  }
  return count_;
}

// The rarest word first. Phrases are short, and documents much alike, so that little moves.
void PhraseMatcher::SortByFreq(const std::vector<PostingPlace>& places) {
  for (size_t i = 1; i < order_.size(); ++i) {
    const uint32_t moved = order_[i];
    const uint32_t freq = places[words_[moved].term].freq;
    size_t to = i;
    for (; to > 0 && places[words_[order_[to - 1]].term].freq > freq; --to) {
      order_[to] = order_[to - 1];
    }
    order_[to] = moved;
  }
}

bool PhraseMatcher::ReadSlice(uint32_t term, const PostingPlace& place) {
  Slice& slice = slices_[term];
  PositionReader& reader = readers_[term];
  slice.count = reader.EnterBlock(place.block) ? reader.Read(place.index, &slice.positions) : 0;
  if (slice.positions.size() < slice.count + kSlack) slice.positions.resize(slice.count + kSlack);
  if (slice.count != 0) return true;
  absl::Status status = lists_[term]->status();
  if (!status.ok()) context_->Fail(std::move(status));
  return false;
}

void PhraseMatcher::StartsOf(const Slice& slice, uint32_t position) {
  if (starts_.size() < slice.count + kSlack) starts_.resize(slice.count + kSlack);
  for (uint32_t p = 0; p < slice.count; ++p) {
    starts_[count_] = slice.positions[p] - position;
    count_ += slice.positions[p] >= position;
  }
}

void PhraseMatcher::KeepStarts(const Slice& slice, uint32_t position) {
  // A place that far behind the start of a phrase is past the last that a document can have.
  if (position >= kPositionLimit) {
    count_ = 0;
    return;
  }
  if (kept_.size() < starts_.size()) kept_.resize(starts_.size());
  count_ = static_cast<uint32_t>(kernels_.keep_shifted(
      starts_.data(), count_, slice.positions.data(), slice.count, position, kept_.data()));
  starts_.swap(kept_);
}

void PhraseMatcher::ReportBytes() {
  uint64_t bytes = 0;
  for (const PositionReader& reader : readers_) bytes += reader.bytes_read();
  context_->counters().positions_bytes += bytes - bytes_reported_;
  bytes_reported_ = bytes;
}

}  // namespace segue::exec
