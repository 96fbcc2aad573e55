// SPDX-License-Identifier: Apache-2.0
//
// One writer and several searching threads beside a plain model of every generation, over a file
// system that loses its power now and then. A snapshot answers as the model of its generation does,
// whatever the writer does meanwhile; after a power cut the index is that of the last commit, or of
// the one under way. Run under ThreadSanitizer in CI.
#include <gtest/gtest.h>

#include <atomic>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/io/fault_env.h"
#include "segue/query.h"
#include "segue/status.h"
#include "tests/crash/workload.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

constexpr uint64_t kRounds = SEGUE_CHECKS_ON ? 6 : 40;
constexpr size_t kSteps = 40;
constexpr int kReaders = 3;

class ModelWithThreads : public ::testing::Test {
 protected:
  void Start(Generation start) {
    models_.clear();
    Publish(start);
    // With merges beside the writer, and without.
    WriterOptions options;
    if (std::exchange(beside_, !beside_)) options.merge_executor = merge_thread_.get();
    run_.emplace(&env_, kCrashFolder, std::move(start), options);
    run_->on_commit = [this](const Generation& next) { Publish(next); };
  }

  // Before anybody can see it.
  void Publish(const Generation& generation) {
    const std::lock_guard<std::mutex> lock(mutex_);
    models_[generation.number] = generation;
  }

  // A merge publishes a generation of its own, with the same documents.
  Generation ModelOf(uint64_t generation) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::prev(models_.upper_bound(generation))->second;
  }

  // The writer's steps while others search; `cut`: the power goes in between.
  void Round(SeededRandom& random, bool cut) {
    done_ = false;
    std::vector<std::thread> readers;
    for (int i = 0; i < kReaders; ++i) {
      readers.emplace_back([this, seed = random.Next()] { Read(seed); });
    }
    if (cut) env_.CrashAt(env_.op_count() + random.Below(3000));
    for (const Step& step : DrawSteps(random, kSteps)) {
      const absl::Status status = run_->Perform(step);
      if (env_.crashed()) break;
      EXPECT_TRUE(status.ok()) << status;
    }
    done_ = true;
    for (std::thread& reader : readers) reader.join();
  }

  // What was under way may be there.
  void CutPower(SeededRandom& random) {
    const Generation old = run_->committed();
    const std::optional<Generation> next = run_->in_flight();
    run_.reset();
    FaultEnv::CrashPlan plan;
    for (size_t i = env_.pending().size(); i > 0; --i) plan.keep.push_back(random.OneIn(2));
    env_.Crash(plan);
    ASSERT_EQ(CheckIndex(&env_, kCrashFolder, old, next), "");
    absl::StatusOr<Generation> found = ReadGeneration(&env_, kCrashFolder);
    ASSERT_TRUE(found.ok()) << found.status();
    Start(*std::move(found));
  }

  absl::StatusOr<std::shared_ptr<const Snapshot>> OpenNewest() {
    SEGUE_ASSIGN_OR_RETURN(const Index index, Index::Open(kCrashFolder, {.env = &env_}));
    return index.OpenSnapshot();
  }

  void Read(uint64_t seed) {
    SeededRandom random(seed);
    uint64_t last = 0;
    std::shared_ptr<const Snapshot> held;
    while (!done_) {
      const absl::StatusOr<std::shared_ptr<const Snapshot>> snapshot = OpenNewest();
      // Without power nothing can be read.
      if (env_.crashed()) return;
      ASSERT_TRUE(snapshot.ok()) << snapshot.status();
      ASSERT_GE((*snapshot)->generation(), last);
      last = (*snapshot)->generation();
      if (held == nullptr || random.OneIn(6)) held = *snapshot;
      Compare(**snapshot, random);
      Compare(*held, random);
    }
  }

  // Searches, and looks for a key.
  void Compare(const Snapshot& snapshot, SeededRandom& random) {
    const Generation model = ModelOf(snapshot.generation());
    const std::string word = Cat("word", random.Below(6));
    uint64_t expected = 0;
    for (const auto& [key, text] : model.documents) {
      expected += text.find(Cat(" ", word, " ")) != std::string::npos;
    }
    const auto result = snapshot.Search(Query::Term("text", word), {.k = 100});
    const std::string key = Cat("k", random.Below(8));
    const auto found = snapshot.FindKey(key);
    if (env_.crashed()) return;
    ASSERT_TRUE(result.ok()) << result.status();
    ASSERT_EQ(result->total->value, expected) << word;
    ASSERT_EQ(result->hits.size(), expected);
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_EQ(found->has_value(), model.documents.contains(key)) << key;
    ASSERT_EQ(snapshot.payload(), model.payload);
    ++compared_;
    if (!found->has_value()) return;
    const auto stored = snapshot.Stored(**found);
    if (env_.crashed()) return;
    ASSERT_TRUE(stored.ok()) << stored.status();
    ASSERT_EQ(ModelOfStored(*stored), model.documents.at(key));
  }

  FaultEnv env_;
  const std::unique_ptr<Executor> merge_thread_ = *NewBackgroundThread();
  bool beside_ = true;
  std::optional<WorkloadRun> run_;
  std::mutex mutex_;
  std::map<uint64_t, Generation> models_;  // guarded by mutex_
  std::atomic<bool> done_ = false;
  std::atomic<uint64_t> compared_ = 0;
};

TEST_F(ModelWithThreads, EachSnapshotIsItsGeneration) {
  SeededRandom random(31);
  Start(CreateEmptyIndex(&env_, kCrashFolder));
  for (uint64_t round = 0; round < kRounds && !HasFailure(); ++round) {
    SCOPED_TRACE(Cat("round ", round));
    Round(random, /*cut=*/round % 2 == 1);
    // Also when all is quiet.
    if (env_.crashed() || round % 4 == 0) CutPower(random);
    env_.ClearFaults();
  }
  EXPECT_GT(compared_, 10 * kRounds);
}

}  // namespace
}  // namespace segue
