// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/search_scratch.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"

namespace segue::exec {
namespace {

thread_local std::unique_ptr<SearchScratch> spare;

}  // namespace

std::unique_ptr<SearchScratch> SearchScratch::Borrow() {
  if (spare != nullptr) return std::move(spare);
  return std::unique_ptr<SearchScratch>(new SearchScratch);  // uninitialised columns
}

void SearchScratch::Return(std::unique_ptr<SearchScratch> scratch) {
  size_t bytes = scratch->sums_.capacity() * sizeof(uint16_t);
  bytes += scratch->union_rows_.docs.size() * (sizeof(uint32_t) + sizeof(double));
  for (const auto& row : scratch->bytes_) bytes += row->capacity();
  if (scratch->masks_.size() > kKeptMasks || scratch->probes_.size() > kKeptProbes ||
      bytes > kKeptBytes) {
    return;
  }
  scratch->masks_used_ = 0;
  scratch->probes_used_ = 0;
  scratch->bytes_used_ = 0;
  spare = std::move(scratch);
}

uint64_t* SearchScratch::TakeMask() {
  if (masks_used_ == masks_.size()) masks_.push_back(std::make_unique<ChunkMask>());
  ChunkMask& mask = *masks_[masks_used_++];
  SEGUE_DCHECK(std::all_of(mask.begin(), mask.end(), [](uint64_t word) { return word == 0; }));
  return mask.data();
}

ProbeRows* SearchScratch::TakeProbeRows() {
  if (probes_used_ == probes_.size()) probes_.push_back(std::unique_ptr<ProbeRows>(new ProbeRows));
  return probes_[probes_used_++].get();
}

std::vector<uint8_t>* SearchScratch::TakeBytes(size_t size) {
  if (bytes_used_ == bytes_.size()) bytes_.push_back(std::make_unique<std::vector<uint8_t>>());
  std::vector<uint8_t>* row = bytes_[bytes_used_++].get();
  row->resize(size);
  return row;
}

}  // namespace segue::exec
