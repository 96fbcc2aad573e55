// SPDX-License-Identifier: Apache-2.0
#include "tests/verify/patched_env.h"

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

std::string PathOf(const std::string& name) { return Cat(kIndexFolder, "/", name); }

absl::Status NoSuch(const std::string& path) {
  return Error(ErrorCode::kNotFound, Cat(path, ": no such file or directory"));
}

absl::Status ReadOnly(const std::string& path) {
  return Error(ErrorCode::kIo, Cat(path, ": read-only file system"));
}

}  // namespace

PatchedEnv::PatchedEnv(const std::vector<FileImage>& files) {
  for (const FileImage& file : files) {
    files_[PathOf(file.name)] = std::make_shared<const FrozenBytes>(file.bytes);
  }
}

void PatchedEnv::Patch(const std::string& name, std::optional<std::string> bytes) {
  patched_path_ = PathOf(name);
  patch_ = bytes ? std::make_shared<const FrozenBytes>(*bytes) : nullptr;
}

std::shared_ptr<const FrozenBytes> PatchedEnv::Find(const std::string& path) const {
  if (path == patched_path_) return patch_;
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : found->second;
}

absl::StatusOr<std::unique_ptr<ByteSource>> PatchedEnv::OpenSource(const std::string& path,
                                                                   ReadMode mode) {
  std::shared_ptr<const FrozenBytes> bytes = Find(path);
  if (bytes == nullptr) return NoSuch(path);
  return NewMemorySource(std::move(bytes), path, mode != ReadMode::kPread);
}

absl::StatusOr<std::vector<std::string>> PatchedEnv::List(const std::string& dir) {
  if (dir != kIndexFolder) return NoSuch(dir);
  std::vector<std::string> names;
  for (const auto& [path, bytes] : files_) {
    if (Find(path) != nullptr) names.push_back(path.substr(PathOf("").size()));
  }
  return names;
}

absl::StatusOr<uint64_t> PatchedEnv::FileSize(const std::string& path) {
  const auto bytes = Find(path);
  if (bytes == nullptr) return NoSuch(path);
  return uint64_t{bytes->size()};
}

absl::StatusOr<bool> PatchedEnv::Exists(const std::string& path) {
  return path == kIndexFolder || Find(path) != nullptr;
}

absl::StatusOr<std::unique_ptr<WritableFile>> PatchedEnv::NewWritable(const std::string& path) {
  return ReadOnly(path);
}
absl::Status PatchedEnv::Rename(const std::string& from, const std::string&) {
  return ReadOnly(from);
}
absl::Status PatchedEnv::Remove(const std::string& path) { return ReadOnly(path); }
absl::Status PatchedEnv::SyncFile(const std::string& path) { return ReadOnly(path); }
absl::Status PatchedEnv::SyncDir(const std::string& dir) { return ReadOnly(dir); }
absl::Status PatchedEnv::CreateDir(const std::string& path) { return ReadOnly(path); }
absl::StatusOr<std::unique_ptr<FileLock>> PatchedEnv::Lock(const std::string& path,
                                                           const std::string&) {
  return ReadOnly(path);
}

}  // namespace segue
