// SPDX-License-Identifier: Apache-2.0
//
// segue delete: by query, by key, only counting, and what it refuses.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "segue/index.h"
#include "tests/tools/process.h"

namespace segue {
namespace {

int64_t CountDocuments(const TempFolder& folder) {
  const Ran ran = RunSegue(folder, {"search", "albums", "*:*", "-k", "1", "--json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  return At(ParseOrDie(ran.out), "total.value").int64_value();
}

TEST(DeleteTool, ByQueryAndByKey) {
  TempFolder folder;
  MakeAlbums(folder);
  ASSERT_EQ(CountDocuments(folder), 4);
  const Ran dry = RunSegue(folder, {"delete", "albums", "title:train", "--dry-run", "--json"});
  ASSERT_EQ(dry.exit_code, 0) << dry.err;
  const int64_t would = At(ParseOrDie(dry.out), "would_delete").int64_value();
  EXPECT_GT(would, 0);
  EXPECT_EQ(CountDocuments(folder), 4) << "a dry run changes nothing";
  const Ran ran = RunSegue(folder, {"delete", "albums", "title:train", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(At(ParseOrDie(ran.out), "deleted").int64_value(), would);
  EXPECT_EQ(At(ParseOrDie(ran.out), "documents").int64_value(), 4 - would);
  EXPECT_EQ(CountDocuments(folder), 4 - would);
  const Ran key = RunSegue(folder, {"delete", "albums", "1", "never", "--key"});
  ASSERT_EQ(key.exit_code, 0) << key.err;
  EXPECT_NE(key.out.find("deleted 1 document, "), std::string::npos) << key.out;
  EXPECT_EQ(CountDocuments(folder), 3 - would);
  EXPECT_EQ(RunSegue(folder, {"verify", "albums"}).exit_code, 0);
}

TEST(DeleteTool, GuessesNothing) {
  TempFolder folder;
  MakeAlbums(folder);
  for (const char* query : {"nofield:x", "(blue", "+*:* -nofield:x", "year:many"}) {
    for (const char* mode : {"--json", "--dry-run"}) {
      const Ran ran = RunSegue(folder, {"delete", "albums", query, mode});
      EXPECT_EQ(ran.exit_code, 1) << query << "\n" << ran.out << ran.err;
    }
  }
  EXPECT_EQ(RunSegue(folder, {"delete", "albums"}).exit_code, 1);
  EXPECT_EQ(RunSegue(folder, {"delete", "nowhere", "x"}).exit_code, 1);
  EXPECT_EQ(CountDocuments(folder), 4);
}

TEST(DeleteTool, WaitsForAnotherWriterIfToldTo) {
  TempFolder folder;
  MakeAlbums(folder);
  const auto index = Index::Open(folder.File("albums"));
  ASSERT_TRUE(index.ok()) << index.status();
  auto writer = index->OpenWriter();
  ASSERT_TRUE(writer.ok()) << writer.status();
  const Ran refused = RunSegue(folder, {"delete", "albums", "1", "--key"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.err.find("--wait SECONDS"), std::string::npos) << refused.err;
  std::thread first([&writer] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    writer->reset();
  });
  const Ran waited = RunSegue(folder, {"delete", "albums", "1", "--key", "--wait", "60"});
  first.join();
  EXPECT_EQ(waited.exit_code, 0) << waited.err;
  EXPECT_EQ(CountDocuments(folder), 3);
}

}  // namespace
}  // namespace segue
