// SPDX-License-Identifier: Apache-2.0
//
// HookEnv: another Env, which calls the test before each operation that changes files. With a
// ManualExecutor a test can act in the middle of what goes on beside it, without a second thread.
#ifndef SEGUE_TESTS_SUPPORT_HOOK_ENV_H_
#define SEGUE_TESTS_SUPPORT_HOOK_ENV_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/status.h"
#include "segue/env.h"

namespace segue {

class HookEnv final : public Env {
 public:
  explicit HookEnv(Env* env) : env_(env) {}

  // Called with the path; may use this Env, and is not called again for what it does itself.
  std::function<void(const std::string& path)> before_change;

  absl::StatusOr<std::unique_ptr<WritableFile>> NewWritable(const std::string& path) override {
    Call(path);
    SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<WritableFile> file, env_->NewWritable(path));
    return std::make_unique<HookWritable>(this, path, std::move(file));
  }
  absl::StatusOr<std::unique_ptr<ByteSource>> OpenSource(const std::string& path,
                                                         ReadMode mode) override {
    return env_->OpenSource(path, mode);
  }
  absl::Status Rename(const std::string& from, const std::string& to) override {
    Call(from);
    return env_->Rename(from, to);
  }
  absl::Status Remove(const std::string& path) override {
    Call(path);
    return env_->Remove(path);
  }
  absl::StatusOr<std::vector<std::string>> List(const std::string& dir) override {
    return env_->List(dir);
  }
  absl::Status SyncFile(const std::string& path) override {
    Call(path);
    return env_->SyncFile(path);
  }
  absl::Status SyncDir(const std::string& dir) override {
    Call(dir);
    return env_->SyncDir(dir);
  }
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
  class HookWritable final : public WritableFile {
   public:
    HookWritable(HookEnv* env, std::string path, std::unique_ptr<WritableFile> file)
        : env_(env), path_(std::move(path)), file_(std::move(file)) {}
    absl::Status Append(std::string_view bytes) override {
      env_->Call(path_);
      return file_->Append(bytes);
    }
    absl::Status Sync() override {
      env_->Call(path_);
      return file_->Sync();
    }
    absl::Status Close() override { return file_->Close(); }

   private:
    HookEnv* const env_;
    const std::string path_;
    const std::unique_ptr<WritableFile> file_;
  };

  void Call(const std::string& path) {
    if (!before_change || inside_) return;
    inside_ = true;
    before_change(path);
    inside_ = false;
  }

  Env* const env_;
  bool inside_ = false;
};

}  // namespace segue

#endif  // SEGUE_TESTS_SUPPORT_HOOK_ENV_H_
