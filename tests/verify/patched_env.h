// SPDX-License-Identifier: Apache-2.0
//
// PatchedEnv: the files of an index, of which one may be replaced; what is not replaced is shared,
// not copied, so that a hundred thousand damages take seconds. Nothing can be written through it:
// whatever is done over it works on read-only media.
#ifndef SEGUE_TESTS_VERIFY_PATCHED_ENV_H_
#define SEGUE_TESTS_VERIFY_PATCHED_ENV_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/io/memory_source.h"
#include "segue/env.h"
#include "tests/verify/sealed_index.h"

namespace segue {

class PatchedEnv final : public Env {
 public:
  explicit PatchedEnv(const std::vector<FileImage>& files);

  // From now on `name` has these bytes (nullopt: is missing), and all other files their own.
  void Patch(const std::string& name, std::optional<std::string> bytes);

  absl::StatusOr<std::unique_ptr<ByteSource>> OpenSource(const std::string& path,
                                                         ReadMode mode) override;
  absl::StatusOr<std::vector<std::string>> List(const std::string& dir) override;
  absl::StatusOr<uint64_t> FileSize(const std::string& path) override;
  absl::StatusOr<bool> Exists(const std::string& path) override;
  uint64_t NowMicros() override { return 0; }

  absl::StatusOr<std::unique_ptr<WritableFile>> NewWritable(const std::string& path) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& path) override;
  absl::Status SyncFile(const std::string& path) override;
  absl::Status SyncDir(const std::string& dir) override;
  absl::Status CreateDir(const std::string& path) override;
  absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path,
                                                 const std::string& owner) override;

 private:
  // nullptr: there is no such file.
  std::shared_ptr<const FrozenBytes> Find(const std::string& path) const;

  std::map<std::string, std::shared_ptr<const FrozenBytes>> files_;  // by path
  std::string patched_path_;
  std::shared_ptr<const FrozenBytes> patch_;
};

}  // namespace segue

#endif  // SEGUE_TESTS_VERIFY_PATCHED_ENV_H_
