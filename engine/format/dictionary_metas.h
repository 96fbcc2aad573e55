// SPDX-License-Identifier: Apache-2.0
//
// DictionaryMetas: the metadata of neighbouring terms, for whoever needs no term: blocks are read
// as a whole, and their terms not at all.
//
//   DictionaryMetas metas(dictionary, dictionary.PrefixRange("sea").value());
//   while (const TermMeta* meta = metas.Next()) …;
//   return metas.status();
#ifndef SEGUE_FORMAT_DICTIONARY_METAS_H_
#define SEGUE_FORMAT_DICTIONARY_METAS_H_

#include <array>
#include <cstdint>

#include "absl/status/status.h"
#include "engine/format/dictionary_blocks.h"

namespace segue {

// One thread; the dictionary may go away before it.
class DictionaryMetas {
 public:
  // Of the terms with these ordinals; of those that there are, if it is more.
  DictionaryMetas(const Dictionary& dictionary, Dictionary::OrdinalRange range);

  // In ascending order of terms; nullptr: no more, or an error. Valid until the next call.
  const TermMeta* Next() {
    if (next_ == end_in_block_ && !Load()) return nullptr;
    return &metas_[next_++];
  }
  // kDataLoss of the dictionary.
  const absl::Status& status() const { return status_; }

 private:
  bool Load();

  Dictionary::Blocks blocks_;
  uint64_t ordinal_;  // of the first term of the next block to be read that is wanted
  uint64_t end_;
  uint32_t next_ = 0;  // in the block
  uint32_t end_in_block_ = 0;
  absl::Status status_;
  std::array<TermMeta, kTermsPerBlock> metas_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_DICTIONARY_METAS_H_
