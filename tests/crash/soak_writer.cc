// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdio>

#include "engine/base/strings.h"
#include "segue/query.h"
#include "segue/status.h"
#include "tests/crash/soak.h"
#include "tests/support/seeded_random.h"

namespace segue::soak {
namespace {

[[noreturn]] void Fail(const char* call, const absl::Status& status) {
  std::fprintf(stderr, "the writer, %s: %s\n", call, status.ToString().c_str());
  ::_exit(5);
}

void Send(int pipe, const void* bytes, size_t count) {
  if (::write(pipe, bytes, count) != static_cast<ssize_t>(count)) ::_exit(4);
}

class SoakWriter {
 public:
  SoakWriter(const std::string& folder, uint64_t seed, int pipe)
      : random_(seed), pipe_(pipe), index_(OpenIndex(folder)) {
    WriterOptions options;
    options.threads = 2;
    options.lock_wait_ms = 10000;  // that of a killed process goes with it, soon
    options.durability = random_.OneIn(2) ? Durability::kSync : Durability::kNoSync;
    if (random_.OneIn(2)) options.merge_executor = merges_.get();
    auto writer = index_.OpenWriter(options);
    if (!writer.ok()) Fail("opening it", writer.status());
    writer_ = *std::move(writer);
  }

  // Changes something and commits it, or forgets it.
  void Batch(uint32_t version) {
    std::vector<Change> changes;
    for (uint64_t i = random_.Between(1, 200); i > 0; --i) changes.push_back(DrawChange(version));
    if (random_.OneIn(20)) {
      if (const auto status = writer_->Rollback(); !status.ok()) Fail("rollback", status);
      return;
    }
    const CommitOptions options = {.payload = std::to_string(version)};
    const bool in_two = random_.OneIn(4);
    if (in_two) {
      if (const auto info = writer_->Prepare(options); !info.ok()) Fail("prepare", info.status());
    }
    Say('B', version, changes);
    const auto info = writer_->Commit(in_two ? CommitOptions() : options);
    if (!info.ok()) Fail("commit", info.status());
    Say('C', version, {});
    if (random_.OneIn(60)) {
      const auto merged = writer_->ForceMerge(static_cast<uint32_t>(random_.Between(1, 3)));
      if (!merged.ok()) Fail("merge", merged.status());
    }
  }

 private:
  static Index OpenIndex(const std::string& folder) {
    auto index = Index::Open(folder);
    if (!index.ok()) Fail("opening the index", index.status());
    return *std::move(index);
  }

  Change DrawChange(uint32_t version) {
    const auto key = static_cast<uint32_t>(random_.Below(kKeys));
    absl::Status status;
    Change change = {Change::Kind::kUpsert, key};
    if (random_.OneIn(300)) {
      change = {Change::Kind::kDeleteGroup, key % kGroups};
      const Query query = Query::Term("text", Cat("group", change.number));
      status = writer_->DeleteByQuery(query).status();
    } else if (random_.OneIn(5)) {
      change.kind = Change::Kind::kDelete;
      status = writer_->Delete(KeyOf(key)).status();
    } else {
      status = writer_->Upsert(DocumentOf(key, version));
    }
    if (!status.ok()) Fail("a change", status);
    return change;
  }

  void Say(char what, uint32_t version, const std::vector<Change>& changes) {
    const Message message = {static_cast<uint32_t>(what), version,
                             static_cast<uint32_t>(changes.size())};
    Send(pipe_, &message, sizeof message);
    if (!changes.empty()) Send(pipe_, changes.data(), changes.size() * sizeof(Change));
  }

  SeededRandom random_;
  const int pipe_;
  Index index_;
  const std::unique_ptr<Executor> merges_ = *NewBackgroundThread();
  std::unique_ptr<Writer> writer_;
};

}  // namespace

void Write(const std::string& folder, uint64_t seed, uint32_t first_version, int pipe) {
  SoakWriter writer(folder, seed, pipe);
  for (uint32_t version = first_version;; ++version) writer.Batch(version);
}

}  // namespace segue::soak
