// SPDX-License-Identifier: Apache-2.0
//
// A counting sort by term, in parts. The first pass over the log counts each
// term's tokens (and measures documents). Terms in byte order are then cut into
// parts whose postings fit the buffer; for each part one pass over the log puts
// every token of the part's terms into its place. Which terms those are says a
// bit for each, which stay in a cache; a kernel picks a few hundred tokens, which
// then go to their places. The log is in document and position order, hence so is
// each term's range of the buffer. A term too frequent for the buffer is picked
// out of the log by a pass of its own.
//
// With a pool the halves of the log are counted apart, so that two threads know where
// the postings of theirs go. Slices of a part are then encoded by all threads, each
// of which writes what is next when it has encoded one, unless another does.
#include "engine/write/inverter.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/simd/kernels.h"
#include "engine/write/token_log.h"

namespace segue {
namespace {

constexpr size_t kMinBufferTokens = 4096;
// What is picked at once stays in the nearest cache; the kernel takes some room behind it.
constexpr size_t kPickedTokens = 512;
constexpr size_t kPickedRoom = 16;
// So few more are not worth a call of the kernel.
constexpr size_t kFewTokens = 64;
// How far ahead of its use memory is asked for. Of 8, 16 and 32 units none is
// clearly better.
constexpr size_t kPrefetchUnits = 16;
constexpr size_t kPrefetchTerms = 12;
static_assert(kPrefetchUnits + 2 <= TokenLog::kSlackUnits);
// One token in so many is in the buffer at a time, even if there is memory for more: it would save
// little, as each part costs one more pass over the log, one or two nanoseconds a token. Where
// encoded lists lie beside it, it is smaller.
constexpr uint64_t kBufferedShare = 5;
constexpr uint64_t kEncodedShare = 6;
// The same for narrow postings: two thirds of the memory or so.
constexpr uint64_t kNarrowBufferedShare = 3;
constexpr uint64_t kNarrowEncodedShare = 4;
// So many narrow postings become wide again at a time, in the nearest cache.
constexpr size_t kWidenedPostings = 1024;
constexpr uint64_t kWholeBufferTokens = uint64_t{1} << 17;  // not cut for that: 1 MiB
// A token's part of an encoded list takes no more as a rule; two or three are usual.
constexpr size_t kEncodedBytes = 8;
// Fewer are not worth waking other threads for.
constexpr uint64_t kTokensForOne = uint64_t{1} << 14;
// More slices than threads, so that none waits for long at the end.
constexpr size_t kSlicesPerThread = 8;
constexpr uint64_t kMinSliceTokens = 4096;

// The address may be nonsense: prefetches do not fault.
[[gnu::always_inline]] inline void Prefetch(const uint32_t* array, uint32_t index) {
  __builtin_prefetch(reinterpret_cast<const void*>(reinterpret_cast<uintptr_t>(array) +
                                                   size_t{index} * sizeof(*array)));
}

// The term of the token that begins at `units`, or nonsense, if none does.
[[gnu::always_inline]] inline uint32_t TermNear(const uint16_t* units) {
  const uint32_t two = (units[0] - TokenLog::kTwoUnits) << 16 | units[1];
  return units[0] < TokenLog::kTwoUnits ? units[0] : two;
}

// Reads what stands behind a kDocument or kSkip: *next moves, a document's positions start anew,
// and on_document(doc) gets the segment's number of a live one.
template <typename OnDocument>
[[gnu::always_inline]] inline void ReadPlace(uint32_t unit, const DocMap& doc_map,
                                             const uint16_t** next, uint32_t* position,
                                             bool* dropped, OnDocument on_document) {
  const uint32_t value = (*next)[0] | uint32_t{(*next)[1]} << 16;
  *next += 2;
  if (unit == TokenLog::kSkip) {
    *position += value;
    return;
  }
  *position = ~0u;  // the first increment of 1 leads to 0
  const DocId doc = doc_map.empty() ? value : doc_map[value];
  *dropped = doc == kEndOfDocs;
  if (!*dropped) on_document(doc);
}

// Calls on_document(doc) with the segment's number of each live document that begins in these
// chunks of the log and on_token(term, position, increment) with each token of a live one. Elements
// of `by_term`, if that is not null, are prefetched for the tokens ahead. `position` and `dropped`
// are those of the token before.
template <typename OnDocument, typename OnToken>
[[gnu::always_inline]] inline void WalkLog(const TokenLog& log, size_t begin, size_t end,
                                           const DocMap& doc_map, const uint32_t* by_term,
                                           uint32_t& position, bool& dropped,
                                           OnDocument on_document, OnToken on_token) {
  for (size_t chunk = begin; chunk < end; ++chunk) {
    const uint16_t* next = log.chunk(chunk);
    for (;;) {
      uint32_t increment = 1;
      uint32_t term = *next++;
      // Branches, so that the next unit is read before it is known where it lies.
      if (term >= TokenLog::kTwoUnits) [[unlikely]] {
        if (term == TokenLog::kChunkEnd) break;
        if (term == TokenLog::kSkip || term == TokenLog::kDocument) {
          ReadPlace(term, doc_map, &next, &position, &dropped, on_document);
          continue;
        }
        if (term >= TokenLog::kIncrement) {
          increment = term - TokenLog::kIncrement;
          term = *next++;
        }
        if (term >= TokenLog::kTwoUnits) term = (term - TokenLog::kTwoUnits) << 16 | *next++;
      }
      position += increment;
      if (by_term != nullptr) Prefetch(by_term, TermNear(next + kPrefetchUnits));
      if (!dropped) on_token(term, position, increment);
    }
  }
}

}  // namespace

Inverter::Inverter(MemoryField* field, const DocMap& doc_map, DocId doc_count)
    : field_(*field),
      doc_map_(doc_map),
      doc_count_(doc_count),
      with_positions_(field->plan().has_positions) {}

void Inverter::CountDocument(uint32_t tokens, uint32_t overlaps, uint32_t last_position,
                             DocId doc) {
  if (tokens == 0) return;
  ++lengths_.doc_count;
  const uint32_t length = tokens - overlaps;
  lengths_.min_length = std::min(lengths_.min_length, length);
  lengths_.max_length = std::max(lengths_.max_length, length);
  if (!norms_.empty()) norms_[doc] = SegmentBuilder::NormOfLength(length);
  tokens_ += tokens;
  greatest_position_ = std::max(greatest_position_, last_position);
}

void Inverter::SortAndCount(WorkerPool* pool) {
  const auto sort = [this] { sorted_ = field_.terms().SortInPlace(); };
  CutLog(pool == nullptr ? 1 : 2);
  if (pool == nullptr) {
    sort();
    return Count();
  }
  const WaitAtEnd nobody_sorts_afterwards(pool);
  pool->Start(1, [&sort](size_t, size_t) { sort(); });
  Count();
  pool->Wait();
}

void Inverter::CutLog(size_t ranges) {
  const size_t chunks = field_.log().chunk_count();
  ranges_.resize(ranges);
  ranges_.back().end = chunks;
  if (ranges == 2) ranges_[0].end = ranges_[1].begin = field_.log().MiddleChunk();
  for (Range& range : ranges_) {
    range.slots = HugeArray<uint32_t>(field_.terms().size());
    std::ranges::fill(range.slots, 0u);
  }
}

void Inverter::Count() {
  if (field_.plan().has_freqs) norms_.assign(doc_count_, 0);
  lengths_ = {};
  lengths_.min_length = ~0u;
  tokens_ = 0;
  DocId doc = 0;
  uint32_t tokens = 0;
  uint32_t overlaps = 0;
  uint32_t last_position = 0;
  uint32_t position = 0;
  bool dropped = false;
  for (Range& range : ranges_) {
    range.doc = doc;
    range.position = position;
    range.dropped = dropped;
    uint32_t* const counts = range.slots.data();
    WalkLog(
        field_.log(), range.begin, range.end, doc_map_, counts, position, dropped,
        [&](DocId next) {
          CountDocument(tokens, overlaps, last_position, doc);
          doc = next;
          tokens = overlaps = 0;
        },
        [&](uint32_t term, uint32_t at, uint32_t increment) {
          ++counts[term];
          last_position = at;
          ++tokens;
          overlaps += increment == 0;
        });
  }
  CountDocument(tokens, overlaps, last_position, doc);
  if (lengths_.doc_count == 0) lengths_.min_length = 0;
}

absl::Status Inverter::WriteTerms(size_t buffer_bytes, WorkerPool* pool, SegmentBuilder* builder) {
  field_.log().Seal();
  if (field_.log().tokens() <= kTokensForOne) pool = nullptr;
  SortAndCount(pool);
  const float average_length =
      lengths_.doc_count == 0
          ? 1.0f
          : static_cast<float>(static_cast<double>(tokens_) / lengths_.doc_count);
  SEGUE_RETURN_IF_ERROR(builder->StartTerms(field_.plan().id, norms_, average_length));
  const auto doc_bits = static_cast<uint32_t>(std::bit_width(doc_count_));
  const auto position_bits =
      static_cast<uint32_t>(with_positions_ ? std::bit_width(greatest_position_) : 0);
  if (doc_bits + position_bits <= 32) narrow_position_bits_ = position_bits;
  buffer_size_ = BufferTokens(buffer_bytes, pool != nullptr);
  const std::vector<Part> parts = CutIntoParts();
  if (is_narrow()) {
    narrow_buffer_ = HugeArray<uint32_t>(buffer_size_);
  } else {
    buffer_ = HugeArray<uint64_t>(buffer_size_);
  }
  wanted_ = Bitset(field_.terms().size());
  SEGUE_RETURN_IF_ERROR(pool == nullptr ? WriteParts(parts, builder)
                                        : WritePartsTogether(parts, pool, builder));
  return builder->FinishTerms(lengths_);
}

uint32_t Inverter::BufferTokens(size_t bytes, bool encoded) const {
  const uint64_t wide_share = encoded ? kEncodedShare : kBufferedShare;
  const uint64_t narrow_share = encoded ? kNarrowEncodedShare : kNarrowBufferedShare;
  const uint64_t share = is_narrow() ? narrow_share : wide_share;
  const uint64_t most = std::max(tokens_ / share + 1, kWholeBufferTokens);
  const size_t token_bytes =
      (is_narrow() ? sizeof(uint32_t) : sizeof(uint64_t)) + (encoded ? kEncodedBytes : 0);
  const uint64_t there = std::max(bytes / token_bytes, kMinBufferTokens);
  return static_cast<uint32_t>(
      std::min<uint64_t>({there, most, tokens_, std::numeric_limits<uint32_t>::max()}));
}

std::vector<Inverter::Part> Inverter::CutIntoParts() {
  // What the terms look like is not needed any more; those of deleted documents alone go.
  size_t kept = 0;
  for (size_t i = 0; i < sorted_.size(); ++i) {
    const uint32_t term = sorted_[i].tail;
    uint64_t tokens = 0;
    for (const Range& range : ranges_) {
      if (i + kPrefetchTerms < sorted_.size()) {
        Prefetch(range.slots.data(), sorted_[i + kPrefetchTerms].tail);
      }
      tokens += range.slots[term];
    }
    if (tokens != 0) sorted_[kept++] = {.head = tokens, .rest = 0, .tail = term};
  }
  const std::span<const TermTable::Entry> sorted = sorted_.first(kept);
  std::vector<Part> parts;
  for (size_t begin = 0; begin < sorted.size();) {
    uint64_t total = 0;
    size_t end = begin;
    while (end < sorted.size() && total + sorted[end].head <= buffer_size_) {
      total += sorted[end++].head;
    }
    const bool giant = end == begin;
    if (giant) ++end;
    parts.push_back({sorted.subspan(begin, end - begin), giant});
    begin = end;
  }
  return parts;
}

absl::Status Inverter::WriteParts(std::span<const Part> parts, SegmentBuilder* builder) {
  for (const Part& part : parts) {
    if (part.giant) {
      SEGUE_RETURN_IF_ERROR(WriteGiant(part.terms[0].tail, builder));
      continue;
    }
    Scatter(part, nullptr);
    SEGUE_RETURN_IF_ERROR(WritePart(part, builder));
  }
  return absl::OkStatus();
}

absl::Status Inverter::WritePartsTogether(std::span<const Part> parts, WorkerPool* pool,
                                          SegmentBuilder* builder) {
  std::vector<Encoding> encodings;
  for (size_t i = 0; i <= pool->threads(); ++i) encodings.emplace_back(builder->list_options());
  const WaitAtEnd nobody_works_afterwards(pool);
  for (const Part& part : parts) {
    if (part.giant) {
      SEGUE_RETURN_IF_ERROR(WriteGiant(part.terms[0].tail, builder));
      continue;
    }
    Scatter(part, pool);
    SliceQueue queue;
    queue.slices = CutIntoSlices(part, encodings.size());
    pool->Start(queue.slices.size(), [&](size_t worker, size_t item) {
      EncodeSlice(&encodings[worker], &queue.slices[item]);
      WriteEncoded(&queue, &queue.slices[item], builder);
    });
    pool->Wait();
    SEGUE_RETURN_IF_ERROR(queue.status);
  }
  return absl::OkStatus();
}

void Inverter::Scatter(const Part& part, WorkerPool* pool) {
  std::ranges::fill(wanted_.mutable_words(), uint64_t{0});
  uint32_t next = 0;
  for (size_t i = 0; i < part.terms.size(); ++i) {
    const uint32_t term = part.terms[i].tail;
    wanted_.Set(term);
    for (Range& range : ranges_) {
      if (i + kPrefetchTerms < part.terms.size()) {
        Prefetch(range.slots.data(), part.terms[i + kPrefetchTerms].tail);
      }
      next += std::exchange(range.slots[term], next);
    }
  }
  if (pool == nullptr) return PickTokens(&ranges_[0]);
  pool->Start(ranges_.size(), [this](size_t, size_t range) { PickTokens(&ranges_[range]); });
  pool->Wait();
}

void Inverter::PickTokens(Range* range) {
  const Kernels& kernels = ActiveKernels();
  uint32_t terms[kPickedTokens + kPickedRoom];
  uint64_t postings[kPickedTokens + kPickedRoom];
  size_t picked = 0;
  bool dropped = range->dropped;
  TokenPick pick = {.wanted = wanted_.words().data(),
                    .doc_bits = static_cast<uint64_t>(range->doc) << 32,
                    .position = range->position,
                    .two_units = TokenLog::kTwoUnits,
                    .control = TokenLog::kControl};
  for (size_t chunk = range->begin; chunk < range->end; ++chunk) {
    pick.units = field_.log().chunk(chunk);
    while (*pick.units != TokenLog::kChunkEnd) {
      const size_t count =
          kernels.pick_tokens(&pick, kPickedTokens - picked, terms + picked, postings + picked);
      if (!dropped) picked += count;
      if (picked > kPickedTokens - kFewTokens) {
        Place(range, terms, postings, picked);
        picked = 0;
      }
      const uint32_t unit = *pick.units;
      if (unit < TokenLog::kControl || unit == TokenLog::kChunkEnd) continue;
      ++pick.units;
      if (unit >= TokenLog::kIncrement) {
        pick.position += unit - TokenLog::kIncrement - 1;  // the token itself adds 1
        continue;
      }
      ReadPlace(unit, doc_map_, &pick.units, &pick.position, &dropped,
                [&](DocId doc) { pick.doc_bits = static_cast<uint64_t>(doc) << 32; });
    }
  }
  Place(range, terms, postings, picked);
}

void Inverter::Place(Range* range, const uint32_t* terms, const uint64_t* postings, size_t count) {
  uint32_t* const slots = range->slots.data();
  if (!is_narrow()) {
    return PlaceIn(
        buffer_.data(), [](uint64_t posting) { return posting; }, slots, terms, postings, count);
  }
  const uint32_t bits = narrow_position_bits_;
  const uint64_t mask = (uint64_t{1} << bits) - 1;
  const auto pack = [bits, mask](uint64_t posting) {
    return static_cast<uint32_t>(posting >> 32 << bits | (posting & mask));
  };
  PlaceIn(narrow_buffer_.data(), pack, slots, terms, postings, count);
}

template <typename Posting, typename Pack>
inline void Inverter::PlaceIn(Posting* buffer, Pack pack, uint32_t* slots, const uint32_t* terms,
                              const uint64_t* postings, size_t count) {
  for (size_t i = 0; i < count; ++i) Prefetch(slots, terms[i]);
  for (size_t i = 0; i < count; ++i) {
    if (i + kPrefetchTerms < count) {
      __builtin_prefetch(&buffer[slots[terms[i + kPrefetchTerms]]], 1);
    }
    buffer[slots[terms[i]]++] = pack(postings[i]);
  }
}

template <typename To>
inline absl::Status Inverter::AddPostings(size_t begin, size_t count,
                                          std::vector<uint64_t>* scratch, To* to) const {
  if (!is_narrow()) return to->Add({buffer_.data() + begin, count});
  const uint32_t bits = narrow_position_bits_;
  const uint64_t mask = (uint64_t{1} << bits) - 1;
  const uint32_t* next = narrow_buffer_.data() + begin;
  const uint32_t* const end = next + count;
  while (next != end) {
    // Whole documents.
    const uint32_t* last = next + std::min<size_t>(end - next, kWidenedPostings);
    while (last != end && ((*last ^ last[-1]) & ~mask) == 0) ++last;
    const auto widened = static_cast<size_t>(last - next);
    if (scratch->size() < widened) scratch->resize(std::max(widened, kWidenedPostings));
    uint64_t* const out = scratch->data();
    for (size_t i = 0; i < widened; ++i) {
      out[i] = uint64_t{next[i]} >> bits << 32 | (next[i] & mask);
    }
    SEGUE_RETURN_IF_ERROR(to->Add({out, widened}));
    next = last;
  }
  return absl::OkStatus();
}

// Terms that come soon, so that their bytes are near.
inline void Inverter::PrefetchTerms(std::span<const TermTable::Entry> sorted, size_t next) const {
  if (next + 2 * kPrefetchTerms >= sorted.size()) return;
  field_.terms().PrefetchOffset(sorted[next + 2 * kPrefetchTerms].tail);
  field_.terms().PrefetchTerm(sorted[next + kPrefetchTerms].tail);
}

absl::Status Inverter::WritePart(const Part& part, SegmentBuilder* builder) {
  size_t next = 0;
  for (size_t i = 0; i < part.terms.size(); ++i) {
    PrefetchTerms(part.terms, i);
    builder->StartTerm();
    SEGUE_RETURN_IF_ERROR(AddPostings(next, part.terms[i].head, &postings_, builder));
    SEGUE_RETURN_IF_ERROR(builder->FinishTerm(field_.terms().term(part.terms[i].tail)));
    next += part.terms[i].head;
  }
  return absl::OkStatus();
}

std::vector<Inverter::Slice> Inverter::CutIntoSlices(const Part& part, size_t threads) const {
  uint64_t tokens = 0;
  for (const TermTable::Entry& entry : part.terms) tokens += entry.head;
  const uint64_t wanted = std::max(tokens / (threads * kSlicesPerThread), kMinSliceTokens);
  std::vector<Slice> slices;
  size_t postings = 0;
  for (size_t begin = 0; begin < part.terms.size();) {
    uint64_t total = 0;
    size_t end = begin;
    while (end < part.terms.size() && total < wanted) total += part.terms[end++].head;
    Slice& slice = slices.emplace_back();
    slice.terms = part.terms.subspan(begin, end - begin);
    slice.begin = postings;
    postings += total;
    begin = end;
  }
  return slices;
}

void Inverter::EncodeSlice(Encoding* encoding, Slice* slice) const {
  ListEncoder* const encoder = &encoding->encoder;
  size_t next = slice->begin;
  for (const TermTable::Entry& term : slice->terms) {
    encoder->StartTerm();
    slice->status = AddPostings(next, term.head, &encoding->postings, encoder);
    EncodedList list;
    if (slice->status.ok()) slice->status = encoder->FinishTerm(&list);
    if (!slice->status.ok()) return;
    slice->lists.Add(list);
    next += term.head;
  }
}

void Inverter::WriteEncoded(SliceQueue* queue, Slice* encoded, SegmentBuilder* builder) const {
  std::unique_lock lock(queue->mutex);
  encoded->encoded = true;
  if (queue->writing) return;
  queue->writing = true;
  while (queue->status.ok() && queue->next < queue->slices.size() &&
         queue->slices[queue->next].encoded) {
    Slice* const slice = &queue->slices[queue->next++];
    lock.unlock();
    absl::Status status = WriteSlice(slice, builder);
    lock.lock();
    queue->status = std::move(status);
  }
  queue->writing = false;
}

absl::Status Inverter::WriteSlice(Slice* slice, SegmentBuilder* builder) const {
  SEGUE_RETURN_IF_ERROR(slice->status);
  EncodedLists::Reader reader(slice->lists);
  EncodedList list;
  for (size_t i = 0; reader.Next(&list); ++i) {
    PrefetchTerms(slice->terms, i);
    SEGUE_RETURN_IF_ERROR(builder->AddTerm(field_.terms().term(slice->terms[i].tail), list));
  }
  slice->lists = {};  // its memory goes
  return absl::OkStatus();
}

absl::Status Inverter::WriteGiant(uint32_t giant, SegmentBuilder* builder) {
  builder->StartTerm();
  absl::Status status;
  DocId doc = 0;
  uint32_t freq = 0;
  uint32_t position = 0;
  bool dropped = false;
  const auto add = [&] {
    if (freq != 0 && status.ok()) {
      status = builder->Add(doc, freq, std::span(positions_.data(), with_positions_ ? freq : 0));
    }
    freq = 0;
  };
  WalkLog(
      field_.log(), 0, field_.log().chunk_count(), doc_map_, nullptr, position, dropped,
      [&](DocId next) {
        add();
        doc = next;
      },
      [&](uint32_t term, uint32_t at, uint32_t) {
        if (term != giant) return;
        if (freq == positions_.size()) positions_.resize(2 * freq + 64);
        positions_[freq++] = at;
      });
  add();
  SEGUE_RETURN_IF_ERROR(status);
  return builder->FinishTerm(field_.terms().term(giant));
}

}  // namespace segue
