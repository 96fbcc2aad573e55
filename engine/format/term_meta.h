// SPDX-License-Identifier: Apache-2.0
//
// TermMeta: everything that the dictionary knows about one term of one field.
//
// The postings writer fills it, the dictionary stores it, the readers open
// lists from it. Offsets count from the start of the section (file body) that
// they point into. Lists of consecutive terms lie one after the other without
// gaps in each of the three files (padding belongs to the list that needs it),
// so a dictionary may store byte lengths only and add them up.

#ifndef SEGUE_FORMAT_TERM_META_H_
#define SEGUE_FORMAT_TERM_META_H_

#include <cstdint>

#include "engine/base/types.h"

namespace segue {

struct TermMeta {
  uint32_t doc_freq = 0;    // documents that hold the term, at least 1
  uint64_t total_freq = 0;  // occurrences in all of them, at least doc_freq
  DocId single_doc = 0;     // the document, when doc_freq == 1 (no .post bytes)

  uint64_t post_offset = 0;   // documents and frequencies
  uint64_t post_bytes = 0;    // 0 when doc_freq == 1
  uint64_t pos_offset = 0;    // positions
  uint64_t pos_bytes = 0;     // 0 when the field has no positions
  uint64_t bound_offset = 0;  // score bounds
  uint64_t bound_bytes = 0;   // 0 when doc_freq < kBoundMinDocFreq

  friend bool operator==(const TermMeta&, const TermMeta&) = default;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_TERM_META_H_
