// SPDX-License-Identifier: Apache-2.0
#ifndef SEGUE_TESTS_FORMAT_MANIFEST_SAMPLES_H_
#define SEGUE_TESTS_FORMAT_MANIFEST_SAMPLES_H_

#include "engine/format/file_name.h"
#include "engine/format/manifest.h"

namespace segue {

// The manifest of docs/format.md: two documents, one of them deleted.
inline Manifest ExampleManifest() {
  Manifest manifest;
  manifest.generation = 3;
  manifest.next_segment_id = 2;
  manifest.next_field_id = 2;
  manifest.schema_json = R"({"fields":{}})";
  manifest.payload = "at 42";
  manifest.fields = {{0, "id"}, {1, "text"}};
  ManifestSegment segment;
  segment.id = SegmentId{1};
  segment.doc_count = 2;
  segment.deleted_count = 1;
  segment.live_generation = 3;
  segment.files = {
      {FileClass::kImmutable, kMetaKind, {SegmentFileName(segment.id, kMetaKind), 200, 0x12345678}},
      {FileClass::kOverlay, kLiveKind, {LiveFileName(segment.id, 3), 144, 0x9abcdef0}}};
  segment.stats = {{"tokens", 300}};
  manifest.segments = {segment};
  return manifest;
}

}  // namespace segue

#endif  // SEGUE_TESTS_FORMAT_MANIFEST_SAMPLES_H_
