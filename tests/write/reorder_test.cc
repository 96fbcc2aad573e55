// SPDX-License-Identifier: Apache-2.0
//
// A forced merge with an order: the same documents, each with all that it had, in another order.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/manifest_io.h"
#include "engine/io/memory_env.h"
#include "engine/write/index_writer.h"
#include "engine/write/merger.h"
#include "tests/write/index_dump.h"
#include "tests/write/write_test_util.h"

namespace segue {
namespace {

constexpr char kDir[] = "index";
constexpr uint64_t kMinMemory = uint64_t{1} << 20;

class ReorderTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(IndexWriter::Create(env_.get(), kDir, FullSchema()).ok()); }
  // Adds documents with `segments` flushes.
  void Add(IndexWriter* writer, const std::vector<Document>& documents, size_t segments) {
    for (size_t i = 0; i < documents.size(); ++i) {
      ASSERT_TRUE(writer->Add(documents[i]).ok());
      if ((i + 1) % (documents.size() / segments) == 0) {
        ASSERT_TRUE(writer->Flush().ok());
      }
    }
  }
  static std::string KeyOf(const Document& document) {
    return std::get<std::string>(*document.Find("id"));
  }
  // The index holds these documents in some order: as the model says of that order. Tells the
  // order.
  std::vector<std::string> ExpectSomeOrderOf(const std::vector<Document>& documents) {
    std::map<std::string, const Document*> by_key;
    for (const Document& document : documents) by_key[KeyOf(document)] = &document;
    const auto found = DumpIndex(env_.get(), kDir);
    EXPECT_TRUE(found.ok()) << found.status();
    if (!found.ok()) return {};
    std::vector<Document> ordered;
    for (const std::string& key : found->keys) {
      const auto at = by_key.find(key);
      if (at == by_key.end()) {
        ADD_FAILURE() << key << " is there too often, or was deleted";
        continue;
      }
      ordered.push_back(*at->second);
      by_key.erase(at);
    }
    EXPECT_EQ(by_key.size(), 0u) << "lost documents";
    const auto wanted = ModelIndex(FullSchema(), ordered);
    EXPECT_TRUE(wanted.ok()) << wanted.status();
    if (wanted.ok()) {
      EXPECT_EQ(Difference(*found, *wanted), "");
    }
    return found->keys;
  }
  std::vector<ManifestSegment> Segments() { return ReadNewestManifest(env_.get(), kDir)->segments; }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
};

std::vector<std::string> KeysInOrder(size_t count) {
  std::vector<std::string> keys;
  for (size_t i = 0; i < count; ++i) keys.push_back(Cat("key", i));
  return keys;
}

TEST_F(ReorderTest, EverythingGoesWithItsDocument) {
  const std::vector<Document> documents = RandomDocuments(TestSeed(21), 900);
  for (const DocumentOrder order : {DocumentOrder::kQuick, DocumentOrder::kFull}) {
    for (const size_t segments : {1, 2, 5}) {
      SCOPED_TRACE(Cat(segments, " segments, order ", static_cast<int>(order)));
      env_ = NewMemoryEnv();
      SetUp();
      auto writer = OpenOrDie(env_.get(), kDir, {.auto_merge = false});
      Add(writer.get(), documents, segments);
      ASSERT_TRUE(writer->ForceMerge(1, {.order = order}).ok());
      ASSERT_EQ(Segments().size(), 1u);
      EXPECT_EQ(OrderOf(Segments()[0]), order);
      EXPECT_NE(ExpectSomeOrderOf(documents), KeysInOrder(documents.size()));
    }
  }
}

TEST_F(ReorderTest, DeletedDocumentsGo) {
  std::mt19937_64 random(TestSeed(22));
  std::vector<Document> documents = RandomDocuments(random(), 600);
  auto writer = OpenOrDie(env_.get(), kDir, {.auto_merge = false});
  Add(writer.get(), documents, 3);
  std::erase_if(documents, [&](const Document& document) {
    if (random() % 4 != 0) return false;
    EXPECT_TRUE(*writer->Delete(KeyOf(document)));
    return true;
  });
  ASSERT_TRUE(writer->ForceMerge(1, {.order = DocumentOrder::kQuick}).ok());
  ExpectSomeOrderOf(documents);
}

// Long lists of the smallest budget are sorted in several ranges.
TEST_F(ReorderTest, ListsLargerThanTheBudget) {
  std::mt19937_64 random(TestSeed(23));
  std::vector<Document> documents;
  for (size_t i = 0; i < 1500; ++i) {
    Document& document = documents.emplace_back();
    document.Add("id", Cat("key", i));
    document.Add("body", RandomText(random, 60, 3) + RandomText(random, 20, 4000));
  }
  auto writer = OpenOrDie(env_.get(), kDir, {.memory_bytes = kMinMemory, .auto_merge = false});
  for (const Document& document : documents) ASSERT_TRUE(writer->Add(document).ok());
  ASSERT_TRUE(writer->ForceMerge(1, {.order = DocumentOrder::kQuick}).ok());
  const auto found = DumpIndex(env_.get(), kDir);
  ASSERT_TRUE(found.ok()) << found.status();
  size_t positions = 0;
  for (const DumpedPosting& posting : found->fields.at("text").terms.at("w0")) {
    positions += posting.positions.size();
  }
  EXPECT_GT(positions, 2 * kMinMemory / 64) << "the list fits one range";
  ExpectSomeOrderOf(documents);
}

TEST_F(ReorderTest, ThreadsDoNotMatter) {
  const std::vector<Document> documents = RandomDocuments(24, 5000);
  std::map<std::string, std::string> alone;
  for (const uint32_t threads : {1u, 2u, 5u}) {
    env_ = NewMemoryEnv();
    SetUp();
    auto writer = OpenOrDie(env_.get(), kDir, {.threads = threads});
    Add(writer.get(), documents, 1);
    ASSERT_TRUE(writer->ForceMerge(1, {.order = DocumentOrder::kQuick}).ok());
    std::map<std::string, std::string> files = AllFiles(env_.get(), kDir);
    if (threads == 1) alone = files;
    EXPECT_TRUE(files == alone) << threads;
  }
}

// The word of all documents fills several pieces of a merge in any order, each for another thread.
TEST_F(ReorderTest, ThreadsDoNotMatterForLongLists) {
  std::vector<Document> documents(72000);
  for (size_t i = 0; i < documents.size(); ++i) {
    documents[i].Add("id", Cat("key", i));
    documents[i].Add("body", Cat("all all w", i % 7, i % 1000 == 0 ? " rare" : ""));
  }
  std::vector<Document> live;
  for (size_t i = 0; i < documents.size(); ++i) {
    if (i % 10 != 0) live.push_back(documents[i]);
  }
  for (const DocumentOrder order : {DocumentOrder::kAsAdded, DocumentOrder::kQuick}) {
    std::map<std::string, std::string> alone;
    for (const uint32_t threads : {1u, 3u}) {
      env_ = NewMemoryEnv();
      SetUp();
      auto writer =
          OpenOrDie(env_.get(), kDir, {.memory_bytes = uint64_t{16} << 20, .threads = threads});
      Add(writer.get(), documents, 2);
      for (size_t i = 0; i < documents.size(); i += 10)
        ASSERT_TRUE(*writer->Delete(KeyOf(documents[i])));
      ASSERT_TRUE(writer->ForceMerge(1, {.order = order}).ok());
      std::map<std::string, std::string> files = AllFiles(env_.get(), kDir);
      if (threads == 1) {
        alone = files;
        ExpectSomeOrderOf(live);
      }
      EXPECT_TRUE(files == alone) << threads << " threads, order " << static_cast<int>(order);
    }
  }
}

// Budgets only say where segments end. Where those are the same, so are all bytes.
TEST_F(ReorderTest, TheBudgetDoesNotMatter) {
  const std::vector<Document> documents = RandomDocuments(27, 4000);
  for (const DocumentOrder order : {DocumentOrder::kAsAdded, DocumentOrder::kQuick}) {
    std::map<std::string, std::string> large;
    for (const uint64_t budget : {uint64_t{256} << 20, kMinMemory}) {
      env_ = NewMemoryEnv();
      SetUp();
      auto writer = OpenOrDie(env_.get(), kDir, {.memory_bytes = budget, .auto_merge = false});
      Add(writer.get(), documents, 40);
      ASSERT_TRUE(writer->ForceMerge(1, {.order = order}).ok());
      const std::map<std::string, std::string> files = AllFiles(env_.get(), kDir);
      if (large.empty()) large = files;
      EXPECT_TRUE(files == large) << "order " << static_cast<int>(order);
    }
  }
}

// The naive order: by the least value of each document, descending by the greatest, those without
// one last.
std::vector<std::string> KeysByField(std::vector<Document> documents, std::string_view field,
                                     bool descending) {
  const auto value_of = [&](const Document& document) {
    std::optional<double> best;
    for (const FieldValue& value : document.values()) {
      if (value.field != field) continue;
      const double number = value.value.index() == 1
                                ? static_cast<double>(std::get<int64_t>(value.value))
                            : value.value.index() == 2 ? std::get<double>(value.value)
                                                       : std::get<bool>(value.value);
      if (!best || (descending ? number > *best : number < *best)) best = number;
    }
    return best;
  };
  std::stable_sort(documents.begin(), documents.end(), [&](const Document& a, const Document& b) {
    const auto left = value_of(a), right = value_of(b);
    if (!left || !right) return left.has_value() && !right.has_value();
    return descending ? *left > *right : *left < *right;
  });
  std::vector<std::string> keys;
  for (const Document& document : documents) {
    keys.push_back(std::get<std::string>(*document.Find("id")));
  }
  return keys;
}

TEST_F(ReorderTest, ByAField) {
  std::mt19937_64 random(TestSeed(28));
  for (const std::string field : {"year", "price", "ratings", "open", "at"}) {
    for (const bool descending : {false, true}) {
      SCOPED_TRACE(Cat(field, descending ? " descending" : " ascending"));
      env_ = NewMemoryEnv();
      SetUp();
      std::vector<Document> documents = RandomDocuments(random(), 500);
      for (const double price : {-1e300, 1e-300, -1e-300, 0.0, 1e300, -7.0}) {
        documents.emplace_back().Add("id", Cat("at ", price)).Add("price", price);
      }
      auto writer = OpenOrDie(env_.get(), kDir, {.auto_merge = false});
      Add(writer.get(), documents, 3);
      std::erase_if(documents, [&](const Document& document) {
        if (random() % 5 != 0) return false;
        EXPECT_TRUE(*writer->Delete(KeyOf(document)));
        return true;
      });
      const auto order = descending ? DocumentOrder::kDescending : DocumentOrder::kAscending;
      const auto merged = writer->ForceMerge(1, {.order = order, .order_field = field});
      ASSERT_TRUE(merged.ok()) << merged.status();
      ASSERT_EQ(Segments().size(), 1u);
      EXPECT_EQ(OrderOf(Segments()[0]), order);
      EXPECT_EQ(ExpectSomeOrderOf(documents), KeysByField(documents, field, descending));
    }
  }
}

TEST_F(ReorderTest, ByAFieldThatHasNoOrder) {
  auto writer = OpenOrDie(env_.get(), kDir);
  Add(writer.get(), RandomDocuments(29, 20), 1);
  const auto refusal = [&](DocumentOrder order, const std::string& field) {
    const absl::Status status =
        writer->ForceMerge(1, {.order = order, .order_field = field}).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << status;
    return std::string(status.message());
  };
  EXPECT_NE(refusal(DocumentOrder::kAscending, "yaer").find("did you mean \"year\""),
            std::string::npos);
  EXPECT_NE(refusal(DocumentOrder::kDescending, "body").find("no such field"), std::string::npos);
  EXPECT_NE(refusal(DocumentOrder::kAscending, "title").find("only fields of numbers"),
            std::string::npos);
  refusal(DocumentOrder::kAscending, "");
  refusal(DocumentOrder::kQuick, "year");
  refusal(DocumentOrder::kAsAdded, "year");
}

TEST_F(ReorderTest, ByAFieldIsDoneOnce) {
  const std::vector<Document> documents = RandomDocuments(30, 100);
  auto writer = OpenOrDie(env_.get(), kDir, {.auto_merge = false});
  Add(writer.get(), documents, 1);
  const auto id_after = [&](DocumentOrder order, const std::string& field) {
    EXPECT_TRUE(writer->ForceMerge(1, {.order = order, .order_field = field}).ok());
    return Segments()[0].id.value;
  };
  const auto year = id_after(DocumentOrder::kAscending, "year");
  EXPECT_EQ(id_after(DocumentOrder::kAscending, "year"), year);
  EXPECT_EQ(id_after(DocumentOrder::kAsAdded, ""), year);
  const auto down = id_after(DocumentOrder::kDescending, "year");
  EXPECT_NE(down, year);
  const auto price = id_after(DocumentOrder::kDescending, "price");
  EXPECT_NE(price, down);
  EXPECT_NE(id_after(DocumentOrder::kQuick, ""), price);
  ExpectSomeOrderOf(documents);
}

// What is in an order is left alone, unless a better one is asked for or documents are deleted.
TEST_F(ReorderTest, IsDoneOnce) {
  const std::vector<Document> documents = RandomDocuments(25, 300);
  auto writer = OpenOrDie(env_.get(), kDir, {.auto_merge = false});
  Add(writer.get(), documents, 3);
  const auto ids = [&] {
    std::set<std::string> names;
    for (const ManifestSegment& segment : Segments()) names.insert(segment.id.ToString());
    return names;
  };
  ASSERT_TRUE(writer->ForceMerge(2, {.order = DocumentOrder::kQuick}).ok());
  ASSERT_EQ(Segments().size(), 2u);
  for (const ManifestSegment& segment : Segments()) {
    EXPECT_EQ(OrderOf(segment), DocumentOrder::kQuick);
  }
  const std::set<std::string> quick = ids();
  ASSERT_TRUE(writer->ForceMerge(2, {.order = DocumentOrder::kQuick}).ok());
  ASSERT_TRUE(writer->ForceMerge(2).ok());
  EXPECT_EQ(ids(), quick);
  ASSERT_TRUE(writer->ForceMerge(2, {.order = DocumentOrder::kFull}).ok());
  const std::set<std::string> full = ids();
  EXPECT_NE(full, quick);
  ASSERT_TRUE(writer->ForceMerge(2, {.order = DocumentOrder::kQuick}).ok());
  EXPECT_EQ(ids(), full);
  // A merge that keeps the order of its inputs has none of its own.
  ASSERT_TRUE(writer->ForceMerge(1).ok());
  EXPECT_EQ(OrderOf(Segments()[0]), DocumentOrder::kAsAdded);
  ExpectSomeOrderOf(documents);
}

TEST_F(ReorderTest, IsCancelled) {
  std::atomic<bool> cancel{false};
  auto writer = OpenOrDie(env_.get(), kDir, {.cancel = &cancel});
  const std::vector<Document> documents = RandomDocuments(26, 200);
  Add(writer.get(), documents, 1);
  cancel = true;
  EXPECT_EQ(CodeOf(writer->ForceMerge(1, {.order = DocumentOrder::kFull}).status()),
            ErrorCode::kCancelled);
  cancel = false;
  ASSERT_TRUE(writer->ForceMerge(1, {.order = DocumentOrder::kFull}).ok());
  ExpectSomeOrderOf(documents);
}

}  // namespace
}  // namespace segue
