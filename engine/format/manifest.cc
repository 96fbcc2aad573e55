// SPDX-License-Identifier: Apache-2.0
//
// Encoding writes the members in order; decoding reads them in the same order and then checks what
// no reader should have to check again: ids that repeat, counts that contradict each other, names
// that are not ours. The feature words come first, because what follows them may be of a later
// version.
#include "engine/format/manifest.h"

#include <algorithm>
#include <set>

#include "engine/base/byte_reader.h"
#include "engine/base/byte_writer.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/format/file_kind.h"
#include "engine/format/file_name.h"

namespace segue {

const ManifestFile* ManifestSegment::Find(FileKind kind) const {
  for (const ManifestFile& file : files) {
    if (file.kind == kind) return &file;
  }
  return nullptr;
}

uint64_t ManifestSegment::TotalBytes() const {
  uint64_t bytes = 0;
  for (const ManifestFile& file : files) bytes += file.info.length;
  return bytes;
}

uint64_t Manifest::DocCount() const {
  uint64_t count = 0;
  for (const ManifestSegment& segment : segments) count += segment.doc_count;
  return count;
}

uint64_t Manifest::DeletedCount() const {
  uint64_t count = 0;
  for (const ManifestSegment& segment : segments) count += segment.deleted_count;
  return count;
}

bool IsReadOnly(const Manifest& manifest) {
  return (manifest.features.read_only & ~kKnownFeatures.read_only) != 0;
}

// ---- Encoding ----

namespace {

void EncodeSegment(const ManifestSegment& segment, ByteWriter* out) {
  out->PutVarint64(segment.id.value);
  out->PutVarint32(segment.doc_count);
  out->PutVarint32(segment.deleted_count);
  out->PutVarint64(segment.live_generation);
  out->PutVarint64(segment.files.size());
  for (const ManifestFile& file : segment.files) {
    out->PutU8(static_cast<uint8_t>(file.file_class));
    out->PutU32(file.kind.fourcc);
    out->PutLengthPrefixed(file.info.name);
    out->PutVarint64(file.info.length);
    out->PutU32(file.info.crc32c);
  }
  out->PutVarint64(segment.stats.size());
  for (const auto& [name, value] : segment.stats) {
    out->PutLengthPrefixed(name);
    out->PutVarint64(value);
  }
}

}  // namespace

std::string EncodeManifest(const Manifest& manifest) {
  ByteWriter out;
  out.PutU64(manifest.features.ignorable);
  out.PutU64(manifest.features.read_only);
  out.PutU64(manifest.features.refuse);
  out.PutU64(manifest.generation);
  out.PutVarint64(manifest.next_segment_id);
  out.PutVarint32(manifest.next_field_id);
  out.PutLengthPrefixed(manifest.schema_json);
  out.PutLengthPrefixed(manifest.payload);
  out.PutVarint64(manifest.fields.size());
  for (const ManifestField& field : manifest.fields) {
    out.PutVarint32(field.id);
    out.PutLengthPrefixed(field.name);
  }
  out.PutVarint64(manifest.segments.size());
  for (const ManifestSegment& segment : manifest.segments) EncodeSegment(segment, &out);
  return out.Take();
}

// ---- Decoding ----

namespace {

// Reads the body once; the first fault is kept, and everything after it reads as nothing.
class Decoder {
 public:
  Decoder(std::string_view body, std::string_view file_name)
      : reader_(body), file_name_(file_name) {}

  absl::StatusOr<Manifest> Run() {
    Manifest manifest;
    ReadHead(&manifest);
    const uint64_t refused = manifest.features.refuse & ~kKnownFeatures.refuse;
    if (status_.ok() && refused != 0) {
      return Error(ErrorCode::kVersion,
                   Cat(file_name_, ": the index uses features this segue does not have (bits ",
                       Hex(refused, 16), "): use a newer one"));
    }
    ReadBody(&manifest);
    if (status_.ok() && reader_.remaining() != 0) {
      Fault(Cat(reader_.remaining(), " bytes too many"));
    }
    if (!status_.ok()) return status_;
    return manifest;
  }

 private:
  // Keeps the first fault.
  void Fault(std::string_view what) {
    if (!status_.ok()) return;
    status_ = Error(ErrorCode::kDataLoss,
                    Cat(file_name_, ": ", what, " at byte ", reader_.position(), " of the body"));
  }
  void Require(bool holds, std::string_view what) {
    if (!reader_.ok()) {
      Fault("the manifest ends too early or holds a bad number");
    } else if (!holds) {
      Fault(what);
    }
  }
  std::string ReadString(size_t max_bytes, std::string_view what) {
    std::string_view bytes;
    reader_.ReadLengthPrefixed(&bytes);
    Require(bytes.size() <= max_bytes, Cat(what, " is longer than ", max_bytes, " bytes"));
    return std::string(status_.ok() ? bytes : std::string_view());
  }
  // A number of items, each of at least `item_bytes` bytes; 0 after a fault.
  uint64_t ReadCount(uint64_t limit, size_t item_bytes, std::string_view what) {
    uint64_t count = 0;
    reader_.ReadVarint64(&count);
    Require(count <= limit && count <= reader_.remaining() / item_bytes,
            Cat("number of ", what, " is ", count, ", more than can be"));
    return status_.ok() ? count : 0;
  }

  void ReadHead(Manifest* manifest) {
    reader_.ReadU64(&manifest->features.ignorable);
    reader_.ReadU64(&manifest->features.read_only);
    reader_.ReadU64(&manifest->features.refuse);
    Require(true, "");
  }

  void ReadBody(Manifest* manifest) {
    reader_.ReadU64(&manifest->generation);
    reader_.ReadVarint64(&manifest->next_segment_id);
    reader_.ReadVarint32(&manifest->next_field_id);
    Require(manifest->generation != 0, "generation 0");
    Require(manifest->next_segment_id != 0, "next segment id 0");
    manifest->schema_json = ReadString(kMaxSchemaBytes, "schema");
    manifest->payload = ReadString(kMaxCommitPayloadBytes, "payload");
    for (uint64_t left = ReadCount(kMaxFields, 2, "fields"); left > 0 && status_.ok(); --left) {
      ReadField(manifest);
    }
    for (uint64_t left = ReadCount(kMaxSegments, 6, "segments"); left > 0 && status_.ok(); --left) {
      ReadSegment(manifest);
    }
  }

  void ReadField(Manifest* manifest) {
    ManifestField field;
    reader_.ReadVarint32(&field.id);
    Require(field.id < manifest->next_field_id, "field id not below the next one");
    Require(manifest->fields.empty() || field.id > manifest->fields.back().id,
            "field ids do not ascend");
    field.name = ReadString(kMaxFieldNameBytes, "field name");
    Require(!field.name.empty() && IsValidUtf8(field.name), "field name is empty or not UTF-8");
    Require(field_names_.insert(field.name).second, "field name occurs twice");
    manifest->fields.push_back(std::move(field));
  }

  void ReadSegment(Manifest* manifest) {
    ManifestSegment segment;
    reader_.ReadVarint64(&segment.id.value);
    reader_.ReadVarint32(&segment.doc_count);
    reader_.ReadVarint32(&segment.deleted_count);
    reader_.ReadVarint64(&segment.live_generation);
    Require(segment.id.value != 0 && segment.id.value < manifest->next_segment_id,
            "segment id is 0 or not below the next one");
    Require(segment_ids_.insert(segment.id.value).second, "segment id occurs twice");
    Require(segment.doc_count <= kMaxDocsInSegment, "segment has too many documents");
    Require(segment.deleted_count <= segment.doc_count, "more documents deleted than there are");
    Require(segment.deleted_count == 0 || segment.live_generation != 0,
            "documents are deleted, but there is no list of live ones");
    const uint64_t files = ReadCount(kMaxFilesInSegment, 11, "files");
    for (uint64_t left = files; left > 0 && status_.ok(); --left) ReadFile(&segment);
    const uint64_t stats = ReadCount(kMaxFilesInSegment, 2, "figures");
    for (uint64_t left = stats; left > 0 && status_.ok(); --left) {
      auto& [name, value] = segment.stats.emplace_back();
      name = ReadString(kMaxFieldNameBytes, "name of a figure");
      reader_.ReadVarint64(&value);
      Require(true, "");
    }
    manifest->segments.push_back(std::move(segment));
  }

  void ReadFile(ManifestSegment* segment) {
    ManifestFile file;
    uint8_t file_class = 0;
    reader_.ReadU8(&file_class);
    reader_.ReadU32(&file.kind.fourcc);
    Require(file_class <= static_cast<uint8_t>(FileClass::kMutable), "unknown class of file");
    file.file_class = static_cast<FileClass>(file_class);
    file.info.name = ReadString(kMaxFileNameBytes, "file name");
    reader_.ReadVarint64(&file.info.length);
    reader_.ReadU32(&file.info.crc32c);
    Require(
        IsFileNameOfSegment(file.info.name, segment->id),
        Cat("file name ", Quoted(file.info.name), " is none of segment ", segment->id.ToString()));
    const auto parsed = ParseFileName(file.info.name);
    Require(!parsed.has_value() || parsed->kind == file.kind,
            Cat("file ", file.info.name, " has kind ", file.kind.ToString()));
    Require(!parsed.has_value() || parsed->type != ParsedFileName::Type::kLive ||
                parsed->generation == segment->live_generation,
            Cat("file ", file.info.name, " is not of live generation ", segment->live_generation));
    Require(file_names_.insert(file.info.name).second,
            Cat("file ", file.info.name, " occurs twice"));
    segment->files.push_back(std::move(file));
  }

  ByteReader reader_;
  const std::string file_name_;
  absl::Status status_;
  std::set<std::string> field_names_;
  std::set<std::string> file_names_;
  std::set<uint64_t> segment_ids_;
};

}  // namespace

absl::StatusOr<Manifest> DecodeManifest(std::string_view body, std::string_view file_name) {
  return Decoder(body, file_name).Run();
}

}  // namespace segue
