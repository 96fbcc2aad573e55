// SPDX-License-Identifier: Apache-2.0
//
// Workloads of a writer, drawn from a seed, beside a model of what the index must hold: adds,
// upserts, deletes by key and by query, values set, snapshots of what is not committed, other
// indexes added, commits in one and two phases, rollbacks, merges, writers that go without a word.
#ifndef SEGUE_TESTS_CRASH_WORKLOAD_H_
#define SEGUE_TESTS_CRASH_WORKLOAD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "segue/env.h"
#include "segue/index.h"
#include "tests/support/seeded_random.h"

namespace segue {

// What one generation holds.
struct Generation {
  uint64_t number = 0;
  std::string payload;
  std::map<std::string, std::string> documents;  // stored text and plays by key
};

struct Step {
  enum class Kind {
    kAdd,
    kUpsert,
    kDelete,
    kDeleteByQuery,
    kLook,
    kJoin,
    kCommit,
    kPrepareAndCommit,
    kPrepareAndRollback,
    kRollback,
    kMerge,
    kReopen,
    kSetValue,
  };
  Kind kind = Kind::kAdd;
  uint64_t number = 0;  // whatever the kind needs one for
};

// `count` steps; the last is a commit.
std::vector<Step> DrawSteps(SeededRandom& random, size_t count);

// The index folder of all workloads, and an empty index in it.
inline constexpr char kCrashFolder[] = "index";
Generation CreateEmptyIndex(Env* env, const std::string& folder);

class WorkloadRun {
 public:
  // `start`: what the index holds now. `env` must outlive the run.
  WorkloadRun(Env* env, std::string folder, Generation start, const WriterOptions& options = {});

  // Performs one step. After an error the model is as before; see Recover.
  absl::Status Perform(const Step& step);
  // After an error: goes on with the writer if it can be used, or with a new one. Returns what is
  // wrong, or nothing.
  std::string Recover(const absl::Status& error);
  // Lets the writer go.
  void Close() { writer_.reset(); }

  // Called, if set, with what a commit is about to publish.
  std::function<void(const Generation& next)> on_commit;

  // What the last commit that returned OK has published, and what a commit that is under way may
  // have published already.
  const Generation& committed() const { return committed_; }
  const std::optional<Generation>& in_flight() const { return in_flight_; }
  // Errors of merges beside the writer that commits have told of.
  uint64_t merge_errors() const { return merge_errors_; }

 private:
  absl::Status OpenWriter();
  absl::Status Change(const Step& step);
  absl::Status SetValue(const Step& step);
  absl::Status Look();
  absl::Status Join(const Step& step);
  absl::Status Commit(const Step& step);
  absl::Status Merge(const Step& step);
  Document DocumentOf(const Step& step) const;
  Generation Next(const CommitOptions& options) const;
  void Begin(const Generation& next);

  Env* const env_;
  const std::string folder_;
  const WriterOptions options_;
  std::unique_ptr<Index> index_;
  std::unique_ptr<Writer> writer_;
  Generation committed_;
  std::optional<Generation> in_flight_;
  std::map<std::string, std::string> now_;
  uint64_t performed_ = 0;
  uint64_t merge_errors_ = 0;
};

// Opens the index anew and compares: it must hold `old`, or `next` if there is one, in every way
// that can be looked at, and be sound. Returns what is wrong, or nothing.
std::string CheckIndex(Env* env, const std::string& folder, const Generation& old,
                       const std::optional<Generation>& next);

// A document of the model that is stored so.
std::string ModelOfStored(const Document& stored);

// What the snapshot, or the index, holds; an error if it cannot be read.
absl::StatusOr<Generation> ReadSnapshot(const Snapshot& snapshot);
absl::StatusOr<Generation> ReadGeneration(Env* env, const std::string& folder);

}  // namespace segue

#endif  // SEGUE_TESTS_CRASH_WORKLOAD_H_
