// SPDX-License-Identifier: Apache-2.0
//
// What a dictionary and its iterators share: the section, the pinned index, and how a block is
// brought into view. Included by dictionary_reader.cc, dictionary_iterator.cc and
// dictionary_blocks.cc only.
#ifndef SEGUE_FORMAT_DICTIONARY_DATA_H_
#define SEGUE_FORMAT_DICTIONARY_DATA_H_

#include <cstdint>

#include "engine/format/dictionary_block.h"
#include "engine/format/dictionary_index.h"
#include "engine/format/dictionary_reader.h"

namespace segue {

struct Dictionary::Data {
  Section terms;
  DictionaryFieldMeta meta;
  DictionaryIndex index;

  uint32_t TermsInBlock(uint64_t block) const;
  // `view` reads `bytes`, which must live as long.
  absl::Status PinBlock(uint64_t block, PinnedBytes* bytes, DictionaryBlock* view) const;
  // Its two halves; and of the second, that for the terms alone.
  absl::StatusOr<PinnedBytes> Pin(uint64_t block) const;
  absl::Status OpenTerms(uint64_t block, const PinnedBytes& bytes, DictionaryBlock* view) const;
  absl::Status Open(uint64_t block, const PinnedBytes& bytes, DictionaryBlock* view) const;
  [[gnu::cold]] absl::Status Corrupt(uint64_t block, const BlockProblem& problem) const;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_DICTIONARY_DATA_H_
