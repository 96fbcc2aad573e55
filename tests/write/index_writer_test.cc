// SPDX-License-Identifier: Apache-2.0
#include "engine/write/index_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/manifest_io.h"
#include "engine/io/memory_env.h"
#include "tests/write/index_dump.h"
#include "tests/write/write_test_util.h"

namespace segue {
namespace {

constexpr char kDir[] = "index";
constexpr uint64_t kMinMemory = uint64_t{1} << 20;

class IndexWriterTest : public testing::Test {
 protected:
  void Create(const Schema& schema) {
    schema_ = schema;
    ASSERT_TRUE(IndexWriter::Create(env_.get(), kDir, schema).ok());
  }
  std::unique_ptr<IndexWriter> Open(const IndexWriterOptions& options = {}) {
    return OpenOrDie(env_.get(), kDir, options);
  }
  void ExpectModel(std::span<const Document> documents) {
    const auto wanted = ModelIndex(schema_, documents);
    ASSERT_TRUE(wanted.ok()) << wanted.status();
    const auto found = DumpIndex(env_.get(), kDir);
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(Difference(*found, *wanted), "");
  }
  size_t SegmentCount() { return ReadNewestManifest(env_.get(), kDir)->segments.size(); }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  Schema schema_;
};

TEST_F(IndexWriterTest, AnEmptyIndex) {
  Create(FullSchema());
  EXPECT_EQ(CodeOf(IndexWriter::Create(env_.get(), kDir, FullSchema())),
            ErrorCode::kFailedPrecondition);
  auto writer = Open();
  EXPECT_EQ(writer->generation(), 1u);
  const auto info = writer->Commit();
  ASSERT_TRUE(info.ok());
  EXPECT_EQ(info->generation, 1u) << "nothing changed";
  ExpectModel({});
}

TEST_F(IndexWriterTest, NoIndexToOpen) {
  EXPECT_EQ(CodeOf(IndexWriter::Open(env_.get(), "nowhere").status()), ErrorCode::kNotFound);
  ASSERT_TRUE(env_->CreateDir("empty").ok());
  EXPECT_EQ(CodeOf(IndexWriter::Open(env_.get(), "empty").status()), ErrorCode::kNotFound);
  EXPECT_TRUE(env_->List("empty")->empty());
}

// One, two and seven flushes, and their merge, hold the same.
TEST_F(IndexWriterTest, AnIndexThatThisVersionMayOnlyRead) {
  Create(FullSchema());
  Manifest manifest = *ReadNewestManifest(env_.get(), kDir);
  ++manifest.generation;
  manifest.features.read_only = uint64_t{1} << 63;
  ASSERT_TRUE(WriteManifest(env_.get(), kDir, manifest).ok());
  const absl::Status status = IndexWriter::Open(env_.get(), kDir, {}).status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kVersion);
  EXPECT_EQ(MessageOf(status),
            "index: the index uses features that this version can read but not write");
}

TEST_F(IndexWriterTest, AnAnalyzerThatNobodyKnowsAnyMore) {
  AnalyzerRegistry registry = AnalyzerRegistry::BuiltIn();
  ASSERT_TRUE(registry.RegisterAnalyzer("mine", R"({"tokenizer":"keyword"})").ok());
  IndexWriterOptions options;
  options.analyzers = &registry;
  const Schema schema =
      *Schema::FromJson(R"({"fields":{"text":{"type":"text","analyzer":"mine"}}})");
  ASSERT_TRUE(IndexWriter::Create(env_.get(), kDir, schema, options).ok());
  const absl::Status status = IndexWriter::Open(env_.get(), kDir, {}).status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << status;
  EXPECT_TRUE(MessageOf(status).starts_with("field 'text': there is no analyzer \"mine\""))
      << status;
  EXPECT_TRUE(IndexWriter::Open(env_.get(), kDir, options).ok());
}

// "a", a term that no dictionary could hold for each byte in between, "z"; the long ones share
// their bytes.
class LongTermTokenizer final : public Tokenizer {
 public:
  void Start(std::string_view text) override { middle_ = text.size() - 2; }
  bool Next(TokenBatch* batch) override {
    const std::string longest(kMaxTermBytes + 1, 'x');
    batch->Append("a", 0, 1);
    const Token& first = batch->Append(longest, 1, 2);
    const uint32_t term_begin = first.term_begin;
    for (size_t i = 1; i < middle_; ++i) {
      Token& token = batch->Append("", 1, 2);
      token.term_begin = term_begin;
      token.term_bytes = static_cast<uint32_t>(longest.size());
    }
    batch->Append("z", 2, 3);
    return false;
  }

 private:
  size_t middle_ = 0;
};

TEST_F(IndexWriterTest, ManyTermsInARowThatAreTooLong) {
  AnalyzerRegistry registry = AnalyzerRegistry::BuiltIn();
  registry.RegisterTokenizer("long", [](PartOptions&) -> absl::StatusOr<PartSource<Tokenizer>> {
    return [] { return std::make_unique<LongTermTokenizer>(); };
  });
  ASSERT_TRUE(registry.RegisterAnalyzer("mine", R"({"tokenizer":"long"})").ok());
  IndexWriterOptions options;
  options.analyzers = &registry;
  ASSERT_TRUE(IndexWriter::Create(
                  env_.get(), kDir,
                  *Schema::FromJson(R"({"fields":{"text":{"type":"text","analyzer":"mine"}}})"),
                  options)
                  .ok());
  auto writer = Open(options);
  for (const size_t bytes : {3, 100, 400}) {
    ASSERT_TRUE(writer->Add(Document().Add("text", std::string(bytes, 'x'))).ok());
  }
  ASSERT_TRUE(writer->Commit().ok());
  const auto found = DumpIndex(env_.get(), kDir);
  ASSERT_TRUE(found.ok()) << found.status();
  const std::map<std::string, std::vector<DumpedPosting>> wanted = {
      {"a", {{0, 1, {0}}, {1, 1, {0}}, {2, 1, {0}}}},
      {"z", {{0, 1, {2}}, {1, 1, {99}}, {2, 1, {399}}}}};
  EXPECT_EQ(found->fields.at("text").terms, wanted);
}

TEST_F(IndexWriterTest, KeywordsAreJoinedAsTextsAre) {
  Create(*Schema::FromJson(
      R"({"fields":{"place":{"type":"keyword","from":["city","land"],"join":"/","stored":true}}})"));
  const std::vector<Document> documents = {Document().Add("city", "Bonn").Add("land", "NRW"),
                                           Document().Add("land", "Berlin")};
  auto writer = Open();
  for (const Document& document : documents) ASSERT_TRUE(writer->Add(document).ok());
  ASSERT_TRUE(writer->Commit().ok());
  ExpectModel(documents);
}

TEST_F(IndexWriterTest, FlushesAndTheirMergeHoldTheSame) {
  const uint64_t seed = TestSeed(11);
  const std::vector<Document> documents = RandomDocuments(seed, 700);
  for (const size_t flushes : {1, 2, 7}) {
    SCOPED_TRACE(Cat(flushes, " flushes"));
    env_ = NewMemoryEnv();
    Create(FullSchema());
    IndexWriterOptions options;
    options.auto_merge = false;
    auto writer = Open(options);
    for (size_t i = 0; i < documents.size(); ++i) {
      ASSERT_TRUE(writer->Add(documents[i]).ok());
      if ((i + 1) % (documents.size() / flushes) == 0) {
        ASSERT_TRUE(writer->Flush().ok());
      }
    }
    const auto info = writer->Commit();
    ASSERT_TRUE(info.ok()) << info.status();
    EXPECT_EQ(info->added, documents.size());
    EXPECT_EQ(info->documents, documents.size());
    EXPECT_EQ(SegmentCount(), flushes);
    ExpectModel(documents);
    uint64_t last_done = 0, all = 0;
    const auto progress = [&](uint64_t done, uint64_t total) {
      EXPECT_GE(done, last_done);
      last_done = done;
      all = total;
    };
    ASSERT_TRUE(writer->ForceMerge(1, {.progress = progress}).ok());
    EXPECT_EQ(SegmentCount(), 1u);
    EXPECT_EQ(all, flushes == 1 ? 0 : documents.size());
    ExpectModel(documents);
  }
}

// A merge writes the bytes that one flush would have written, but for the segment's number in each
// frame (and in the metadata).
TEST_F(IndexWriterTest, MergeOfFlushesHasTheBytesOfOneFlush) {
  const std::vector<Document> documents = RandomDocuments(5, 300);
  std::map<std::string, std::string> bodies[2];
  for (const bool merged : {false, true}) {
    env_ = NewMemoryEnv();
    Create(FullSchema());
    auto writer = Open();
    for (size_t i = 0; i < documents.size(); ++i) {
      ASSERT_TRUE(writer->Add(documents[i]).ok());
      if (merged && i % 50 == 49) {
        ASSERT_TRUE(writer->Flush().ok());
      }
    }
    ASSERT_TRUE(writer->ForceMerge(1).ok());
    bodies[merged] = SegmentBodies(env_.get(), kDir);
  }
  EXPECT_EQ(bodies[0].size(), 8u);
  for (const auto& [extension, body] : bodies[0]) {
    EXPECT_TRUE(bodies[1][extension] == body) << extension;
  }
}

TEST_F(IndexWriterTest, SameInputSameBytes) {
  const std::vector<Document> documents = RandomDocuments(6, 300);
  std::map<std::string, std::string> files[2];
  for (auto& run : files) {
    env_ = NewMemoryEnv();
    Create(FullSchema());
    IndexWriterOptions options;
    options.memory_bytes = kMinMemory;
    auto writer = Open(options);
    for (const Document& document : documents) {
      ASSERT_TRUE(writer->Add(document).ok());
    }
    ASSERT_TRUE(writer->Delete("key7").ok());
    ASSERT_TRUE(writer->Commit().ok());
    run = AllFiles(env_.get(), kDir);
  }
  EXPECT_GT(files[0].size(), 5u);
  EXPECT_TRUE(files[0] == files[1]);
}

// Looking at what is not committed leaves no trace in the index but in its metadata, as any merge
// does: the statistics that bounds were built with, and spans of lengths.
TEST_F(IndexWriterTest, ViewsChangeNoByte) {
  const std::vector<Document> documents = RandomDocuments(8, 400);
  for (const bool deletes : {false, true}) {
    std::map<std::string, std::string> files[2];
    for (const bool looks : {false, true}) {
      env_ = NewMemoryEnv();
      Create(FullSchema());
      auto writer = Open();
      for (size_t i = 0; i < documents.size(); ++i) {
        ASSERT_TRUE(writer->Upsert(documents[i]).ok());
        if (deletes && i % 10 == 7) {
          ASSERT_TRUE(*writer->Delete(Cat("key", i / 2)));
        }
        if (i == 250) {
          ASSERT_TRUE(writer->Commit().ok());
        }
        if (!looks || i % 4 != 0) continue;
        const auto view = writer->View();
        ASSERT_TRUE(view.ok()) << view.status();
        ASSERT_LE(view->segments.size(), 14u);
      }
      ASSERT_TRUE(writer->Commit().ok());
      files[looks] = AllFiles(env_.get(), kDir);
    }
    ASSERT_EQ(files[0].size(), files[1].size());
    for (const auto& [name, bytes] : files[0]) {
      if (name.ends_with(".meta") || name.starts_with("manifest")) continue;
      EXPECT_TRUE(files[1][name] == bytes) << name;
    }
  }
}

// Random adds, upserts, deletes, views, flushes, commits, rollbacks and reopenings
// against a plain list of documents.
TEST_F(IndexWriterTest, RandomWorkAgreesWithAModel) {
  std::mt19937_64 random(TestSeed(21));
  Create(FullSchema());
  IndexWriterOptions options;
  auto writer = Open(options);
  std::vector<Document> now, committed;
  const auto find = [&](const std::string& key) {
    return std::find_if(now.begin(), now.end(), [&](const Document& d) {
      return std::get<std::string>(*d.Find("id")) == key;
    });
  };
  for (int step = 0; step < 3000; ++step) {
    const std::string key = Cat("key", random() % 150);
    const auto at = find(key);
    switch (random() % 20) {
      case 0:
        if (random() % 4 != 0) break;
        ASSERT_TRUE(writer->Flush().ok());
        break;
      case 12: {
        const auto view = writer->View();
        ASSERT_TRUE(view.ok()) << view.status();
        size_t live = 0;
        for (const auto& segment : view->segments) live += segment->live_count();
        ASSERT_EQ(live, now.size());
        break;
      }
      case 1: {
        if (random() % 4 != 0) break;
        const auto info = writer->Commit();
        ASSERT_TRUE(info.ok()) << info.status();
        ASSERT_EQ(info->documents, now.size());
        committed = now;
        ExpectModel(now);
        break;
      }
      case 2:
        if (random() % 8 != 0) break;
        ASSERT_TRUE(writer->Rollback().ok());
        now = committed;
        break;
      case 3:
        if (random() % 8 != 0) break;
        writer.reset();
        writer = Open(options);
        now = committed;
        break;
      case 4: {
        if (random() % 8 != 0) break;
        ASSERT_TRUE(writer->ForceMerge(1 + random() % 3).ok());
        committed = now;
        ExpectModel(now);
        break;
      }
      case 5:
      case 6:
      case 7: {
        const auto deleted = writer->Delete(key);
        ASSERT_TRUE(deleted.ok());
        ASSERT_EQ(*deleted, at != now.end());
        if (*deleted) now.erase(at);
        break;
      }
      case 8:
      case 9:
      case 10:
      case 11: {
        const Document document = RandomDocument(random, key);
        ASSERT_TRUE(writer->Upsert(document).ok());
        if (at != now.end()) now.erase(at);
        now.push_back(document);
        break;
      }
      default: {
        const Document document = RandomDocument(random, key);
        const absl::Status added = writer->Add(document);
        ASSERT_EQ(added.ok(), at == now.end());
        if (added.ok()) {
          now.push_back(document);
        } else {
          ASSERT_EQ(CodeOf(added), ErrorCode::kInvalidArgument);
        }
      }
    }
  }
  ASSERT_TRUE(writer->ForceMerge(1).ok());
  ExpectModel(now);
  EXPECT_LE(SegmentCount(), 1u);
}

TEST_F(IndexWriterTest, MultiThreadedCallersAreSerialised) {
  Create(FullSchema());
  auto writer = Open();
  const std::vector<Document> documents = RandomDocuments(9, 200);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < 2; ++t) {
    threads.emplace_back([&, t] {
      for (size_t i = t; i < documents.size(); i += 2) {
        EXPECT_TRUE(writer->Add(documents[i]).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto info = writer->Commit();
  ASSERT_TRUE(info.ok());
  EXPECT_EQ(info->documents, documents.size());
  EXPECT_TRUE(DumpIndex(env_.get(), kDir).ok());
}

TEST_F(IndexWriterTest, RollbackLeavesNoFile) {
  Create(FullSchema());
  auto writer = Open();
  const auto before = AllFiles(env_.get(), kDir);
  for (const Document& document : RandomDocuments(2, 50)) {
    ASSERT_TRUE(writer->Add(document).ok());
  }
  ASSERT_TRUE(writer->Flush().ok());
  ASSERT_TRUE(writer->AddField("more", {}).ok());
  EXPECT_GT(AllFiles(env_.get(), kDir).size(), before.size());
  ASSERT_TRUE(writer->Rollback().ok());
  EXPECT_EQ(AllFiles(env_.get(), kDir), before);
  EXPECT_EQ(writer->schema().Find("more"), nullptr);
  EXPECT_EQ(writer->Commit()->generation, 1u);
}

TEST_F(IndexWriterTest, ADroppedWriterForgets) {
  Create(FullSchema());
  const auto before = AllFiles(env_.get(), kDir);
  {
    auto writer = Open();
    for (const Document& document : RandomDocuments(2, 50)) {
      ASSERT_TRUE(writer->Add(document).ok());
    }
    ASSERT_TRUE(writer->Flush().ok());
  }
  EXPECT_EQ(AllFiles(env_.get(), kDir), before);
}

TEST_F(IndexWriterTest, OpenRemovesOrphansButNotStrangers) {
  Create(FullSchema());
  for (const char* name : {"seg-00000000000000ff.post", "notes.txt"}) {
    auto file = env_->NewWritable(JoinPath(kDir, name));
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE((*file)->Append("x").ok() && (*file)->Close().ok());
  }
  Open();
  const auto files = AllFiles(env_.get(), kDir);
  EXPECT_EQ(files.count("seg-00000000000000ff.post"), 0u);
  EXPECT_EQ(files.count("notes.txt"), 1u);
}

TEST_F(IndexWriterTest, TheSecondWriterIsTold) {
  Create(FullSchema());
  auto writer = Open();
  const auto second = IndexWriter::Open(env_.get(), kDir);
  EXPECT_EQ(CodeOf(second.status()), ErrorCode::kLocked);
  EXPECT_NE(second.status().message().find("segue writer"), std::string::npos) << second.status();
  writer.reset();
  EXPECT_TRUE(IndexWriter::Open(env_.get(), kDir).ok());
}

TEST_F(IndexWriterTest, TheSecondWriterWaits) {
  Create(FullSchema());
  auto writer = Open();
  IndexWriterOptions options;
  options.lock_wait_ms = 30;
  const auto begin = std::chrono::steady_clock::now();
  const auto late = IndexWriter::Open(env_.get(), kDir, options);
  EXPECT_EQ(CodeOf(late.status()), ErrorCode::kLocked);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(30));
  std::thread first([&writer] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    writer.reset();
  });
  options.lock_wait_ms = 60'000;
  const auto second = IndexWriter::Open(env_.get(), kDir, options);
  first.join();
  EXPECT_TRUE(second.ok()) << second.status();
}

TEST_F(IndexWriterTest, AFieldAddedLater) {
  Create(FullSchema());
  std::vector<Document> documents = RandomDocuments(4, 40);
  auto writer = Open();
  for (const Document& document : documents) {
    ASSERT_TRUE(writer->Add(document).ok());
  }
  FieldOptions options;
  options.multi = true;
  ASSERT_TRUE(writer->AddField("later", options).ok());
  EXPECT_FALSE(writer->AddField("later", options).ok());
  ASSERT_TRUE(writer->AddField("number", {.type = FieldType::kInt64}).ok());
  for (int i = 0; i < 40; ++i) {
    Document document;
    document.Add("id", Cat("new", i)).Add("later", "one two");
    document.Add("later", Cat("three ", i)).Add("number", int64_t{i});
    ASSERT_TRUE(writer->Add(document).ok());
    documents.push_back(document);
  }
  schema_ = writer->schema();
  ASSERT_TRUE(writer->Commit().ok());
  ExpectModel(documents);
  ASSERT_TRUE(writer->ForceMerge(1).ok());
  ExpectModel(documents);
  writer.reset();
  EXPECT_EQ(Open()->schema(), schema_);
}

TEST_F(IndexWriterTest, PreTokenisedFields) {
  Schema schema;
  ASSERT_TRUE(schema.AddField("text", {.multi = true}).ok());
  Create(schema);
  auto writer = Open();
  std::vector<Document> documents(3);
  documents[0].AddTokens(
      "text", "fast car",
      {{"fast", 1, 0, 4}, {"quick", 0, 0, 4}, {"car", 1, 5, 8}, {"far", 1000, 5, 8}});
  documents[0].AddTokens("text", "x", {{"x", 0, 0, 1}, {"y", 1, 0, 1}});
  documents[1].AddTokens("text", "odd", {{"odd", 0, 0, 3}, {"", 20, 0, 0}});
  documents[1].Add("text", "plain text");
  documents[2].Add("text", "");
  for (const Document& document : documents) {
    ASSERT_TRUE(writer->Add(document).ok());
  }
  ASSERT_TRUE(writer->Commit().ok());
  ExpectModel(documents);
  const auto dump = DumpIndex(env_.get(), kDir);
  const auto& terms = dump->fields.at("text").terms;
  EXPECT_EQ(terms.at("quick")[0].positions, std::vector<uint32_t>{0});
  EXPECT_EQ(terms.at("car")[0].positions, std::vector<uint32_t>{1});
  EXPECT_EQ(terms.at("far")[0].positions, std::vector<uint32_t>{1001});
  EXPECT_EQ(terms.at("y")[0].positions, std::vector<uint32_t>{1102});
  EXPECT_EQ(dump->fields.at("text").norms[0], 4) << "overlaps do not count";
}

// What is refused, how it is said, and that it leaves no trace.
TEST_F(IndexWriterTest, BadDocumentsLeaveNoTrace) {
  Create(FullSchema());
  auto writer = Open();
  std::vector<Document> good = RandomDocuments(8, 20);
  struct Case {
    Document document;
    ErrorCode code;
    std::string names;
  };
  std::vector<Case> bad(9);
  bad[0] = {Document().Add("body", "no key"), ErrorCode::kInvalidArgument, "'id'"};
  bad[1] = {Document().Add("id", "").Add("body", "x"), ErrorCode::kInvalidArgument, "'id'"};
  bad[2] = {Document().Add("id", "a").Add("year", "1999"), ErrorCode::kInvalidArgument, "'year'"};
  bad[3] = {Document().Add("id", "a").Add("year", int64_t{1}).Add("year", int64_t{2}),
            ErrorCode::kInvalidArgument, "'year'"};
  bad[4] = {Document().Add("id", std::string(kMaxTermBytes + 1, 'k')),
            ErrorCode::kResourceExhausted, "'id'"};
  bad[5] = {Document().Add("id", "a").Add("body", std::string(kMaxFieldBytes + 1, 'k')),
            ErrorCode::kResourceExhausted, "'text'"};
  bad[6] = {Document().Add("id", "a").Add("price", std::nan("")), ErrorCode::kInvalidArgument,
            "'price'"};
  bad[7].document.Add("id", "a");
  bad[7].document.AddTokens("lines", "x", {{std::string(40000, 't'), 1, 0, 1}});
  bad[7].code = ErrorCode::kResourceExhausted;
  bad[7].names = "'lines'";
  // The text before it is in the log when the position is found too far.
  bad[8].document.Add("id", "a").Add("body", "some text before");
  bad[8].document.AddTokens("lines", "x", {{"first", 1, 0, 1}, {"t", ~0u, 0, 1}});
  bad[8].code = ErrorCode::kResourceExhausted;
  bad[8].names = "'lines'";
  for (size_t i = 0; i < good.size(); ++i) {
    const Case& wrong = bad[i % bad.size()];
    const absl::Status status = writer->Add(wrong.document);
    EXPECT_EQ(CodeOf(status), wrong.code) << status;
    EXPECT_NE(status.message().find(wrong.names), std::string::npos) << status;
    ASSERT_TRUE(writer->Add(good[i]).ok());
  }
  const auto info = writer->Commit();
  EXPECT_EQ(info->added, good.size());
  ExpectModel(good);
}

TEST_F(IndexWriterTest, WithoutAKey) {
  Schema schema;
  ASSERT_TRUE(schema.AddField("text", {}).ok());
  Create(schema);
  auto writer = Open();
  const Document document = Document().Add("text", "a b a");
  EXPECT_TRUE(writer->Add(document).ok());
  EXPECT_TRUE(writer->Add(document).ok());
  EXPECT_EQ(CodeOf(writer->Upsert(document)), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(writer->Delete("a").status()), ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(writer->Commit().ok());
  ExpectModel(std::vector<Document>{document, document});
}

// The budget holds through many flushes, and what is written does not depend
// on it.
TEST_F(IndexWriterTest, TheBudgetIsKept) {
  std::mt19937_64 random(TestSeed(31));
  std::vector<Document> documents;
  for (int i = 0; i < 3000; ++i) {
    Document document;
    document.Add("id", Cat("key", i));
    document.Add("title", RandomText(random, 4, 100000));
    document.Add("body", RandomText(random, random() % 300, 50000));
    documents.push_back(std::move(document));
  }
  for (const uint64_t budget : {uint64_t{1} << 20, uint64_t{3} << 20}) {
    env_ = NewMemoryEnv();
    Create(FullSchema());
    IndexWriterOptions options;
    options.memory_bytes = budget;
    auto writer = Open(options);
    for (const Document& document : documents) {
      ASSERT_TRUE(writer->Add(document).ok());
      ASSERT_LE(writer->MemoryBytes(), budget);
    }
    EXPECT_LE(writer->PeakMemoryBytes(), budget);
    EXPECT_GT(writer->PeakMemoryBytes(), budget / 2);
    ASSERT_TRUE(writer->Commit().ok());
    ExpectModel(documents);
  }
}

TEST_F(IndexWriterTest, ADocumentTooLargeForTheBudget) {
  Create(FullSchema());
  IndexWriterOptions options;
  options.memory_bytes = kMinMemory;
  auto writer = Open(options);
  std::vector<Document> good = RandomDocuments(8, 20);
  std::mt19937_64 random(1);
  Document large;
  large.Add("id", "large").Add("body", RandomText(random, 200000, 100));
  for (const Document& document : good) {
    ASSERT_TRUE(writer->Add(document).ok());
    const absl::Status refused = writer->Add(large);
    EXPECT_EQ(CodeOf(refused), ErrorCode::kResourceExhausted) << refused;
  }
  ASSERT_TRUE(writer->Commit().ok());
  ExpectModel(good);
}

// Text that is not UTF-8 is text all the same; stored bytes come back as given.
TEST_F(IndexWriterTest, AnyBytes) {
  Create(FullSchema());
  auto writer = Open();
  std::mt19937_64 random(TestSeed(77));
  std::vector<Document> documents;
  for (int i = 0; i < 100; ++i) {
    std::string bytes(random() % 200, ' ');
    for (char& byte : bytes) byte = static_cast<char>(random());
    Document document;
    document.Add("id", Cat(i, bytes)).Add("title", bytes).Add("blob", bytes);
    document.Add("lines", bytes).Add("tags", bytes);
    ASSERT_TRUE(writer->Add(document).ok());
    documents.push_back(std::move(document));
  }
  ASSERT_TRUE(writer->Commit().ok());
  ExpectModel(documents);
}

TEST_F(IndexWriterTest, MergeIsCancelled) {
  Create(FullSchema());
  std::atomic<bool> cancel{false};
  IndexWriterOptions options;
  options.cancel = &cancel;
  auto writer = Open(options);
  const std::vector<Document> documents = RandomDocuments(3, 100);
  for (size_t i = 0; i < documents.size(); ++i) {
    ASSERT_TRUE(writer->Add(documents[i]).ok());
    if (i == 50) {
      ASSERT_TRUE(writer->Commit().ok());
    }
  }
  cancel = true;
  EXPECT_EQ(CodeOf(writer->ForceMerge(1).status()), ErrorCode::kCancelled);
  cancel = false;
  ASSERT_TRUE(writer->ForceMerge(1).ok());
  ExpectModel(documents);
}

TEST_F(IndexWriterTest, APoisonedWriterStaysSo) {
  Create(FullSchema());
  auto writer = Open();
  writer->Poison(Error(ErrorCode::kResourceExhausted, "no memory left"));
  EXPECT_EQ(CodeOf(writer->Add(RandomDocuments(1, 1)[0])), ErrorCode::kResourceExhausted);
  EXPECT_EQ(CodeOf(writer->Commit().status()), ErrorCode::kResourceExhausted);
  EXPECT_FALSE(writer->Rollback().ok());
}

}  // namespace
}  // namespace segue
