// SPDX-License-Identifier: Apache-2.0
//
// One document:  varint field_count, then for each value
//                  varint field id, u8 type (FieldType), value
//                value: text, keyword, bytes: varint length, bytes
//                       int64, timestamp:     varint of the zigzag form
//                       float64:              8 bytes, IEEE 754
//                       bool:                 1 byte, 0 or 1
//                       geo_point:            latitude, longitude, 8 bytes each, IEEE 754
#include "engine/format/stored_format.h"

#include <bit>
#include <utility>
#include <variant>

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

uint64_t ZigZag(int64_t value) {
  return static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63);
}
int64_t UnZigZag(uint64_t value) { return static_cast<int64_t>(value >> 1 ^ (~(value & 1) + 1)); }

bool FitsType(const StoredField& field) {
  switch (field.type) {
    case ValueType::kText:
    case ValueType::kKeyword:
    case ValueType::kBytes:
      return std::holds_alternative<std::string>(field.value);
    case ValueType::kInt64:
    case ValueType::kTimestamp:
      return std::holds_alternative<int64_t>(field.value);
    case ValueType::kFloat64:
      return std::holds_alternative<double>(field.value);
    case ValueType::kBool:
      return std::holds_alternative<bool>(field.value);
    case ValueType::kGeoPoint: {
      const auto* point = std::get_if<GeoPoint>(&field.value);
      return point != nullptr && point->IsValid();
    }
  }
  return false;
}

void PutValue(const StoredField& field, ByteWriter* out) {
  switch (field.type) {
    case ValueType::kText:
    case ValueType::kKeyword:
    case ValueType::kBytes:
      out->PutLengthPrefixed(std::get<std::string>(field.value));
      return;
    case ValueType::kInt64:
    case ValueType::kTimestamp:
      out->PutVarint64(ZigZag(std::get<int64_t>(field.value)));
      return;
    case ValueType::kFloat64:
      out->PutU64(std::bit_cast<uint64_t>(std::get<double>(field.value)));
      return;
    case ValueType::kBool:
      out->PutU8(std::get<bool>(field.value) ? 1 : 0);
      return;
    case ValueType::kGeoPoint: {
      const auto& point = std::get<GeoPoint>(field.value);
      out->PutU64(std::bit_cast<uint64_t>(point.latitude));
      out->PutU64(std::bit_cast<uint64_t>(point.longitude));
      return;
    }
  }
}

bool ReadValue(ByteReader* in, ValueType type, Value* value) {
  uint64_t number = 0;
  uint8_t byte = 0;
  std::string_view bytes;
  switch (type) {
    case ValueType::kText:
    case ValueType::kKeyword:
    case ValueType::kBytes:
      if (!in->ReadLengthPrefixed(&bytes)) return false;
      *value = std::string(bytes);
      return true;
    case ValueType::kInt64:
    case ValueType::kTimestamp:
      if (!in->ReadVarint64(&number)) return false;
      *value = UnZigZag(number);
      return true;
    case ValueType::kFloat64:
      if (!in->ReadU64(&number)) return false;
      *value = std::bit_cast<double>(number);
      return true;
    case ValueType::kBool:
      if (!in->ReadU8(&byte) || byte > 1) return false;
      *value = byte == 1;
      return true;
    case ValueType::kGeoPoint: {
      GeoPoint point;
      if (!in->ReadU64(&number)) return false;
      point.latitude = std::bit_cast<double>(number);
      if (!in->ReadU64(&number)) return false;
      point.longitude = std::bit_cast<double>(number);
      *value = point;
      return point.IsValid();
    }
  }
  return false;
}

}  // namespace

void StoredMeta::Encode(ByteWriter* out) const {
  out->PutU8(static_cast<uint8_t>(codec));
  out->PutVarint32(doc_count);
  out->PutVarint64(block_count);
  out->PutVarint64(blocks_offset);
  out->PutVarint64(blocks_bytes);
  out->PutVarint64(index_offset);
  out->PutVarint64(index_bytes);
  if (codec != StoredCodec::kZstd) return;
  out->PutVarint64(dictionary_offset);
  out->PutVarint64(dictionary_bytes);
}

absl::StatusOr<StoredMeta> StoredMeta::Decode(ByteReader* in) {
  const size_t start = in->position();
  StoredMeta meta;
  uint8_t codec = 0;
  in->ReadU8(&codec);
  in->ReadVarint32(&meta.doc_count);
  in->ReadVarint64(&meta.block_count);
  in->ReadVarint64(&meta.blocks_offset);
  in->ReadVarint64(&meta.blocks_bytes);
  in->ReadVarint64(&meta.index_offset);
  in->ReadVarint64(&meta.index_bytes);
  if (codec == static_cast<uint8_t>(StoredCodec::kZstd)) {
    in->ReadVarint64(&meta.dictionary_offset);
    in->ReadVarint64(&meta.dictionary_bytes);
  }
  if (!in->ok()) {
    return Error(ErrorCode::kDataLoss, Cat("stored fields entry at byte ", start,
                                           ": ends early at byte ", in->position()));
  }
  if (codec > static_cast<uint8_t>(StoredCodec::kZstd)) {
    return Error(ErrorCode::kVersion, Cat("stored fields entry at byte ", start, ": codec ", codec,
                                          " is of a newer segue"));
  }
  meta.codec = static_cast<StoredCodec>(codec);
  if (meta.doc_count > kEndOfDocs || meta.block_count > meta.doc_count) {
    return Error(ErrorCode::kDataLoss,
                 Cat("stored fields entry at byte ", start, ": found ", meta.doc_count,
                     " documents in ", meta.block_count, " blocks"));
  }
  return meta;
}

absl::Status EncodeStoredDocument(std::span<const StoredField> fields, std::string* out) {
  ByteWriter writer;
  writer.PutVarint64(fields.size());
  for (const StoredField& field : fields) {
    if (!FitsType(field)) {
      return Error(ErrorCode::kInvalidArgument,
                   Cat("stored value of field ", field.field, " does not fit its type ",
                       static_cast<uint8_t>(field.type)));
    }
    writer.PutVarint32(field.field);
    writer.PutU8(static_cast<uint8_t>(field.type));
    PutValue(field, &writer);
  }
  *out = writer.Take();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<StoredField>> DecodeStoredDocument(std::string_view encoded) {
  ByteReader in(encoded);
  uint64_t field_count = 0;
  in.ReadVarint64(&field_count);
  // A value takes three bytes at least.
  constexpr uint64_t kLeastValueBytes = 3;
  if (!in.ok() || field_count > in.remaining() / kLeastValueBytes) {
    return Error(ErrorCode::kDataLoss, Cat("stored document: found ", field_count, " values in ",
                                           encoded.size(), " bytes"));
  }
  std::vector<StoredField> fields(field_count);
  for (StoredField& field : fields) {
    uint8_t type = 0;
    in.ReadVarint32(&field.field);
    in.ReadU8(&type);
    if (!in.ok() || !IsValueType(type) ||
        !ReadValue(&in, static_cast<ValueType>(type), &field.value)) {
      return Error(ErrorCode::kDataLoss, Cat("stored document: a bad value at byte ", in.position(),
                                             " of ", encoded.size()));
    }
    field.type = static_cast<ValueType>(type);
  }
  if (!in.done()) {
    return Error(ErrorCode::kDataLoss,
                 Cat("stored document: found ", encoded.size(), " bytes, wanted ", in.position()));
  }
  return fields;
}

}  // namespace segue
