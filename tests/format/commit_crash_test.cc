// SPDX-License-Identifier: Apache-2.0
// The commit protocol on a disk that may stop at any moment and keep any subset of what was not
// synced. What must hold, whatever happens: reopening gives the old generation or the new one, all
// of its files whole; and the new one once the commit has returned OK.
//
// The same search then runs with each sync of the protocol left out in turn and must find a
// violation every time: so each sync is necessary, and the search is able to find what it looks
// for.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/manifest_io.h"
#include "engine/io/fault_env.h"
#include "engine/io/framed_file.h"

namespace segue {
namespace {

constexpr char kDir[] = "index";

// Adds a segment of three files, with bytes that tell generations apart, to `manifest`.
absl::Status AddSegment(Env* env, Manifest* manifest) {
  ManifestSegment segment;
  segment.id = SegmentId{manifest->next_segment_id++};
  segment.doc_count = 1;
  for (const FileKind kind : {kMetaKind, kStoredKind, kPostingsKind}) {
    const std::string path = JoinPath(kDir, SegmentFileName(segment.id, kind));
    SEGUE_ASSIGN_OR_RETURN(const auto writer, FramedWriter::Create(env, path, kind, 1, segment.id));
    SEGUE_RETURN_IF_ERROR(writer->Append(Cat("body of ", path)));
    SEGUE_ASSIGN_OR_RETURN(FileInfo info, writer->Finish());
    segment.files.push_back({FileClass::kImmutable, kind, std::move(info)});
  }
  manifest->segments.push_back(std::move(segment));
  return absl::OkStatus();
}

Manifest Next(const Manifest& manifest) {
  Manifest next = manifest;
  ++next.generation;
  // Every commit replaces the segments, so that cleaning up has something to remove.
  next.segments.clear();
  return next;
}

// Steps 1 to 6. *committed is set as soon as the commit has returned OK.
absl::Status Commit(Env* env, const Manifest& old, bool* committed) {
  Manifest next = Next(old);
  SEGUE_RETURN_IF_ERROR(AddSegment(env, &next));
  SEGUE_RETURN_IF_ERROR(AddSegment(env, &next));
  SEGUE_RETURN_IF_ERROR(WriteManifest(env, kDir, next));
  *committed = true;
  return RemoveOrphans(env, kDir, next).status();
}

// An index of one generation, all of it durable; nullopt for an empty directory.
std::unique_ptr<FaultEnv> Prepare(bool has_generation, Manifest* old) {
  auto env = std::make_unique<FaultEnv>();
  EXPECT_TRUE(env->CreateDir(kDir).ok());
  EXPECT_TRUE(env->SyncDir(".").ok());
  *old = Manifest();
  bool committed = false;
  if (has_generation) {
    EXPECT_TRUE(Commit(env.get(), *old, &committed).ok());
    *old = ReadNewestManifest(env.get(), kDir).value();
    EXPECT_TRUE(env->SyncDir(kDir).ok());
  }
  env->ClearOps();
  return env;
}

// What is wrong with the index as it stands; empty if nothing is.
std::string FindFault(Env* env, uint64_t old_generation, bool committed) {
  const absl::StatusOr<Manifest> manifest = ReadNewestManifest(env, kDir);
  if (!manifest.ok()) {
    const bool allowed =
        old_generation == 0 && !committed && CodeOf(manifest.status()) == ErrorCode::kNotFound;
    return allowed ? "" : std::string(MessageOf(manifest.status()));
  }
  if (manifest->generation != old_generation + 1 &&
      (committed || manifest->generation != old_generation)) {
    return Cat("found generation ", manifest->generation);
  }
  for (const ManifestSegment& segment : manifest->segments) {
    for (const ManifestFile& file : segment.files) {
      const absl::Status status = VerifyFile(env, JoinPath(kDir, file.info.name), file.info);
      if (!status.ok()) return std::string(MessageOf(status));
    }
  }
  return "";
}

// Calls `visit` with crash plans for the pending changes: every subset of up to 10; for more, every
// single, every pair and their complements, all and none. Each write that is kept last is also torn
// at 512 bytes and at 4 KiB.
void ForEachPlan(const std::vector<FaultEnv::Pending>& pending,
                 const std::function<void(const FaultEnv::CrashPlan&)>& visit) {
  const size_t n = pending.size();
  const auto visit_kept = [&](std::vector<bool> keep) {
    visit({.keep = keep});
    for (size_t i = n; i-- > 0;) {
      if (!keep[i] || pending[i].kind != FaultEnv::Pending::Kind::kWrite) continue;
      for (const uint64_t torn : {uint64_t{0}, uint64_t{512}, uint64_t{4096}}) {
        if (torn < pending[i].bytes) {
          visit({.keep = keep, .torn_index = i, .torn_bytes = torn});
        }
      }
      break;
    }
  };
  if (n <= 10) {
    for (size_t subset = 0; subset < size_t{1} << n; ++subset) {
      std::vector<bool> keep(n);
      for (size_t i = 0; i < n; ++i) keep[i] = (subset >> i & 1) != 0;
      visit_kept(keep);
    }
    return;
  }
  for (const bool base : {false, true}) {
    visit_kept(std::vector<bool>(n, base));
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = i; j < n; ++j) {
        std::vector<bool> keep(n, base);
        keep[i] = keep[j] = !base;
        visit_kept(keep);
      }
    }
  }
}

struct Search {
  size_t states = 0;
  size_t violations = 0;
  std::string first;
};

// Crashes before every operation of a commit, and after the last, into every plan.
// `ignored_sync`: the number of the operation that is left out.
Search SearchCrashes(bool has_generation, std::optional<uint64_t> ignored_sync) {
  Search search;
  for (uint64_t crash_at = 0;; ++crash_at) {
    Manifest old;
    const std::unique_ptr<FaultEnv> env = Prepare(has_generation, &old);
    if (ignored_sync.has_value()) env->IgnoreSyncAt(*ignored_sync);
    if (ignored_sync != crash_at) env->CrashAt(crash_at);
    bool committed = false;
    const absl::Status status = Commit(env.get(), old, &committed);
    const bool ran_to_the_end = !env->crashed();
    EXPECT_EQ(status.ok(), ran_to_the_end) << status.ToString();
    ForEachPlan(env->pending(), [&](const FaultEnv::CrashPlan& plan) {
      const std::unique_ptr<FaultEnv> after = env->Clone();
      after->Crash(plan);
      const std::string fault = FindFault(after.get(), old.generation, committed);
      ++search.states;
      if (fault.empty()) return;
      ++search.violations;
      if (search.first.empty()) search.first = Cat("crash at ", crash_at, ": ", fault);
    });
    if (ran_to_the_end && ignored_sync != crash_at) return search;
  }
}

std::vector<FaultEnv::Op> OpsOfACommit(bool has_generation) {
  Manifest old;
  const std::unique_ptr<FaultEnv> env = Prepare(has_generation, &old);
  bool committed = false;
  EXPECT_TRUE(Commit(env.get(), old, &committed).ok());
  return env->ops();
}

bool IsSync(const FaultEnv::Op& op) {
  return op.kind == FaultEnv::OpKind::kSync || op.kind == FaultEnv::OpKind::kSyncDir;
}

class CommitCrashTest : public ::testing::TestWithParam<bool> {};

TEST_P(CommitCrashTest, EveryCrashLeavesTheOldOrTheNewGeneration) {
  const Search search = SearchCrashes(GetParam(), std::nullopt);
  EXPECT_EQ(search.violations, 0u) << search.first;
  EXPECT_GT(search.states, 500u);
  RecordProperty("states", static_cast<int>(search.states));
}

TEST_P(CommitCrashTest, EverySyncIsNecessary) {
  const std::vector<FaultEnv::Op> ops = OpsOfACommit(GetParam());
  size_t syncs = 0;
  for (uint64_t i = 0; i < ops.size(); ++i) {
    if (!IsSync(ops[i])) continue;
    ++syncs;
    const Search search = SearchCrashes(GetParam(), i);
    EXPECT_GT(search.violations, 0u) << "nothing is lost without " << ops[i].ToString();
  }
  // Six segment files, the directory, the manifest, the directory.
  EXPECT_EQ(syncs, 9u);
}

TEST_P(CommitCrashTest, EveryFailureIsReportedForWhatItIs) {
  const std::vector<FaultEnv::Op> ops = OpsOfACommit(GetParam());
  size_t last_sync = 0;
  for (size_t i = 0; i < ops.size(); ++i) {
    if (IsSync(ops[i])) last_sync = i;
  }
  for (const absl::Status& error : {FaultEnv::IoError(), FaultEnv::DiskFull()}) {
    for (size_t i = 0; i < ops.size(); ++i) {
      Manifest old;
      const std::unique_ptr<FaultEnv> env = Prepare(GetParam(), &old);
      env->FailAt(i, error);
      bool committed = false;
      const absl::Status status = Commit(env.get(), old, &committed);
      const std::string what = ops[i].ToString();
      env->ClearFaults();
      // Removing a temporary file that is not there, or closing, may go unnoticed; nothing else.
      if (status.ok()) continue;
      EXPECT_EQ(CodeOf(status), ErrorCode::kIo) << what;
      EXPECT_EQ(IsSyncFailure(status), IsSync(ops[i])) << what;
      EXPECT_EQ(IsOutcomeUnknown(status), i == last_sync) << what;
      EXPECT_EQ(FindFault(env.get(), old.generation, committed), "") << what;
      if (committed || IsSync(ops[i])) continue;
      // The disk works again: clean up and commit as if nothing had been.
      if (GetParam()) {
        EXPECT_TRUE(RemoveOrphans(env.get(), kDir, old).ok()) << what;
      } else {
        const std::vector<std::string> names = env->List(kDir).value();
        for (const std::string& name : names) {
          EXPECT_TRUE(env->Remove(JoinPath(kDir, name)).ok());
        }
      }
      EXPECT_TRUE(Commit(env.get(), old, &committed).ok()) << what;
      EXPECT_EQ(FindFault(env.get(), old.generation, true), "") << what;
    }
  }
}

TEST_P(CommitCrashTest, AFailedSyncAndThenACrash) {
  const std::vector<FaultEnv::Op> ops = OpsOfACommit(GetParam());
  for (uint64_t i = 0; i < ops.size(); ++i) {
    if (!IsSync(ops[i])) continue;
    Manifest old;
    const std::unique_ptr<FaultEnv> env = Prepare(GetParam(), &old);
    env->FailAt(i, FaultEnv::IoError());
    bool committed = false;
    ASSERT_FALSE(Commit(env.get(), old, &committed).ok());
    ASSERT_FALSE(committed);
    ForEachPlan(env->pending(), [&](const FaultEnv::CrashPlan& plan) {
      const std::unique_ptr<FaultEnv> after = env->Clone();
      after->Crash(plan);
      EXPECT_EQ(FindFault(after.get(), old.generation, false), "") << ops[i].ToString();
    });
  }
}

TEST(CommitRenameTest, ARenameThatFailsAfterHappeningIsUnknown) {
  // The rename fails, and so does the look whether it happened.
  Manifest old;
  const std::unique_ptr<FaultEnv> env = Prepare(true, &old);
  const std::vector<FaultEnv::Op> ops = OpsOfACommit(true);
  for (uint64_t i = 0; i < ops.size(); ++i) {
    if (ops[i].kind != FaultEnv::OpKind::kRename) continue;
    env->FailAt(i, FaultEnv::IoError());
    env->FailAt(i + 1, FaultEnv::IoError());
  }
  bool committed = false;
  EXPECT_TRUE(IsOutcomeUnknown(Commit(env.get(), old, &committed)));
}

INSTANTIATE_TEST_SUITE_P(Indexes, CommitCrashTest, ::testing::Bool(), [](const auto& info) {
  return std::string(info.param ? "SecondCommit" : "FirstCommit");
});

}  // namespace
}  // namespace segue
