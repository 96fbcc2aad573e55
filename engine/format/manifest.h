// SPDX-License-Identifier: Apache-2.0
//
// Manifest: the list of everything that one generation of an index consists of.
// Publishing a manifest is what a commit is; docs/format.md, "Manifest", has the
// byte grammar, and manifest_io.h the protocol.
#ifndef SEGUE_FORMAT_MANIFEST_H_
#define SEGUE_FORMAT_MANIFEST_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/types.h"
#include "engine/io/framed_file.h"
#include "segue/status.h"

namespace segue {

// How a file may change during its life.
enum class FileClass : uint8_t {
  // Never: length and checksum are in the manifest.
  kImmutable = 0,
  // Never either, but a later generation replaces it by another of a higher
  // number (live documents).
  kOverlay = 1,
  // By its own journal, with its own checksums; the manifest's length and
  // checksum are zero.
  kMutable = 2,
};

struct ManifestFile {
  FileClass file_class = FileClass::kImmutable;
  FileKind kind;
  FileInfo info;

  friend bool operator==(const ManifestFile&, const ManifestFile&) = default;
};

struct ManifestSegment {
  SegmentId id;
  uint32_t doc_count = 0;
  uint32_t deleted_count = 0;    // of them
  uint64_t live_generation = 0;  // number of its live bitmap; 0: all live
  std::vector<ManifestFile> files;
  // Figures for people and for the merge policy, by name ("tokens", …). Readers
  // ignore names they do not know.
  std::vector<std::pair<std::string, uint64_t>> stats;

  // The file of that kind, or nullptr.
  const ManifestFile* Find(FileKind kind) const;
  uint64_t TotalBytes() const;
  friend bool operator==(const ManifestSegment&, const ManifestSegment&) = default;
};

// What a reader must know to use this index. A bit that it does not know means:
// go on (ignorable), do not write (read_only), do not open (refuse).
struct FeatureWords {
  uint64_t ignorable = 0;
  uint64_t read_only = 0;
  uint64_t refuse = 0;

  friend bool operator==(const FeatureWords&, const FeatureWords&) = default;
};
// Ignorable: files of this generation were not synced, so that a power cut may damage it.
inline constexpr uint64_t kUnsyncedFeature = 1;
// Refuse: the schema asks for zstd, a member that readers before it do not know.
inline constexpr uint64_t kZstdFeature = 1;
// Refuse: a field is updatable; readers before it would show the values that it had at first.
inline constexpr uint64_t kUpdatableFeature = 2;
inline constexpr FeatureWords kKnownFeatures = {.ignorable = kUnsyncedFeature,
                                                .refuse = kZstdFeature | kUpdatableFeature};

// A field's number, fixed for the life of the index.
struct ManifestField {
  FieldId id = 0;
  std::string name;

  friend bool operator==(const ManifestField&, const ManifestField&) = default;
};

struct Manifest {
  uint64_t generation = 0;       // of this commit; the first is 1
  uint64_t next_segment_id = 1;  // never used so far
  FieldId next_field_id = 0;     // never used so far
  FeatureWords features;
  std::string schema_json;
  std::string payload;                    // the user's bytes with this commit
  std::vector<ManifestField> fields;      // ascending ids
  std::vector<ManifestSegment> segments;  // in document order

  friend bool operator==(const Manifest&, const Manifest&) = default;

  uint64_t DocCount() const;  // deleted ones included
  uint64_t DeletedCount() const;
};

// The body of a manifest file.
std::string EncodeManifest(const Manifest& manifest);

// The inverse, safe against any bytes. kDataLoss names the offset; unknown
// `refuse` bits are kVersion.
absl::StatusOr<Manifest> DecodeManifest(std::string_view body, std::string_view file_name);

// True if the manifest asks for something this version cannot keep up when it
// writes; the writer must not open the index then.
bool IsReadOnly(const Manifest& manifest);

// True if a power cut may damage this generation: kUnsyncedFeature.
inline bool IsUnsynced(const Manifest& manifest) {
  return (manifest.features.ignorable & kUnsyncedFeature) != 0;
}

}  // namespace segue

#endif  // SEGUE_FORMAT_MANIFEST_H_
