// SPDX-License-Identifier: Apache-2.0
//
// Encodes one block of a dictionary. Terms are front-coded as they come; metadata is kept until the
// block is full, because the widths of its bit columns depend on all of it.
#include <algorithm>
#include <bit>
#include <span>
#include <string>

#include "engine/base/byte_writer.h"
#include "engine/base/check.h"
#include "engine/format/bit_appender.h"
#include "engine/format/dictionary_block.h"

namespace segue {
namespace {

// Terms with at least so many documents may become wide records.
constexpr uint32_t kWideThresholds[] = {4, 8, 16, 32, 64, 128};

// Column widths are stored in 5 bits; a greater value makes its term wide.
constexpr uint64_t kMaxColumnValue = (uint64_t{1} << 31) - 1;

// The rows of the two groups of columns.
struct Rows {
  std::array<std::array<uint64_t, 3>, kTermsPerBlock> single;
  std::array<std::array<uint64_t, 4>, kTermsPerBlock> middle;
  uint32_t single_count = 0;
  uint32_t middle_count = 0;
  uint32_t singles = 0;
  uint32_t wides = 0;
};

bool MustBeWide(const TermMeta& meta) {
  return meta.bound_bytes != 0 || meta.total_freq - meta.doc_freq > kMaxColumnValue ||
         meta.post_bytes > kMaxColumnValue || meta.pos_bytes > kMaxColumnValue;
}

void PutWide(const TermMeta& meta, ByteWriter* out) {
  out->PutVarint32(meta.doc_freq);
  out->PutVarint64(meta.total_freq - meta.doc_freq);
  out->PutVarint64(meta.doc_freq == 1 ? meta.single_doc : meta.post_bytes);
  out->PutVarint64(meta.pos_bytes);
  out->PutVarint64(meta.bound_bytes);
}

Rows SortIntoRows(std::span<const TermMeta> metas, uint32_t wide_from) {
  Rows rows;
  for (uint32_t i = 0; i < metas.size(); ++i) {
    const TermMeta& meta = metas[i];
    const uint64_t extra = meta.total_freq - meta.doc_freq;
    if (MustBeWide(meta) || meta.doc_freq >= wide_from) {
      rows.wides |= uint32_t{1} << i;
    } else if (meta.doc_freq == 1) {
      rows.singles |= uint32_t{1} << i;
      rows.single[rows.single_count++] = {meta.single_doc, extra, meta.pos_bytes};
    } else {
      rows.middle[rows.middle_count++] = {meta.doc_freq - 2, extra, meta.post_bytes,
                                          meta.pos_bytes};
    }
  }
  return rows;
}

template <typename Table>
void PutColumns(const Table& table, uint32_t row_count, std::span<const unsigned> widths,
                BitAppender* bits) {
  for (size_t column = 0; column < widths.size(); ++column) {
    for (uint32_t row = 0; row < row_count; ++row) bits->Put(table[row][column], widths[column]);
  }
}

template <typename Table>
void FindWidths(const Table& table, uint32_t row_count, std::span<unsigned> widths) {
  for (size_t column = 0; column < widths.size(); ++column) {
    uint64_t any = 0;
    for (uint32_t row = 0; row < row_count; ++row) any |= table[row][column];
    widths[column] = static_cast<unsigned>(std::bit_width(any));
  }
}

unsigned VarintBytes(uint64_t value) { return value == 0 ? 1 : (std::bit_width(value) + 6) / 7; }

// Bits that columns and wide records take with a threshold; what else a block has does not depend
// on it.
size_t CountBits(std::span<const TermMeta> metas, uint32_t wide_from) {
  std::array<uint64_t, 3> single{};
  std::array<uint64_t, 4> middle{};
  size_t single_count = 0, middle_count = 0, wide_bytes = 0;
  for (const TermMeta& meta : metas) {
    const uint64_t extra = meta.total_freq - meta.doc_freq;
    if (MustBeWide(meta) || meta.doc_freq >= wide_from) {
      wide_bytes += VarintBytes(meta.doc_freq) + VarintBytes(extra) +
                    VarintBytes(meta.doc_freq == 1 ? meta.single_doc : meta.post_bytes) +
                    VarintBytes(meta.pos_bytes) + VarintBytes(meta.bound_bytes);
    } else if (meta.doc_freq == 1) {
      ++single_count;
      single[0] |= meta.single_doc;
      single[1] |= extra;
      single[2] |= meta.pos_bytes;
    } else {
      ++middle_count;
      middle[0] |= meta.doc_freq - 2;
      middle[1] |= extra;
      middle[2] |= meta.post_bytes;
      middle[3] |= meta.pos_bytes;
    }
  }
  size_t bits = wide_bytes * 8;
  for (const uint64_t any : single) bits += single_count * std::bit_width(any);
  for (const uint64_t any : middle) bits += middle_count * std::bit_width(any);
  return bits;
}

uint32_t BestThreshold(std::span<const TermMeta> metas) {
  uint32_t best = UINT32_MAX;
  size_t best_bits = CountBits(metas, best);
  for (const uint32_t threshold : kWideThresholds) {
    const size_t bits = CountBits(metas, threshold);
    if (bits < best_bits) {
      best_bits = bits;
      best = threshold;
    }
  }
  return best;
}

// Where the block's lists of one kind start: the offset of an empty list means nothing.
uint64_t Base(std::span<const TermMeta> metas, uint64_t TermMeta::*offset,
              uint64_t TermMeta::*bytes) {
  for (const TermMeta& meta : metas) {
    if (meta.*bytes != 0) return meta.*offset;
  }
  return metas[0].*offset;
}

void PutMeta(std::span<const TermMeta> metas, uint32_t wide_from, ByteWriter* out) {
  const Rows rows = SortIntoRows(metas, wide_from);
  std::array<unsigned, 7> widths{};
  FindWidths(rows.single, rows.single_count, std::span(widths).first(3));
  FindWidths(rows.middle, rows.middle_count, std::span(widths).subspan(3));
  uint64_t packed_widths = 0;
  for (size_t i = 0; i < widths.size(); ++i) packed_widths |= uint64_t{widths[i]} << (5 * i);

  out->PutU32(rows.singles);
  out->PutU32(rows.wides);
  out->PutU32(static_cast<uint32_t>(packed_widths));
  out->PutU8(static_cast<uint8_t>(packed_widths >> 32));
  out->PutVarint64(Base(metas, &TermMeta::post_offset, &TermMeta::post_bytes));
  out->PutVarint64(Base(metas, &TermMeta::pos_offset, &TermMeta::pos_bytes));
  out->PutVarint64(Base(metas, &TermMeta::bound_offset, &TermMeta::bound_bytes));
  std::string columns;
  BitAppender bits(&columns);
  PutColumns(rows.single, rows.single_count, std::span(widths).first(3), &bits);
  PutColumns(rows.middle, rows.middle_count, std::span(widths).subspan(3), &bits);
  bits.Flush();
  out->PutBytes(columns);
  for (uint32_t i = 0; i < metas.size(); ++i) {
    if (rows.wides >> i & 1) PutWide(metas[i], out);
  }
}

}  // namespace

void DictionaryBlockBuilder::Add(std::string_view term, const TermMeta& meta) {
  SEGUE_DCHECK(!full());
  if (term_count_ == 0) {
    first_term_ = term;
  } else {
    const size_t shared = static_cast<size_t>(
        std::mismatch(term.begin(), term.end(), last_term_.begin(), last_term_.end()).first -
        term.begin());
    SEGUE_DCHECK(shared < term.size());
    const size_t rest = term.size() - shared - 1;
    const size_t head = std::min<size_t>(shared, 15) << 4 | std::min<size_t>(rest, 15);
    heads_.push_back(static_cast<char>(head));
    nexts_.push_back(term[shared]);
    ByteWriter escape;
    if (shared >= 15) escape.PutVarint64(shared - 15);
    if (rest >= 15) escape.PutVarint64(rest - 15);
    escapes_ += escape.view();
    rests_ += term.substr(shared + 1);
  }
  last_term_ = term;
  metas_[term_count_++] = meta;
}

void DictionaryBlockBuilder::Finish(std::string* out) {
  SEGUE_DCHECK(term_count_ > 0);
  const std::span<const TermMeta> metas(metas_.data(), term_count_);
  ByteWriter block;
  block.PutVarint64(first_term_.size());
  block.PutVarint64(escapes_.size());
  block.PutVarint64(rests_.size());
  block.PutBytes(first_term_);
  block.PutBytes(heads_);
  block.PutBytes(nexts_);
  block.PutBytes(escapes_);
  block.PutBytes(rests_);
  PutMeta(metas, BestThreshold(metas), &block);
  *out += block.view();

  term_count_ = 0;
  heads_.clear();
  nexts_.clear();
  escapes_.clear();
  rests_.clear();
}

}  // namespace segue
