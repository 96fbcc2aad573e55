// SPDX-License-Identifier: Apache-2.0
//
// Names map to files; a file grows in a string while it is written and is frozen by Close. Whoever
// opened a file keeps it alive, whatever happens to its name.
#include "engine/io/memory_env.h"

#include <chrono>
#include <map>
#include <mutex>
#include <new>
#include <set>
#include <utility>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/io/memory_source.h"
#include "engine/io/path.h"

namespace segue {
namespace {

struct MemoryFile {
  std::mutex mutex;
  std::string growing;
  std::shared_ptr<const FrozenBytes> frozen;

  void Freeze() {
    const std::lock_guard lock(mutex);
    if (frozen != nullptr) return;
    frozen = std::make_shared<const FrozenBytes>(growing);
    growing = std::string();
  }
  // A file that is still being written is copied as it stands.
  std::shared_ptr<const FrozenBytes> Snapshot() {
    const std::lock_guard lock(mutex);
    return frozen != nullptr ? frozen : std::make_shared<const FrozenBytes>(growing);
  }
  uint64_t Size() {
    const std::lock_guard lock(mutex);
    return frozen != nullptr ? frozen->size() : growing.size();
  }
};

// What outlives the Env, because locks give back into it.
struct LockTable {
  std::mutex mutex;
  std::map<std::string, std::string> owners;
};

class MemoryLock final : public FileLock {
 public:
  MemoryLock(std::shared_ptr<LockTable> table, std::string path)
      : table_(std::move(table)), path_(std::move(path)) {}
  ~MemoryLock() override {
    const std::lock_guard lock(table_->mutex);
    if (held_) table_->owners.erase(path_);
  }

  // Last of all that takes memory: what is taken, a whole object gives back.
  absl::Status Take(const std::string& owner) {
    const std::lock_guard lock(table_->mutex);
    const auto [found, taken] = table_->owners.try_emplace(path_, owner);
    held_ = taken;
    if (taken) return absl::OkStatus();
    return Error(ErrorCode::kLocked, Cat(path_, ": held by this process, ", found->second));
  }

 private:
  const std::shared_ptr<LockTable> table_;
  const std::string path_;
  bool held_ = false;
};

class MemoryWritable final : public WritableFile {
 public:
  explicit MemoryWritable(std::shared_ptr<MemoryFile> file) : file_(std::move(file)) {}
  ~MemoryWritable() override {
    // Only spares readers a copy each; without memory for it they make theirs.
    try {
      file_->Freeze();
    } catch (const std::bad_alloc&) {
    }
  }

  absl::Status Append(std::string_view bytes) override {
    const std::lock_guard lock(file_->mutex);
    file_->growing.append(bytes);
    return absl::OkStatus();
  }
  absl::Status Sync() override { return absl::OkStatus(); }
  absl::Status Close() override {
    file_->Freeze();
    return absl::OkStatus();
  }

 private:
  const std::shared_ptr<MemoryFile> file_;
};

class MemoryEnvironment final : public Env {
 public:
  absl::StatusOr<std::unique_ptr<WritableFile>> NewWritable(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    const std::string name = NormalPath(path);
    SEGUE_RETURN_IF_ERROR(CheckParent(name));
    if (files_.count(name) != 0 || dirs_.count(name) != 0) {
      return Error(ErrorCode::kFailedPrecondition, Cat(path, ": already exists"));
    }
    auto file = std::make_shared<MemoryFile>();
    files_[name] = file;
    return std::make_unique<MemoryWritable>(std::move(file));
  }

  absl::StatusOr<std::unique_ptr<ByteSource>> OpenSource(const std::string& path,
                                                         ReadMode mode) override {
    SEGUE_ASSIGN_OR_RETURN(const std::shared_ptr<MemoryFile> file, Find(path));
    return NewMemorySource(file->Snapshot(), path, mode != ReadMode::kPread);
  }

  absl::Status Rename(const std::string& from, const std::string& to) override {
    const std::lock_guard lock(mutex_);
    const auto found = files_.find(NormalPath(from));
    if (found == files_.end()) return NoSuchFile(from);
    const std::string target = NormalPath(to);
    if (target == found->first) return absl::OkStatus();
    SEGUE_RETURN_IF_ERROR(CheckParent(target));
    // The place first: without memory for it nothing has changed.
    files_[target] = found->second;
    files_.erase(found);
    return absl::OkStatus();
  }

  absl::Status Remove(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    return files_.erase(NormalPath(path)) != 0 ? absl::OkStatus() : NoSuchFile(path);
  }

  absl::StatusOr<std::vector<std::string>> List(const std::string& dir) override {
    const std::lock_guard lock(mutex_);
    const std::string name = NormalPath(dir);
    if (!IsDir(name)) return NoSuchFile(dir);
    std::set<std::string> names;
    for (const auto& [path, file] : files_) {
      if (DirName(path) == name) names.insert(BaseName(path));
    }
    for (const std::string& path : dirs_) {
      if (DirName(path) == name) names.insert(BaseName(path));
    }
    return std::vector<std::string>(names.begin(), names.end());
  }

  absl::Status SyncFile(const std::string& path) override { return Find(path).status(); }

  absl::Status SyncDir(const std::string& dir) override {
    const std::lock_guard lock(mutex_);
    return IsDir(NormalPath(dir)) ? absl::OkStatus() : NoSuchFile(dir);
  }

  absl::Status CreateDir(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    const std::string name = NormalPath(path);
    if (files_.count(name) != 0) {
      return Error(ErrorCode::kFailedPrecondition, Cat(path, ": is a file"));
    }
    if (IsDir(name)) return absl::OkStatus();
    SEGUE_RETURN_IF_ERROR(CheckParent(name));
    dirs_.insert(name);
    return absl::OkStatus();
  }

  absl::StatusOr<uint64_t> FileSize(const std::string& path) override {
    SEGUE_ASSIGN_OR_RETURN(const std::shared_ptr<MemoryFile> file, Find(path));
    return file->Size();
  }

  absl::StatusOr<bool> Exists(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    const std::string name = NormalPath(path);
    return files_.count(name) != 0 || IsDir(name);
  }

  absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path,
                                                 const std::string& owner) override {
    const std::string name = NormalPath(path);
    {
      const std::lock_guard lock(mutex_);
      SEGUE_RETURN_IF_ERROR(CheckParent(name));
      files_.try_emplace(name, std::make_shared<MemoryFile>());
    }
    auto held = std::make_unique<MemoryLock>(locks_, name);
    SEGUE_RETURN_IF_ERROR(held->Take(owner));
    return held;
  }

  uint64_t NowMicros() override {
    return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                     std::chrono::steady_clock::now().time_since_epoch())
                                     .count());
  }

 private:
  bool IsDir(const std::string& name) const {
    return name == "." || name == "/" || dirs_.count(name) != 0;
  }
  absl::Status CheckParent(const std::string& name) const {
    return IsDir(DirName(name)) ? absl::OkStatus() : NoSuchFile(DirName(name));
  }
  absl::StatusOr<std::shared_ptr<MemoryFile>> Find(const std::string& path) {
    const std::lock_guard lock(mutex_);
    const auto found = files_.find(NormalPath(path));
    if (found == files_.end()) return NoSuchFile(path);
    return found->second;
  }

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<MemoryFile>> files_;
  std::set<std::string> dirs_;
  const std::shared_ptr<LockTable> locks_ = std::make_shared<LockTable>();
};

}  // namespace

std::unique_ptr<Env> NewMemoryEnv() { return std::make_unique<MemoryEnvironment>(); }

}  // namespace segue
