// SPDX-License-Identifier: Apache-2.0
//
// segue merge.
#include <gtest/gtest.h>

#include "engine/base/strings.h"
#include "tests/tools/process.h"

namespace segue {
namespace {

// Three segments, one document deleted and one replaced: too few for a merge by itself.
void MakeSegments(const TempFolder& folder) {
  std::string records;
  for (int i = 10; i < 40; ++i) {
    CatTo(&records, "{\"id\":\"", i, "\",\"title\":\"album ", i, "\",\"year\":", 1900 + i, "}\n");
  }
  ASSERT_EQ(RunSegue(folder, {"index", "albums", "-", "--key", "id"}, records).exit_code, 0);
  for (const char* record : {"{\"id\":\"20\",\"title\":\"Replaced\",\"year\":1990}\n",
                             "{\"id\":\"9\",\"title\":\"New Thing\",\"year\":1901}\n"}) {
    ASSERT_EQ(RunSegue(folder, {"index", "albums", "-", "--append"}, record).exit_code, 0);
  }
  ASSERT_EQ(RunSegue(folder, {"delete", "albums", "30", "--key"}).exit_code, 0);
}

TEST(MergeTool, LeavesOneSegmentWithoutWhatIsDeleted) {
  TempFolder folder;
  MakeSegments(folder);
  const std::string before = RunSegue(folder, {"export", "albums"}).out;
  const Ran ran = RunSegue(folder, {"merge", "albums", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const JsonValue report = ParseOrDie(ran.out);
  EXPECT_EQ(At(report, "segments_before").int64_value(), 3);
  EXPECT_EQ(At(report, "segments").int64_value(), 1);
  EXPECT_EQ(At(report, "deleted_before").int64_value(), 2);
  EXPECT_EQ(At(report, "deleted").int64_value(), 0);
  EXPECT_LT(At(report, "index_bytes").int64_value(),
            At(report, "index_bytes_before").int64_value());
  EXPECT_EQ(RunSegue(folder, {"export", "albums"}).out, before);
  EXPECT_EQ(RunSegue(folder, {"verify", "albums"}).exit_code, 0);
  const Ran again = RunSegue(folder, {"merge", "albums"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_NE(again.out.find("albums: 1 segment of "), std::string::npos) << again.out;
}

TEST(MergeTool, AsManySegmentsAsAsked) {
  TempFolder folder;
  MakeSegments(folder);
  const Ran ran = RunSegue(folder, {"merge", "albums", "--segments", "2", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(At(ParseOrDie(ran.out), "segments").int64_value(), 2);
}

TEST(MergeTool, PutsDocumentsInOrder) {
  TempFolder folder;
  MakeSegments(folder);
  ASSERT_EQ(RunSegue(folder, {"merge", "albums"}).exit_code, 0);
  const Ran ran = RunSegue(folder, {"merge", "albums", "--order", "+year"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const std::string out = RunSegue(folder, {"export", "albums"}).out;
  EXPECT_EQ(out.find("New Thing"), out.find("\"title\":") + 9) << out;
  EXPECT_GT(out.find("Replaced"), out.rfind("\n", out.size() - 2)) << out;
}

TEST(MergeTool, PacksWhatIsStoredAnew) {
  TempFolder folder;
  std::string records;
  for (int i = 0; i < 300; ++i) {
    CatTo(&records, "{\"id\":\"", i, "\",\"title\":\"the record of the number ", i * i, "\"}\n");
  }
  ASSERT_EQ(RunSegue(folder, {"index", "albums", "-"}, records).exit_code, 0);
  const auto inspect = [&] { return RunSegue(folder, {"inspect", "albums", "--json"}).out; };
  const auto packing = [&] {
    const JsonValue segments = At(ParseOrDie(inspect()), "segments");
    return std::string(At(segments.elements()[0], "stored_compression").string_value());
  };
  const std::string before = RunSegue(folder, {"export", "albums"}).out;
  EXPECT_EQ(packing(), "snappy");
  const Ran ran = RunSegue(folder, {"merge", "albums", "--compression", "zstd", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const JsonValue report = ParseOrDie(ran.out);
  EXPECT_LT(At(report, "index_bytes").int64_value(),
            At(report, "index_bytes_before").int64_value());
  EXPECT_EQ(packing(), "zstd");
  EXPECT_EQ(RunSegue(folder, {"export", "albums"}).out, before);
  EXPECT_EQ(RunSegue(folder, {"verify", "albums"}).exit_code, 0);
  // What is packed so already is left alone.
  const std::string all = inspect();
  ASSERT_EQ(RunSegue(folder, {"merge", "albums", "--compression", "zstd"}).exit_code, 0);
  EXPECT_EQ(inspect(), all);
  // What comes later follows the index.
  ASSERT_EQ(RunSegue(folder, {"merge", "albums", "--compression", "snappy"}).exit_code, 0);
  EXPECT_EQ(packing(), "snappy");
  EXPECT_EQ(RunSegue(folder, {"export", "albums", "--schema"}).out.find("zstd"), std::string::npos);
  EXPECT_EQ(RunSegue(folder, {"export", "albums"}).out, before);
}

TEST(MergeTool, SaysWhatIsWrong) {
  TempFolder folder;
  MakeAlbums(folder);
  EXPECT_EQ(RunSegue(folder, {"merge", "nowhere"}).exit_code, 1);
  const Ran none = RunSegue(folder, {"merge", "albums", "--segments", "0"});
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_NE(none.err.find("--segments takes 1 to 1000000"), std::string::npos) << none.err;
  const Ran order = RunSegue(folder, {"merge", "albums", "--order", "fast"});
  EXPECT_EQ(order.exit_code, 1);
  EXPECT_NE(order.err.find("--order takes none, quick, full"), std::string::npos) << order.err;
  const Ran packing = RunSegue(folder, {"merge", "albums", "--compression", "zip"});
  EXPECT_EQ(packing.exit_code, 1);
  EXPECT_NE(packing.err.find("--compression: "), std::string::npos) << packing.err;
  const Ran field = RunSegue(folder, {"merge", "albums", "--order", "+title"});
  EXPECT_EQ(field.exit_code, 1);
  EXPECT_NE(field.err.find("title"), std::string::npos) << field.err;
}

}  // namespace
}  // namespace segue
