// SPDX-License-Identifier: Apache-2.0
//
// Frame of reference: a block's values less their minimum, in as many bits as the greatest needs.
// Any value is found without decoding the others: the presence bitmap has a count before each word,
// so the place of a document's value is one addition and one population count away.
#include "engine/format/column_block.h"

#include <algorithm>
#include <bit>

#include "engine/base/check.h"
#include "engine/base/load.h"
#include "engine/format/bit_appender.h"
#include "engine/simd/kernels.h"

namespace segue {
namespace {

constexpr size_t kHeaderBytes = 3;
constexpr uint8_t kFullFlag = 1;
constexpr uint8_t kMultiFlag = 2;

// Up to 64 bits from bit `bit` on; touches 9 bytes, which the slack of pinned bytes allows.
uint64_t LoadBits(const uint8_t* base, uint64_t bit, unsigned width) {
  if (width == 0) return 0;
  const uint8_t* p = base + bit / 8;
  const unsigned shift = bit % 8;
  uint64_t value = LoadU64(p) >> shift;
  if (shift != 0) value |= uint64_t{p[8]} << (64 - shift);
  return width == 64 ? value : value & ((uint64_t{1} << width) - 1);
}

// The same for so few bits that they lie within 8 bytes wherever they begin.
constexpr unsigned kMaxEasyWidth = 57;
uint64_t LoadEasyBits(const uint8_t* base, uint64_t bit, unsigned width) {
  return LoadU64(base + bit / 8) >> (bit % 8) & ((uint64_t{1} << width) - 1);
}

uint64_t BytesOfBits(uint64_t bits) { return (bits + 7) / 8; }

// The lower half of a wide number comes first.
void PutBits(uint64_t value, unsigned width, BitAppender* bits) {
  if (width > 32) {
    bits->Put(value & 0xffffffff, 32);
    value >>= 32;
    width -= 32;
  }
  bits->Put(value, width);
}

void PutPresence(std::span<const uint16_t> counts, ByteWriter* out) {
  ByteWriter ranks;
  uint32_t rank = 0;
  for (size_t begin = 0; begin < counts.size(); begin += 64) {
    uint64_t word = 0;
    for (size_t i = begin; i < std::min(begin + 64, counts.size()); ++i) {
      word |= uint64_t{counts[i] != 0} << (i - begin);
    }
    out->PutU64(word);
    ranks.PutU16(static_cast<uint16_t>(rank));
    rank += static_cast<uint32_t>(std::popcount(word));
  }
  out->PutBytes(ranks.view());
}

// Several values a document could all be one bit of nothing; at least one bit each keeps the
// memory of a decoded block within 64 times its bytes.
bool TooManyForNothing(const ColumnBlockRecord& record, unsigned value_width) {
  return record.value_count > kColumnBlockDocs && value_width == 0;
}

}  // namespace

void ColumnBlockRecord::Encode(ByteWriter* out) const {
  out->PutU64(static_cast<uint64_t>(min));
  out->PutU64(static_cast<uint64_t>(max));
  out->PutU64(end);
  out->PutU32(docs_with_value);
  out->PutU32(value_count);
}

ColumnBlockRecord ColumnBlockRecord::Decode(const uint8_t* bytes) {
  ColumnBlockRecord record;
  record.min = static_cast<int64_t>(LoadU64(bytes));
  record.max = static_cast<int64_t>(LoadU64(bytes + 8));
  record.end = LoadU64(bytes + 16);
  const uint64_t counts = LoadU64(bytes + 24);
  record.docs_with_value = static_cast<uint32_t>(counts);
  record.value_count = static_cast<uint32_t>(counts >> 32);
  return record;
}

void EncodeColumnBlock(std::span<const uint16_t> counts, std::span<const int64_t> values,
                       std::string* out, ColumnBlockRecord* record) {
  *record = {};
  record->value_count = static_cast<uint32_t>(values.size());
  for (const uint16_t count : counts) record->docs_with_value += count != 0;
  if (values.empty()) return;
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  record->min = *least;
  record->max = *greatest;
  const auto base = static_cast<uint64_t>(record->min);
  auto value_width =
      static_cast<unsigned>(std::bit_width(static_cast<uint64_t>(record->max) - base));
  if (TooManyForNothing(*record, value_width)) value_width = 1;
  const bool full = record->docs_with_value == counts.size();
  const bool multi = record->value_count != record->docs_with_value;
  const unsigned start_width = multi ? static_cast<unsigned>(std::bit_width(values.size())) : 0;

  ByteWriter head;
  head.PutU8(static_cast<uint8_t>((full ? kFullFlag : 0) | (multi ? kMultiFlag : 0)));
  head.PutU8(static_cast<uint8_t>(value_width));
  head.PutU8(static_cast<uint8_t>(start_width));
  if (!full) PutPresence(counts, &head);
  *out += head.view();
  BitAppender bits(out);
  if (multi) {
    uint64_t start = 0;
    for (const uint16_t count : counts) {
      if (count != 0) bits.Put(start, start_width);
      start += count;
    }
    bits.Put(start, start_width);
    bits.Flush();
  }
  for (const int64_t value : values) {
    PutBits(static_cast<uint64_t>(value) - base, value_width, &bits);
  }
  bits.Flush();
}

const char* ColumnBlockView::Open(std::span<const uint8_t> bytes, const ColumnBlockRecord& record,
                                  uint32_t doc_count) {
  record_ = record;
  doc_count_ = doc_count;
  full_ = multi_ = false;
  presence_ = nullptr;
  if (record.value_count == 0) return bytes.empty() ? nullptr : "values where there are none";
  if (bytes.size() < kHeaderBytes) return "a column block ends early";
  const uint8_t flags = bytes[0];
  value_width_ = bytes[1];
  start_width_ = bytes[2];
  full_ = (flags & kFullFlag) != 0;
  multi_ = (flags & kMultiFlag) != 0;
  if (flags > 3 || value_width_ > 64 || start_width_ > 32 ||
      TooManyForNothing(record, value_width_)) {
    return "a column block with impossible widths";
  }
  if (full_ != (record.docs_with_value == doc_count) ||
      multi_ != (record.value_count != record.docs_with_value)) {
    return "a column block that contradicts its record";
  }
  const uint64_t words = (doc_count + 63) / 64;
  const uint64_t presence_bytes = full_ ? 0 : 10 * words;
  const uint64_t start_bytes =
      multi_ ? BytesOfBits((uint64_t{record.docs_with_value} + 1) * start_width_) : 0;
  const uint64_t value_bytes = BytesOfBits(uint64_t{record.value_count} * value_width_);
  if (kHeaderBytes + presence_bytes + start_bytes + value_bytes != bytes.size()) {
    return "a column block of another length than its widths make";
  }
  presence_ = bytes.data() + kHeaderBytes;
  ranks_ = presence_ + 8 * words;
  starts_ = presence_ + presence_bytes;
  values_ = starts_ + start_bytes;
  return nullptr;
}

uint32_t ColumnBlockView::Start(uint32_t rank) const {
  return static_cast<uint32_t>(LoadBits(starts_, uint64_t{rank} * start_width_, start_width_));
}

uint64_t ColumnBlockView::Delta(uint64_t index) const {
  return LoadBits(values_, index * value_width_, value_width_);
}

uint64_t ColumnBlockView::PresenceWord(uint32_t word) const {
  return full_ ? UINT64_MAX : LoadU64(presence_ + 8 * word);
}

bool ColumnBlockView::HasValue(uint32_t i) const {
  SEGUE_DCHECK(i < doc_count_);
  return record_.value_count != 0 && (PresenceWord(i / 64) >> (i % 64) & 1) != 0;
}

bool ColumnBlockView::Find(uint32_t i, uint32_t* begin, uint32_t* end) const {
  *begin = *end = 0;
  if (!HasValue(i)) return true;
  uint32_t rank = i;
  if (!full_) {
    const uint64_t below = (uint64_t{1} << (i % 64)) - 1;
    rank = LoadU16(ranks_ + i / 64 * 2) +
           static_cast<uint32_t>(std::popcount(PresenceWord(i / 64) & below));
  }
  if (rank >= record_.docs_with_value) return false;
  *begin = multi_ ? Start(rank) : rank;
  *end = multi_ ? Start(rank + 1) : rank + 1;
  return *begin < *end && *end <= record_.value_count;
}

bool ColumnBlockView::Value(uint32_t index, int64_t* value) const {
  const uint64_t delta = Delta(index);
  *value = static_cast<int64_t>(static_cast<uint64_t>(record_.min) + delta);
  return delta <= MaxDelta();
}

// ---- Whole blocks ----

// Whether the counts before each presence word are the numbers of bits before it.
bool ColumnBlockView::RanksAreRight() const {
  if (full_) return true;
  uint32_t rank = 0;
  for (uint32_t word = 0; word * 64 < doc_count_; ++word) {
    if (LoadU16(ranks_ + 2 * word) != rank) return false;
    const uint32_t docs = std::min(64u, doc_count_ - word * 64);
    const uint64_t bits = PresenceWord(word);
    if (docs < 64 && bits >> docs != 0) return false;
    rank += static_cast<uint32_t>(std::popcount(bits));
  }
  return rank == record_.docs_with_value;
}

const char* ColumnBlockView::DecodeStarts(ColumnBlock* out) const {
  uint32_t next = 0, rank = 0;
  for (uint32_t i = 0; i < doc_count_; ++i) {
    out->value_starts[i] = next;
    if ((PresenceWord(i / 64) >> (i % 64) & 1) == 0) continue;
    ++rank;
    if (!multi_) {
      ++next;
      continue;
    }
    const uint32_t end = Start(rank);
    if (end <= next) return "a column block with values of no document";
    next = end;
  }
  out->value_starts[doc_count_] = next;
  return next == record_.value_count ? nullptr : "a column block with values of no document";
}

const char* ColumnBlockView::Decode(ColumnBlock* out) const {
  out->doc_count = doc_count_;
  out->values.resize(record_.value_count);
  out->value_starts.assign(doc_count_ + 1, 0);
  if (record_.value_count == 0) return nullptr;
  if (!RanksAreRight() || (multi_ && Start(0) != 0)) {
    return "a column block with values out of their place";
  }
  if (const char* problem = DecodeStarts(out)) return problem;
  const auto base = static_cast<uint64_t>(record_.min);
  bool above = false;
  for (uint32_t i = 0; i < record_.value_count; ++i) {
    const uint64_t delta = Delta(i);
    above |= delta > MaxDelta();
    out->values[i] = static_cast<int64_t>(base + delta);
  }
  return above ? "a column value above its block's maximum" : nullptr;
}

// ---- Wanted values ----

namespace {

// The wanted values of a block, less its minimum.
// One range: one unsigned comparison answers both sides.
struct InRange {
  uint64_t low, span;
  bool operator()(uint64_t delta) const { return delta - low <= span; }
};
using Deltas = std::vector<InRange>;

InRange DeltasOf(const ValueRange& range, const ColumnBlockRecord& record) {
  const auto min = static_cast<uint64_t>(record.min);
  const uint64_t low = static_cast<uint64_t>(std::max(range.low, record.min)) - min;
  const uint64_t high = static_cast<uint64_t>(std::min(range.high, record.max)) - min;
  return {low, high - low};
}

// Several ranges of values that are near each other: a bit for each.
class InBits {
 public:
  static constexpr uint64_t kMaxDelta = 8191;

  explicit InBits(const Deltas& deltas) {
    for (const auto& [low, span] : deltas) {
      for (uint64_t delta = low; delta <= low + span; ++delta) {
        bits_[delta / 64] |= uint64_t{1} << (delta % 64);
      }
    }
  }
  bool operator()(uint64_t delta) const {
    return delta <= kMaxDelta && (bits_[delta / 64] >> (delta % 64) & 1) != 0;
  }

 private:
  std::array<uint64_t, (kMaxDelta + 1) / 64> bits_{};
};

struct InDeltas {
  const Deltas& deltas;
  bool operator()(uint64_t delta) const {
    const auto behind = std::partition_point(
        deltas.begin(), deltas.end(), [delta](const InRange& range) { return range.low <= delta; });
    return behind != deltas.begin() && behind[-1](delta);
  }
};

// Where fewer documents than this are asked about, each is looked up; else all values are run
// through. A look-up takes some four times what a value in passing does; AVX2 kernels, which
// compare eight at once, pass a value in a fourth to a sixth of that.
constexpr uint32_t kFewDocs = kColumnBlockDocs / 8;
constexpr uint32_t kFewDocsOfRange = kColumnBlockDocs / 32;

}  // namespace

const char* ColumnBlockView::Select(const ValueRanges& wanted, ColumnBlockMask* docs) const {
  const std::span<const ValueRange> ranges = wanted.Within(record_.min, record_.max);
  SEGUE_DCHECK(record_.value_count != 0 && !ranges.empty());
  SelectPresent(docs);
  if (!RanksAreRight()) return "a column block with values out of their place";
  if (ranges[0].low <= record_.min && record_.max <= ranges[0].high) return nullptr;
  if (ranges.size() == 1) return SelectRange(ranges[0], docs);
  Deltas deltas;
  deltas.reserve(ranges.size());
  for (const ValueRange& range : ranges) deltas.push_back(DeltasOf(range, record_));
  if (MaxDelta() <= InBits::kMaxDelta) return SelectBy(InBits(deltas), docs);
  return SelectBy(InDeltas{deltas}, docs);
}

// Takes away documents without a value, and bits of no document.
void ColumnBlockView::SelectPresent(ColumnBlockMask* docs) const {
  for (uint32_t w = 0; w < docs->size(); ++w) {
    uint64_t present = 0;
    if (w * 64 < doc_count_) present = PresenceWord(w);
    if (doc_count_ < (w + 1) * 64) present &= (uint64_t{1} << (doc_count_ % 64)) - 1;
    (*docs)[w] &= present;
  }
}

// Whether values are where the documents' ranks say, and at least `few` documents are asked about.
bool ColumnBlockView::CanRunThrough(const ColumnBlockMask& docs, uint32_t few) const {
  if (multi_ || value_width_ > kMaxEasyWidth) return false;
  return ActiveKernels().count_words(docs.data(), docs.size()) >= few;
}

const char* ColumnBlockView::SelectRange(const ValueRange& wanted, ColumnBlockMask* docs) const {
  const InRange in_range = DeltasOf(wanted, record_);
  if (!CanRunThrough(*docs, kFewDocsOfRange)) return SelectEach(in_range, docs);
  ColumnBlockMask by_rank{};
  ActiveKernels().mask_fields_in_range(values_, value_width_, in_range.low,
                                       in_range.low + in_range.span, record_.value_count,
                                       by_rank.data());
  KeepRanked(by_rank, docs);
  return nullptr;
}

template <typename IsWanted>
const char* ColumnBlockView::SelectBy(const IsWanted& is_wanted, ColumnBlockMask* docs) const {
  if (!CanRunThrough(*docs, kFewDocs)) return SelectEach(is_wanted, docs);
  ColumnBlockMask by_rank{};
  for (uint32_t i = 0; i < record_.value_count; ++i) {
    const uint64_t delta = LoadEasyBits(values_, uint64_t{i} * value_width_, value_width_);
    by_rank[i / 64] |= uint64_t{is_wanted(delta)} << (i % 64);
  }
  KeepRanked(by_rank, docs);
  return nullptr;
}

// `by_rank`: a bit for each document with a value.
void ColumnBlockView::KeepRanked(const ColumnBlockMask& by_rank, ColumnBlockMask* docs) const {
  ColumnBlockMask kept{};
  if (full_) {
    kept = by_rank;
  } else {
    ActiveKernels().deposit_bits(by_rank.data(), presence_, (doc_count_ + 63) / 64, kept.data());
  }
  for (size_t w = 0; w < docs->size(); ++w) (*docs)[w] &= kept[w];
}

template <typename IsWanted>
const char* ColumnBlockView::SelectEach(const IsWanted& is_wanted, ColumnBlockMask* docs) const {
  for (uint32_t w = 0; w < docs->size(); ++w) {
    for (uint64_t word = (*docs)[w]; word != 0; word &= word - 1) {
      uint32_t next = 0, end = 0;
      if (!Find(w * 64 + static_cast<uint32_t>(std::countr_zero(word)), &next, &end)) {
        return "a column block with values out of their place";
      }
      while (next < end && !is_wanted(Delta(next))) ++next;
      if (next == end) (*docs)[w] &= ~(word & -word);
    }
  }
  return nullptr;
}

}  // namespace segue
