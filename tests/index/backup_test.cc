// SPDX-License-Identifier: Apache-2.0
//
// Backups: the same index elsewhere, made while a writer is at work, and nothing half made.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/strings.h"
#include "engine/io/fault_env.h"
#include "engine/io/memory_env.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/status.h"

namespace segue {
namespace {

Schema SmallSchema() {
  return *Schema::FromJson(
      R"({"key":"id","fields":{"id":{"type":"keyword"},"text":{"type":"text","stored":true}}})");
}

Document Doc(uint64_t number) {
  return Document().Add("id", Cat("k", number)).Add("text", Cat("common word", number % 7));
}

// Two segments, something deleted in one, a payload.
Index MakeIndex(Env* env) {
  Index index = *Index::Create("index", SmallSchema(), {.env = env});
  auto writer = *index.OpenWriter({.auto_merge = false});
  for (uint64_t i = 0; i < 20; ++i) {
    EXPECT_TRUE(writer->Add(Doc(i)).ok());
    if (i % 10 == 9) {
      EXPECT_TRUE(writer->Commit({.payload = Cat("at ", i)}).ok());
    }
  }
  EXPECT_TRUE(*writer->Delete("k3"));
  EXPECT_TRUE(writer->Commit().ok());
  return index;
}

// Names and contents of all index files.
std::vector<std::pair<std::string, std::string>> FilesOf(FaultEnv* env, const std::string& dir) {
  std::vector<std::pair<std::string, std::string>> files;
  const std::vector<std::string> names = *env->List(dir);
  for (const std::string& name : names) {
    if (name != "segue.lock") files.emplace_back(name, *env->Contents(Cat(dir, "/", name)));
  }
  return files;
}

TEST(Backup, IsTheSameIndexAndLasts) {
  FaultEnv env;
  const Index index = MakeIndex(&env);
  const auto generation = index.Backup("copy");
  ASSERT_TRUE(generation.ok()) << generation.status();
  EXPECT_EQ(*generation, 4u);
  EXPECT_EQ(FilesOf(&env, "copy"), FilesOf(&env, "index"));
  env.Crash({});
  const auto copy = Index::Open("copy", {.env = &env});
  ASSERT_TRUE(copy.ok()) << copy.status();
  const auto snapshot = *copy->OpenSnapshot();
  EXPECT_EQ(snapshot->payload(), "at 19");
  EXPECT_EQ(snapshot->live_doc_count(), 19u);
  EXPECT_EQ(snapshot->Search(Query::Text("common"))->total->value, 19u);
  // It goes on by itself.
  auto writer = *copy->OpenWriter();
  ASSERT_TRUE(writer->Add(Doc(100)).ok());
  EXPECT_EQ(writer->Commit()->generation, 5u);
}

TEST(Backup, DoesNotReplaceAnIndex) {
  FaultEnv env;
  const Index index = MakeIndex(&env);
  ASSERT_TRUE(index.Backup("copy").ok());
  EXPECT_EQ(CodeOf(index.Backup("copy").status()), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(index.Backup("index").status()), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(index.Backup("no/such/place").status()), ErrorCode::kNotFound);
}

TEST(Backup, DamageIsNotCopied) {
  FaultEnv env;
  const Index index = MakeIndex(&env);
  const std::vector<std::string> names = *env.List("index");
  for (const std::string& name : names) {
    if (name == "segue.lock") continue;
    SCOPED_TRACE(name);
    const std::string path = Cat("index/", name);
    const std::string bytes = *env.Contents(path);
    std::string changed = bytes;
    changed[changed.size() / 2] ^= 1;
    env.SetContents(path, changed);
    EXPECT_EQ(CodeOf(index.Backup("copy").status()), ErrorCode::kDataLoss);
    EXPECT_EQ(CodeOf(Index::Open("copy", {.env = &env}).status()), ErrorCode::kNotFound);
    env.SetContents(path, bytes);
  }
  EXPECT_TRUE(index.Backup("copy").ok());
}

// Whatever fails or stops, there is a whole copy or none, and another attempt makes one.
TEST(Backup, EveryOperationFailsOrIsTheLast) {
  FaultEnv origin;
  { const Index index = MakeIndex(&origin); }
  for (const bool crash : {false, true}) {
    for (uint64_t op = 0;; ++op) {
      SCOPED_TRACE(Cat(crash ? "crash" : "failure", " at operation ", op));
      const auto env = origin.Clone();
      const auto index = Index::Open("index", {.env = env.get()});
      ASSERT_TRUE(index.ok()) << index.status();
      env->ClearOps();
      if (crash) {
        env->CrashAt(op);
      } else {
        env->FailAt(op, FaultEnv::DiskFull());
      }
      const auto copied = index->Backup("copy");
      const bool finished = env->op_count() <= op;
      if (crash && !finished) {
        EXPECT_FALSE(copied.ok());
        env->Crash({});
      }
      env->ClearFaults();
      const auto copy = Index::Open("copy", {.env = env.get()});
      EXPECT_TRUE(copy.ok() || CodeOf(copy.status()) == ErrorCode::kNotFound) << copy.status();
      EXPECT_TRUE(copy.ok() || !copied.ok());
      if (copy.ok()) {
        EXPECT_EQ((*copy->OpenSnapshot())->live_doc_count(), 19u);
      } else {
        const auto origin_again = Index::Open("index", {.env = env.get()});
        const auto again = origin_again->Backup("copy");
        EXPECT_TRUE(again.ok()) << again.status();
      }
      if (HasFailure()) return;
      if (finished) break;
    }
  }
}

TEST(Backup, WhileAWriterCommits) {
  const auto env = NewMemoryEnv();
  const Index index = MakeIndex(env.get());
  std::atomic<bool> stop = false;
  std::thread committing([&] {
    auto writer = *index.OpenWriter();
    for (uint64_t i = 0; !stop; ++i) {
      EXPECT_TRUE(writer->Upsert(Doc(i % 30)).ok());
      EXPECT_TRUE(writer->Commit({.payload = Cat(i)}).ok());
    }
  });
  for (int i = 0; i < 40; ++i) {
    const std::string to = Cat("copy", i);
    const auto generation = index.Backup(to);
    EXPECT_TRUE(generation.ok()) << generation.status();
    if (!generation.ok()) break;
    const auto snapshot = Index::Open(to, {.env = env.get()})->OpenSnapshot();
    EXPECT_TRUE(snapshot.ok()) << snapshot.status();
    EXPECT_EQ((*snapshot)->generation(), *generation);
    EXPECT_EQ((*snapshot)->Search(Query::Text("common"))->total->value,
              (*snapshot)->live_doc_count());
  }
  stop = true;
  committing.join();
}

}  // namespace
}  // namespace segue
