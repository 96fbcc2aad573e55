// SPDX-License-Identifier: Apache-2.0
//
// Blocks of a column as parts of a window.
#ifndef SEGUE_EXEC_COLUMN_WINDOW_H_
#define SEGUE_EXEC_COLUMN_WINDOW_H_

#include <cstdint>

#include "engine/exec/window.h"
#include "engine/format/column_reader.h"

namespace segue::exec {

// Words of a block.
inline constexpr uint32_t kColumnWords = kColumnBlockDocs / kWordDocs;
static_assert(kWindowDocs % kColumnBlockDocs == 0);

// Calls `fn(block, first_word)` for each block that a window spans; past the end of a column, too.
template <typename Fn>
void ForEachColumnBlock(const Window& window, Fn&& fn) {
  for (uint32_t w = 0; w < kWindowWords; w += kColumnWords) {
    fn((window.begin + w * kWordDocs) / kColumnBlockDocs, w);
  }
}

// Those of the documents that lie in the block that begins at `first_word`; whether there are any.
inline bool TakeColumnWords(const DocMask& docs, uint32_t first_word, ColumnBlockMask* of_block) {
  uint64_t any = 0;
  for (uint32_t i = 0; i < kColumnWords; ++i) any |= (*of_block)[i] = docs[first_word + i];
  return any != 0;
}

}  // namespace segue::exec

#endif  // SEGUE_EXEC_COLUMN_WINDOW_H_
