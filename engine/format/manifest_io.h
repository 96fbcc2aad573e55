// SPDX-License-Identifier: Apache-2.0
//
// Reading and publishing manifests: the commit protocol. A directory is an index
// if it holds a manifest; the one of the highest generation is the index.
#ifndef SEGUE_FORMAT_MANIFEST_IO_H_
#define SEGUE_FORMAT_MANIFEST_IO_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/types.h"
#include "engine/format/file_name.h"
#include "engine/format/manifest.h"
#include "engine/io/path.h"
#include "segue/env.h"
#include "segue/status.h"

namespace segue {

// ---- Commit ----

// Publishes `manifest` as generation manifest.generation. The caller holds the
// writer's lock, and has written and synced every file the manifest lists.
//   2  the directory is synced, so that those files' names are durable
//   3  manifest-N.tmp is written and synced
//   4  it is renamed to manifest-N
//   5  the directory is synced
// OK means that the generation survives a power cut. On an error:
//   IsOutcomeUnknown   step 5 failed: reopening tells
//   IsSyncFailure      a sync failed: the writer must not go on (in any step)
//   otherwise          the old generation stands, nothing is left behind that
//                      disturbs, and the caller may try again
// kFailedPrecondition if a manifest of this or a higher generation exists.
absl::Status WriteManifest(Env* env, const std::string& dir, const Manifest& manifest);

// The two halves of WriteManifest: steps 2 and 3, and steps 4 and 5. In between, the generation can
// still be given up: RemoveStagedManifest. After an error of PublishManifest other than an unknown
// outcome it has been.
absl::Status StageManifest(Env* env, const std::string& dir, const Manifest& manifest);
absl::Status PublishManifest(Env* env, const std::string& dir, uint64_t generation);
absl::Status RemoveStagedManifest(Env* env, const std::string& dir, uint64_t generation);

// The manifest of the highest generation. One that is there but damaged is
// kDataLoss: an older one is never taken in its place. kNotFound if `dir` is no
// index. A manifest that a writer replaces meanwhile is looked for again.
absl::StatusOr<Manifest> ReadNewestManifest(Env* env, const std::string& dir);

// The manifest of one generation, for tools.
absl::StatusOr<Manifest> ReadManifest(Env* env, const std::string& dir, uint64_t generation);

// Generations that have a manifest file, ascending.
absl::StatusOr<std::vector<uint64_t>> ListGenerations(Env* env, const std::string& dir);

// ---- Orphans ----

// Names in `dir` that follow our grammar and that `current` does not need: files
// of crashed or abandoned commits, of older generations, and older manifests.
// Manifests come first, so that a reader does not meet one whose files are gone.
// Files of a generation above the current one are orphans too, except manifests,
// which mean that `current` is not the newest: kFailedPrecondition. Files of the segments in the
// making are left out.
absl::StatusOr<std::vector<std::string>> ListOrphans(Env* env, const std::string& dir,
                                                     const Manifest& current,
                                                     std::span<const SegmentId> in_the_making = {});

// Removes them; returns how many. The caller holds the writer's lock and has no other
// file in the making. Goes on after a failure and returns the first one.
absl::StatusOr<size_t> RemoveOrphans(Env* env, const std::string& dir, const Manifest& current,
                                     std::span<const SegmentId> in_the_making = {});

}  // namespace segue

#endif  // SEGUE_FORMAT_MANIFEST_IO_H_
