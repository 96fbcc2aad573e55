// SPDX-License-Identifier: Apache-2.0
//
// What the writer and the reader of term dictionaries share. The grammar stands at the head of
// dictionary_writer.cc and, with a worked example, in docs/format.md.
#ifndef SEGUE_FORMAT_DICTIONARY_FORMAT_H_
#define SEGUE_FORMAT_DICTIONARY_FORMAT_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/byte_reader.h"
#include "engine/base/byte_writer.h"
#include "engine/base/types.h"
#include "engine/format/term_meta.h"

namespace segue {

// Terms per front-coded block. A look-up walks half a block on average: 16 short steps.
inline constexpr uint32_t kTermsPerBlock = 32;

// Terms are at most kMaxTermBytes (limits.h) long and may hold any bytes; the empty term is legal.

// Where one field's dictionary lies in the terms file and what it promises. It is kept in the
// segment's metadata. The two maxima let a reader refuse entries that point outside the segment
// before anyone uses them: a decoded segment metadata guarantees that both fit its doc_count.
struct DictionaryFieldMeta {
  uint64_t term_count = 0;
  uint64_t blocks_offset = 0;  // of the first block, in the body of the terms file
  uint64_t blocks_bytes = 0;
  uint64_t index_offset = 0;
  uint64_t index_bytes = 0;
  uint32_t max_doc_freq = 0;  // over the field's terms
  DocId max_single_doc = 0;   // greatest inlined document of a term with doc_freq 1

  void Encode(ByteWriter* out) const;
  static absl::StatusOr<DictionaryFieldMeta> Decode(ByteReader* in);

  friend bool operator==(const DictionaryFieldMeta&, const DictionaryFieldMeta&) = default;
};

// One term of a dictionary. Ordinals count the terms of a field from 0 in ascending byte order.
struct TermEntry {
  uint64_t ordinal = 0;
  TermMeta meta;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_DICTIONARY_FORMAT_H_
