// SPDX-License-Identifier: Apache-2.0
//
// Following an index: what has not changed is shared with the snapshot before; and how large an
// index becomes whose documents are replaced again and again.
#include <algorithm>
#include <memory>
#include <random>
#include <string>

#include "engine/base/strings.h"
#include "engine/io/fault_env.h"
#include "engine/io/memory_env.h"
#include "gtest/gtest.h"
#include "segue/index.h"
#include "segue/query.h"

namespace segue {
namespace {

Schema SmallSchema() {
  return *Schema::FromJson(
      R"({"key":"id","fields":{"id":{"type":"keyword"},"text":{"type":"text","stored":true}}})");
}

Document Doc(int key, std::string_view text) {
  return Document().Add("id", Cat("k", key)).Add("text", text);
}

class RefreshTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Index::Create("index", SmallSchema(), {.env = &env_}).ok());
    index_ = std::make_unique<Index>(*Index::Open("index", {.env = &env_}));
    writer_ = *index_->OpenWriter({.auto_merge = false});
    for (int segment = 0; segment < 3; ++segment) {
      for (int i = 0; i < 10; ++i) {
        ASSERT_TRUE(writer_->Add(Doc(segment * 10 + i, Cat("common word", i))).ok());
      }
      ASSERT_TRUE(writer_->Commit().ok());
    }
  }
  std::shared_ptr<const Snapshot> Open() {
    env_.ClearOps();
    auto snapshot = index_->OpenSnapshot();
    EXPECT_TRUE(snapshot.ok()) << snapshot.status();
    return *std::move(snapshot);
  }
  // Files of that segment that were opened by the last Open, by the end of their names.
  size_t Opened(const std::string& segment, bool live_only = false) {
    const auto ops = env_.ops();
    return static_cast<size_t>(std::count_if(ops.begin(), ops.end(), [&](const FaultEnv::Op& op) {
      const bool live = op.path.find(".live-") != std::string::npos;
      return op.kind == FaultEnv::OpKind::kOpen && (live || !live_only) &&
             op.path.find(Cat("seg-000000000000000", segment, ".")) != std::string::npos;
    }));
  }

  FaultEnv env_;
  std::unique_ptr<Index> index_;
  std::unique_ptr<Writer> writer_;
};

TEST_F(RefreshTest, OpensOnlyWhatIsNew) {
  const auto first = Open();
  EXPECT_GT(Opened("1"), 5u);
  EXPECT_EQ(Open(), first) << "nothing has changed";
  ASSERT_TRUE(writer_->Upsert(Doc(15, "changed")).ok());
  ASSERT_TRUE(writer_->Commit().ok());
  const auto second = Open();
  EXPECT_EQ(Opened("1"), 0u);
  EXPECT_EQ(Opened("2"), 1u);
  EXPECT_EQ(Opened("2", /*live_only=*/true), 1u);
  EXPECT_GT(Opened("4"), 5u);
  ASSERT_TRUE(*writer_->Delete("k16"));
  ASSERT_TRUE(writer_->Commit().ok());
  const auto third = Open();
  EXPECT_EQ(Opened("1") + Opened("3") + Opened("4"), 0u);
  EXPECT_EQ(Opened("2"), 1u);
  const auto count = [](const Snapshot& snapshot, std::string_view text) {
    return snapshot.Search(Query::Text(text))->total->value;
  };
  EXPECT_EQ(count(*first, "common"), 30u);
  EXPECT_EQ(count(*first, "changed"), 0u);
  EXPECT_EQ(count(*second, "common"), 29u);
  EXPECT_EQ(count(*second, "changed"), 1u);
  EXPECT_EQ(count(*third, "common"), 28u);
  EXPECT_TRUE(second->FindKey("k16")->has_value());
  EXPECT_FALSE(third->FindKey("k16")->has_value());
}

TEST_F(RefreshTest, NothingIsHeldForNobody) {
  Open().reset();
  ASSERT_TRUE(writer_->Upsert(Doc(15, "changed")).ok());
  ASSERT_TRUE(writer_->Commit().ok());
  const auto snapshot = Open();
  EXPECT_GT(Opened("1"), 5u);
  EXPECT_EQ(snapshot->live_doc_count(), 30u);
}

// Somebody makes another index in the same folder, whose files have the same names.
TEST_F(RefreshTest, AnotherIndexOfTheSameName) {
  const auto old = Open();
  writer_.reset();
  const std::vector<std::string> names = *env_.List("index");
  for (const std::string& name : names) ASSERT_TRUE(env_.Remove(Cat("index/", name)).ok());
  ASSERT_TRUE(Index::Create("index", SmallSchema(), {.env = &env_}).ok());
  writer_ = *index_->OpenWriter({.auto_merge = false});
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(writer_->Add(Doc(i, Cat("another word", i))).ok());
    ASSERT_TRUE(writer_->Commit().ok());
  }
  const auto snapshot = Open();
  EXPECT_EQ(snapshot->Search(Query::Text("common"))->total->value, 0u);
  EXPECT_EQ(snapshot->Search(Query::Text("another"))->total->value, 5u);
  EXPECT_EQ(old->Search(Query::Text("common"))->total->value, 30u);
}

// ---- Size ----

uint64_t FolderBytes(Env* env, const std::string& folder) {
  uint64_t bytes = 0;
  const std::vector<std::string> names = *env->List(folder);
  for (const std::string& name : names) bytes += *env->FileSize(Cat(folder, "/", name));
  return bytes;
}

std::string RandomText(std::mt19937_64& random) {
  std::string text;
  for (uint64_t words = 20 + random() % 40; words > 0; --words) {
    const double u = static_cast<double>(random() >> 11) * 0x1p-53;
    text += Cat("w", static_cast<uint64_t>(20000 * u * u * u), " ");
  }
  return text;
}

// A batch of documents is replaced, committed, and so on, several times around. All files together
// stay within 1.5 times of an index of the same documents that is built at once.
TEST(UpsertsTest, SizeStaysNearThatOfAFreshBuild) {
  struct Case {
    int documents, batch;
  };
  for (const Case& c : {Case{2000, 100}, Case{1500, 500}, Case{300, 7}}) {
    std::mt19937_64 random(7);
    const auto env = NewMemoryEnv();
    const auto make = [&](const std::string& folder) {
      EXPECT_TRUE(Index::Create(folder, SmallSchema(), {.env = env.get()}).ok());
      return *Index::Open(folder, {.env = env.get()});
    };
    const Index index = make("index"), fresh = make("fresh");
    const auto writer = *index.OpenWriter();
    std::vector<std::string> texts;
    for (int i = 0; i < c.documents; ++i) {
      texts.push_back(RandomText(random));
      ASSERT_TRUE(writer->Add(Doc(i, texts.back())).ok());
    }
    ASSERT_TRUE(writer->Commit().ok());
    uint64_t largest = 0;
    for (int done = 0; done < 3 * c.documents; done += c.batch) {
      for (int i = 0; i < c.batch; ++i) {
        const auto key = static_cast<size_t>(random() % texts.size());
        texts[key] = RandomText(random);
        ASSERT_TRUE(writer->Upsert(Doc(static_cast<int>(key), texts[key])).ok());
      }
      ASSERT_TRUE(writer->Commit().ok());
      largest = std::max(largest, FolderBytes(env.get(), "index"));
    }
    const auto builder = *fresh.OpenWriter();
    for (size_t i = 0; i < texts.size(); ++i) {
      ASSERT_TRUE(builder->Add(Doc(static_cast<int>(i), texts[i])).ok());
    }
    ASSERT_TRUE(builder->Commit().ok());
    const uint64_t wanted = FolderBytes(env.get(), "fresh");
    std::printf("%d documents by %d: %.2f times the size\n", c.documents, c.batch,
                static_cast<double>(largest) / static_cast<double>(wanted));
    EXPECT_LE(largest, wanted + wanted / 2) << c.documents << " by " << c.batch;
  }
}

}  // namespace
}  // namespace segue
