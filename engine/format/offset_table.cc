// SPDX-License-Identifier: Apache-2.0
#include "engine/format/offset_table.h"

#include <algorithm>

#include "engine/base/byte_writer.h"
#include "engine/base/check.h"

namespace segue {
namespace {

uint32_t StepOf(std::span<const uint32_t> offsets, size_t index) {
  const uint32_t base = offsets[index - index % kBlocksPerBase];
  SEGUE_DCHECK_LE(base, offsets[index]);
  return offsets[index] - base;
}

}  // namespace

bool AppendOffsetTable(std::span<const uint32_t> offsets, std::string* out) {
  uint32_t greatest = 0;
  for (size_t i = 0; i < offsets.size(); ++i) {
    if (i % kBlocksPerBase == 0) AppendLittleEndian(offsets[i], 4, out);
    greatest = std::max(greatest, StepOf(offsets, i));
  }
  const bool wide = greatest > UINT16_MAX;
  for (size_t i = 0; i < offsets.size(); ++i) {
    AppendLittleEndian(StepOf(offsets, i), wide ? 4 : 2, out);
  }
  return wide;
}

}  // namespace segue
