// SPDX-License-Identifier: Apache-2.0
//
// A counting sort by term, in parts. The first pass over the log counts each
// term's tokens (and measures documents). Terms in byte order are then cut into
// parts whose postings fit the buffer; for each part one pass over the log puts
// every token of the part's terms into its place. Which terms those are says a
// bit for each, which stay in a cache; tokens are picked without a branch, which
// nobody could predict, and a few hundred of them then go to their places. The
// log is in document and position order, hence so is each term's range of the
// buffer. A term too frequent for the buffer is picked out of the log by a pass
// of its own.
#include "engine/write/inverter.h"

#include <algorithm>
#include <limits>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/write/token_log.h"

namespace segue {
namespace {

constexpr size_t kMinBufferTokens = 4096;
// What is picked at once stays in the nearest cache.
constexpr size_t kPickedTokens = 256;
// How far ahead of its use memory is asked for. Of 8, 16 and 32 units none is
// clearly better.
constexpr size_t kPrefetchUnits = 16;
constexpr size_t kPrefetchTerms = 12;
static_assert(kPrefetchUnits + 2 <= TokenLog::kSlackUnits);
// One token in so many is in a buffer at a time, even if there is memory for more: it would save
// little, as each part costs one more pass over the log, about a nanosecond a token.
constexpr uint64_t kBufferedShare = 5;
constexpr uint64_t kWholeBufferTokens = uint64_t{1} << 17;  // not cut for that: 1 MiB
// With a pool there are at least so many, so that something is left to write while something is
// sorted.
constexpr uint64_t kPartsWithPool = 4;

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

// Calls on_document(doc) with the segment's number of each live document and
// on_token(term, position, increment) with each of its tokens. Elements of
// `by_term`, if that is not null, are prefetched for the tokens ahead.
template <typename OnDocument, typename OnToken>
[[gnu::always_inline]] inline void WalkLog(const TokenLog& log, const DocMap& doc_map,
                                           const uint32_t* by_term, OnDocument on_document,
                                           OnToken on_token) {
  uint32_t position = 0;
  bool dropped = false;
  for (size_t chunk = 0; chunk < log.chunk_count(); ++chunk) {
    const uint16_t* next = log.chunk(chunk);
    for (;;) {
      uint32_t increment = 1;
      uint32_t term = *next++;
      // Branches, so that the next unit is read before it is known where it lies.
      if (term >= TokenLog::kTwoUnits) [[unlikely]] {
        if (term == TokenLog::kChunkEnd) break;
        if (term == TokenLog::kSkip || term == TokenLog::kDocument) {
          const uint32_t value = next[0] | uint32_t{next[1]} << 16;
          next += 2;
          if (term == TokenLog::kSkip) {
            position += value;
            continue;
          }
          position = ~0u;  // the first increment of 1 leads to 0
          const DocId doc = doc_map.empty() ? value : doc_map[value];
          dropped = doc == kEndOfDocs;
          if (!dropped) on_document(doc);
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

void Inverter::CountDocument(uint32_t tokens, uint32_t overlaps, DocId doc) {
  if (tokens == 0) return;
  ++lengths_.doc_count;
  const uint32_t length = tokens - overlaps;
  lengths_.min_length = std::min(lengths_.min_length, length);
  lengths_.max_length = std::max(lengths_.max_length, length);
  if (!norms_.empty()) norms_[doc] = SegmentBuilder::NormOfLength(length);
  tokens_ += tokens;
}

void Inverter::Count() {
  counts_ = HugeArray<uint32_t>(field_.terms().size());
  std::fill(counts_.begin(), counts_.end(), 0u);
  if (field_.plan().has_freqs) norms_.assign(doc_count_, 0);
  lengths_ = {};
  lengths_.min_length = ~0u;
  tokens_ = 0;
  DocId doc = 0;
  uint32_t tokens = 0;
  uint32_t overlaps = 0;
  uint32_t* const counts = counts_.data();
  WalkLog(
      field_.log(), doc_map_, counts,
      [&](DocId next) {
        CountDocument(tokens, overlaps, doc);
        doc = next;
        tokens = overlaps = 0;
      },
      [&](uint32_t term, uint32_t, uint32_t increment) {
        ++counts[term];
        ++tokens;
        overlaps += increment == 0;
      });
  CountDocument(tokens, overlaps, doc);
  if (lengths_.doc_count == 0) lengths_.min_length = 0;
}

absl::Status Inverter::WriteTerms(size_t buffer_bytes, WorkerPool* pool, SegmentBuilder* builder) {
  field_.log().Seal();
  Count();
  const float average_length =
      lengths_.doc_count == 0
          ? 1.0f
          : static_cast<float>(static_cast<double>(tokens_) / lengths_.doc_count);
  SEGUE_RETURN_IF_ERROR(builder->StartTerms(field_.plan().id, norms_, average_length));
  const size_t buffer_count = pool == nullptr ? 1 : 2;
  buffer_size_ = BufferTokens(buffer_bytes / buffer_count, buffer_count);
  const std::vector<Part> parts = CutIntoParts();
  for (size_t i = 0; i < std::min(parts.size(), buffer_count); ++i) {
    buffers_[i] = Buffer(buffer_size_);
  }
  slots_ = HugeArray<uint32_t>(field_.terms().size());
  wanted_ = Bitset(field_.terms().size());
  SEGUE_RETURN_IF_ERROR(WriteParts(parts, pool, builder));
  return builder->FinishTerms(lengths_);
}

uint32_t Inverter::BufferTokens(size_t bytes, size_t buffer_count) const {
  uint64_t most = std::max(tokens_ / (kBufferedShare * buffer_count) + 1, kWholeBufferTokens);
  if (buffer_count > 1) {
    most = std::min(most, std::max(tokens_ / kPartsWithPool + 1, uint64_t{kMinBufferTokens}));
  }
  const uint64_t there = std::max(bytes / sizeof(uint64_t), kMinBufferTokens);
  return static_cast<uint32_t>(
      std::min<uint64_t>({there, most, tokens_, std::numeric_limits<uint32_t>::max()}));
}

std::vector<Inverter::Part> Inverter::CutIntoParts() {
  const std::span<TermTable::Entry> sorted =
      field_.terms().SortInPlace({counts_.data(), counts_.size()});
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (i + kPrefetchTerms < sorted.size()) {
      Prefetch(counts_.data(), sorted[i + kPrefetchTerms].tail);
    }
    sorted[i].head = counts_[sorted[i].tail];
  }
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

absl::Status Inverter::WriteParts(std::span<const Part> parts, WorkerPool* pool,
                                  SegmentBuilder* builder) {
  const WaitAtEnd nobody_sorts_afterwards(pool);
  const auto start = [&](size_t part) {
    if (part < parts.size() && !parts[part].giant) {
      pool->Start(
          1, [this, &parts, part](size_t, size_t) { Scatter(parts[part], &buffers_[part % 2]); });
    }
  };
  if (pool != nullptr) start(0);
  for (size_t i = 0; i < parts.size(); ++i) {
    if (pool != nullptr) {
      pool->Wait();
      start(i + 1);
    }
    if (parts[i].giant) {
      SEGUE_RETURN_IF_ERROR(WriteGiant(parts[i].terms[0].tail, builder));
      continue;
    }
    Buffer& buffer = buffers_[pool == nullptr ? 0 : i % 2];
    if (pool == nullptr) Scatter(parts[i], &buffer);
    SEGUE_RETURN_IF_ERROR(WritePart(parts[i], buffer, builder));
  }
  return absl::OkStatus();
}

void Inverter::Scatter(const Part& part, Buffer* to) {
  std::ranges::fill(wanted_.mutable_words(), uint64_t{0});
  uint32_t next = 0;
  for (size_t i = 0; i < part.terms.size(); ++i) {
    if (i + kPrefetchTerms < part.terms.size()) {
      Prefetch(slots_.data(), part.terms[i + kPrefetchTerms].tail);
    }
    wanted_.Set(part.terms[i].tail);
    slots_[part.terms[i].tail] = next;
    next += static_cast<uint32_t>(part.terms[i].head);
  }
  uint32_t terms[kPickedTokens];
  uint64_t postings[kPickedTokens];
  size_t picked = 0;
  uint64_t doc_bits = 0;
  const uint64_t* const wanted = wanted_.words().data();
  WalkLog(
      field_.log(), doc_map_, nullptr,
      [&](DocId doc) { doc_bits = static_cast<uint64_t>(doc) << 32; },
      [&](uint32_t term, uint32_t position, uint32_t) {
        terms[picked] = term;
        postings[picked] = doc_bits | position;
        picked += wanted[term / 64] >> (term % 64) & 1;
        if (picked == kPickedTokens) [[unlikely]] {
          Place(terms, postings, picked, to);
          picked = 0;
        }
      });
  Place(terms, postings, picked, to);
}

void Inverter::Place(const uint32_t* terms, const uint64_t* postings, size_t count, Buffer* to) {
  uint32_t* const slots = slots_.data();
  uint64_t* const buffer = to->data();
  for (size_t i = 0; i < count; ++i) Prefetch(slots, terms[i]);
  for (size_t i = 0; i < count; ++i) {
    if (i + kPrefetchTerms < count) {
      __builtin_prefetch(&buffer[slots[terms[i + kPrefetchTerms]]], 1);
    }
    buffer[slots[terms[i]]++] = postings[i];
  }
}

absl::Status Inverter::WritePart(const Part& part, const Buffer& buffer, SegmentBuilder* builder) {
  const TermTable& terms = field_.terms();
  const uint64_t* next = buffer.data();
  for (size_t i = 0; i < part.terms.size(); ++i) {
    if (i + 2 * kPrefetchTerms < part.terms.size()) {
      terms.PrefetchOffset(part.terms[i + 2 * kPrefetchTerms].tail);
      terms.PrefetchTerm(part.terms[i + kPrefetchTerms].tail);
    }
    const uint64_t* const end = next + part.terms[i].head;
    builder->StartTerm();
    SEGUE_RETURN_IF_ERROR(WriteTerm(next, end, builder));
    SEGUE_RETURN_IF_ERROR(builder->FinishTerm(terms.term(part.terms[i].tail)));
    next = end;
  }
  return absl::OkStatus();
}

absl::Status Inverter::WriteTerm(const uint64_t* begin, const uint64_t* end,
                                 SegmentBuilder* builder) {
  const auto count = static_cast<size_t>(end - begin);
  if (positions_.size() < count) positions_.resize(count);
  while (begin < end) {
    const uint64_t doc = *begin >> 32;
    uint32_t freq = 0;
    do {
      positions_[freq++] = static_cast<uint32_t>(*begin++);
    } while (begin < end && *begin >> 32 == doc);
    SEGUE_RETURN_IF_ERROR(builder->Add(static_cast<DocId>(doc), freq,
                                       std::span(positions_.data(), with_positions_ ? freq : 0)));
  }
  return absl::OkStatus();
}

absl::Status Inverter::WriteGiant(uint32_t giant, SegmentBuilder* builder) {
  builder->StartTerm();
  absl::Status status;
  DocId doc = 0;
  uint32_t freq = 0;
  const auto add = [&] {
    if (freq != 0 && status.ok()) {
      status = builder->Add(doc, freq, std::span(positions_.data(), with_positions_ ? freq : 0));
    }
    freq = 0;
  };
  WalkLog(
      field_.log(), doc_map_, nullptr,
      [&](DocId next) {
        add();
        doc = next;
      },
      [&](uint32_t term, uint32_t position, uint32_t) {
        if (term != giant) return;
        if (freq == positions_.size()) positions_.resize(2 * freq + 64);
        positions_[freq++] = position;
      });
  add();
  SEGUE_RETURN_IF_ERROR(status);
  return builder->FinishTerm(field_.terms().term(giant));
}

}  // namespace segue
