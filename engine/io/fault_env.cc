// SPDX-License-Identifier: Apache-2.0
//
// One State holds both pictures and the list of pending changes in the order they were made. A Sync
// or SyncDir applies its share of the list to the durable picture; a crash applies the chosen ones,
// then makes the durable picture the visible one. Files are inodes with numbers, so that a change
// of bytes finds its file whatever its name is by then.
#include "engine/io/fault_env.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/io/memory_source.h"
#include "engine/io/path.h"

namespace segue {
namespace {

using Names = std::map<std::string, uint64_t>;  // full path to inode

struct Change {
  FaultEnv::Pending::Kind kind;
  std::string path;
  std::string to;  // of a rename
  uint64_t inode = 0;
  uint64_t offset = 0;  // of a write
  std::string bytes;
  // A sync of it failed: no later sync will save it, but a crash may find it saved.
  bool lost = false;
};

struct Picture {
  Names names;
  std::set<std::string> dirs;
  std::map<uint64_t, std::string> bytes;

  bool IsDir(const std::string& path) const {
    return path == "." || path == "/" || dirs.count(path) != 0;
  }

  void Apply(const Change& change, size_t byte_limit = SIZE_MAX) {
    using Kind = FaultEnv::Pending::Kind;
    switch (change.kind) {
      case Kind::kWrite: {
        std::string& file = bytes[change.inode];
        const size_t length = std::min(change.bytes.size(), byte_limit);
        // A lost write below this one leaves a hole.
        if (file.size() < change.offset + length) file.resize(change.offset + length, '\0');
        file.replace(change.offset, length, change.bytes, 0, length);
        break;
      }
      case Kind::kCreate:
        names[change.path] = change.inode;
        break;
      case Kind::kRename:
        names.erase(change.path);
        names[change.to] = change.inode;
        break;
      case Kind::kRemove:
        names.erase(change.path);
        break;
      case Kind::kCreateDir:
        dirs.insert(change.path);
        break;
    }
  }
};

bool ChangesFiles(FaultEnv::OpKind kind) {
  using Kind = FaultEnv::OpKind;
  return kind == Kind::kCreate || kind == Kind::kAppend || kind == Kind::kSync ||
         kind == Kind::kRename || kind == Kind::kRemove || kind == Kind::kSyncDir ||
         kind == Kind::kCreateDir || kind == Kind::kLock;
}

absl::Status Dead() { return Error(ErrorCode::kIo, "the machine has crashed"); }

}  // namespace

struct FaultEnv::State {
  Picture visible;
  Picture durable;
  std::vector<Change> pending;
  uint64_t next_inode = 1;
  uint64_t epoch = 0;  // counts crashes; handles of an older one are dead
  std::map<std::string, std::string> locks;

  // Applies the pending changes that `belongs` picks to the durable picture.
  template <typename Belongs>
  void Settle(const Belongs& belongs) {
    std::vector<Change> rest;
    for (Change& change : pending) {
      if (!change.lost && belongs(change)) {
        durable.Apply(change);
      } else {
        rest.push_back(std::move(change));
      }
    }
    pending = std::move(rest);
  }
  template <typename Belongs>
  void Lose(const Belongs& belongs) {
    for (Change& change : pending) change.lost = change.lost || belongs(change);
  }
  void Make(Change change) {
    visible.Apply(change);
    pending.push_back(std::move(change));
  }
};

std::string FaultEnv::Op::ToString() const {
  static constexpr std::string_view kNames[] = {
      "create", "append", "sync",     "close",      "open",      "read",   "rename",
      "remove", "list",   "sync-dir", "create-dir", "file-size", "exists", "lock"};
  std::string text = Cat(kNames[static_cast<size_t>(kind)], " ", path);
  if (!to.empty()) CatTo(&text, " ", to);
  if (bytes != 0) CatTo(&text, " ", bytes);
  return text;
}

// ---- Handles ----

class FaultEnv::Writable final : public WritableFile {
 public:
  Writable(FaultEnv* env, uint64_t epoch, uint64_t inode, std::string path)
      : env_(env), epoch_(epoch), inode_(inode), path_(std::move(path)) {}

  absl::Status Append(std::string_view bytes) override {
    return env_->AppendTo(epoch_, inode_, path_, bytes);
  }
  absl::Status Sync() override { return env_->SyncInode(epoch_, inode_, path_); }
  absl::Status Close() override {
    const std::lock_guard lock(env_->mutex_);
    if (env_->state_->epoch != epoch_) return Dead();
    return env_->Begin({OpKind::kClose, path_, "", 0}).status();
  }

 private:
  FaultEnv* const env_;
  const uint64_t epoch_;
  const uint64_t inode_;
  const std::string path_;
};

class FaultEnv::Source final : public ByteSource {
 public:
  Source(FaultEnv* env, uint64_t epoch, std::string path, std::unique_ptr<ByteSource> bytes)
      : env_(env), epoch_(epoch), path_(std::move(path)), bytes_(std::move(bytes)) {}

  uint64_t size() const override { return bytes_->size(); }
  const uint8_t* data() const override { return bytes_->data(); }
  absl::Status Read(uint64_t offset, size_t n, uint8_t* out) const override {
    const std::lock_guard lock(env_->mutex_);
    if (env_->state_->epoch != epoch_) return Dead();
    SEGUE_RETURN_IF_ERROR(env_->Begin({OpKind::kRead, path_, "", n}).status());
    return bytes_->Read(offset, n, out);
  }

 private:
  FaultEnv* const env_;
  const uint64_t epoch_;
  const std::string path_;
  const std::unique_ptr<ByteSource> bytes_;
};

class FaultEnv::HeldLock final : public FileLock {
 public:
  HeldLock(FaultEnv* env, std::string path) : env_(env), path_(std::move(path)) {}
  ~HeldLock() override {
    const std::lock_guard lock(env_->mutex_);
    if (epoch_ == env_->state_->epoch) env_->state_->locks.erase(path_);
  }

  // From now on it gives back the lock taken in this epoch.
  void Hold(uint64_t epoch) { epoch_ = epoch; }

 private:
  FaultEnv* const env_;
  const std::string path_;
  std::optional<uint64_t> epoch_;
};

// ---- Faults ----

FaultEnv::FaultEnv() : state_(std::make_unique<State>()) {}
FaultEnv::~FaultEnv() = default;

absl::Status FaultEnv::DiskFull() {
  return Error(ErrorCode::kIo, "No space left on device (the disk or the quota is full)");
}
absl::Status FaultEnv::IoError() { return Error(ErrorCode::kIo, "Input/output error"); }

void FaultEnv::FailAt(uint64_t op, absl::Status error) {
  const std::lock_guard lock(mutex_);
  faults_[op] = {Fault::Type::kFail, std::move(error)};
}
void FaultEnv::FailHalfwayAt(uint64_t op, absl::Status error) {
  const std::lock_guard lock(mutex_);
  faults_[op] = {Fault::Type::kHalfway, std::move(error)};
}
void FaultEnv::FailFrom(uint64_t op, absl::Status error) {
  const std::lock_guard lock(mutex_);
  fail_from_ = op;
  fail_from_error_ = std::move(error);
}
void FaultEnv::IgnoreSyncAt(uint64_t op) {
  const std::lock_guard lock(mutex_);
  faults_[op] = {Fault::Type::kIgnore, absl::OkStatus()};
}
void FaultEnv::CrashAt(uint64_t op) {
  const std::lock_guard lock(mutex_);
  faults_[op] = {Fault::Type::kCrash, absl::OkStatus()};
}
void FaultEnv::ClearFaults() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
  fail_from_ = UINT64_MAX;
}

std::vector<FaultEnv::Op> FaultEnv::ops() const {
  const std::lock_guard lock(mutex_);
  return ops_;
}
void FaultEnv::ClearOps() {
  const std::lock_guard lock(mutex_);
  ops_.clear();
}
uint64_t FaultEnv::op_count() const {
  const std::lock_guard lock(mutex_);
  return ops_.size();
}
bool FaultEnv::crashed() const {
  const std::lock_guard lock(mutex_);
  return crashed_;
}

absl::StatusOr<FaultEnv::Action> FaultEnv::Begin(Op op) {
  if (crashed_) return Dead();
  if (visit_ && ChangesFiles(op.kind)) visit_(CloneLocked());
  const uint64_t number = ops_.size();
  const std::string path = op.path;
  const OpKind kind = op.kind;
  ops_.push_back(std::move(op));
  const auto found = faults_.find(number);
  if (found == faults_.end()) {
    if (number >= fail_from_) return Annotate(fail_from_error_, path);
    return Action::kProceed;
  }
  switch (found->second.type) {
    case Fault::Type::kCrash:
      crashed_ = true;
      return Dead();
    case Fault::Type::kIgnore:
      return Action::kIgnore;
    case Fault::Type::kHalfway:
      if (kind == OpKind::kAppend) return Action::kHalfway;
      break;
    case Fault::Type::kFail:
      break;
  }
  return Annotate(found->second.error, path);
}

// ---- Power cut ----

std::vector<FaultEnv::Pending> FaultEnv::pending() const {
  const std::lock_guard lock(mutex_);
  std::vector<Pending> pending;
  for (const Change& change : state_->pending) {
    pending.push_back({change.kind, change.path, change.bytes.size()});
  }
  return pending;
}

void FaultEnv::Crash(const CrashPlan& plan) {
  const std::lock_guard lock(mutex_);
  Picture& durable = state_->durable;
  for (size_t i = 0; i < state_->pending.size(); ++i) {
    const bool torn = i == plan.torn_index;
    if (!plan.keep_all && !torn && (i >= plan.keep.size() || !plan.keep[i])) continue;
    durable.Apply(state_->pending[i], torn ? plan.torn_bytes : SIZE_MAX);
  }
  // Names in a directory that was itself lost are gone with it.
  std::erase_if(durable.names,
                [&](const auto& name) { return !durable.IsDir(DirName(name.first)); });
  state_->visible = durable;
  state_->pending.clear();
  state_->locks.clear();
  ++state_->epoch;
  ops_.clear();
  faults_.clear();
  fail_from_ = UINT64_MAX;
  crashed_ = false;
}

void FaultEnv::VisitStates(std::function<void(std::unique_ptr<FaultEnv> state)> visit) {
  const std::lock_guard lock(mutex_);
  visit_ = std::move(visit);
}

std::unique_ptr<FaultEnv> FaultEnv::Clone() const {
  const std::lock_guard lock(mutex_);
  return CloneLocked();
}

std::unique_ptr<FaultEnv> FaultEnv::CloneLocked() const {
  auto clone = std::make_unique<FaultEnv>();
  *clone->state_ = *state_;
  clone->state_->locks.clear();
  return clone;
}

// ---- Files ----

absl::StatusOr<std::unique_ptr<WritableFile>> FaultEnv::NewWritable(const std::string& path_given) {
  const std::string path = NormalPath(path_given);
  const std::lock_guard lock(mutex_);
  SEGUE_RETURN_IF_ERROR(Begin({OpKind::kCreate, path, "", 0}).status());
  if (!state_->visible.IsDir(DirName(path))) return NoSuchFile(path);
  if (state_->visible.names.count(path) != 0) {
    return Error(ErrorCode::kFailedPrecondition, Cat(path, ": already exists"));
  }
  const uint64_t inode = state_->next_inode++;
  state_->visible.bytes[inode];
  state_->durable.bytes[inode];
  state_->Make({Pending::Kind::kCreate, path, "", inode, 0, "", false});
  return std::make_unique<Writable>(this, state_->epoch, inode, path);
}

absl::Status FaultEnv::AppendTo(uint64_t epoch, uint64_t inode, const std::string& path,
                                std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  if (state_->epoch != epoch) return Dead();
  SEGUE_ASSIGN_OR_RETURN(const Action action, Begin({OpKind::kAppend, path, "", bytes.size()}));
  if (action == Action::kHalfway) bytes = bytes.substr(0, bytes.size() / 2);
  const uint64_t offset = state_->visible.bytes[inode].size();
  state_->Make({Pending::Kind::kWrite, path, "", inode, offset, std::string(bytes), false});
  if (action == Action::kHalfway) return Annotate(faults_[ops_.size() - 1].error, path);
  return absl::OkStatus();
}

absl::Status FaultEnv::SyncInode(uint64_t epoch, uint64_t inode, const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (state_->epoch != epoch) return Dead();
  return SyncLocked(inode, path);
}

absl::Status FaultEnv::SyncFile(const std::string& path_given) {
  const std::string path = NormalPath(path_given);
  const std::lock_guard lock(mutex_);
  const auto found = state_->visible.names.find(path);
  if (found == state_->visible.names.end()) return NoSuchFile(path);
  return SyncLocked(found->second, path);
}

absl::Status FaultEnv::SyncLocked(uint64_t inode, const std::string& path) {
  const auto belongs = [inode](const Change& change) {
    return change.kind == Pending::Kind::kWrite && change.inode == inode;
  };
  const absl::StatusOr<Action> action = Begin({OpKind::kSync, path, "", 0});
  if (!action.ok()) {
    if (!crashed_) state_->Lose(belongs);
    return MarkSyncFailure(action.status());
  }
  if (*action != Action::kIgnore) state_->Settle(belongs);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<ByteSource>> FaultEnv::OpenSource(const std::string& path_given,
                                                                 ReadMode mode) {
  const std::string path = NormalPath(path_given);
  const std::lock_guard lock(mutex_);
  SEGUE_RETURN_IF_ERROR(Begin({OpKind::kOpen, path, "", 0}).status());
  const auto found = state_->visible.names.find(path);
  if (found == state_->visible.names.end()) return NoSuchFile(path);
  auto bytes = std::make_shared<const FrozenBytes>(state_->visible.bytes[found->second]);
  return std::make_unique<Source>(
      this, state_->epoch, path, NewMemorySource(std::move(bytes), path, mode != ReadMode::kPread));
}

// ---- Names ----

absl::Status FaultEnv::Rename(const std::string& from_given, const std::string& to_given) {
  const std::string from = NormalPath(from_given);
  const std::string to = NormalPath(to_given);
  const std::lock_guard lock(mutex_);
  SEGUE_RETURN_IF_ERROR(Begin({OpKind::kRename, from, to, 0}).status());
  // Durability of a move between directories is not modelled; segue makes none.
  if (DirName(from) != DirName(to)) {
    return Error(ErrorCode::kInternal, Cat(from, ": rename to another directory"));
  }
  const auto found = state_->visible.names.find(from);
  if (found == state_->visible.names.end()) return NoSuchFile(from);
  state_->Make({Pending::Kind::kRename, from, to, found->second, 0, "", false});
  return absl::OkStatus();
}

absl::Status FaultEnv::Remove(const std::string& path_given) {
  const std::string path = NormalPath(path_given);
  const std::lock_guard lock(mutex_);
  SEGUE_RETURN_IF_ERROR(Begin({OpKind::kRemove, path, "", 0}).status());
  if (state_->visible.names.count(path) == 0) return NoSuchFile(path);
  state_->Make({Pending::Kind::kRemove, path, "", 0, 0, "", false});
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> FaultEnv::List(const std::string& dir_path) {
  const std::lock_guard lock(mutex_);
  const std::string dir = NormalPath(dir_path);
  SEGUE_RETURN_IF_ERROR(Begin({OpKind::kList, dir, "", 0}).status());
  if (!state_->visible.IsDir(dir)) return NoSuchFile(dir);
  std::set<std::string> names;
  for (const auto& [path, inode] : state_->visible.names) {
    if (DirName(path) == dir) names.insert(BaseName(path));
  }
  for (const std::string& path : state_->visible.dirs) {
    if (DirName(path) == dir) names.insert(BaseName(path));
  }
  return std::vector<std::string>(names.begin(), names.end());
}

absl::Status FaultEnv::SyncDir(const std::string& dir_path) {
  const std::lock_guard lock(mutex_);
  const std::string dir = NormalPath(dir_path);
  const auto belongs = [&dir](const Change& change) {
    return change.kind != Pending::Kind::kWrite && DirName(change.path) == dir;
  };
  const absl::StatusOr<Action> action = Begin({OpKind::kSyncDir, dir, "", 0});
  if (!action.ok()) {
    if (!crashed_) state_->Lose(belongs);
    return MarkSyncFailure(action.status());
  }
  if (!state_->visible.IsDir(dir)) return NoSuchFile(dir);
  if (*action != Action::kIgnore) state_->Settle(belongs);
  return absl::OkStatus();
}

absl::Status FaultEnv::CreateDir(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const std::string dir = NormalPath(path);
  SEGUE_RETURN_IF_ERROR(Begin({OpKind::kCreateDir, dir, "", 0}).status());
  if (state_->visible.names.count(dir) != 0) {
    return Error(ErrorCode::kFailedPrecondition, Cat(path, ": is a file"));
  }
  if (state_->visible.IsDir(dir)) return absl::OkStatus();
  if (!state_->visible.IsDir(DirName(dir))) return NoSuchFile(path);
  state_->Make({Pending::Kind::kCreateDir, dir, "", 0, 0, "", false});
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> FaultEnv::FileSize(const std::string& path_given) {
  const std::string path = NormalPath(path_given);
  const std::lock_guard lock(mutex_);
  SEGUE_RETURN_IF_ERROR(Begin({OpKind::kFileSize, path, "", 0}).status());
  const auto found = state_->visible.names.find(path);
  if (found == state_->visible.names.end()) return NoSuchFile(path);
  return uint64_t{state_->visible.bytes[found->second].size()};
}

absl::StatusOr<bool> FaultEnv::Exists(const std::string& path_given) {
  const std::string path = NormalPath(path_given);
  const std::lock_guard lock(mutex_);
  SEGUE_RETURN_IF_ERROR(Begin({OpKind::kExists, path, "", 0}).status());
  return state_->visible.names.count(path) != 0 || state_->visible.IsDir(path);
}

absl::StatusOr<std::unique_ptr<FileLock>> FaultEnv::Lock(const std::string& path_given,
                                                         const std::string& owner) {
  const std::string path = NormalPath(path_given);
  // Before the lock is taken: what is taken, a whole object gives back.
  auto held = std::make_unique<HeldLock>(this, path);
  const std::lock_guard lock(mutex_);
  SEGUE_RETURN_IF_ERROR(Begin({OpKind::kLock, path, "", 0}).status());
  if (!state_->visible.IsDir(DirName(path))) return NoSuchFile(path);
  const auto [found, taken] = state_->locks.try_emplace(path, owner);
  if (!taken) {
    return Error(ErrorCode::kLocked, Cat(path, ": held by this process, ", found->second));
  }
  held->Hold(state_->epoch);
  if (state_->visible.names.count(path) == 0) {
    const uint64_t inode = state_->next_inode++;
    state_->Make({Pending::Kind::kCreate, path, "", inode, 0, "", false});
  }
  return held;
}

uint64_t FaultEnv::NowMicros() {
  const std::lock_guard lock(mutex_);
  return micros_++;
}

absl::StatusOr<std::string> FaultEnv::Contents(const std::string& path_given) const {
  const std::string path = NormalPath(path_given);
  const std::lock_guard lock(mutex_);
  const auto found = state_->visible.names.find(path);
  if (found == state_->visible.names.end()) return NoSuchFile(path);
  return state_->visible.bytes[found->second];
}

void FaultEnv::SetContents(const std::string& path_given, std::string bytes) {
  const std::string path = NormalPath(path_given);
  const std::lock_guard lock(mutex_);
  const auto found = state_->visible.names.find(path);
  const uint64_t inode =
      found != state_->visible.names.end() ? found->second : state_->next_inode++;
  for (Picture* picture : {&state_->visible, &state_->durable}) {
    picture->names[path] = inode;
    picture->bytes[inode] = bytes;
  }
}

}  // namespace segue
