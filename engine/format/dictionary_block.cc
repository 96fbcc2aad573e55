// SPDX-License-Identifier: Apache-2.0
//
// Decodes one block of a dictionary. The search never builds a term: it keeps how many bytes of the
// wanted term the current one matches. A term that shares more than that with its neighbour differs
// at the same place and is skipped unseen; one that shares less is already above; only one that
// shares exactly as much is compared.
#include "engine/format/dictionary_block.h"

#include <algorithm>
#include <bit>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/load.h"

namespace segue {
namespace {

// A varint of at most 64 bits before `end`, byte by byte.
bool ReadLongVarint(const uint8_t** next, const uint8_t* end, uint64_t* value) {
  const uint8_t* p = *next;
  uint64_t result = 0;
  for (unsigned shift = 0; p < end; shift += 7) {
    const uint64_t byte = *p++;
    // The tenth byte has room for one bit only, and is the last.
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

// A varint of at most 8 bytes is read as one word: its bytes end at the first without the high bit,
// and their groups of 7 bits close up pairwise. Lengths vary from one to the next, so that a branch
// for each byte would be guessed wrong.
inline bool ReadWordVarint(const uint8_t** next, const uint8_t* end, uint64_t* value) {
  const uint8_t* p = *next;
  const uint64_t word = LoadU64(p);
  const uint64_t ends = ~word & 0x8080808080808080;
  if (ends == 0) [[unlikely]]
    return ReadLongVarint(next, end, value);
  const int bytes = std::countr_zero(ends) / 8 + 1;
  if (bytes > end - p) return false;
  uint64_t bits = word & (ends ^ (ends - 1)) & 0x7f7f7f7f7f7f7f7f;
  bits = (bits & 0x007f007f007f007f) | (bits & 0x7f007f007f007f00) >> 1;
  bits = (bits & 0x00003fff00003fff) | (bits & 0x3fff00003fff0000) >> 2;
  *value = (bits & 0x0fffffff) | (bits & 0x0fffffff00000000) >> 4;
  *next = p + bytes;
  return true;
}

// Reads `width` <= 31 bits from bit `bit` on; touches 8 bytes.
inline uint64_t LoadField(const uint8_t* base, size_t bit, unsigned width) {
  return LoadU64(base + bit / 8) >> (bit % 8) & ((uint64_t{1} << width) - 1);
}

// Without the instruction, which not all machines have, std::popcount is a call.
inline uint32_t CountBits(uint32_t word) {
  word -= word >> 1 & 0x55555555;
  word = (word & 0x33333333) + (word >> 2 & 0x33333333);
  return ((word + (word >> 4)) & 0x0f0f0f0f) * 0x01010101 >> 24;
}

inline uint32_t CommonPrefix(const uint8_t* a, uint32_t a_bytes, const uint8_t* b,
                             uint32_t b_bytes) {
  const uint32_t limit = std::min(a_bytes, b_bytes);
  uint32_t i = 0;
  while (i < limit && a[i] == b[i]) ++i;
  return i;
}

// Most have one byte or two.
inline bool ReadVarint(const uint8_t** next, const uint8_t* end, uint64_t* value) {
  const uint8_t* p = *next;
  if (end - p < 2) return ReadLongVarint(next, end, value);
  if (p[0] < 0x80) {
    *value = p[0];
    *next = p + 1;
    return true;
  }
  if (p[1] >= 0x80) return ReadWordVarint(next, end, value);
  *value = (p[0] & 0x7fu) | uint32_t{p[1]} << 7;
  *next = p + 2;
  return true;
}

// The term that is searched for.
struct Wanted {
  const uint8_t* bytes = nullptr;
  uint32_t size = 0;
};

// Compares a term that shares *matched bytes with the wanted one and goes on with a suffix.
// True: it is not below it, and *found says whether it is the same. Otherwise *matched grows.
inline bool Passes(const Wanted& wanted, uint32_t* matched, const uint8_t* suffix,
                   uint32_t suffix_bytes, bool* found) {
  const uint32_t more =
      CommonPrefix(suffix, suffix_bytes, wanted.bytes + *matched, wanted.size - *matched);
  *matched += more;
  if (*matched == wanted.size) {
    *found = more == suffix_bytes;
    return true;
  }
  return more < suffix_bytes && suffix[more] > wanted.bytes[*matched];
}

// The same for a front-coded term. REQUIRES: *matched < wanted.size.
inline bool Passes(const Wanted& wanted, uint32_t* matched, const FrontCodedTerm& term,
                   bool* found) {
  const uint8_t byte = wanted.bytes[*matched];
  if (term.next != byte) return term.next > byte;
  ++*matched;
  return Passes(wanted, matched, term.rest, term.rest_bytes, found);
}

inline bool AddTo(uint64_t* sum, uint64_t value) {
  return !__builtin_add_overflow(*sum, value, sum);
}

// How many values of a width are whole in 8 bytes, from any bit of the first byte on.
constexpr std::array<uint8_t, 32> kRowsInLoad = [] {
  std::array<uint8_t, 32> rows{};
  for (unsigned width = 1; width < 32; ++width) rows[width] = static_cast<uint8_t>(57 / width);
  return rows;
}();

// The promises of Dictionary::Find.
bool WithinField(const TermMeta& meta, const DictionaryFieldMeta& field) {
  SEGUE_DCHECK_GE(meta.total_freq, meta.doc_freq);  // as it is stored: the excess over it
  return meta.doc_freq >= 1 && meta.doc_freq <= field.max_doc_freq &&
         meta.single_doc <= field.max_single_doc;
}

}  // namespace

// Eight at a time, a byte each. A nibble of 15 plus 113 has the high bit.
bool FrontCodeCursor::IsPlain(uint32_t terms) const {
  constexpr uint64_t kOnes = 0x0101010101010101, kHighBits = 0x80 * kOnes, kNibbles = 0x0f * kOnes;
  uint64_t escaped = 0, all_rests = 0;
  for (uint32_t i = 0; i < terms; i += 8) {
    uint64_t heads = LoadU64(head + i);
    if (terms - i < 8) heads &= (uint64_t{1} << (8 * (terms - i))) - 1;
    const uint64_t shared = heads >> 4 & kNibbles, rests = heads & kNibbles;
    escaped |= (shared + 113 * kOnes) | (rests + 113 * kOnes);
    all_rests += rests * kOnes >> 56;
  }
  return (escaped & kHighBits) == 0 && all_rests <= static_cast<size_t>(rest_end - rest);
}

bool FrontCodeCursor::NextEscaped(FrontCodedTerm* term) {
  uint64_t shared = *head >> 4;
  uint64_t rest_bytes = *head & 15u;
  uint64_t more = 0;
  if (shared == 15) [[unlikely]] {
    if (!ReadVarint(&escape, escape_end, &more) || more > kMaxTermBytes) return false;
    shared += more;
  }
  if (rest_bytes == 15) [[unlikely]] {
    if (!ReadVarint(&escape, escape_end, &more) || more > kMaxTermBytes) return false;
    rest_bytes += more;
  }
  return Take(static_cast<uint32_t>(shared), static_cast<uint32_t>(rest_bytes), term);
}

bool DictionaryBlock::Fail(const uint8_t* at, const char* what, BlockProblem* problem) const {
  problem->offset = static_cast<size_t>(at - begin_);
  problem->what = what;
  return false;
}

bool DictionaryBlock::OpenTerms(std::span<const uint8_t> bytes, uint32_t term_count,
                                BlockProblem* problem) {
  SEGUE_DCHECK(term_count >= 1 && term_count <= kTermsPerBlock);
  begin_ = bytes.data();
  end_ = begin_ + bytes.size();
  term_count_ = term_count;
  const uint8_t* next = begin_;
  uint64_t first_bytes = 0, escape_bytes = 0, rest_bytes = 0;
  if (!ReadVarint(&next, end_, &first_bytes) || !ReadVarint(&next, end_, &escape_bytes) ||
      !ReadVarint(&next, end_, &rest_bytes)) {
    return Fail(next, "the three lengths of a dictionary block end early", problem);
  }
  const size_t left = static_cast<size_t>(end_ - next);
  const uint64_t head_bytes = term_count - 1;
  if (first_bytes > kMaxTermBytes || escape_bytes > left || rest_bytes > left ||
      first_bytes + 2 * head_bytes + escape_bytes + rest_bytes > left) {
    return Fail(begin_, "a dictionary block's terms are longer than the block", problem);
  }
  first_term_ = std::string_view(reinterpret_cast<const char*>(next), first_bytes);
  terms_.head = next + first_bytes;
  terms_.next = terms_.head + head_bytes;
  terms_.escape = terms_.next + head_bytes;
  terms_.escape_end = terms_.escape + escape_bytes;
  terms_.rest = terms_.escape_end;
  terms_.rest_end = terms_.rest + rest_bytes;
  return true;
}

bool DictionaryBlock::OpenMeta(BlockProblem* problem) {
  const uint8_t *const begin = terms_.rest_end, *const end = end_;
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
  uint64_t widths = LoadU32(begin + 8) | uint64_t{begin[12]} << 32;
  const uint8_t* next = begin + kFixedBytes;
  for (uint64_t* const base : {&post_base_, &pos_base_, &bound_base_}) {
    if (!ReadWordVarint(&next, end, base)) {
      return Fail(next, "a dictionary block's base offsets end early", problem);
    }
  }
  columns_ = next;
  const uint32_t single_count = CountBits(singles_);
  const uint32_t middle_count = term_count_ - single_count - CountBits(wides_);
  uint32_t bit = 0;
  for (int column = 0; column < kColumns; ++column, widths >>= 5) {
    const auto width = static_cast<uint32_t>(widths & 31);
    columns_at_[column] = {.bit = bit, .width = width};
    bit += width * (column <= kSinglePos ? single_count : middle_count);
  }
  if ((bit + 7) / 8 > static_cast<size_t>(end - next)) {
    return Fail(next, "a dictionary block's metadata columns are longer than the block", problem);
  }
  wide_records_ = next + (bit + 7) / 8;
  return true;
}

bool DictionaryBlock::Search(std::string_view term, uint32_t* position, bool* found,
                             BlockProblem* problem) const {
  const Wanted wanted{reinterpret_cast<const uint8_t*>(term.data()),
                      static_cast<uint32_t>(term.size())};
  *position = 0;
  *found = false;
  const auto* first = reinterpret_cast<const uint8_t*>(first_term_.data());
  // Bytes that `wanted` shares with the current term, which is below it.
  uint32_t matched = 0;
  if (Passes(wanted, &matched, first, static_cast<uint32_t>(first_term_.size()), found))
    return true;
  if (terms_.IsPlain(term_count_ - 1)) {
    *position = SearchPlain(term, matched, found);
    return true;
  }
  FrontCodeCursor terms = terms_;
  for (uint32_t i = 1; i < term_count_; ++i) {
    *position = i;
    FrontCodedTerm next;
    if (!terms.Next(&next)) {
      return Fail(terms.rest, "a dictionary term is longer than its block", problem);
    }
    if (next.shared_bytes > matched) continue;
    if (next.shared_bytes < matched || Passes(wanted, &matched, next, found)) return true;
  }
  *position = term_count_;
  return true;
}

// `matched`: bytes that `term` shares with the first one, which is below it.
uint32_t DictionaryBlock::SearchPlain(std::string_view term, uint32_t matched, bool* found) const {
  const Wanted wanted{reinterpret_cast<const uint8_t*>(term.data()),
                      static_cast<uint32_t>(term.size())};
  const uint8_t* rest = terms_.rest;
  for (uint32_t i = 1; i < term_count_; ++i) {
    const uint32_t head = terms_.head[i - 1];
    const uint32_t shared = head >> 4, rest_bytes = head & 15;
    if (shared < matched) return i;
    if (shared == matched) {
      const FrontCodedTerm next = {.shared_bytes = shared,
                                   .rest_bytes = rest_bytes,
                                   .rest = rest,
                                   .next = terms_.next[i - 1]};
      if (Passes(wanted, &matched, next, found)) return i;
    }
    rest += rest_bytes;
  }
  return term_count_;
}

uint64_t DictionaryBlock::Value(Column column, uint32_t row) const {
  const auto [bit, width] = columns_at_[column];
  return LoadField(columns_, bit + size_t{width} * row, width);
}

uint64_t DictionaryBlock::Sum(Column column, uint32_t rows) const {
  auto [bit, width] = columns_at_[column];
  if (width == 0) return 0;
  const uint64_t mask = (uint64_t{1} << width) - 1;
  const uint32_t rows_in_load = kRowsInLoad[width];
  uint64_t sum = 0;
  while (rows > 0) {
    const uint32_t loaded = std::min(rows, rows_in_load);
    uint64_t values = LoadU64(columns_ + bit / 8) >> (bit % 8);
    for (uint32_t i = 0; i < loaded; ++i, values >>= width) sum += values & mask;
    bit += loaded * width;
    rows -= loaded;
  }
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

[[gnu::always_inline]] inline bool DictionaryBlock::ReadWide(const uint8_t** next,
                                                             TermMeta* meta) const {
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
  const uint32_t singles_before = CountBits(singles_ & below);
  const uint32_t wides_before = CountBits(wides_ & below);
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
