// SPDX-License-Identifier: Apache-2.0
//
// Documents are gathered into blocks of whole documents, compressed one by one.
//
//   block  = u8 codec, u32 raw_bytes, payload up to the next block
//            codec 0: the payload is the raw bytes; 1: Snappy of them; 2: a frame of zstd, made
//            with the dictionary. A block that does not shrink is kept raw.
//   raw    = for each document: varint length, document (stored_format.cc)
//   index  = u32 first document of each block, then block_count + 1 u64: where each block starts,
//            from the first block, and the end; aligned to 8 bytes
//
// The dictionary lies before the first block.
#include "engine/format/stored_writer.h"

#include <snappy.h>

#include <utility>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

constexpr uint64_t kOffsetsAlignment = 8;

}  // namespace

StoredWriter::StoredWriter(FramedWriter* file, StoredCodec codec, std::string dictionary)
    : file_(file), dictionary_(std::move(dictionary)) {
  SEGUE_DCHECK(codec == StoredCodec::kZstd || dictionary_.empty());
  meta_.codec = codec;
  if (codec == StoredCodec::kZstd) zstd_.emplace(dictionary_);
}

absl::Status StoredWriter::Add(std::span<const StoredField> fields) {
  SEGUE_RETURN_IF_ERROR(EncodeStoredDocument(fields, &scratch_));
  return AddEncoded(scratch_);
}

absl::Status StoredWriter::AddEncoded(std::string_view encoded) {
  if (encoded.size() > kMaxStoredDocumentBytes) {
    return Error(ErrorCode::kResourceExhausted,
                 Cat("stored fields of a document take ", encoded.size(), " bytes, more than ",
                     kMaxStoredDocumentBytes));
  }
  if (meta_.doc_count >= kMaxDocsInSegment) {
    return Error(ErrorCode::kResourceExhausted, "too many documents for one segment");
  }
  // A document that would overfill a block starts its own, so that small ones beside it stay cheap.
  if (!block_.empty() && block_.size() + encoded.size() > kStoredBlockBytes) {
    SEGUE_RETURN_IF_ERROR(FlushBlock());
  }
  if (block_.empty()) first_docs_.push_back(meta_.doc_count);
  ByteWriter length;
  length.PutVarint64(encoded.size());
  block_ += length.view();
  block_ += encoded;
  ++meta_.doc_count;
  return block_.size() >= kStoredBlockBytes ? FlushBlock() : absl::OkStatus();
}

absl::Status StoredWriter::Start() {
  if (started_) return absl::OkStatus();
  started_ = true;
  if (!dictionary_.empty()) {
    meta_.dictionary_offset = file_->offset();
    meta_.dictionary_bytes = dictionary_.size();
    SEGUE_RETURN_IF_ERROR(file_->Append(dictionary_));
  }
  meta_.blocks_offset = file_->offset();
  return absl::OkStatus();
}

std::string_view StoredWriter::Packed(StoredCodec* codec) {
  *codec = meta_.codec;
  if (*codec == StoredCodec::kSnappy) {
    compressed_.resize(snappy::MaxCompressedLength(block_.size()));
    size_t compressed_bytes = 0;
    snappy::RawCompress(block_.data(), block_.size(), compressed_.data(), &compressed_bytes);
    compressed_.resize(compressed_bytes);
  } else if (*codec == StoredCodec::kZstd) {
    zstd_->Pack(block_, &compressed_);
  }
  if (*codec != StoredCodec::kNone && compressed_.size() < block_.size()) return compressed_;
  *codec = StoredCodec::kNone;
  return block_;
}

absl::Status StoredWriter::FlushBlock() {
  SEGUE_RETURN_IF_ERROR(Start());
  StoredCodec codec;
  const std::string_view payload = Packed(&codec);
  ByteWriter header;
  header.PutU8(static_cast<uint8_t>(codec));
  header.PutU32(static_cast<uint32_t>(block_.size()));
  SEGUE_RETURN_IF_ERROR(file_->Append(header.view()));
  SEGUE_RETURN_IF_ERROR(file_->Append(payload));
  block_ends_.push_back(file_->offset() - meta_.blocks_offset);
  block_.clear();
  return absl::OkStatus();
}

absl::StatusOr<StoredMeta> StoredWriter::Finish() {
  if (!block_.empty()) SEGUE_RETURN_IF_ERROR(FlushBlock());
  SEGUE_RETURN_IF_ERROR(Start());
  meta_.block_count = first_docs_.size();
  meta_.blocks_bytes = file_->offset() - meta_.blocks_offset;
  SEGUE_RETURN_IF_ERROR(file_->AlignTo(kOffsetsAlignment));
  meta_.index_offset = file_->offset();
  ByteWriter index;
  for (const uint32_t doc : first_docs_) index.PutU32(doc);
  index.PutU64(0);
  for (const uint64_t end : block_ends_) index.PutU64(end);
  SEGUE_RETURN_IF_ERROR(file_->Append(index.view()));
  meta_.index_bytes = file_->offset() - meta_.index_offset;
  return meta_;
}

}  // namespace segue
