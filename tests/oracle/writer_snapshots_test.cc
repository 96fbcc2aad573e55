// SPDX-License-Identifier: Apache-2.0
//
// Snapshots of a writer that has not committed: hits, scores and totals are the oracle's over the
// documents that the writer holds, whatever lies in files, in memory and in the buffer.
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/strings.h"
#include "engine/io/memory_env.h"
#include "gtest/gtest.h"
#include "tests/oracle/world.h"

namespace segue {
namespace {

constexpr int kQueries = SEGUE_CHECKS_ON ? 2 : 6;

class WriterWorld {
 public:
  explicit WriterWorld(uint64_t stream) : random_(stream), env_(NewMemoryEnv()) {
    auto index = Index::Create("world", WorldSchema(), {.env = env_.get()});
    EXPECT_TRUE(index.ok()) << index.status();
    index_ = std::make_unique<Index>(*std::move(index));
    writer_ = *index_->OpenWriter();
  }

  // Some documents come, some go, by key or by query.
  void Change() {
    for (OracleDocument& document : RandomDocuments(random_, random_.Between(0, 60))) {
      const std::string key = Cat("key", all_.size());
      document.key = key;
      ASSERT_TRUE(writer_->Add(IndexedDocument(key, document)).ok());
      all_[key] = document;
      live_.insert(key);
    }
    for (auto it = live_.begin(); it != live_.end();) {
      if (random_.OneIn(12)) {
        ASSERT_TRUE(*writer_->Delete(*it));
        it = live_.erase(it);
      } else {
        ++it;
      }
    }
    if (!random_.OneIn(4)) return;
    const auto number = static_cast<int64_t>(random_.Below(4));
    const auto deleted = writer_->DeleteByQuery(Query::And(
        {Query::Equals("n", number), Query::Term("a", Cat("w", random_.Between(1, 6)))}));
    ASSERT_TRUE(deleted.ok()) << deleted.status();
    const size_t before = live_.size();
    Look();
    EXPECT_EQ(*deleted, before - live_.size());
  }
  void Commit() { ASSERT_TRUE(writer_->Commit().ok()); }
  void Rollback() {
    ASSERT_TRUE(writer_->Rollback().ok());
    Look();
  }

  // Compares, and puts aside what it has compared.
  void Check() {
    const std::set<std::string> wanted = live_;
    Look();
    ASSERT_EQ(live_, wanted);
    for (int i = 0; i < kQueries; ++i) {
      ASSERT_EQ(newest_->CompareAll(RandomQuery(random_, 1 + i % 3)), "");
    }
    kept_.push_back(newest_);
  }
  // Snapshots that were opened long ago still give the same.
  void CheckKept() {
    writer_.reset();
    for (const auto& world : kept_) {
      ASSERT_EQ(world->CompareAll(RandomQuery(random_, 2)), "");
    }
  }

 private:
  // Takes over which documents the writer's snapshot holds.
  void Look() {
    const auto snapshot = writer_->OpenSnapshot();
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    std::vector<OracleDocument> documents;
    live_.clear();
    for (uint64_t doc = 0; doc < (*snapshot)->doc_count(); ++doc) {
      const std::string key = *(*snapshot)->Key(doc);
      documents.push_back(all_.at(key));
      documents.back().live = *(*snapshot)->FindKey(key) == doc;
      if (documents.back().live) live_.insert(key);
    }
    ASSERT_EQ(live_.size(), (*snapshot)->live_doc_count());
    newest_ = std::make_shared<World>(*snapshot, std::move(documents));
  }

  SeededRandom random_;
  std::unique_ptr<Env> env_;
  std::unique_ptr<Index> index_;
  std::unique_ptr<Writer> writer_;
  std::map<std::string, OracleDocument> all_;  // that ever were
  std::set<std::string> live_;
  std::shared_ptr<World> newest_;
  std::vector<std::shared_ptr<World>> kept_;
};

TEST(WriterSnapshotsTest, AreExact) {
  for (uint64_t stream = 0; stream < 4; ++stream) {
    WriterWorld world(500 + stream);
    SeededRandom random(600 + stream);
    for (int step = 0; step < 40; ++step) {
      world.Change();
      // Several changes to a look, and several looks to a commit.
      if (random.OneIn(2)) world.Check();
      if (random.OneIn(9)) world.Commit();
      if (random.OneIn(15)) world.Rollback();
      if (testing::Test::HasFailure()) return;
    }
    world.CheckKept();
  }
}

}  // namespace
}  // namespace segue
