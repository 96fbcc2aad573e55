// SPDX-License-Identifier: Apache-2.0
//
// Repairing: what is damaged is named, and dropped only when that is asked for.
#include "engine/verify/repair.h"

#include <gtest/gtest.h>

#include "engine/base/strings.h"
#include "engine/format/manifest_io.h"
#include "engine/write/index_writer.h"
#include "segue/index.h"
#include "tests/verify/questions.h"
#include "tests/verify/sealed_index.h"

namespace segue {
namespace {

// Three segments of four documents; one document of the first is deleted.
std::vector<FileImage> Files() {
  return ReadFiles(BuildIndex(QuestionSchema(), QuestionDocuments(12), 4, {"k2"}).get());
}

// The second segment's postings, with a bit turned over.
std::vector<FileImage> DamagedFiles() {
  std::vector<FileImage> files = Files();
  for (FileImage& file : files) {
    if (file.name == "seg-0000000000000002.post") file.bytes[70] ^= 1;
  }
  return files;
}

std::vector<std::string> LiveKeys(Env* env) {
  const auto index = Index::Open(kIndexFolder, {.env = env});
  const auto snapshot = index->OpenSnapshot();
  EXPECT_TRUE(snapshot.ok()) << snapshot.status();
  std::vector<std::string> keys;
  for (uint64_t doc = 0; doc < (*snapshot)->doc_count(); ++doc) {
    if ((*snapshot)->Stored(doc).ok()) keys.push_back(*(*snapshot)->Key(doc));
  }
  return keys;
}

TEST(Repair, ASoundIndexIsLeftAlone) {
  const auto env = WriteFiles(Files());
  const auto report = RepairIndex(env.get(), kIndexFolder, {}, /*drop_damaged=*/true);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->found.ok());
  EXPECT_TRUE(report->lost.empty());
  EXPECT_EQ(report->kept_documents, 11u);
  EXPECT_EQ(ReadNewestManifest(env.get(), kIndexFolder)->generation, report->generation);
}

TEST(Repair, SaysWhatWouldBeLostAndWritesNothing) {
  const std::vector<FileImage> files = DamagedFiles();
  const auto env = WriteFiles(files);
  const auto report = RepairIndex(env.get(), kIndexFolder, {}, /*drop_damaged=*/false);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_FALSE(report->found.ok());
  ASSERT_EQ(report->lost.size(), 1u);
  EXPECT_EQ(report->lost[0].id, 2u);
  EXPECT_EQ(report->lost[0].documents, 4u);
  EXPECT_GT(report->lost[0].bytes, 1000u);
  EXPECT_EQ(report->kept_documents, 7u);
  const std::vector<FileImage> after = ReadFiles(env.get());
  ASSERT_EQ(after.size(), files.size());
  for (size_t i = 0; i < files.size(); ++i) EXPECT_TRUE(after[i].bytes == files[i].bytes);
}

TEST(Repair, DropsDamagedSegmentsAndKeepsAllOthers) {
  const auto env = WriteFiles(DamagedFiles());
  const auto report = RepairIndex(env.get(), kIndexFolder, {}, /*drop_damaged=*/true);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->lost.size(), 1u);
  EXPECT_EQ(report->generation, report->found.generation + 1);
  EXPECT_EQ(LiveKeys(env.get()),
            (std::vector<std::string>{"k0", "k1", "k3", "k8", "k9", "k10", "k11"}));
  EXPECT_TRUE(VerifyIndex(env.get(), kIndexFolder)->ok());
  EXPECT_TRUE(*env->Exists("index/seg-0000000000000002.post")) << "for whoever wants to look";
  // The next writer removes it, and may give the lost keys again.
  const auto writer = IndexWriter::Open(env.get(), kIndexFolder);
  ASSERT_TRUE(writer.ok()) << writer.status();
  EXPECT_FALSE(*env->Exists("index/seg-0000000000000002.post"));
  ASSERT_TRUE((*writer)->Add(Document().Add("id", "k5").Add("title", "again")).ok());
  ASSERT_TRUE((*writer)->Commit().ok());
  EXPECT_TRUE(VerifyIndex(env.get(), kIndexFolder)->ok());
}

// Each of several, one of them beyond reading, one with a file missing.
TEST(Repair, SeveralSegments) {
  std::vector<FileImage> files = DamagedFiles();
  for (FileImage& file : files) {
    if (file.name == "seg-0000000000000001.meta") file.bytes[3] ^= 1;
  }
  std::erase_if(files,
                [](const FileImage& file) { return file.name == "seg-0000000000000003.stored"; });
  const auto env = WriteFiles(files);
  const auto report = RepairIndex(env.get(), kIndexFolder, {}, /*drop_damaged=*/true);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->lost.size(), 3u);
  EXPECT_EQ(report->kept_documents, 0u);
  EXPECT_TRUE(LiveKeys(env.get()).empty());
  EXPECT_TRUE(VerifyIndex(env.get(), kIndexFolder)->ok());
}

TEST(Repair, NotWhileAWriterIsAtWork) {
  const auto env = WriteFiles(Files());
  const auto writer = IndexWriter::Open(env.get(), kIndexFolder);
  ASSERT_TRUE(writer.ok()) << writer.status();
  EXPECT_EQ(CodeOf(RepairIndex(env.get(), kIndexFolder, {}, true).status()), ErrorCode::kLocked);
  EXPECT_TRUE(RepairIndex(env.get(), kIndexFolder, {}, false).ok()) << "looking is allowed";
}

TEST(Repair, ADamagedManifestIsBeyondHelp) {
  std::vector<FileImage> files = Files();
  for (FileImage& file : files) {
    if (file.name.starts_with("manifest-")) file.bytes[80] ^= 1;
  }
  const auto env = WriteFiles(files);
  EXPECT_EQ(CodeOf(RepairIndex(env.get(), kIndexFolder, {}, true).status()), ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace segue
