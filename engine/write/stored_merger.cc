// SPDX-License-Identifier: Apache-2.0
//
// The documents that a dictionary is trained on are read first, spread over all inputs, and the
// others with them a second time: what is kept of a merge does not grow with it.
#include "engine/write/stored_merger.h"

#include <algorithm>
#include <utility>

#include "engine/base/status.h"
#include "engine/format/stored_dictionary.h"

namespace segue {
namespace {

// Blocks kept unpacked where neighbours come from anywhere, none of them a large one.
constexpr size_t kMostBlocksKept = 2048;
constexpr size_t kLeastBlocksKept = 16;
constexpr size_t kLargeStoredBlock = 3 * kStoredBlockBytes;
// With its last document, and where each begins.
constexpr uint64_t kKeptBlockBytes = kStoredBlockBytes / 4 * 5;
// For files that are being written and what an allocator has kept, whatever the writer's memory.
constexpr uint64_t kBytesForOthers = uint64_t{16} << 20;

size_t BlocksKept(uint64_t memory_bytes) {
  const uint64_t left = memory_bytes - std::min(kBytesForOthers, memory_bytes);
  return std::clamp<size_t>(left / 4 * 3 / kKeptBlockBytes, kLeastBlocksKept, kMostBlocksKept);
}

bool AnyStored(std::span<const std::shared_ptr<const Segment>> inputs) {
  return std::any_of(inputs.begin(), inputs.end(),
                     [](const auto& input) { return input->stored() != nullptr; });
}

}  // namespace

StoredMerger::StoredMerger(std::span<const std::shared_ptr<const Segment>> inputs,
                           const MergeMap& map, const MergeOptions& options)
    : inputs_(inputs), map_(map), packing_(options.stored), memory_bytes_(options.memory_bytes) {
  // Blocks of all inputs are numbered, so that neighbours, and few of them, do not meet.
  uint64_t blocks = 0;
  for (const auto& input : inputs) {
    first_blocks_.push_back(blocks);
    const StoredReader* const stored = input->stored();
    if (stored != nullptr && stored->doc_count() > 0) {
      blocks += stored->BlockOf(stored->doc_count() - 1) + 1;
    }
  }
}

absl::StatusOr<std::string_view> StoredMerger::Read(size_t input, DocId doc) {
  const StoredReader* const stored = inputs_[input]->stored();
  if (stored == nullptr) return nothing_;
  if (map_.reorders() && caches_[last_cache_].memory_bytes() > kLargeStoredBlock) {
    caches_[last_cache_] = StoredCache();
  }
  last_cache_ = (first_blocks_[input] + stored->BlockOf(doc)) % caches_.size();
  return stored->GetEncoded(doc, &caches_[last_cache_]);
}

absl::StatusOr<std::string> StoredMerger::TrainDictionary(MergeProgress* progress) {
  StoredSample sample(map_.doc_count());
  DocId next = 0;
  SEGUE_RETURN_IF_ERROR(map_.ForEachSource([&](size_t input, DocId doc) -> absl::Status {
    if (next++ != sample.wanted()) return absl::OkStatus();
    SEGUE_RETURN_IF_ERROR(progress->Advance(0));
    SEGUE_ASSIGN_OR_RETURN(const std::string_view encoded, Read(input, doc));
    sample.Add(encoded);
    return absl::OkStatus();
  }));
  return sample.Train();
}

absl::Status StoredMerger::Write(SegmentBuilder* builder, MergeProgress* progress) {
  if (!AnyStored(inputs_)) return absl::OkStatus();
  SEGUE_RETURN_IF_ERROR(EncodeStoredDocument({}, &nothing_));
  caches_.resize(map_.reorders() ? BlocksKept(memory_bytes_) : 1);
  std::string dictionary;
  if (packing_.codec == StoredCodec::kZstd && packing_.dictionary) {
    SEGUE_ASSIGN_OR_RETURN(dictionary, TrainDictionary(progress));
  }
  SEGUE_RETURN_IF_ERROR(builder->StartStored(packing_.codec, std::move(dictionary)));
  return map_.ForEachSource([&](size_t input, DocId doc) -> absl::Status {
    SEGUE_RETURN_IF_ERROR(progress->Advance(0));
    SEGUE_ASSIGN_OR_RETURN(const std::string_view encoded, Read(input, doc));
    SEGUE_RETURN_IF_ERROR(builder->AddStored(encoded));
    return absl::OkStatus();
  });
}

}  // namespace segue
