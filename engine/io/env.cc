// SPDX-License-Identifier: Apache-2.0
//
// What an Env does where it has no better way: one after the other.
#include "segue/env.h"

#include "engine/base/status.h"

namespace segue {

absl::Status Env::SyncAll(std::span<WritableFile* const> files) {
  for (WritableFile* const file : files) SEGUE_RETURN_IF_ERROR(file->Sync());
  return absl::OkStatus();
}

std::vector<absl::Status> Env::RemoveAll(std::span<const std::string> paths) {
  std::vector<absl::Status> statuses;
  for (const std::string& path : paths) statuses.push_back(Remove(path));
  return statuses;
}

}  // namespace segue
