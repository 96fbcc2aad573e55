// SPDX-License-Identifier: Apache-2.0
//
// Names of the files in an index directory. Only names that this file makes are ever removed from
// a directory, so the grammar is strict: one spelling for each name.
//
//   manifest-<16 hex: generation>                     a published manifest
//   manifest-<16 hex: generation>.tmp                 one that is being written
//   seg-<16 hex: segment>.<extension>                 kSegmentFileKinds (file_kind.h)
//   seg-<16 hex: segment>.live-<16 hex: generation>   which documents are live
//   seg-<16 hex: segment>.values-<16 hex: number>     values that were set in them later
//   segue.lock                                        the writer's lock
#ifndef SEGUE_FORMAT_FILE_NAME_H_
#define SEGUE_FORMAT_FILE_NAME_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/types.h"
#include "engine/format/file_kind.h"

namespace segue {

inline constexpr std::string_view kLockFileName = "segue.lock";

std::string ManifestFileName(uint64_t generation);
// REQUIRES: `kind` is in kSegmentFileKinds.
std::string SegmentFileName(SegmentId segment, FileKind kind);
std::string LiveFileName(SegmentId segment, uint64_t live_generation);
// `number`: never used before in the index, by anything that is numbered as segments are.
std::string ValuesFileName(SegmentId segment, uint64_t number);

struct ParsedFileName {
  enum class Type { kManifest, kManifestTemporary, kSegment, kLive, kValues, kLock };
  Type type = Type::kManifest;
  uint64_t generation = 0;  // of a manifest or a live bitmap; the number of kValues
  SegmentId segment;        // of kSegment, kLive and kValues
  FileKind kind;            // of all but kLock

  friend bool operator==(const ParsedFileName&, const ParsedFileName&) = default;
};

// nullopt for every name that this version would not itself give to a file.
std::optional<ParsedFileName> ParseFileName(std::string_view name);

// True for "seg-<16 hex: segment>." and 1 to 64 of a-z, 0-9 and '-': all that a manifest may name,
// kinds of later versions included. Such a name cannot lead out of its directory.
bool IsFileNameOfSegment(std::string_view name, SegmentId segment);

}  // namespace segue

#endif  // SEGUE_FORMAT_FILE_NAME_H_
