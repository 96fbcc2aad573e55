// SPDX-License-Identifier: Apache-2.0
//
// Every kind of file an index has: its fourcc, its format version and the
// extension of its name (file_name.h). One line here is what a new kind needs for naming.
#ifndef SEGUE_FORMAT_FILE_KIND_H_
#define SEGUE_FORMAT_FILE_KIND_H_

#include <cstdint>
#include <string_view>

#include "engine/io/framed_file.h"

namespace segue {

inline constexpr FileKind kManifestKind = FileKind::Of("mani");
inline constexpr FileKind kMetaKind = FileKind::Of("meta");
inline constexpr FileKind kTermsKind = FileKind::Of("term");
inline constexpr FileKind kPostingsKind = FileKind::Of("post");
inline constexpr FileKind kPositionsKind = FileKind::Of("posi");
inline constexpr FileKind kBoundsKind = FileKind::Of("boun");
inline constexpr FileKind kNormsKind = FileKind::Of("norm");
inline constexpr FileKind kStoredKind = FileKind::Of("stor");
inline constexpr FileKind kColumnsKind = FileKind::Of("colu");
inline constexpr FileKind kKeysKind = FileKind::Of("keys");
inline constexpr FileKind kLiveKind = FileKind::Of("live");
inline constexpr FileKind kValuesKind = FileKind::Of("valu");

// A version is raised by any change that an older reader would misread.
inline constexpr uint32_t kManifestVersion = 1;
inline constexpr uint32_t kMetaVersion = 1;
inline constexpr uint32_t kTermsVersion = 2;
inline constexpr uint32_t kPostingsVersion = 2;
inline constexpr uint32_t kPositionsVersion = 1;
inline constexpr uint32_t kBoundsVersion = 3;
inline constexpr uint32_t kNormsVersion = 1;
inline constexpr uint32_t kStoredVersion = 1;
inline constexpr uint32_t kColumnsVersion = 2;
inline constexpr uint32_t kKeysVersion = 1;
inline constexpr uint32_t kLiveVersion = 1;
inline constexpr uint32_t kValuesVersion = 1;

struct SegmentFileKind {
  FileKind kind;
  uint32_t version;
  std::string_view extension;
};

// The immutable files of a segment.
inline constexpr SegmentFileKind kSegmentFileKinds[] = {
    {kMetaKind, kMetaVersion, "meta"},         {kTermsKind, kTermsVersion, "terms"},
    {kPostingsKind, kPostingsVersion, "post"}, {kPositionsKind, kPositionsVersion, "pos"},
    {kBoundsKind, kBoundsVersion, "bound"},    {kNormsKind, kNormsVersion, "norm"},
    {kStoredKind, kStoredVersion, "stored"},   {kColumnsKind, kColumnsVersion, "column"},
    {kKeysKind, kKeysVersion, "key"},
};

}  // namespace segue

#endif  // SEGUE_FORMAT_FILE_KIND_H_
