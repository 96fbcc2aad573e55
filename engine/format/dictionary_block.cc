// SPDX-License-Identifier: Apache-2.0
//
// Decodes one block of a dictionary. The search never builds a term: it keeps how many bytes of the
// wanted term the current one matches. A term that shares more than that with its neighbour differs
// at the same place and is skipped unseen; one that shares less is already above; only one that
// shares exactly as much is compared.
#include "engine/format/dictionary_block.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/base/check.h"
#include "engine/base/limits.h"

namespace segue {
namespace {

// Reads a varint of at most 64 bits before `end`.
inline bool ReadVarint(const uint8_t** next, const uint8_t* end, uint64_t* value) {
  const uint8_t* p = *next;
  if (p < end && *p < 0x80) [[likely]] {
    *value = *p;
    *next = p + 1;
    return true;
  }
  uint64_t result = 0;
  for (unsigned shift = 0; shift < 64 && p < end; shift += 7) {
    const uint64_t byte = *p++;
    if (shift == 63 && byte > 1) return false;
    result |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      *value = result;
      *next = p;
      return true;
    }
  }
  return false;
}

inline uint64_t LoadU64(const uint8_t* p) {
  uint64_t value;
  std::memcpy(&value, p, sizeof(value));
  return value;
}

inline uint32_t LoadU32(const uint8_t* p) {
  uint32_t value;
  std::memcpy(&value, p, sizeof(value));
  return value;
}

// Reads `width` <= 31 bits from bit `bit` on; touches 8 bytes.
inline uint64_t LoadBits(const uint8_t* base, size_t bit, unsigned width) {
  return LoadU64(base + bit / 8) >> (bit % 8) & ((uint64_t{1} << width) - 1);
}

inline uint32_t CommonPrefix(const uint8_t* a, uint32_t a_bytes, const uint8_t* b,
                             uint32_t b_bytes) {
  const uint32_t limit = std::min(a_bytes, b_bytes);
  uint32_t i = 0;
  while (i < limit && a[i] == b[i]) ++i;
  return i;
}

inline bool AddTo(uint64_t* sum, uint64_t value) {
  return !__builtin_add_overflow(*sum, value, sum);
}

// The promises of Dictionary::Find.
bool WithinField(const TermMeta& meta, const DictionaryFieldMeta& field) {
  return meta.doc_freq >= 1 && meta.doc_freq <= field.max_doc_freq &&
         meta.total_freq >= meta.doc_freq && meta.single_doc <= field.max_single_doc;
}

}  // namespace

bool FrontCodeCursor::Next(uint32_t* shared_bytes, const uint8_t** suffix_begin,
                           uint32_t* suffix_bytes) {
  uint64_t shared = *head >> 4;
  uint64_t following = (*head & 15u) + 1;
  ++head;
  uint64_t more = 0;
  if (shared == 15) [[unlikely]] {
    if (!ReadVarint(&escape, escape_end, &more) || more > kMaxTermBytes) return false;
    shared += more;
  }
  if (following == 16) [[unlikely]] {
    if (!ReadVarint(&escape, escape_end, &more) || more > kMaxTermBytes) return false;
    following += more;
  }
  if (following > static_cast<size_t>(suffix_end - suffix)) return false;
  *shared_bytes = static_cast<uint32_t>(shared);
  *suffix_begin = suffix;
  *suffix_bytes = static_cast<uint32_t>(following);
  suffix += following;
  return true;
}

bool DictionaryBlock::Fail(const uint8_t* at, const char* what, BlockProblem* problem) const {
  problem->offset = static_cast<size_t>(at - begin_);
  problem->what = what;
  return false;
}

bool DictionaryBlock::Open(std::span<const uint8_t> bytes, uint32_t term_count,
                           BlockProblem* problem) {
  SEGUE_DCHECK(term_count >= 1 && term_count <= kTermsPerBlock);
  begin_ = bytes.data();
  end_ = begin_ + bytes.size();
  term_count_ = term_count;
  const uint8_t* next = begin_;
  uint64_t first_bytes = 0, escape_bytes = 0, suffix_bytes = 0;
  if (!ReadVarint(&next, end_, &first_bytes) || !ReadVarint(&next, end_, &escape_bytes) ||
      !ReadVarint(&next, end_, &suffix_bytes)) {
    return Fail(next, "the three lengths of a dictionary block end early", problem);
  }
  const size_t left = static_cast<size_t>(end_ - next);
  const uint64_t head_bytes = term_count - 1;
  if (first_bytes > kMaxTermBytes || escape_bytes > left || suffix_bytes > left ||
      first_bytes + head_bytes + escape_bytes + suffix_bytes > left) {
    return Fail(begin_, "a dictionary block's terms are longer than the block", problem);
  }
  first_term_ = std::string_view(reinterpret_cast<const char*>(next), first_bytes);
  terms_.head = next + first_bytes;
  terms_.escape = terms_.head + head_bytes;
  terms_.escape_end = terms_.escape + escape_bytes;
  terms_.suffix = terms_.escape_end;
  terms_.suffix_end = terms_.suffix + suffix_bytes;
  return OpenMeta(terms_.suffix_end, end_, problem);
}

bool DictionaryBlock::OpenMeta(const uint8_t* begin, const uint8_t* end, BlockProblem* problem) {
  constexpr size_t kFixedBytes = 13;
  if (static_cast<size_t>(end - begin) < kFixedBytes) {
    return Fail(begin, "a dictionary block's metadata ends early", problem);
  }
  singles_ = LoadU32(begin);
  wides_ = LoadU32(begin + 4);
  const uint32_t all = term_count_ == 32 ? UINT32_MAX : (uint32_t{1} << term_count_) - 1;
  if ((singles_ & wides_) != 0 || ((singles_ | wides_) & ~all) != 0) {
    return Fail(begin, "a dictionary block's term classes contradict each other", problem);
  }
  const uint64_t widths = LoadU32(begin + 8) | uint64_t{begin[12]} << 32;
  const uint8_t* next = begin + kFixedBytes;
  if (!ReadVarint(&next, end, &post_base_) || !ReadVarint(&next, end, &pos_base_) ||
      !ReadVarint(&next, end, &bound_base_)) {
    return Fail(next, "a dictionary block's base offsets end early", problem);
  }
  columns_ = next;
  const auto single_count = static_cast<uint32_t>(std::popcount(singles_));
  const uint32_t middle_count =
      term_count_ - single_count - static_cast<uint32_t>(std::popcount(wides_));
  uint32_t bit = 0;
  for (int column = 0; column < kColumns; ++column) {
    widths_[column] = static_cast<uint8_t>(widths >> (5 * column) & 31);
    column_bits_[column] = bit;
    bit += widths_[column] * (column <= kSinglePos ? single_count : middle_count);
  }
  if ((bit + 7) / 8 > static_cast<size_t>(end - next)) {
    return Fail(next, "a dictionary block's metadata columns are longer than the block", problem);
  }
  wide_records_ = next + (bit + 7) / 8;
  return true;
}

bool DictionaryBlock::Search(std::string_view term, uint32_t* position, bool* found,
                             BlockProblem* problem) const {
  const auto* wanted = reinterpret_cast<const uint8_t*>(term.data());
  const auto wanted_bytes = static_cast<uint32_t>(term.size());
  *position = 0;
  *found = false;
  const auto* first = reinterpret_cast<const uint8_t*>(first_term_.data());
  const auto first_bytes = static_cast<uint32_t>(first_term_.size());
  // Bytes that `wanted` shares with the current term, which is below it.
  uint32_t matched = CommonPrefix(first, first_bytes, wanted, wanted_bytes);
  if (matched == wanted_bytes) {
    *found = first_bytes == wanted_bytes;
    return true;
  }
  if (matched < first_bytes && first[matched] > wanted[matched]) return true;

  FrontCodeCursor terms = terms_;
  for (uint32_t i = 1; i < term_count_; ++i) {
    *position = i;
    uint32_t shared, suffix_bytes;
    const uint8_t* suffix;
    if (!terms.Next(&shared, &suffix, &suffix_bytes)) {
      return Fail(terms.suffix, "a dictionary term is longer than its block", problem);
    }
    if (shared > matched) continue;
    if (shared < matched) return true;
    const uint32_t more =
        CommonPrefix(suffix, suffix_bytes, wanted + matched, wanted_bytes - matched);
    matched += more;
    if (matched == wanted_bytes) {
      *found = more == suffix_bytes;
      return true;
    }
    if (more < suffix_bytes && suffix[more] > wanted[matched]) return true;
  }
  *position = term_count_;
  return true;
}

uint64_t DictionaryBlock::Value(Column column, uint32_t row) const {
  return LoadBits(columns_, column_bits_[column] + size_t{widths_[column]} * row, widths_[column]);
}

uint64_t DictionaryBlock::Sum(Column column, uint32_t rows) const {
  const unsigned width = widths_[column];
  if (width == 0) return 0;
  uint64_t sum = 0;
  size_t bit = column_bits_[column];
  for (uint32_t row = 0; row < rows; ++row, bit += width) sum += LoadBits(columns_, bit, width);
  return sum;
}

void DictionaryBlock::ReadSingle(uint32_t row, TermMeta* meta) const {
  meta->doc_freq = 1;
  meta->total_freq = 1 + Value(kSingleExtra, row);
  meta->single_doc = static_cast<DocId>(Value(kSingleDoc, row));
  meta->post_bytes = 0;
  meta->pos_bytes = Value(kSinglePos, row);
  meta->bound_bytes = 0;
}

void DictionaryBlock::ReadMiddle(uint32_t row, TermMeta* meta) const {
  meta->doc_freq = static_cast<uint32_t>(2 + Value(kMiddleFreq, row));
  meta->total_freq = meta->doc_freq + Value(kMiddleExtra, row);
  meta->single_doc = 0;
  meta->post_bytes = Value(kMiddlePost, row);
  meta->pos_bytes = Value(kMiddlePos, row);
  meta->bound_bytes = 0;
}

bool DictionaryBlock::ReadWide(const uint8_t** next, TermMeta* meta) const {
  uint64_t doc_freq = 0, extra = 0, doc_or_bytes = 0;
  if (!ReadVarint(next, end_, &doc_freq) || !ReadVarint(next, end_, &extra) ||
      !ReadVarint(next, end_, &doc_or_bytes) || !ReadVarint(next, end_, &meta->pos_bytes) ||
      !ReadVarint(next, end_, &meta->bound_bytes)) {
    return false;
  }
  if (doc_freq > kEndOfDocs || extra > UINT64_MAX - doc_freq) return false;
  meta->doc_freq = static_cast<uint32_t>(doc_freq);
  meta->total_freq = doc_freq + extra;
  meta->single_doc = 0;
  meta->post_bytes = 0;
  if (doc_freq == 1) {
    if (doc_or_bytes >= kEndOfDocs) return false;
    meta->single_doc = static_cast<DocId>(doc_or_bytes);
  } else {
    meta->post_bytes = doc_or_bytes;
  }
  return true;
}

bool DictionaryBlock::ReadMeta(uint32_t position, const DictionaryFieldMeta& field, TermMeta* meta,
                               BlockProblem* problem) const {
  SEGUE_DCHECK(position < term_count_);
  const uint32_t below = (uint32_t{1} << position) - 1;
  const auto singles_before = static_cast<uint32_t>(std::popcount(singles_ & below));
  const auto wides_before = static_cast<uint32_t>(std::popcount(wides_ & below));
  const uint32_t middles_before = position - singles_before - wides_before;

  uint64_t post = post_base_, pos = pos_base_, bound = bound_base_;
  bool sums = AddTo(&post, Sum(kMiddlePost, middles_before));
  sums &= AddTo(&pos, Sum(kMiddlePos, middles_before));
  sums &= AddTo(&pos, Sum(kSinglePos, singles_before));
  const uint8_t* next_wide = wide_records_;
  TermMeta wide;
  for (uint32_t i = 0; i < wides_before; ++i) {
    if (!ReadWide(&next_wide, &wide)) return Fail(next_wide, "a bad wide record", problem);
    sums &= AddTo(&post, wide.post_bytes);
    sums &= AddTo(&pos, wide.pos_bytes);
    sums &= AddTo(&bound, wide.bound_bytes);
  }
  if (wides_ >> position & 1) {
    if (!ReadWide(&next_wide, meta)) return Fail(next_wide, "a bad wide record", problem);
  } else if (singles_ >> position & 1) {
    ReadSingle(singles_before, meta);
  } else {
    ReadMiddle(middles_before, meta);
  }
  meta->post_offset = post;
  meta->pos_offset = pos;
  meta->bound_offset = bound;
  if (!sums) return Fail(columns_, "list offsets beyond 64 bits", problem);
  if (!WithinField(*meta, field)) {
    return Fail(columns_, "a frequency or document beyond the field's maximum", problem);
  }
  return true;
}

bool DictionaryBlock::ReadAllMeta(const DictionaryFieldMeta& field,
                                  std::array<TermMeta, kTermsPerBlock>* metas,
                                  BlockProblem* problem) const {
  uint64_t post = post_base_, pos = pos_base_, bound = bound_base_;
  uint32_t single = 0, middle = 0;
  const uint8_t* next_wide = wide_records_;
  for (uint32_t i = 0; i < term_count_; ++i) {
    TermMeta& meta = (*metas)[i];
    if (wides_ >> i & 1) {
      if (!ReadWide(&next_wide, &meta)) return Fail(next_wide, "a bad wide record", problem);
    } else if (singles_ >> i & 1) {
      ReadSingle(single++, &meta);
    } else {
      ReadMiddle(middle++, &meta);
    }
    meta.post_offset = post;
    meta.pos_offset = pos;
    meta.bound_offset = bound;
    if (!AddTo(&post, meta.post_bytes) || !AddTo(&pos, meta.pos_bytes) ||
        !AddTo(&bound, meta.bound_bytes)) {
      return Fail(columns_, "list offsets beyond 64 bits", problem);
    }
    if (!WithinField(meta, field)) {
      return Fail(columns_, "a frequency or document beyond the field's maximum", problem);
    }
  }
  if (next_wide != end_) return Fail(next_wide, "bytes behind a dictionary block", problem);
  return true;
}

}  // namespace segue
