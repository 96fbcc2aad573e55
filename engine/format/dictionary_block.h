// SPDX-License-Identifier: Apache-2.0
//
// One block of a term dictionary: up to 32 front-coded terms and their metadata. The encoder and
// the decoder stand side by side here; the dictionary writer and reader move whole blocks.
//
// Grammar (all integers little endian, varints 7 bits a byte, low bits first):
//
//   block    = varint first_bytes, varint escape_bytes, varint rest_bytes,
//              first term, heads, nexts, escapes, rests, metadata
//   heads    = one byte for each term but the first: high nibble = bytes shared with the term
//              before, low nibble = bytes of the rest. A nibble of 15 adds a varint of the escapes
//              (in term order, shared before rest).
//   nexts    = the byte behind the shared ones, of each term but the first: it is what most terms
//              are told apart by, so those of a block are looked at together
//   rests    = what follows that byte, of all terms but the first
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
  std::string nexts_;
  std::string escapes_;
  std::string rests_;
  std::array<TermMeta, kTermsPerBlock> metas_;
};

// ---- Decoding ----

// What is wrong with a block and where, counted from its first byte.
struct BlockProblem {
  size_t offset = 0;
  const char* what = nullptr;
};

// How a term continues the one before it.
struct FrontCodedTerm {
  uint32_t shared_bytes = 0;  // with the one before
  uint32_t rest_bytes = 0;
  const uint8_t* rest = nullptr;  // what follows `next`
  uint8_t next = 0;               // the byte behind the shared ones

  size_t size() const { return size_t{shared_bytes} + 1 + rest_bytes; }
};

// Walks the terms of a block without building them.
struct FrontCodeCursor {
  const uint8_t* head = nullptr;
  const uint8_t* next = nullptr;
  const uint8_t* escape = nullptr;
  const uint8_t* escape_end = nullptr;
  const uint8_t* rest = nullptr;
  const uint8_t* rest_end = nullptr;

  // False: the block is damaged.
  bool Next(FrontCodedTerm* term) {
    const uint32_t shared = *head >> 4, rest_bytes = *head & 15u;
    if (shared == 15 || rest_bytes == 15) [[unlikely]] {
      return NextEscaped(term);
    }
    return Take(shared, rest_bytes, term);
  }

  // Whether none of the next `terms` terms has an escape and all their bytes are there.
  bool IsPlain(uint32_t terms) const;

 private:
  bool NextEscaped(FrontCodedTerm* term);
  bool Take(uint32_t shared, uint32_t rest_bytes, FrontCodedTerm* term) {
    if (rest_bytes > static_cast<size_t>(rest_end - rest)) return false;
    *term = {.shared_bytes = shared, .rest_bytes = rest_bytes, .rest = rest, .next = *next};
    ++head;
    ++next;
    rest += rest_bytes;
    return true;
  }
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
