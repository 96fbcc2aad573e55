// SPDX-License-Identifier: Apache-2.0
//
// The rarest word's positions are candidate starts; those at which another word is missing are
// struck out, word by word, and only documents that have some left have the next word decoded.
// Repeated words share one decode.
#include "engine/exec/phrase_matcher.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace segue::exec {
namespace {

// Documents are taken together up to so many positions of a word, so that these stay in the nearest
// caches, and a few long documents do not take the memory of many.
constexpr uint64_t kPartPositions = 8192;

// The farthest word sets what the base of a slice may be: a start, below the limit of positions,
// the word's place and the base stay below 2^32.
uint64_t BaseLimit(const std::vector<PhraseWord>& words) {
  uint64_t farthest = 0;
  for (const PhraseWord& word : words) farthest = std::max<uint64_t>(farthest, word.position);
  return kPositionLimit - std::min(farthest, kPositionLimit);
}

// How many of the rows to read together.
size_t RowsOfPart(const PositionColumn& column, const uint32_t* rows, size_t count) {
  uint64_t positions = 0;
  for (size_t i = 0; i < count; ++i) {
    positions += column.freqs()[rows[i]];
    if (positions > kPartPositions && i > 0) return i;
  }
  return count;
}

}  // namespace

PhraseMatcher::PhraseMatcher(const std::vector<const PostingList*>& lists,
                             std::vector<PhraseWord> words, PostingRanks* ranks,
                             SearchContext* context)
    : words_(std::move(words)),
      ranks_(ranks),
      context_(context),
      kernels_(ActiveKernels()),
      too_far_(BaseLimit(words_) == 0),
      known_(lists.size(), Known::kNothing),
      order_(words_.size()) {
  columns_.reserve(lists.size());
  for (const PostingList* list : lists) columns_.emplace_back(list, BaseLimit(words_));
  std::iota(order_.begin(), order_.end(), 0);
  std::stable_sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
    return lists[words_[a].term]->doc_freq() < lists[words_[b].term]->doc_freq();
  });
}

void PhraseMatcher::Start() { std::fill(known_.begin(), known_.end(), Known::kNothing); }

void PhraseMatcher::Locate(uint32_t term, const uint32_t* rows, size_t count) {
  if (known_[term] != Known::kNothing) return;
  std::array<uint32_t, kRows + 16> ranks;
  ranks_->Ranks(term, rows, count, ranks.data());
  columns_[term].Locate(rows, ranks.data(), count);
  known_[term] = Known::kFreqs;
}

void PhraseMatcher::MostFreqs(const uint32_t* rows, size_t count, uint32_t* freqs) {
  const size_t two = std::min<size_t>(2, order_.size());
  for (size_t i = 0; i < two; ++i) Locate(word(i).term, rows, count);
  const uint32_t* const first = columns_[word(0).term].freqs();
  const uint32_t* const second = columns_[word(two - 1).term].freqs();
  for (size_t i = 0; i < count; ++i) freqs[rows[i]] = std::min(first[rows[i]], second[rows[i]]);
}

size_t PhraseMatcher::Match(uint32_t* rows, size_t count, uint32_t* freqs) {
  context_->counters().phrase_candidates += count;
  if (count == 0 || too_far_) return 0;
  const size_t two = std::min<size_t>(2, order_.size());
  for (size_t i = 0; i < two; ++i) Locate(word(i).term, rows, count);
  size_t kept = 0;
  for (size_t i = 0; i < count;) {
    const size_t part = std::min(RowsOfPart(columns_[word(0).term], rows + i, count - i),
                                 RowsOfPart(columns_[word(two - 1).term], rows + i, count - i));
    kept += MatchPart(rows + i, part, rows + kept, freqs == nullptr ? nullptr : freqs + kept);
    i += part;
  }
  Report();
  return kept;
}

// `kept` may lie in `rows`, at or before its beginning.
size_t PhraseMatcher::MatchPart(const uint32_t* rows, size_t count, uint32_t* kept,
                                uint32_t* freqs) {
  std::fill(known_.begin(), known_.end(), Known::kNothing);
  known_[word(0).term] = Known::kFreqs;
  if (order_.size() > 1) known_[word(1).term] = Known::kFreqs;
  std::copy_n(rows, count, live_.begin());
  size_t live = Begin(count);
  for (size_t i = 1; i < order_.size() && live != 0; ++i) {
    live = Keep(word(i), live, /*only_whether=*/freqs == nullptr && i + 1 == order_.size());
  }
  std::copy_n(live_.begin(), live, kept);
  for (size_t i = 0; i < live && freqs != nullptr; ++i) freqs[i] = starts_[i].count;
  return live;
}

// For that many starts. False: the search may not take so much memory, and ends.
bool PhraseMatcher::MakeRoom(size_t starts) {
  const size_t before = values_[0].size();
  if (starts <= before) return true;
  // The columns come to hold about as many positions each.
  const uint64_t more = (starts - before) * sizeof(uint32_t) * (values_.size() + columns_.size());
  if (absl::Status status = context_->Charge(more); !status.ok()) {
    context_->Fail(std::move(status));
    return false;
  }
  for (std::vector<uint32_t>& values : values_) values.resize(starts);
  return true;
}

// Takes the starts from the rarest word, for the first `count` of live_; returns how many are left.
size_t PhraseMatcher::Begin(size_t count) {
  const PhraseWord& first = word(0);
  PositionColumn& column = columns_[first.term];
  column.Read(live_.data(), count);
  known_[first.term] = Known::kPositions;
  size_t live = 0;
  size_t positions = 0;
  for (size_t i = 0; i < count; ++i) {
    const PositionColumn::Slice slice = column.slice(live_[i]);
    StartList starts = {slice.values, slice.count, slice.base + first.position};
    // The first ones may lie too near to the document's beginning.
    while (starts.count != 0 && *starts.values - slice.base < first.position) {
      ++starts.values;
      --starts.count;
    }
    live_[live] = live_[i];
    starts_[live] = starts;
    live += starts.count != 0;
    positions += starts.count;
  }
  return MakeRoom(positions + kPositionSlack) ? live : 0;
}

// Keeps the starts at which this word stands, too, and the documents that have some. The starts
// themselves are not kept if it is only asked whether there are any.
size_t PhraseMatcher::Keep(const PhraseWord& word, size_t count, bool only_whether) {
  PositionColumn& column = columns_[word.term];
  Locate(word.term, live_.data(), count);
  uint32_t* out = values_[0].data();
  size_t live = 0;
  for (size_t begin = 0; begin < count;) {
    size_t end = count;
    if (known_[word.term] != Known::kPositions) {
      end = begin + RowsOfPart(column, live_.data() + begin, count - begin);
      column.Read(live_.data() + begin, end - begin);
      if (end - begin == count) known_[word.term] = Known::kPositions;
    }
    for (size_t i = begin; i < end; ++i) {
      const PositionColumn::Slice slice = column.slice(live_[i]);
      StartList starts = starts_[i];
      const uint32_t shift = slice.base + word.position - starts.base;
      live_[live] = live_[i];
      if (only_whether) {
        live += kernels_.any_shifted(starts.values, starts.count, slice.values, slice.count, shift);
        continue;
      }
      starts.count = static_cast<uint32_t>(kernels_.keep_shifted(
          starts.values, starts.count, slice.values, slice.count, shift, out));
      starts.values = out;
      out += starts.count;
      starts_[live] = starts;
      live += starts.count != 0;
    }
    begin = end;
  }
  values_[0].swap(values_[1]);
  return live;
}

std::vector<uint32_t> PhraseMatcher::Starts() const {
  std::vector<uint32_t> starts(starts_[0].values, starts_[0].values + starts_[0].count);
  for (uint32_t& start : starts) start -= starts_[0].base;
  return starts;
}

void PhraseMatcher::Report() {
  uint64_t bytes = 0;
  for (const PositionColumn& column : columns_) {
    bytes += column.bytes_read();
    if (absl::Status status = column.list().status(); !status.ok()) {
      context_->Fail(std::move(status));
    }
  }
  context_->counters().positions_bytes += bytes - bytes_reported_;
  bytes_reported_ = bytes;
}

}  // namespace segue::exec
