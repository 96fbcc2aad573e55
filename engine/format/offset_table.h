// SPDX-License-Identifier: Apache-2.0
//
// Where the blocks of a list lie: ascending offsets, of which any is found with two loads.
//
//   bases   u32 for every 32 blocks: the offset of the first of them
//   steps   u16 each: what comes on top of the base; u32 in a wide table
//
// A wide table is for offsets of which 32 blocks are 2^16 bytes or more apart.
#ifndef SEGUE_FORMAT_OFFSET_TABLE_H_
#define SEGUE_FORMAT_OFFSET_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "engine/base/load.h"
#include "engine/format/postings_format.h"

namespace segue {

// A view of a table; cheap to copy, valid while its bytes are. Threads may share it.
class OffsetTable {
 public:
  static uint64_t ByteSize(uint32_t count, bool wide) {
    const uint64_t bases = (uint64_t{count} + kBlocksPerBase - 1) / kBlocksPerBase;
    return 4 * bases + (wide ? 4 : 2) * uint64_t{count};
  }

  // No table.
  OffsetTable() = default;
  // REQUIRES: ByteSize(count, wide) bytes at `data`.
  OffsetTable(const uint8_t* data, uint32_t count, bool wide)
      : bases_(data),
        steps_(data + 4 * ((size_t{count} + kBlocksPerBase - 1) / kBlocksPerBase)),
        wide_(wide) {}

  bool empty() const { return bases_ == nullptr; }
  // REQUIRES: index < count.
  uint64_t operator[](uint32_t index) const {
    const uint64_t base = LoadU32(bases_ + 4 * size_t{index / kBlocksPerBase});
    return base +
           (wide_ ? LoadU32(steps_ + 4 * size_t{index}) : LoadU16(steps_ + 2 * size_t{index}));
  }

 private:
  const uint8_t* bases_ = nullptr;
  const uint8_t* steps_ = nullptr;
  bool wide_ = false;
};

// Appends the table of ascending offsets. Returns whether it is wide.
bool AppendOffsetTable(std::span<const uint32_t> offsets, std::string* out);

}  // namespace segue

#endif  // SEGUE_FORMAT_OFFSET_TABLE_H_
