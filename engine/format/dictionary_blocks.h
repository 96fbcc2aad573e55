// SPDX-License-Identifier: Apache-2.0
//
// The blocks of a dictionary one by one, for whoever can make do without most of what stands in
// them: a walk that looks at the terms of a block while they are still front-coded.
#ifndef SEGUE_FORMAT_DICTIONARY_BLOCKS_H_
#define SEGUE_FORMAT_DICTIONARY_BLOCKS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "engine/format/dictionary_block.h"
#include "engine/format/dictionary_reader.h"

namespace segue {

// Keeps the dictionary alive. Not thread-safe.
class Dictionary::Blocks {
 public:
  explicit Blocks(const Dictionary& dictionary);
  ~Blocks();

  uint64_t block_count() const;
  // The only block that can hold the term, which is above the first of block `from`. REQUIRES: from
  // < block_count().
  uint64_t FindBehind(uint64_t from, std::string_view term) const;

  // Whether no term of this block, or behind it, begins with `prefix`, as some before it does; by
  // the index: true is sure. REQUIRES: number < block_count().
  bool IsBehind(uint64_t number, std::string_view prefix) const;

  // Brings a block into view, until the next call. REQUIRES: number < block_count().
  // Errors: kDataLoss.
  absl::Status Load(uint64_t number);
  // REQUIRES for all below: Load() gave OK. The terms alone can be looked at.
  const DictionaryBlock& block() const { return block_; }
  absl::Status ReadMeta(uint32_t position, TermMeta* meta);
  absl::Status ReadAllMeta(std::array<TermMeta, kTermsPerBlock>* metas);
  // kDataLoss, at a byte of the block.
  [[gnu::cold]] absl::Status Corrupt(const uint8_t* at, const char* what) const;

 private:
  bool OpenMeta(BlockProblem* problem);

  std::shared_ptr<const Data> data_;
  uint64_t number_ = 0;
  bool has_meta_ = false;
  PinnedBytes bytes_;
  DictionaryBlock block_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_DICTIONARY_BLOCKS_H_
