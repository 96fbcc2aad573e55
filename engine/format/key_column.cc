// SPDX-License-Identifier: Apache-2.0
//
// Keys lie end to end; a table of fixed-width ends finds them. The width is the least that fits,
// so that the table of a million short keys takes 3 MB.
#include "engine/format/key_column.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

constexpr size_t kBufferBytes = 1 << 16;

uint64_t LoadEnd(const uint8_t* p, unsigned width) {
  uint64_t value = 0;
  std::memcpy(&value, p, width);
  return value;
}

uint64_t TableBytes(const KeyColumnMeta& meta) {
  return (uint64_t{meta.doc_count} + 1) * meta.offset_width;
}

}  // namespace

void KeyColumnMeta::Encode(ByteWriter* out) const {
  out->PutVarint32(doc_count);
  out->PutU8(offset_width);
  out->PutVarint64(keys_offset);
  out->PutVarint64(keys_bytes);
  out->PutVarint64(table_offset);
}

absl::StatusOr<KeyColumnMeta> KeyColumnMeta::Decode(ByteReader* in) {
  const size_t start = in->position();
  KeyColumnMeta meta;
  in->ReadVarint32(&meta.doc_count);
  in->ReadU8(&meta.offset_width);
  in->ReadVarint64(&meta.keys_offset);
  in->ReadVarint64(&meta.keys_bytes);
  in->ReadVarint64(&meta.table_offset);
  if (!in->ok() || meta.doc_count > kEndOfDocs || meta.offset_width < 1 || meta.offset_width > 8) {
    return Error(ErrorCode::kDataLoss,
                 Cat("key column entry at byte ", start, ": found ", meta.doc_count,
                     " documents and offsets of ", meta.offset_width,
                     " bytes, wanted fewer than 2^31 and 1 to 8"));
  }
  return meta;
}

absl::Status KeyColumnWriter::Add(std::string_view key) {
  if (key.size() > kMaxTermBytes) {
    return Error(ErrorCode::kInvalidArgument, Cat("key ", Quoted(key), " has ", key.size(),
                                                  " bytes, more than ", kMaxTermBytes));
  }
  if (ends_.size() >= kMaxDocsInSegment) {
    return Error(ErrorCode::kResourceExhausted, "too many documents for one segment");
  }
  if (ends_.empty()) start_ = file_->offset();
  buffer_ += key;
  ends_.push_back((ends_.empty() ? 0 : ends_.back()) + key.size());
  if (buffer_.size() < kBufferBytes) return absl::OkStatus();
  SEGUE_RETURN_IF_ERROR(file_->Append(buffer_));
  buffer_.clear();
  return absl::OkStatus();
}

absl::StatusOr<KeyColumnMeta> KeyColumnWriter::Finish() {
  KeyColumnMeta meta;
  if (ends_.empty()) start_ = file_->offset();
  SEGUE_RETURN_IF_ERROR(file_->Append(buffer_));
  meta.doc_count = static_cast<DocId>(ends_.size());
  meta.keys_offset = start_;
  meta.keys_bytes = ends_.empty() ? 0 : ends_.back();
  meta.table_offset = file_->offset();
  meta.offset_width = static_cast<uint8_t>(
      std::max(1, (static_cast<int>(std::bit_width(meta.keys_bytes)) + 7) / 8));
  std::string table(meta.offset_width, '\0');
  table.reserve(TableBytes(meta));
  for (const uint64_t end : ends_) {
    table.append(reinterpret_cast<const char*>(&end), meta.offset_width);
  }
  SEGUE_RETURN_IF_ERROR(file_->Append(table));
  *this = KeyColumnWriter(file_);
  return meta;
}

absl::StatusOr<KeyColumn> KeyColumn::Open(const Section& keys, const KeyColumnMeta& meta) {
  if (meta.offset_width < 1 || meta.offset_width > 8) {
    return keys.Corrupt(meta.table_offset,
                        Cat("found key offsets of ", meta.offset_width, " bytes, wanted 1 to 8"));
  }
  SEGUE_RETURN_IF_ERROR(keys.Sub(meta.keys_offset, meta.keys_bytes).status());
  SEGUE_RETURN_IF_ERROR(keys.Sub(meta.table_offset, TableBytes(meta)).status());
  return KeyColumn(keys, meta);
}

absl::Status KeyColumn::Get(DocId doc, std::string* key) const {
  if (doc >= meta_.doc_count) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("document ", doc, " of a key column of ", meta_.doc_count, " documents"));
  }
  const unsigned width = meta_.offset_width;
  const uint64_t entry = meta_.table_offset + uint64_t{doc} * width;
  SEGUE_ASSIGN_OR_RETURN(const PinnedBytes ends, section_.Pin(entry, 2 * width));
  const uint64_t begin = LoadEnd(ends.data(), width);
  const uint64_t end = LoadEnd(ends.data() + width, width);
  if (begin > end || end > meta_.keys_bytes || end - begin > kMaxTermBytes) {
    return section_.Corrupt(entry, Cat("found the key of document ", doc, " from byte ", begin,
                                       " to ", end, " of ", meta_.keys_bytes));
  }
  SEGUE_ASSIGN_OR_RETURN(const PinnedBytes bytes,
                         section_.Pin(meta_.keys_offset + begin, end - begin));
  key->assign(bytes.view());
  return absl::OkStatus();
}

absl::StatusOr<std::string> KeyColumn::Get(DocId doc) const {
  std::string key;
  SEGUE_RETURN_IF_ERROR(Get(doc, &key));
  return key;
}

}  // namespace segue
