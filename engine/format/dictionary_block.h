// SPDX-License-Identifier: Apache-2.0
//
// One block of a term dictionary: up to 32 front-coded terms and their metadata. The encoder and
// the decoder stand side by side here; the dictionary writer and reader move whole blocks.
//
// Grammar (all integers little endian, varints 7 bits a byte, low bits first):
//
//   block    = varint first_bytes, varint escape_bytes, varint suffix_bytes,
//              first term, heads, escapes, suffixes, metadata
//   heads    = one byte for each term but the first: high nibble = bytes shared with the term
//              before, low nibble = bytes that follow them, less 1. A nibble of 15 adds a varint
//              of the escapes (in term order, shared before following).
//   suffixes = what follows the shared bytes, of all terms but the first
//   metadata = u32 singles, u32 wides, 5 bytes widths, varint post_base, varint pos_base,
//              varint bound_base, bit columns, wide records
//
// Bit i of `singles`: term i has one document; of `wides`: its metadata is a wide record; neither:
// it is a middle term. The bit columns follow each other, lowest bit first, without padding but at
// the end: for singles document, total_freq - 1, pos_bytes; for middle terms doc_freq - 2,
// total_freq - doc_freq, post_bytes, pos_bytes. Their seven widths of 5 bits each are in `widths`,
// first column lowest. Middle terms have no bounds.
//
//   wide     = varint doc_freq, varint total_freq - doc_freq,
//              doc_freq == 1 ? varint document : varint post_bytes,
//              varint pos_bytes, varint bound_bytes
//
// Offsets are sums: lists lie in term order, so a term's offset is the base plus the bytes of the
// terms before it in the block.
//
// Why wide records instead of wider columns: one frequent term among 31 rare ones would widen four
// columns for all of them. The encoder tries each threshold of kWideThresholds and keeps the one
// that takes the fewest bytes. (Decision D19 suggests a fixed-size record from doc_freq 128 on;
// on 725,000 terms of English Wikipedia that takes 48 bytes for each of 11,000 terms instead of
// about 12, and a look-up would save about 30 ns.)
#ifndef SEGUE_FORMAT_DICTIONARY_BLOCK_H_
#define SEGUE_FORMAT_DICTIONARY_BLOCK_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/format/dictionary_format.h"

namespace segue {

// More than a block can take: 32 of the longest terms and metadata.
inline constexpr size_t kMaxDictionaryBlockBytes = 2u << 20;

// ---- Encoding ----

class DictionaryBlockBuilder {
 public:
  // REQUIRES: !full(), term > the term before, both at most kMaxTermBytes.
  void Add(std::string_view term, const TermMeta& meta);

  uint32_t term_count() const { return term_count_; }
  bool full() const { return term_count_ == kTermsPerBlock; }
  std::string_view last_term() const { return last_term_; }

  // Appends the block and starts the next one. REQUIRES: term_count() > 0.
  void Finish(std::string* out);

 private:
  uint32_t term_count_ = 0;
  std::string first_term_;
  std::string last_term_;
  std::string heads_;
  std::string escapes_;
  std::string suffixes_;
  std::array<TermMeta, kTermsPerBlock> metas_;
};

// ---- Decoding ----

// What is wrong with a block and where, counted from its first byte.
struct BlockProblem {
  size_t offset = 0;
  const char* what = nullptr;
};

// Walks the terms of a block without building them: how each continues the one before.
struct FrontCodeCursor {
  const uint8_t* head = nullptr;
  const uint8_t* escape = nullptr;
  const uint8_t* escape_end = nullptr;
  const uint8_t* suffix = nullptr;
  const uint8_t* suffix_end = nullptr;

  // The next term shares `shared_bytes` with the one before and continues with `suffix_bytes`
  // (at least 1) bytes from `suffix_begin`. False: the block is damaged.
  bool Next(uint32_t* shared_bytes, const uint8_t** suffix_begin, uint32_t* suffix_bytes) {
    const uint32_t shared = *head >> 4, following = (*head & 15u) + 1;
    if (shared == 15 || following == 16) [[unlikely]] {
      return NextEscaped(shared_bytes, suffix_begin, suffix_bytes);
    }
    if (following > static_cast<size_t>(suffix_end - suffix)) return false;
    ++head;
    *shared_bytes = shared;
    *suffix_begin = suffix;
    *suffix_bytes = following;
    suffix += following;
    return true;
  }

  // Whether none of the next `terms` terms has an escape and all their bytes are there.
  bool IsPlain(uint32_t terms) const;

 private:
  bool NextEscaped(uint32_t* shared_bytes, const uint8_t** suffix_begin, uint32_t* suffix_bytes);
};

// A view of a block's bytes, which must stay pinned. Reads up to 8 bytes past the end (pins have
// 64 bytes of slack), uses none of them.
class DictionaryBlock {
 public:
  // REQUIRES: 1 <= term_count <= kTermsPerBlock.
  bool Open(std::span<const uint8_t> bytes, uint32_t term_count, BlockProblem* problem) {
    return OpenTerms(bytes, term_count, problem) && OpenMeta(problem);
  }
  // Its two halves, for whoever looks at the terms of many blocks and the metadata of few.
  bool OpenTerms(std::span<const uint8_t> bytes, uint32_t term_count, BlockProblem* problem);
  bool OpenMeta(BlockProblem* problem);

  uint32_t term_count() const { return term_count_; }
  std::string_view first_term() const { return first_term_; }
  FrontCodeCursor Terms() const { return terms_; }

  // Sets *position to the number of terms below `term` and *found to whether it is here.
  bool Search(std::string_view term, uint32_t* position, bool* found, BlockProblem* problem) const;

  // The metadata of one term or of all, checked against the field's maxima.
  // REQUIRES: position < term_count().
  bool ReadMeta(uint32_t position, const DictionaryFieldMeta& field, TermMeta* meta,
                BlockProblem* problem) const;
  bool ReadAllMeta(const DictionaryFieldMeta& field, std::array<TermMeta, kTermsPerBlock>* metas,
                   BlockProblem* problem) const;

 private:
  static constexpr int kColumns = 7;
  enum Column {
    kSingleDoc,
    kSingleExtra,  // total_freq - doc_freq
    kSinglePos,
    kMiddleFreq,  // doc_freq - 2
    kMiddleExtra,
    kMiddlePost,
    kMiddlePos,
  };

  // Search among terms that are all plain.
  uint32_t SearchPlain(std::string_view term, uint32_t matched, bool* found) const;
  uint64_t Value(Column column, uint32_t row) const;
  uint64_t Sum(Column column, uint32_t rows) const;
  // These fill all but the offsets.
  void ReadSingle(uint32_t row, TermMeta* meta) const;
  void ReadMiddle(uint32_t row, TermMeta* meta) const;
  bool ReadWide(const uint8_t** next, TermMeta* meta) const;
  [[gnu::cold]] bool Fail(const uint8_t* at, const char* what, BlockProblem* problem) const;

  const uint8_t* begin_ = nullptr;
  const uint8_t* end_ = nullptr;
  uint32_t term_count_ = 0;
  std::string_view first_term_;
  FrontCodeCursor terms_;
  uint32_t singles_ = 0;
  uint32_t wides_ = 0;
  uint64_t post_base_ = 0;
  uint64_t pos_base_ = 0;
  uint64_t bound_base_ = 0;
  const uint8_t* columns_ = nullptr;
  struct ColumnPlace {
    uint32_t bit = 0;  // where it starts
    uint32_t width = 0;
  };
  std::array<ColumnPlace, kColumns> columns_at_{};
  const uint8_t* wide_records_ = nullptr;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_DICTIONARY_BLOCK_H_
