// SPDX-License-Identifier: Apache-2.0
//
//   body  = varint grammar version (1), u64 segment id, varint doc_count,
//           varint field count, fields by ascending id,
//           u8 parts (bit 0: stored fields, bit 1: keys), the parts' entries in that order
//   field = varint id, varint name length, name, u8 type,
//           u8 flags (bit 0 indexed, 1 freqs, 2 positions, 3 stored, 4 multi),
//           varint doc_count, varint sum_total_freq, varint sum_doc_freq,
//           varint min_length, varint max_length, u64 analyzer fingerprint,
//           u8 parts (bit 0: bounds, 1: dictionary, 2: norms, 3: column), their entries in order
//   bounds = three 4-byte floats: k1, b, average length
//
// The other entries are described with their own kinds. What is checked here is what ties the parts
// to each other; each entry checks itself.
#include "engine/format/segment_meta.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

#include "engine/base/byte_reader.h"
#include "engine/base/byte_writer.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

enum FieldFlag : uint8_t {
  kIndexedFlag = 1,
  kFreqsFlag = 2,
  kPositionsFlag = 4,
  kStoredFlag = 8,
  kMultiValuedFlag = 16,
  kAllFieldFlags = 31,
};
enum FieldPart : uint8_t {
  kBoundsPart = 1,
  kDictionaryPart = 2,
  kNormsPart = 4,
  kColumnPart = 8,
  kAllFieldParts = 15,
};
enum SegmentPart : uint8_t { kStoredPart = 1, kKeysPart = 2, kAllSegmentParts = 3 };

// A field takes this many bytes at least, so a count of fields asks for no more memory than that.
constexpr size_t kLeastFieldBytes = 16;

void PutFloat(float value, ByteWriter* out) { out->PutU32(std::bit_cast<uint32_t>(value)); }

float ReadFloat(ByteReader* in) {
  uint32_t bits = 0;
  in->ReadU32(&bits);
  return std::bit_cast<float>(bits);
}

bool IsParameter(float value) { return std::isfinite(value) && value >= 0; }

// Empty, or what a field claims that cannot be.
std::string CheckStatistics(const SegmentFieldMeta& field, DocId doc_count) {
  if (field.doc_count > doc_count) {
    return Cat(field.doc_count, " documents with a token, of ", doc_count);
  }
  if (field.sum_doc_freq < field.doc_count || field.sum_total_freq < field.sum_doc_freq) {
    return Cat("sums of frequencies ", field.sum_total_freq, " and ", field.sum_doc_freq, " over ",
               field.doc_count, " documents");
  }
  if (field.min_length > field.max_length) {
    return Cat("lengths from ", field.min_length, " to ", field.max_length);
  }
  if (field.bounds && !(IsParameter(field.bounds->k1) && IsParameter(field.bounds->b) &&
                        field.bounds->b <= 1 && IsParameter(field.bounds->average_length))) {
    return "bound parameters out of range";
  }
  return "";
}

std::string CheckParts(const SegmentFieldMeta& field, DocId doc_count) {
  if (field.positions && !field.freqs) return "positions without frequencies";
  if (field.indexed != field.dictionary.has_value()) {
    return "a dictionary and no indexed terms, or the reverse";
  }
  if (field.dictionary) {
    const DictionaryFieldMeta& dictionary = *field.dictionary;
    if (dictionary.max_doc_freq > field.doc_count ||
        (dictionary.term_count > 0 && dictionary.max_single_doc >= doc_count) ||
        dictionary.term_count > field.sum_doc_freq) {
      return Cat("a dictionary of ", dictionary.term_count, " terms with frequency up to ",
                 dictionary.max_doc_freq, " and documents up to ", dictionary.max_single_doc);
    }
  }
  if (field.norms && field.norms->doc_count != doc_count) {
    return Cat("norms for ", field.norms->doc_count, " documents");
  }
  if (field.column) {
    if (field.column->doc_count != doc_count) {
      return Cat("a column for ", field.column->doc_count, " documents");
    }
    if (field.column->type != field.type) return "a column of another type";
  }
  return "";
}

// Empty, or which promise of the header a value breaks.
std::string Check(const SegmentMeta& meta) {
  if (meta.doc_count > kMaxDocsInSegment) return Cat(meta.doc_count, " documents");
  if (meta.fields.size() > kMaxFields) return Cat(meta.fields.size(), " fields");
  std::set<std::string_view> names;
  const SegmentFieldMeta* before = nullptr;
  for (const SegmentFieldMeta& field : meta.fields) {
    std::string problem;
    if (before != nullptr && field.field <= before->field) {
      problem = "not in the order of ids";
    } else if (field.name.empty() || field.name.size() > kMaxFieldNameBytes ||
               !names.insert(field.name).second) {
      problem = Cat("its name ", Quoted(field.name), " is taken, empty or too long");
    } else if (!IsValueType(static_cast<uint8_t>(field.type))) {
      problem = "an unknown type";
    }
    if (problem.empty()) problem = CheckStatistics(field, meta.doc_count);
    if (problem.empty()) problem = CheckParts(field, meta.doc_count);
    if (!problem.empty()) return Cat("field ", field.field, ": ", problem);
    before = &field;
  }
  if (meta.stored && meta.stored->doc_count != meta.doc_count) {
    return Cat("stored fields of ", meta.stored->doc_count, " documents, wanted ", meta.doc_count);
  }
  if (meta.keys && meta.keys->doc_count != meta.doc_count) {
    return Cat("keys of ", meta.keys->doc_count, " documents, wanted ", meta.doc_count);
  }
  return "";
}

void EncodeField(const SegmentFieldMeta& field, ByteWriter* out) {
  out->PutVarint32(field.field);
  out->PutLengthPrefixed(field.name);
  out->PutU8(static_cast<uint8_t>(field.type));
  out->PutU8(static_cast<uint8_t>(
      (field.indexed ? kIndexedFlag : 0) | (field.freqs ? kFreqsFlag : 0) |
      (field.positions ? kPositionsFlag : 0) | (field.stored ? kStoredFlag : 0) |
      (field.multi ? kMultiValuedFlag : 0)));
  out->PutVarint32(field.doc_count);
  out->PutVarint64(field.sum_total_freq);
  out->PutVarint64(field.sum_doc_freq);
  out->PutVarint32(field.min_length);
  out->PutVarint32(field.max_length);
  out->PutU64(field.analyzer_fingerprint);
  out->PutU8(static_cast<uint8_t>(
      (field.bounds ? kBoundsPart : 0) | (field.dictionary ? kDictionaryPart : 0) |
      (field.norms ? kNormsPart : 0) | (field.column ? kColumnPart : 0)));
  if (field.bounds) {
    PutFloat(field.bounds->k1, out);
    PutFloat(field.bounds->b, out);
    PutFloat(field.bounds->average_length, out);
  }
  if (field.dictionary) field.dictionary->Encode(out);
  if (field.norms) field.norms->Encode(out);
  if (field.column) field.column->Encode(out);
}

absl::Status Bad(size_t position, std::string_view what) {
  return Error(ErrorCode::kDataLoss,
               Cat("segment metadata at byte ", position, " of the body: ", what));
}

absl::Status DecodeFieldParts(uint8_t parts, ByteReader* in, SegmentFieldMeta* field) {
  if (parts & kBoundsPart) {
    field->bounds.emplace();
    field->bounds->k1 = ReadFloat(in);
    field->bounds->b = ReadFloat(in);
    field->bounds->average_length = ReadFloat(in);
  }
  if (parts & kDictionaryPart) {
    SEGUE_ASSIGN_OR_RETURN(field->dictionary, DictionaryFieldMeta::Decode(in));
  }
  if (parts & kNormsPart) {
    SEGUE_ASSIGN_OR_RETURN(field->norms, NormsMeta::Decode(in));
  }
  if (parts & kColumnPart) {
    SEGUE_ASSIGN_OR_RETURN(field->column, ColumnMeta::Decode(in));
  }
  return absl::OkStatus();
}

absl::Status DecodeField(ByteReader* in, SegmentFieldMeta* field) {
  const size_t start = in->position();
  std::string_view name;
  uint8_t type = 0, flags = 0, parts = 0;
  in->ReadVarint32(&field->field);
  in->ReadLengthPrefixed(&name);
  in->ReadU8(&type);
  in->ReadU8(&flags);
  in->ReadVarint32(&field->doc_count);
  in->ReadVarint64(&field->sum_total_freq);
  in->ReadVarint64(&field->sum_doc_freq);
  in->ReadVarint32(&field->min_length);
  in->ReadVarint32(&field->max_length);
  in->ReadU64(&field->analyzer_fingerprint);
  in->ReadU8(&parts);
  if (!in->ok()) return Bad(in->position(), "a field ends early");
  if (name.size() > kMaxFieldNameBytes || !IsValueType(type) || flags > kAllFieldFlags ||
      parts > kAllFieldParts) {
    return Bad(start, Cat("found a field of type ", type, " with flags ", flags, ", parts ", parts,
                          " and a name of ", name.size(), " bytes"));
  }
  field->name = name;
  field->type = static_cast<ValueType>(type);
  field->indexed = flags & kIndexedFlag;
  field->freqs = flags & kFreqsFlag;
  field->positions = flags & kPositionsFlag;
  field->stored = flags & kStoredFlag;
  field->multi = flags & kMultiValuedFlag;
  return DecodeFieldParts(parts, in, field);
}

absl::Status DecodeBody(ByteReader* in, SegmentMeta* meta) {
  uint32_t field_count = 0;
  in->ReadU64(&meta->segment.value);
  in->ReadVarint32(&meta->doc_count);
  in->ReadVarint32(&field_count);
  if (!in->ok()) return Bad(in->position(), "ends early");
  if (field_count > kMaxFields || field_count > in->remaining() / kLeastFieldBytes) {
    return Bad(in->position(),
               Cat("found ", field_count, " fields in ", in->remaining(), " bytes"));
  }
  meta->fields.resize(field_count);
  for (SegmentFieldMeta& field : meta->fields) SEGUE_RETURN_IF_ERROR(DecodeField(in, &field));
  uint8_t parts = 0;
  in->ReadU8(&parts);
  if (!in->ok() || parts > kAllSegmentParts) {
    return Bad(in->position(), Cat("found the parts ", parts, ", wanted at most 3"));
  }
  if (parts & kStoredPart) {
    SEGUE_ASSIGN_OR_RETURN(meta->stored, StoredMeta::Decode(in));
  }
  if (parts & kKeysPart) {
    SEGUE_ASSIGN_OR_RETURN(meta->keys, KeyColumnMeta::Decode(in));
  }
  if (!in->done()) {
    return Bad(in->position(), Cat("found ", in->remaining(), " bytes behind the end"));
  }
  return absl::OkStatus();
}

}  // namespace

const SegmentFieldMeta* SegmentMeta::Find(FieldId field) const {
  const auto it =
      std::lower_bound(fields.begin(), fields.end(), field,
                       [](const SegmentFieldMeta& a, FieldId b) { return a.field < b; });
  return it != fields.end() && it->field == field ? &*it : nullptr;
}

const SegmentFieldMeta* SegmentMeta::FindByName(std::string_view name) const {
  for (const SegmentFieldMeta& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

absl::StatusOr<std::string> SegmentMeta::Encode() const {
  if (const std::string problem = Check(*this); !problem.empty()) {
    return Error(ErrorCode::kInvalidArgument, Cat("segment metadata: ", problem));
  }
  ByteWriter out;
  out.PutVarint32(kSegmentMetaVersion);
  out.PutU64(segment.value);
  out.PutVarint32(doc_count);
  out.PutVarint64(fields.size());
  for (const SegmentFieldMeta& field : fields) EncodeField(field, &out);
  out.PutU8(static_cast<uint8_t>((stored ? kStoredPart : 0) | (keys ? kKeysPart : 0)));
  if (stored) stored->Encode(&out);
  if (keys) keys->Encode(&out);
  return out.Take();
}

absl::StatusOr<SegmentMeta> SegmentMeta::Decode(std::span<const uint8_t> body) {
  ByteReader in(body);
  uint32_t version = 0;
  if (!in.ReadVarint32(&version)) return Bad(0, "no version");
  if (version != kSegmentMetaVersion) {
    return Error(ErrorCode::kVersion, Cat("segment metadata of version ", version,
                                          ", this segue reads ", kSegmentMetaVersion));
  }
  SegmentMeta meta;
  SEGUE_RETURN_IF_ERROR(DecodeBody(&in, &meta));
  if (const std::string problem = Check(meta); !problem.empty()) return Bad(0, problem);
  return meta;
}

}  // namespace segue
