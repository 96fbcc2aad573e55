// SPDX-License-Identifier: Apache-2.0
//
// The rarest word's positions are candidate starts; those at which another word is missing are
// struck out, word by word. Repeated words share one decode.
#include "engine/exec/phrase_matcher.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace segue::exec {

PhraseMatcher::PhraseMatcher(const std::vector<const PostingList*>& lists,
                             std::vector<PhraseWord> words, SearchContext* context)
    : lists_(lists),
      words_(std::move(words)),
      context_(context),
      slices_(lists.size()),
      order_(words_.size()) {
  readers_.reserve(lists.size());
  for (const PostingList* list : lists) readers_.emplace_back(list);
  std::iota(order_.begin(), order_.end(), 0);
}

uint32_t PhraseMatcher::Freq(const std::vector<PostingPlace>& places) {
  ++context_->counters().phrase_candidates;
  for (Slice& slice : slices_) slice.count = 0;
  std::sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
    const uint32_t freq_a = places[words_[a].term].freq;
    const uint32_t freq_b = places[words_[b].term].freq;
    return freq_a != freq_b ? freq_a < freq_b : a < b;
  });
  starts_.clear();
  bool first = true;
  for (uint32_t i : order_) {
    const PhraseWord& word = words_[i];
    Slice& slice = slices_[word.term];
    if (slice.count == 0 && !ReadSlice(word.term, places[word.term])) {
      starts_.clear();
      return 0;
    }
    if (first) {
      for (uint32_t p = 0; p < slice.count; ++p) {
        if (slice.positions[p] >= word.position) {
          starts_.push_back(slice.positions[p] - word.position);
        }
      }
      first = false;
    } else {
      KeepStarts(slice, word.position);
    }
    if (starts_.empty()) return 0;
  }
  return static_cast<uint32_t>(starts_.size());
}

bool PhraseMatcher::ReadSlice(uint32_t term, const PostingPlace& place) {
  Slice& slice = slices_[term];
  PositionReader& reader = readers_[term];
  const uint64_t bytes_before = reader.bytes_read();
  slice.count = reader.EnterBlock(place.block) ? reader.Read(place.index, &slice.positions) : 0;
  context_->counters().positions_bytes += reader.bytes_read() - bytes_before;
  if (slice.count != 0) return true;
  absl::Status status = lists_[term]->status();
  if (!status.ok()) context_->Fail(std::move(status));
  return false;
}

// Both sides ascend: one merge.
void PhraseMatcher::KeepStarts(const Slice& slice, uint32_t position) {
  const uint32_t* next = slice.positions.data();
  const uint32_t* end = next + slice.count;
  size_t kept = 0;
  for (uint32_t start : starts_) {
    const uint64_t wanted = uint64_t{start} + position;
    while (next != end && *next < wanted) ++next;
    if (next == end) break;
    if (*next == wanted) starts_[kept++] = start;
  }
  starts_.resize(kept);
}

}  // namespace segue::exec
