// SPDX-License-Identifier: Apache-2.0
//
// Sound indexes of all shapes are found sound, and each kind of check has a damage that it finds.
#include "engine/verify/verify.h"

#include <gtest/gtest.h>

#include "corpus/catalogue.h"
#include "corpus/document_maker.h"
#include "engine/write/index_writer.h"
#include "segue/index.h"
#include "tests/verify/sealed_index.h"

namespace segue {
namespace {

std::vector<Document> CatalogueDocuments(uint64_t count, const Schema& schema) {
  const Catalogue catalogue({.documents = count, .seed = 5, .transcript_words = 60});
  DocumentMaker maker(schema);
  std::vector<Document> documents(count);
  Record record;
  for (uint64_t i = 0; i < count; ++i) {
    catalogue.Make(i, &record);
    EXPECT_TRUE(maker.Make(&record, &documents[i]).ok());
  }
  return documents;
}

VerifyReport Verify(Env* env, const VerifyOptions& options = {}) {
  auto report = VerifyIndex(env, kIndexFolder, options);
  EXPECT_TRUE(report.ok()) << report.status();
  return report.ok() ? *report : VerifyReport();
}

// The report of an index with one file changed behind its checksums.
VerifyReport AfterChange(const std::vector<FileImage>& files, const std::string& suffix,
                         const std::function<void(std::string*)>& change) {
  std::vector<FileImage> changed = files;
  for (const FileImage& file : files) {
    if (!file.name.ends_with(suffix)) continue;
    EXPECT_TRUE(ChangeSealed(&changed, file.name, change)) << suffix;
    return Verify(WriteFiles(changed).get());
  }
  ADD_FAILURE() << "no file " << suffix;
  return {};
}

class VerifyTest : public ::testing::Test {
 protected:
  const Schema schema_ = Catalogue::MakeSchema();
};

TEST_F(VerifyTest, SoundIndexesAreSound) {
  for (const size_t flush_every : {size_t{0}, size_t{97}, size_t{250}}) {
    const auto env =
        BuildIndex(schema_, CatalogueDocuments(600, schema_), flush_every, {"track-3", "album-0"});
    const VerifyReport report = Verify(env.get());
    EXPECT_TRUE(report.ok()) << report.problems[0];
    EXPECT_EQ(report.documents, 600u);
    EXPECT_EQ(report.deleted, 2u);
    EXPECT_GT(report.terms, 1000u);
    EXPECT_GT(report.postings, report.terms);
    EXPECT_GT(report.positions, 10'000u);
    EXPECT_GT(report.stored_values, 600u * 8);
    // Every field that is stored can be compared: nothing here comes from elsewhere.
    EXPECT_GE(report.fields_compared, schema_.fields().size() - 1);
  }
}

TEST_F(VerifyTest, StackedTokensGapsAndSeveralValues) {
  const auto schema = Schema::FromJson(
      R"({"analyzers":{"stop":{"tokenizer":"standard","filters":["lowercase",)"
      R"({"type":"stop","words":["the","of"]}]}},)"
      R"("fields":{"t":{"type":"text","analyzer":"stop","stored":true,"multi":true},)"
      R"("n":{"type":"int64","stored":true,"multi":true},)"
      R"("g":{"type":"geo_point","stored":true,"multi":true},)"
      R"("k":{"type":"keyword","stored":true,"multi":true}}})");
  ASSERT_TRUE(schema.ok()) << schema.status();
  std::vector<Document> documents(300);
  for (size_t i = 0; i < documents.size(); ++i) {
    Document& document = documents[i];
    document.Add("t", "The end of the road of").Add("t", "the").Add("t", "of Roads the road");
    document.Add("n", int64_t(i)).Add("n", int64_t{-5}).Add("k", "a").Add("k", "b").Add("k", "a");
    const auto part = static_cast<double>(i);
    document.Add("g", GeoPoint{90 - part / 7, part / 3}).Add("g", GeoPoint{-part / 9, 180});
    if (i % 7 == 0) document.Clear();
  }
  const VerifyReport report = Verify(BuildIndex(*schema, documents, 0, {}).get());
  EXPECT_TRUE(report.ok()) << report.problems[0];
  EXPECT_EQ(report.fields_compared, 4u);
}

TEST_F(VerifyTest, TokensOfTheHostProgram) {
  const auto schema = Schema::FromJson(R"({"fields":{"t":{"type":"text","stored":true}}})");
  std::vector<Document> documents(3);
  for (Document& document : documents) {
    // "b" and "c" stand on one position: the length is 3, not 4.
    document.AddTokens("t", "a b d",
                       {{"a", 1, 0, 1}, {"b", 1, 2, 3}, {"c", 0, 2, 3}, {"d", 1, 4, 5}});
  }
  const auto env = BuildIndex(*schema, documents, 0, {});
  VerifyOptions options;
  options.compare_stored = false;
  const VerifyReport report = Verify(env.get(), options);
  EXPECT_TRUE(report.ok()) << report.problems[0];
  EXPECT_EQ(report.fields_compared, 0u);
}

TEST_F(VerifyTest, FindsEachKindOfDamage) {
  const auto files =
      ReadFiles(BuildIndex(schema_, CatalogueDocuments(3000, schema_), 0, {"track-3"}).get());
  // A norm.
  VerifyReport report = AfterChange(files, ".norm", [](std::string* body) { (*body)[700] ^= 4; });
  EXPECT_FALSE(report.ok());
  // A key: its offset table still fits.
  report = AfterChange(files, ".key", [](std::string* body) { (*body)[3] ^= 1; });
  EXPECT_FALSE(report.ok());
  // The last bound: a looser bound is no danger, but it is not what was written.
  report = AfterChange(files, ".bound", [](std::string* body) {
    for (size_t i = body->size(); i-- > 0;) {
      if ((*body)[i] != 0) {
        (*body)[i] ^= 2;
        return;
      }
    }
  });
  EXPECT_FALSE(report.ok());
  for (const char* suffix : {".terms", ".post", ".pos", ".stored", ".column"}) {
    report =
        AfterChange(files, suffix, [](std::string* body) { (*body)[body->size() / 3] ^= 0x10; });
    EXPECT_FALSE(report.ok()) << suffix;
  }
}

TEST_F(VerifyTest, FindsDamageInOrdersByValue) {
  const auto schema = Schema::FromJson(R"({"fields":{"n":{"type":"int64"},)"
                                       R"("m":{"type":"float64","multi":true}}})");
  ASSERT_TRUE(schema.ok()) << schema.status();
  std::vector<Document> documents(9000);
  for (size_t i = 0; i < documents.size(); ++i) {
    documents[i].Add("n", static_cast<int64_t>(i * 7919 % 9001));
    for (size_t j = 0; j < 1 + i % 3; ++j) {
      documents[i].Add("m", static_cast<double>((i + j) * 7919 % 9001));
    }
  }
  const auto files = ReadFiles(BuildIndex(*schema, documents, 0, {}).get());
  EXPECT_TRUE(Verify(WriteFiles(files).get()).ok());
  // The file ends with the order of "m", 18,000 entries of 14 bits and 36 values.
  for (const size_t from_end : {1, 36 * 8 - 7, 36 * 8 + 1, 36 * 8 + 18000 * 14 / 8}) {
    const VerifyReport report = AfterChange(
        files, ".column", [&](std::string* body) { (*body)[body->size() - from_end] ^= 1; });
    ASSERT_FALSE(report.ok()) << from_end;
    EXPECT_NE(report.problems[0].find("order"), std::string::npos) << report.problems[0];
  }
}

TEST_F(VerifyTest, FindsWrongManifests) {
  const auto files =
      ReadFiles(BuildIndex(schema_, CatalogueDocuments(500, schema_), 200, {"track-3"}).get());
  const auto problems = [&](const std::function<void(Manifest*)>& change) {
    std::vector<FileImage> changed = files;
    ChangeManifest(&changed, change);
    return Verify(WriteFiles(changed).get()).problem_count;
  };
  EXPECT_EQ(problems([](Manifest*) {}), 0u);
  EXPECT_GT(problems([](Manifest* m) { m->segments[0].deleted_count += 1; }), 0u);
  EXPECT_GT(problems([](Manifest* m) { m->segments[1].doc_count += 1; }), 0u);
  EXPECT_GT(problems([](Manifest* m) { m->next_segment_id = 1; }), 0u);
  EXPECT_GT(problems([](Manifest* m) { m->segments[0].files[2].info.crc32c ^= 1; }), 0u);
  EXPECT_GT(problems([](Manifest* m) { std::swap(m->fields[1].name, m->fields[2].name); }), 0u);
  EXPECT_GT(problems([](Manifest* m) { m->segments.push_back(m->segments[0]); }), 0u);
  EXPECT_GT(problems([](Manifest* m) { m->schema_json = "{}"; }), 0u);
}

TEST_F(VerifyTest, FindsTwoLiveDocumentsWithOneKey) {
  // Two segments of other indexes put together: each is sound by itself.
  const std::vector<Document> documents = CatalogueDocuments(200, schema_);
  auto files = ReadFiles(BuildIndex(schema_, documents, 100, {"track-3"}).get());
  ChangeManifest(&files, [](Manifest* manifest) {
    for (ManifestSegment& segment : manifest->segments) {
      if (segment.deleted_count == 0) continue;
      // The deletion is forgotten, as if the key had been added again.
      segment.deleted_count = 0;
      segment.live_generation = 0;
      std::erase_if(segment.files, [](const ManifestFile& file) {
        return file.file_class == FileClass::kOverlay;
      });
    }
  });
  EXPECT_TRUE(Verify(WriteFiles(files).get()).ok());

  std::vector<Document> twice = documents;
  auto env = BuildIndex(schema_, twice, 100, {});
  files = ReadFiles(env.get());
  std::string name;
  for (const FileImage& file : files) {
    if (file.name.ends_with(".key")) name = file.name;
  }
  // The second segment's first key becomes the first segment's one of the same length.
  const auto report = [&] {
    std::vector<FileImage> changed = files;
    EXPECT_TRUE(ChangeSealed(&changed, name, [](std::string* body) {
      const size_t at = body->find("track-60");
      ASSERT_NE(at, std::string::npos);
      body->replace(at, 8, "track-10");
    }));
    return Verify(WriteFiles(changed).get());
  }();
  EXPECT_FALSE(report.ok());
  bool told = false;
  for (const std::string& problem : report.problems) {
    told |= problem.find("two live documents have the key track-10") != std::string::npos ||
            problem.find("two live documents") != std::string::npos;
  }
  EXPECT_TRUE(told);
}

TEST_F(VerifyTest, MissingFilesAndNoIndex) {
  auto files = ReadFiles(BuildIndex(schema_, CatalogueDocuments(50, schema_), 0, {}).get());
  std::erase_if(files, [](const FileImage& file) { return file.name.ends_with(".pos"); });
  EXPECT_FALSE(Verify(WriteFiles(files).get()).ok());
  const auto nothing = VerifyIndex(WriteFiles({}).get(), kIndexFolder);
  EXPECT_EQ(CodeOf(nothing.status()), ErrorCode::kNotFound);
}

// A schema that cannot be read is no mistake of whoever opens the index.
TEST_F(VerifyTest, ADamagedSchemaIsDataLoss) {
  auto files = ReadFiles(BuildIndex(schema_, CatalogueDocuments(50, schema_), 0, {}).get());
  ChangeManifest(&files, [](Manifest* manifest) { manifest->schema_json += "x"; });
  const std::unique_ptr<Env> env = WriteFiles(files);
  const auto index = Index::Open(kIndexFolder, {.env = env.get()});
  const absl::Status opened = index.ok() ? index->OpenSnapshot().status() : index.status();
  EXPECT_EQ(CodeOf(opened), ErrorCode::kDataLoss);
  EXPECT_NE(MessageOf(opened).find("manifest-"), std::string_view::npos) << opened;
  EXPECT_EQ(CodeOf(IndexWriter::Open(env.get(), kIndexFolder, {}).status()), ErrorCode::kDataLoss);
  EXPECT_FALSE(Verify(env.get()).ok());
}

}  // namespace
}  // namespace segue
