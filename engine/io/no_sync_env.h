// SPDX-License-Identifier: Apache-2.0
//
// NoSyncEnv: another Env, without its syncs: what is written reaches the disk when the system
// likes. It survives the death of the process, not a power cut.
#ifndef SEGUE_IO_NO_SYNC_ENV_H_
#define SEGUE_IO_NO_SYNC_ENV_H_

#include <memory>
#include <string>
#include <vector>

#include "segue/env.h"

namespace segue {

// As safe to share as the Env below it, which must outlive it.
class NoSyncEnv final : public Env {
 public:
  explicit NoSyncEnv(Env* env) : env_(env) {}

  absl::StatusOr<std::unique_ptr<WritableFile>> NewWritable(const std::string& path) override;
  absl::StatusOr<std::unique_ptr<ByteSource>> OpenSource(const std::string& path,
                                                         ReadMode mode) override {
    return env_->OpenSource(path, mode);
  }
  absl::Status Rename(const std::string& from, const std::string& to) override {
    return env_->Rename(from, to);
  }
  absl::Status Remove(const std::string& path) override { return env_->Remove(path); }
  absl::StatusOr<std::vector<std::string>> List(const std::string& dir) override {
    return env_->List(dir);
  }
  absl::Status SyncFile(const std::string&) override { return absl::OkStatus(); }
  absl::Status SyncDir(const std::string&) override { return absl::OkStatus(); }
  absl::Status CreateDir(const std::string& path) override { return env_->CreateDir(path); }
  absl::StatusOr<uint64_t> FileSize(const std::string& path) override {
    return env_->FileSize(path);
  }
  absl::StatusOr<bool> Exists(const std::string& path) override { return env_->Exists(path); }
  absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path,
                                                 const std::string& owner) override {
    return env_->Lock(path, owner);
  }
  uint64_t NowMicros() override { return env_->NowMicros(); }

 private:
  Env* const env_;
};

}  // namespace segue

#endif  // SEGUE_IO_NO_SYNC_ENV_H_
