// SPDX-License-Identifier: Apache-2.0
//
// The golden index of this format version lies in tests/golden/v1: it must open, give the hits it
// always gave, and take commits. Building it anew must give the same bytes: the format, the
// analysis and the writer are deterministic, and a change of any of them shows here first. (So
// would another release of Snappy with another compressor: 1.1.9 made the stored file.)
//
// After a deliberate change of the format (CHANGELOG.md says so): SEGUE_WRITE_GOLDEN=1 writes the
// folder and expected_hits.txt anew.
#include <unistd.h>

#include <bit>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "engine/base/strings.h"
#include "engine/io/memory_env.h"
#include "engine/verify/verify.h"
#include "gtest/gtest.h"
#include "segue/index.h"
#include "segue/query.h"
#include "tests/golden/golden_index.h"

namespace segue {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(SEGUE_SOURCE_DIR) / "tests/golden/v1";
const fs::path kExpectedHits = fs::path(SEGUE_SOURCE_DIR) / "tests/golden/expected_hits.txt";

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The lock file holds a process number; it belongs to no generation.
bool IsIndexFile(const std::string& name) { return name != "segue.lock"; }

std::map<std::string, std::string> FilesOf(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (IsIndexFile(name)) files[name] = ReadFile(entry.path());
  }
  return files;
}

fs::path TemporaryFolder(const char* name) {
  const fs::path folder = fs::temp_directory_path() / Cat("segue-golden-", name, "-", getpid());
  fs::remove_all(folder);
  return folder;
}

std::string HitsOf(const Snapshot& snapshot) {
  std::string text;
  for (const Query& query : GoldenQueries()) {
    const auto result = snapshot.Search(query, {.k = 5});
    EXPECT_TRUE(result.ok()) << result.status();
    if (!result.ok()) return text;
    text += Cat(query.ToJson(), "\n  total ", result->total->value, "\n");
    for (const Hit& hit : result->hits) {
      const auto key = snapshot.Key(hit.doc);
      EXPECT_TRUE(key.ok()) << key.status();
      if (!key.ok()) return text;
      text += Cat("  ", *key, " ", Hex(std::bit_cast<uint32_t>(hit.score), 8), "\n");
    }
  }
  return text;
}

std::string ProblemsOf(const fs::path& folder) {
  const auto report = VerifyIndex(PosixEnv(), folder.string());
  if (!report.ok()) return report.status().ToString();
  return report->ok() ? "" : report->problems[0];
}

class GoldenTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("SEGUE_WRITE_GOLDEN") == nullptr) return;
    fs::remove_all(kFolder);
    WriteGoldenIndex(nullptr, kFolder.string());
    fs::remove(kFolder / "segue.lock");
    const auto index = Index::Open(kFolder.string());
    ASSERT_TRUE(index.ok()) << index.status();
    std::ofstream(kExpectedHits) << HitsOf(**index->OpenSnapshot());
  }
};

TEST_F(GoldenTest, OpensAndGivesTheHitsItAlwaysGave) {
  const auto index = Index::Open(kFolder.string());
  ASSERT_TRUE(index.ok()) << index.status();
  const auto snapshot = index->OpenSnapshot();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ((*snapshot)->schema(), GoldenSchema());
  EXPECT_EQ(HitsOf(**snapshot), ReadFile(kExpectedHits));
  EXPECT_EQ(ProblemsOf(kFolder), "");
  for (const int number : {0, 9, 11, 500, 501, 699}) {
    const auto doc = (*snapshot)->FindKey(Cat("doc-", number));
    ASSERT_TRUE(doc.ok() && doc->has_value()) << number;
    const auto stored = (*snapshot)->Stored(**doc);
    ASSERT_TRUE(stored.ok()) << stored.status();
    EXPECT_EQ(stored->ToJson(GoldenSchema()), GoldenDocument(number).ToJson(GoldenSchema()));
  }
}

TEST_F(GoldenTest, TakesCommits) {
  const fs::path folder = TemporaryFolder("commits");
  fs::copy(kFolder, folder);
  {
    const auto index = Index::Open(folder.string());
    ASSERT_TRUE(index.ok()) << index.status();
    auto writer = index->OpenWriter();
    ASSERT_TRUE(writer.ok()) << writer.status();
    ASSERT_TRUE((*writer)->Upsert(GoldenDocument(5)).ok());
    ASSERT_TRUE((*writer)->Add(GoldenDocument(1000)).ok());
    const auto committed = (*writer)->ForceMerge(1);
    ASSERT_TRUE(committed.ok()) << committed.status();
    const auto snapshot = index->OpenSnapshot();
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    EXPECT_EQ((*snapshot)->segments().size(), 1u);
    EXPECT_EQ((*snapshot)->live_doc_count(), 700u - 23u + 1u);
    EXPECT_EQ((*snapshot)->doc_count(), (*snapshot)->live_doc_count());
    EXPECT_TRUE((*(*snapshot)->FindKey("doc-1000")).has_value());
    EXPECT_EQ(ProblemsOf(folder), "");
  }
  fs::remove_all(folder);
}

TEST_F(GoldenTest, BuildingItAnewGivesTheSameBytes) {
  const fs::path folder = TemporaryFolder("bytes");
  WriteGoldenIndex(nullptr, folder.string());
  const auto expected = FilesOf(kFolder);
  const auto found = FilesOf(folder);
  EXPECT_GT(expected.size(), 10u);
  for (const auto& [name, bytes] : expected) {
    const auto same = found.find(name);
    ASSERT_NE(same, found.end()) << name;
    EXPECT_TRUE(same->second == bytes) << name << " differs";
  }
  EXPECT_EQ(found.size(), expected.size());
  fs::remove_all(folder);
}

}  // namespace
}  // namespace segue
