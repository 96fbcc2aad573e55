// SPDX-License-Identifier: Apache-2.0
//
// All files are opened before the first is copied, so that a writer may remove their names. They
// are immutable, so a copy is the same bytes: read in pieces, summed, compared with what the
// manifest and the blocks' own checksums say. The manifest comes last, by the protocol of every
// commit.
#include "engine/index/backup.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/manifest_io.h"
#include "engine/io/framed_file.h"
#include "engine/io/path.h"

namespace segue {
namespace {

struct OpenedFile {
  FileInfo info;
  std::unique_ptr<ByteSource> source;
};

absl::StatusOr<std::vector<OpenedFile>> OpenAll(Env* env, const std::string& dir,
                                                const Manifest& manifest) {
  std::vector<OpenedFile> files;
  for (const ManifestSegment& segment : manifest.segments) {
    for (const ManifestFile& file : segment.files) {
      if (file.file_class == FileClass::kMutable) continue;
      OpenedFile& opened = files.emplace_back(OpenedFile{file.info, nullptr});
      SEGUE_ASSIGN_OR_RETURN(opened.source,
                             env->OpenSource(JoinPath(dir, file.info.name), ReadMode::kPread));
      if (opened.source->size() != file.info.length) {
        return Error(ErrorCode::kDataLoss,
                     Cat(JoinPath(dir, file.info.name), ": is ", opened.source->size(),
                         " bytes long, the manifest says ", file.info.length));
      }
    }
  }
  return files;
}

absl::Status CopyFile(Env* env, const OpenedFile& file, const std::string& to) {
  SEGUE_ASSIGN_OR_RETURN(const std::unique_ptr<WritableFile> out, env->NewWritable(to));
  std::string buffer(std::min<uint64_t>(kWriteBufferBytes, file.info.length), '\0');
  for (uint64_t at = 0; at < file.info.length;) {
    const size_t bytes =
        static_cast<size_t>(std::min<uint64_t>(buffer.size(), file.info.length - at));
    SEGUE_RETURN_IF_ERROR(file.source->Read(at, bytes, reinterpret_cast<uint8_t*>(buffer.data())));
    SEGUE_RETURN_IF_ERROR(out->Append(std::string_view(buffer.data(), bytes)));
    at += bytes;
  }
  SEGUE_RETURN_IF_ERROR(out->Sync());
  SEGUE_RETURN_IF_ERROR(out->Close());
  // What counts is what has arrived.
  return VerifyFile(env, to, file.info);
}

absl::Status CopyAll(Env* env, const std::vector<OpenedFile>& files, const Manifest& manifest,
                     const std::string& to, std::vector<std::string>* made) {
  for (const OpenedFile& file : files) {
    made->push_back(JoinPath(to, file.info.name));
    SEGUE_RETURN_IF_ERROR(CopyFile(env, file, made->back()));
  }
  Manifest copy = manifest;
  copy.features.ignorable &= ~kUnsyncedFeature;
  return WriteManifest(env, to, copy);
}

}  // namespace

absl::Status CopyGeneration(Env* env, const std::string& from, const Manifest& manifest,
                            const std::string& to) {
  SEGUE_ASSIGN_OR_RETURN(const std::vector<OpenedFile> files, OpenAll(env, from, manifest));
  SEGUE_RETURN_IF_ERROR(env->CreateDir(to));
  SEGUE_RETURN_IF_ERROR(env->SyncDir(DirName(to)));
  SEGUE_ASSIGN_OR_RETURN(const std::unique_ptr<FileLock> lock,
                         env->Lock(JoinPath(to, kLockFileName), "segue backup"));
  const absl::StatusOr<Manifest> existing = ReadNewestManifest(env, to);
  if (CodeOf(existing.status()) != ErrorCode::kNotFound) {
    return Error(ErrorCode::kFailedPrecondition,
                 Cat(to, ": there is an index already; back up to another directory"));
  }
  // What an earlier attempt that was killed has left.
  SEGUE_RETURN_IF_ERROR(RemoveOrphans(env, to, Manifest()).status());
  std::vector<std::string> made;
  absl::Status status = CopyAll(env, files, manifest, to, &made);
  if (!status.ok() && !IsOutcomeUnknown(status)) {
    for (const std::string& path : made) (void)env->Remove(path);
  }
  return status;
}

}  // namespace segue
