// SPDX-License-Identifier: Apache-2.0
//
// The commit protocol. What makes it atomic is one rename; what makes it durable is the order of
// syncs around it. Each sync here is necessary: a test leaves them out one by one and must lose
// data.
#include "engine/format/manifest_io.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/io/framed_file.h"

namespace segue {
namespace {

// A reader that always meets a directory in the middle of a commit gives up after so many looks;
// each needs a whole commit to come between two calls.
constexpr int kMaxLooks = 100;

struct Listing {
  std::vector<uint64_t> generations;  // ascending
  bool has_own_files = false;         // any name of our grammar but the lock
};

absl::StatusOr<Listing> ListManifests(Env* env, const std::string& dir) {
  SEGUE_ASSIGN_OR_RETURN(const std::vector<std::string> names, env->List(dir));
  Listing listing;
  for (const std::string& name : names) {
    const auto parsed = ParseFileName(name);
    if (!parsed.has_value() || parsed->type == ParsedFileName::Type::kLock) continue;
    listing.has_own_files = true;
    if (parsed->type == ParsedFileName::Type::kManifest) {
      listing.generations.push_back(parsed->generation);
    }
  }
  std::sort(listing.generations.begin(), listing.generations.end());
  return listing;
}

absl::Status RemoveIfThere(Env* env, const std::string& path) {
  const absl::Status status = env->Remove(path);
  return CodeOf(status) == ErrorCode::kNotFound ? absl::OkStatus() : status;
}

// Step 3. On an error the file is removed again.
absl::Status WriteTemporary(Env* env, const std::string& path, uint64_t generation,
                            std::string_view body) {
  // What a crashed writer left; the lock says that nobody else is writing it.
  SEGUE_RETURN_IF_ERROR(RemoveIfThere(env, path));
  SEGUE_ASSIGN_OR_RETURN(
      const std::unique_ptr<FramedWriter> writer,
      FramedWriter::Create(env, path, kManifestKind, kManifestVersion, SegmentId{generation}));
  SEGUE_RETURN_IF_ERROR(writer->Append(body));
  return writer->Finish().status();
}

// Where the manifest stands until it is published.
std::string StagedPath(const std::string& dir, uint64_t generation) {
  return JoinPath(dir, ManifestFileName(generation)) + ".tmp";
}

// Step 4. A rename that reports failure may have happened; look.
absl::Status Rename(Env* env, const std::string& temporary, const std::string& path) {
  const absl::Status renamed = env->Rename(temporary, path);
  if (renamed.ok()) return renamed;
  const absl::StatusOr<bool> published = env->Exists(path);
  if (!published.ok() || *published) return MarkOutcomeUnknown(renamed);
  (void)env->Remove(temporary);
  return renamed;
}

// The bytes to write. What cannot be read back must not be published.
absl::StatusOr<std::string> CheckedBody(const Manifest& manifest) {
  std::string body = EncodeManifest(manifest);
  if (body.size() > kMaxManifestBytes) {
    return Error(ErrorCode::kResourceExhausted,
                 Cat("the manifest takes ", body.size(), " bytes; the limit is ", kMaxManifestBytes,
                     ": merge segments"));
  }
  const absl::StatusOr<Manifest> decoded =
      DecodeManifest(body, ManifestFileName(manifest.generation));
  if (!decoded.ok()) {
    return Error(ErrorCode::kInvalidArgument, Cat("commit refused, its manifest would be invalid: ",
                                                  MessageOf(decoded.status())));
  }
  return body;
}

}  // namespace

absl::Status StageManifest(Env* env, const std::string& dir, const Manifest& manifest) {
  SEGUE_ASSIGN_OR_RETURN(const std::string body, CheckedBody(manifest));
  SEGUE_ASSIGN_OR_RETURN(const Listing listing, ListManifests(env, dir));
  if (!listing.generations.empty() && listing.generations.back() >= manifest.generation) {
    return Error(ErrorCode::kFailedPrecondition,
                 Cat(dir, ": generation ", listing.generations.back(),
                     " is published already, cannot commit generation ", manifest.generation));
  }
  // Step 2: the names of the segments' files.
  SEGUE_RETURN_IF_ERROR(MarkSyncFailure(env->SyncDir(dir)));
  return WriteTemporary(env, StagedPath(dir, manifest.generation), manifest.generation, body);
}

absl::Status PublishManifest(Env* env, const std::string& dir, uint64_t generation) {
  SEGUE_RETURN_IF_ERROR(
      Rename(env, StagedPath(dir, generation), JoinPath(dir, ManifestFileName(generation))));
  // Step 5: the name of the manifest.
  return MarkOutcomeUnknown(MarkSyncFailure(env->SyncDir(dir)));
}

absl::Status RemoveStagedManifest(Env* env, const std::string& dir, uint64_t generation) {
  return RemoveIfThere(env, StagedPath(dir, generation));
}

absl::Status WriteManifest(Env* env, const std::string& dir, const Manifest& manifest) {
  SEGUE_RETURN_IF_ERROR(StageManifest(env, dir, manifest));
  return PublishManifest(env, dir, manifest.generation);
}

absl::StatusOr<Manifest> ReadManifest(Env* env, const std::string& dir, uint64_t generation) {
  const std::string name = ManifestFileName(generation);
  OpenOptions options;
  options.verify = VerifyPolicy::kOnOpen;
  options.read_mode = ReadMode::kPread;
  options.max_version = kManifestVersion;
  SEGUE_ASSIGN_OR_RETURN(const Section body, OpenFramed(env, JoinPath(dir, name), kManifestKind,
                                                        SegmentId{generation}, options));
  if (body.size() > kMaxManifestBytes) {
    return body.Corrupt(0, Cat("manifest of ", body.size(), " bytes, more than can be,"));
  }
  SEGUE_ASSIGN_OR_RETURN(const PinnedBytes bytes, body.PinAll());
  SEGUE_ASSIGN_OR_RETURN(Manifest manifest, DecodeManifest(bytes.view(), name));
  if (manifest.generation != generation) {
    return body.Corrupt(
        24, Cat("generation ", manifest.generation, " in the manifest of generation ", generation));
  }
  return manifest;
}

absl::StatusOr<Manifest> ReadNewestManifest(Env* env, const std::string& dir) {
  for (int look = 0; look < kMaxLooks; ++look) {
    SEGUE_ASSIGN_OR_RETURN(const Listing listing, ListManifests(env, dir));
    if (listing.generations.empty()) {
      // A listing made during a commit may miss the new name and the old one.
      if (listing.has_own_files && look < 3) continue;
      return Error(ErrorCode::kNotFound, Cat(dir, ": is not an index directory (it has no file ",
                                             ManifestFileName(1), " or higher)"));
    }
    absl::StatusOr<Manifest> manifest = ReadManifest(env, dir, listing.generations.back());
    // Not found: a writer has published another one and removed this.
    if (CodeOf(manifest.status()) != ErrorCode::kNotFound) return manifest;
  }
  return Error(ErrorCode::kIo, Cat(dir, ": the manifest is replaced faster than it can be read"));
}

absl::StatusOr<std::vector<uint64_t>> ListGenerations(Env* env, const std::string& dir) {
  SEGUE_ASSIGN_OR_RETURN(Listing listing, ListManifests(env, dir));
  return std::move(listing.generations);
}

absl::StatusOr<std::vector<std::string>> ListOrphans(Env* env, const std::string& dir,
                                                     const Manifest& current,
                                                     std::span<const SegmentId> in_the_making) {
  std::set<std::string> needed = {ManifestFileName(current.generation)};
  for (const ManifestSegment& segment : current.segments) {
    for (const ManifestFile& file : segment.files) needed.insert(file.info.name);
  }
  SEGUE_ASSIGN_OR_RETURN(const std::vector<std::string> names, env->List(dir));
  std::vector<std::string> manifests;
  std::vector<std::string> others;
  for (const std::string& name : names) {
    const auto parsed = ParseFileName(name);
    if (!parsed.has_value() || parsed->type == ParsedFileName::Type::kLock ||
        needed.count(name) != 0) {
      continue;
    }
    if (parsed->type == ParsedFileName::Type::kSegment &&
        std::find(in_the_making.begin(), in_the_making.end(), parsed->segment) !=
            in_the_making.end()) {
      continue;
    }
    if (parsed->type != ParsedFileName::Type::kManifest) {
      others.push_back(name);
    } else if (parsed->generation < current.generation) {
      manifests.push_back(name);
    } else {
      return Error(ErrorCode::kFailedPrecondition,
                   Cat(dir, ": ", name, " is newer than generation ", current.generation,
                       ", which was taken for the newest"));
    }
  }
  manifests.insert(manifests.end(), others.begin(), others.end());
  return manifests;
}

absl::StatusOr<size_t> RemoveOrphans(Env* env, const std::string& dir, const Manifest& current,
                                     std::span<const SegmentId> in_the_making) {
  SEGUE_ASSIGN_OR_RETURN(const std::vector<std::string> orphans,
                         ListOrphans(env, dir, current, in_the_making));
  std::vector<std::string> manifests;
  std::vector<std::string> others;
  for (const std::string& name : orphans) {
    const bool is_manifest = ParseFileName(name)->type == ParsedFileName::Type::kManifest;
    (is_manifest ? manifests : others).push_back(JoinPath(dir, name));
  }
  absl::Status first_failure;
  size_t removed = 0;
  for (const std::vector<std::string>& paths : {std::move(manifests), std::move(others)}) {
    for (absl::Status& status : env->RemoveAll(paths)) {
      if (status.ok()) ++removed;
      if (first_failure.ok() && CodeOf(status) != ErrorCode::kNotFound) {
        first_failure = std::move(status);
      }
    }
  }
  if (!first_failure.ok()) return first_failure;
  return removed;
}

}  // namespace segue
