// SPDX-License-Identifier: Apache-2.0
//
// Writes the stored fields of a segment's documents in document order.
#ifndef SEGUE_FORMAT_STORED_WRITER_H_
#define SEGUE_FORMAT_STORED_WRITER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/format/stored_format.h"
#include "engine/format/zstd_blocks.h"
#include "engine/io/framed_file.h"

namespace segue {

// Not thread-safe. Memory: one block, its compressed form, 12 bytes per block written; of kZstd
// also that of a ZstdPacker.
class StoredWriter {
 public:
  // `file` must outlive the writer, and nobody else writes to it until Finish.
  // `dictionary`: of kZstd alone (StoredSample::Train); empty: none.
  explicit StoredWriter(FramedWriter* file, StoredCodec codec = StoredCodec::kSnappy,
                        std::string dictionary = {});

  StoredWriter(const StoredWriter&) = delete;
  StoredWriter& operator=(const StoredWriter&) = delete;

  // Adds the next document; `fields` may be empty and may name a field several times (values keep
  // their order). Errors: kInvalidArgument for a value that does not fit its type,
  // kResourceExhausted for a document over kMaxStoredDocumentBytes; the writer stays usable.
  absl::Status Add(std::span<const StoredField> fields);

  // The same for a document in its encoded form (StoredReader::GetEncoded), as merges do.
  absl::Status AddEncoded(std::string_view encoded);

  absl::StatusOr<StoredMeta> Finish();

 private:
  absl::Status Start();
  absl::Status FlushBlock();
  // What is to be written for the block, and how it is packed.
  std::string_view Packed(StoredCodec* codec);

  FramedWriter* file_;
  StoredMeta meta_;
  const std::string dictionary_;
  std::optional<ZstdPacker> zstd_;
  bool started_ = false;
  std::string block_;
  std::string scratch_;
  std::string compressed_;
  std::vector<uint32_t> first_docs_;
  std::vector<uint64_t> block_ends_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_STORED_WRITER_H_
