// SPDX-License-Identifier: Apache-2.0
//
// segue backup and segue repair.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/tools/process.h"

namespace segue {
namespace {

// Turns a byte in the middle of the first file with this extension.
void Damage(const TempFolder& folder, const std::string& index, const std::string& extension) {
  const auto path = std::filesystem::path(folder.path()) / index;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    if (entry.path().extension() != extension) continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(70);
    const char byte = static_cast<char>(file.get());
    file.seekp(70);
    file.put(static_cast<char>(byte ^ 1));
    return;
  }
  FAIL() << "no file " << extension;
}

TEST(RepairTool, BackupDamageRestore) {
  TempFolder folder;
  MakeAlbums(folder);
  const Ran backup = RunSegue(folder, {"backup", "albums", "copy", "--json"});
  ASSERT_EQ(backup.exit_code, 0) << backup.err;
  EXPECT_EQ(At(ParseOrDie(backup.out), "documents").int64_value(), 4);
  EXPECT_EQ(RunSegue(folder, {"backup", "albums", "copy"}).exit_code, 1) << "there is one already";
  EXPECT_EQ(RunSegue(folder, {"repair", "albums"}).exit_code, 0);

  Damage(folder, "albums", ".post");
  EXPECT_EQ(RunSegue(folder, {"backup", "albums", "another"}).exit_code, 2);
  const Ran looked = RunSegue(folder, {"repair", "albums"});
  EXPECT_EQ(looked.exit_code, 2);
  EXPECT_NE(looked.out.find("4 documents"), std::string::npos) << looked.out;
  EXPECT_NE(looked.out.find("would be dropped"), std::string::npos) << looked.out;
  EXPECT_NE(looked.err.find("--drop-damaged"), std::string::npos) << looked.err;
  EXPECT_EQ(RunSegue(folder, {"verify", "albums"}).exit_code, 2) << "nothing was changed";

  const Ran dropped = RunSegue(folder, {"repair", "albums", "--drop-damaged", "--json"});
  ASSERT_EQ(dropped.exit_code, 0) << dropped.err;
  const JsonValue report = ParseOrDie(dropped.out);
  EXPECT_TRUE(At(report, "dropped").bool_value());
  EXPECT_EQ(RunSegue(folder, {"verify", "albums"}).exit_code, 0);
  EXPECT_EQ(RunSegue(folder, {"verify", "copy"}).exit_code, 0);
  const Ran search = RunSegue(folder, {"search", "copy", "*:*", "--json"});
  EXPECT_EQ(At(ParseOrDie(search.out), "total.value").int64_value(), 4);
}

TEST(RepairTool, NotAnIndex) {
  TempFolder folder;
  EXPECT_EQ(RunSegue(folder, {"repair", "nowhere"}).exit_code, 1);
  EXPECT_EQ(RunSegue(folder, {"backup", "nowhere", "copy"}).exit_code, 1);
}

}  // namespace
}  // namespace segue
