// SPDX-License-Identifier: Apache-2.0
#include "engine/io/no_sync_env.h"

#include <utility>

#include "engine/base/status.h"

namespace segue {
namespace {

class NoSyncWritable final : public WritableFile {
 public:
  explicit NoSyncWritable(std::unique_ptr<WritableFile> file) : file_(std::move(file)) {}

  absl::Status Append(std::string_view bytes) override { return file_->Append(bytes); }
  absl::Status Sync() override { return absl::OkStatus(); }
  absl::Status Close() override { return file_->Close(); }

 private:
  const std::unique_ptr<WritableFile> file_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<WritableFile>> NoSyncEnv::NewWritable(const std::string& path) {
  SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<WritableFile> file, env_->NewWritable(path));
  return std::make_unique<NoSyncWritable>(std::move(file));
}

}  // namespace segue
