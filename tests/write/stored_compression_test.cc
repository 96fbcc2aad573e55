// SPDX-License-Identifier: Apache-2.0
//
// The compression that an index chooses for its stored values: what of it is in segments and in the
// manifest, that it may change, and that bytes depend on documents and options alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "engine/format/file_kind.h"
#include "engine/format/manifest_io.h"
#include "engine/io/memory_env.h"
#include "engine/segment/manifest_schema.h"
#include "engine/segment/segment.h"
#include "engine/write/index_writer.h"
#include "tests/write/index_dump.h"
#include "tests/write/write_test_util.h"

namespace segue {
namespace {

constexpr char kFolder[] = "index";

Schema TextSchema(StoredCompression compression) {
  Schema schema = *Schema::FromJson(
      R"({"key":"id","fields":{"id":{"type":"keyword","stored":true},
          "text":{"type":"text","positions":false,"stored":true},
          "year":{"type":"int64","stored":true}}})");
  schema.SetStoredCompression(compression);
  return schema;
}

std::vector<Document> SomeDocuments(size_t first, size_t count, size_t words) {
  std::vector<Document> documents(count);
  for (size_t i = 0; i < count; ++i) {
    std::mt19937_64 random(first + i);
    documents[i].Add("id", Cat("key", first + i));
    documents[i].Add("text", RandomText(random, words, 2000));
    documents[i].Add("year", static_cast<int64_t>(random() % 100));
  }
  return documents;
}

// Enough for a dictionary: 9 MB or so of stored text.
std::vector<Document> ManyDocuments() { return SomeDocuments(0, 4000, 350); }

class StoredCompressionTest : public testing::Test {
 protected:
  void Create(const Schema& schema) {
    env_ = NewMemoryEnv();
    ASSERT_TRUE(IndexWriter::Create(env_.get(), kFolder, schema).ok());
  }
  std::unique_ptr<IndexWriter> Open(IndexWriterOptions options = {}) {
    options.auto_merge = false;
    return OpenOrDie(env_.get(), kFolder, options);
  }
  Manifest ReadManifest() { return *ReadNewestManifest(env_.get(), kFolder); }

  // Of each segment: 's', 'z', 'd' with a dictionary.
  std::string Codecs() {
    std::string codecs;
    for (const ManifestSegment& entry : ReadManifest().segments) {
      const auto segment = Segment::Open(env_.get(), kFolder, entry, {});
      EXPECT_TRUE(segment.ok()) << segment.status();
      const StoredMeta& stored = *(*segment)->meta().stored;
      EXPECT_EQ(stored.codec == StoredCodec::kZstd || stored.dictionary_bytes == 0, true);
      codecs += stored.codec == StoredCodec::kSnappy ? 's'
                : stored.dictionary_bytes > 0        ? 'd'
                                                     : 'z';
    }
    return codecs;
  }
  void ExpectModel(const Schema& schema, const std::vector<Document>& documents) {
    const auto found = DumpIndex(env_.get(), kFolder);
    const auto wanted = ModelIndex(schema, documents);
    ASSERT_TRUE(found.ok() && wanted.ok()) << found.status() << wanted.status();
    EXPECT_EQ(Difference(*found, *wanted), "");
  }

  std::unique_ptr<Env> env_;
};

TEST_F(StoredCompressionTest, IsAnOptionOfTheIndex) {
  const auto documents = SomeDocuments(0, 50, 100);
  for (const auto compression : {StoredCompression::kSnappy, StoredCompression::kZstd}) {
    const Schema schema = TextSchema(compression);
    const bool zstd = compression == StoredCompression::kZstd;
    Create(schema);
    ASSERT_TRUE(Open()->AddBatch(documents).ok());  // forgotten
    for (int commit = 0; commit < 2; ++commit) {
      auto writer = Open();
      EXPECT_EQ(writer->schema(), schema);
      for (int i = 0; i < 25; ++i) ASSERT_TRUE(writer->Add(documents[commit * 25 + i]).ok());
      ASSERT_TRUE(writer->Commit().ok());
    }
    EXPECT_EQ(Codecs(), zstd ? "zz" : "ss");
    EXPECT_EQ(*SchemaOf(ReadManifest()), schema);
    EXPECT_EQ(ReadManifest().features.refuse, zstd ? kZstdFeature : 0);
    EXPECT_EQ(ReadManifest().schema_json.find("zstd") != std::string::npos, zstd);
    ExpectModel(schema, documents);
  }
}

// By a flush or by merges of flushes, with segments in memory in between, by any number of threads.
TEST_F(StoredCompressionTest, BytesDependOnDocumentsAlone) {
  const auto documents = ManyDocuments();
  std::string wanted;
  for (const int how : {0, 1, 2, 3}) {
    SCOPED_TRACE(how);
    Create(TextSchema(StoredCompression::kZstd));
    auto writer = Open({.threads = how == 3 ? 2u : 1u});
    for (size_t i = 0; i < documents.size(); i += 500) {
      ASSERT_TRUE(writer->AddBatch(std::span(documents).subspan(i, 500)).ok());
      if (how == 1) {
        ASSERT_TRUE(writer->Flush().ok());
      } else if (how == 2) {
        ASSERT_TRUE(writer->View().ok());
      }
    }
    ASSERT_TRUE(writer->ForceMerge(1).ok());
    EXPECT_EQ(Codecs(), "d");
    const std::string found = SegmentBodies(env_.get(), kFolder)[kStoredKind.ToString()];
    ASSERT_FALSE(found.empty());
    if (wanted.empty()) wanted = found;
    EXPECT_TRUE(found == wanted) << "other bytes";
  }
  ExpectModel(TextSchema(StoredCompression::kZstd), documents);
}

TEST_F(StoredCompressionTest, ChangesAndSegmentsFollowWhenTheyAreMerged) {
  std::vector<Document> documents;
  Create(TextSchema(StoredCompression::kSnappy));
  auto writer = Open();
  const auto add = [&](size_t count, size_t words) {
    for (Document& document : SomeDocuments(documents.size(), count, words)) {
      ASSERT_TRUE(writer->Add(document).ok());
      documents.push_back(std::move(document));
    }
  };
  add(100, 50);
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(Codecs(), "s");

  // Nothing but the option changes: that is a commit, too, and one that can be taken back.
  ASSERT_TRUE(writer->SetStoredCompression(StoredCompression::kZstd).ok());
  ASSERT_TRUE(writer->Rollback().ok());
  EXPECT_EQ(writer->Commit()->generation, 2u);
  ASSERT_TRUE(writer->SetStoredCompression(StoredCompression::kZstd).ok());
  EXPECT_EQ(writer->Commit()->generation, 3u);
  EXPECT_EQ(writer->Commit()->generation, 3u);
  writer.reset();
  writer = Open();
  EXPECT_EQ(writer->schema(), TextSchema(StoredCompression::kZstd));
  EXPECT_EQ(Codecs(), "s");

  add(4000, 350);
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(Codecs(), "sd");
  // What is buffered when the option changes follows it.
  add(100, 50);
  ASSERT_TRUE(writer->SetStoredCompression(StoredCompression::kSnappy).ok());
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(Codecs(), "sds");
  ExpectModel(TextSchema(StoredCompression::kSnappy), documents);

  ASSERT_TRUE(writer->SetStoredCompression(StoredCompression::kZstd).ok());
  ASSERT_TRUE(writer->ForceMerge(1).ok());
  EXPECT_EQ(Codecs(), "d");
  ExpectModel(TextSchema(StoredCompression::kZstd), documents);
  ASSERT_TRUE(writer->SetStoredCompression(StoredCompression::kSnappy).ok());
  ASSERT_TRUE(writer->Delete("key0").ok());
  ASSERT_TRUE(writer->ForceMerge(1, {.order = DocumentOrder::kQuick}).ok());
  EXPECT_EQ(Codecs(), "s");
  EXPECT_EQ(ReadManifest().features.refuse, 0u);
}

// Those packed so already are left alone, and a segment stays in the order that it has.
TEST_F(StoredCompressionTest, AForcedMergeRewritesWhatIsPackedOtherwise) {
  auto documents = SomeDocuments(0, 90, 50);
  Create(TextSchema(StoredCompression::kSnappy));
  auto writer = Open();
  const auto ids = [&] {
    std::vector<uint64_t> found;
    for (const ManifestSegment& segment : ReadManifest().segments) {
      found.push_back(segment.id.value);
    }
    return found;
  };
  for (const auto compression :
       {StoredCompression::kSnappy, StoredCompression::kZstd, StoredCompression::kSnappy}) {
    ASSERT_TRUE(writer->SetStoredCompression(compression).ok());
    const size_t first = 30 * ids().size();
    ASSERT_TRUE(writer->AddBatch(std::span(documents).subspan(first, 30)).ok());
    ASSERT_TRUE(writer->Commit().ok());
  }
  EXPECT_EQ(Codecs(), "szs");
  ASSERT_TRUE(writer->SetStoredCompression(StoredCompression::kZstd).ok());
  const std::vector<uint64_t> before = ids();
  ASSERT_TRUE(writer->ForceMerge(5).ok());
  EXPECT_EQ(Codecs(), "zzz");
  const std::vector<uint64_t> packed = ids();
  EXPECT_NE(packed[0], before[0]);
  EXPECT_EQ(packed[1], before[1]);
  EXPECT_NE(packed[2], before[2]);
  ExpectModel(TextSchema(StoredCompression::kZstd), documents);
  ASSERT_TRUE(writer->ForceMerge(5).ok());
  EXPECT_EQ(ids(), packed);

  const ForceMergeOptions by_year{.order = DocumentOrder::kDescending, .order_field = "year"};
  ASSERT_TRUE(writer->ForceMerge(1, by_year).ok());
  const std::vector<uint64_t> ordered = ids();
  ASSERT_TRUE(writer->SetStoredCompression(StoredCompression::kSnappy).ok());
  ASSERT_TRUE(writer->ForceMerge(1).ok());
  EXPECT_EQ(Codecs(), "s");
  EXPECT_NE(ids(), ordered);
  const std::vector<uint64_t> repacked = ids();
  ASSERT_TRUE(writer->ForceMerge(1, by_year).ok());
  EXPECT_EQ(ids(), repacked) << "put in order once more";
  std::stable_sort(documents.begin(), documents.end(), [](const Document& a, const Document& b) {
    return std::get<int64_t>(*a.Find("year")) > std::get<int64_t>(*b.Find("year"));
  });
  ExpectModel(TextSchema(StoredCompression::kSnappy), documents);
}

TEST_F(StoredCompressionTest, DocumentsInAnotherOrderAreTheSame) {
  auto documents = ManyDocuments();
  Create(TextSchema(StoredCompression::kZstd));
  auto writer = Open();
  for (const Document& document : documents) ASSERT_TRUE(writer->Add(document).ok());
  ASSERT_TRUE(
      writer->ForceMerge(1, {.order = DocumentOrder::kAscending, .order_field = "year"}).ok());
  EXPECT_EQ(Codecs(), "d");
  std::stable_sort(documents.begin(), documents.end(), [](const Document& a, const Document& b) {
    return std::get<int64_t>(*a.Find("year")) < std::get<int64_t>(*b.Find("year"));
  });
  ExpectModel(TextSchema(StoredCompression::kZstd), documents);
}

TEST_F(StoredCompressionTest, AWriterWithLittleMemoryTrainsNothing) {
  const auto documents = ManyDocuments();
  Create(TextSchema(StoredCompression::kZstd));
  auto writer = Open({.memory_bytes = uint64_t{16} << 20});
  for (const Document& document : documents) ASSERT_TRUE(writer->Add(document).ok());
  ASSERT_TRUE(writer->ForceMerge(1).ok());
  EXPECT_EQ(Codecs(), "z");
  ExpectModel(TextSchema(StoredCompression::kZstd), documents);
}

TEST_F(StoredCompressionTest, IsRefusedWhereItIsNone) {
  Create(TextSchema(StoredCompression::kSnappy));
  auto writer = Open();
  const auto none = static_cast<StoredCompression>(7);
  EXPECT_EQ(CodeOf(writer->SetStoredCompression(none)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(writer->schema(), TextSchema(StoredCompression::kSnappy));
  Schema schema = TextSchema(StoredCompression::kSnappy);
  schema.SetStoredCompression(none);
  EXPECT_EQ(CodeOf(IndexWriter::Create(env_.get(), "other", schema)), ErrorCode::kInvalidArgument);
}

// Segments keep what they have; the schemas are the same but for this.
TEST_F(StoredCompressionTest, AnIndexOfAnotherOneIsAdded) {
  const auto documents = SomeDocuments(0, 60, 50);
  Create(TextSchema(StoredCompression::kZstd));
  auto writer = Open();
  for (int i = 30; i < 60; ++i) ASSERT_TRUE(writer->Add(documents[i]).ok());
  ASSERT_TRUE(writer->Commit().ok());
  const auto view = writer->View();
  ASSERT_TRUE(view.ok()) << view.status();
  const std::unique_ptr<Env> theirs = std::move(env_);
  Create(TextSchema(StoredCompression::kSnappy));
  auto ours = Open();
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(ours->Add(documents[i]).ok());
  const auto added = ours->AddIndex(*view);
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_EQ(*added, 30u);
  ASSERT_TRUE(ours->Commit().ok());
  EXPECT_EQ(Codecs(), "sz");
  ExpectModel(TextSchema(StoredCompression::kSnappy), documents);
  writer.reset();
}

}  // namespace
}  // namespace segue
