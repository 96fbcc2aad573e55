// SPDX-License-Identifier: Apache-2.0
//
// A segment is whole or it is nothing: what is derived from damaged bytes cannot be told from what
// is right. So repairing means to leave segments out, and the manifest is all that is written.
#include "engine/verify/repair.h"

#include <algorithm>
#include <memory>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/manifest_io.h"

namespace segue {
namespace {

bool IsDamaged(const VerifyReport& report, const ManifestSegment& segment) {
  return std::find(report.damaged_segments.begin(), report.damaged_segments.end(),
                   segment.id.value) != report.damaged_segments.end();
}

absl::Status Drop(Env* env, const std::string& dir, Manifest manifest, RepairReport* report) {
  std::erase_if(manifest.segments, [report](const ManifestSegment& segment) {
    return IsDamaged(report->found, segment);
  });
  ++manifest.generation;
  SEGUE_RETURN_IF_ERROR(WriteManifest(env, dir, manifest));
  report->generation = manifest.generation;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RepairReport> RepairIndex(Env* env, const std::string& dir,
                                         const VerifyOptions& options, bool drop_damaged) {
  // Before the lock, which would leave its file in any directory.
  SEGUE_RETURN_IF_ERROR(ReadNewestManifest(env, dir).status());
  std::unique_ptr<FileLock> lock;
  if (drop_damaged) {
    SEGUE_ASSIGN_OR_RETURN(lock, env->Lock(JoinPath(dir, kLockFileName), "segue repair"));
  }
  SEGUE_ASSIGN_OR_RETURN(const Manifest manifest, ReadNewestManifest(env, dir));
  if (drop_damaged && IsReadOnly(manifest)) {
    return Error(ErrorCode::kVersion,
                 Cat(dir, ": the index uses features that this version can read but not write"));
  }
  RepairReport report;
  SEGUE_ASSIGN_OR_RETURN(report.found, VerifyIndex(env, dir, options));
  report.generation = report.found.generation;
  for (const ManifestSegment& segment : manifest.segments) {
    const uint64_t documents = segment.doc_count - segment.deleted_count;
    if (IsDamaged(report.found, segment)) {
      report.lost.push_back(
          {.id = segment.id.value, .documents = documents, .bytes = segment.TotalBytes()});
    } else {
      report.kept_documents += documents;
    }
  }
  if (drop_damaged && !report.lost.empty()) {
    SEGUE_RETURN_IF_ERROR(Drop(env, dir, manifest, &report));
  }
  return report;
}

}  // namespace segue
