// SPDX-License-Identifier: Apache-2.0
//
// What goes wrong: one clear line, the right exit code, nothing lost.
#include <gtest/gtest.h>

#include <filesystem>

#include "engine/format/file_kind.h"
#include "engine/io/framed_file.h"
#include "tests/tools/process.h"

namespace segue {
namespace {

// One line of error, and perhaps a hint; no more.
void ExpectOneError(const Ran& ran, int exit_code, std::string_view part) {
  EXPECT_EQ(ran.exit_code, exit_code) << ran.err;
  EXPECT_EQ(ran.err.rfind("segue: error: ", 0), 0u) << ran.err;
  EXPECT_NE(ran.err.find(part), std::string::npos) << ran.err;
  EXPECT_LE(std::count(ran.err.begin(), ran.err.end(), '\n'), 2) << ran.err;
}

std::string FileEndingIn(const TempFolder& folder, const std::string& index,
                         const std::string& suffix) {
  for (const auto& entry : std::filesystem::directory_iterator(folder.File(index))) {
    if (entry.path().string().ends_with(suffix)) return entry.path().string();
  }
  ADD_FAILURE() << "no file " << suffix;
  return {};
}

std::string ManifestOf(const TempFolder& folder, const std::string& index) {
  for (const auto& entry : std::filesystem::directory_iterator(folder.File(index))) {
    if (entry.path().filename().string().starts_with("manifest-")) return entry.path().string();
  }
  return {};
}

void Flip(const std::string& path, size_t at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const char byte = static_cast<char>(file.get() ^ 0x40);
  file.seekp(static_cast<std::streamoff>(at));
  file.put(byte);
}

TEST(Errors, MistakesOnTheCommandLine) {
  TempFolder folder;
  MakeAlbums(folder);
  ExpectOneError(RunSegue(folder, {}), 1, "subcommand");
  ExpectOneError(RunSegue(folder, {"serach", "albums", "x"}), 1, "");
  ExpectOneError(RunSegue(folder, {"search", "albums", "x", "--colour"}), 1, "--colour");
  ExpectOneError(RunSegue(folder, {"search", "albums", "x", "-k", "many"}), 1, "");
  ExpectOneError(RunSegue(folder, {"search"}), 1, "dir");
  ExpectOneError(RunSegue(folder, {"search", "albums"}), 1, "no query");
  ExpectOneError(RunSegue(folder, {"index", "x", "albums.jsonl", "--memory", "lots"}), 1,
                 "--memory");
  ExpectOneError(RunSegue(folder, {"merge", "x", "--memory", "none"}), 1, "--memory");
  ExpectOneError(RunSegue(folder, {"index", "x", "albums.jsonl", "--format", "xml"}), 1, "jsonl");
  ExpectOneError(RunSegue(folder, {"index", "x", "missing.jsonl"}), 1, "missing.jsonl");
  ExpectOneError(RunSegue(folder, {"search", "missing", "x"}), 1, "missing");
  ExpectOneError(RunSegue(folder, {"search", "albums.jsonl", "x"}), 1, "albums.jsonl");
  std::filesystem::create_directory(folder.File("empty"));
  for (const char* command : {"inspect", "verify", "export"}) {
    ExpectOneError(RunSegue(folder, {command, "empty"}), 1, "empty");
  }
  EXPECT_FALSE(std::filesystem::exists(folder.File("x")));
}

TEST(Errors, AsJsonToo) {
  TempFolder folder;
  const Ran ran = RunSegue(folder, {"search", "missing", "x", "--json"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_TRUE(ran.out.empty());
  EXPECT_EQ(At(ParseOrDie(ran.err), "error.code").string_value(), "not found");
  EXPECT_FALSE(At(ParseOrDie(ran.err), "error.message").string_value().empty());
  const Ran flag = RunSegue(folder, {"search", "x", "y", "--json", "--nonsense"});
  EXPECT_EQ(At(ParseOrDie(flag.err), "error.code").string_value(), "invalid argument");
}

TEST(Errors, DamageIsExitCode2) {
  TempFolder folder;
  MakeAlbums(folder);
  Flip(FileEndingIn(folder, "albums", ".post"), 70);
  const Ran verify = RunSegue(folder, {"verify", "albums", "--json"});
  EXPECT_EQ(verify.exit_code, 2);
  EXPECT_FALSE(At(ParseOrDie(verify.out), "sound").bool_value());
  ExpectOneError(RunSegue(folder, {"search", "albums", "blue"}), 2, ".post");

  TempFolder other;
  MakeAlbums(other);
  const std::string manifest = ManifestOf(other, "albums");
  Flip(manifest, 80);
  ExpectOneError(RunSegue(other, {"search", "albums", "blue"}), 2, "manifest");
  ExpectOneError(RunSegue(other, {"index", "albums", "albums.jsonl", "--append"}), 2, "manifest");
  std::filesystem::resize_file(manifest, 10);
  ExpectOneError(RunSegue(other, {"inspect", "albums"}), 2, "manifest");
  std::ofstream(manifest, std::ios::binary) << std::string(5000, '\x9c');
  ExpectOneError(RunSegue(other, {"export", "albums"}), 2, "manifest");
}

TEST(Errors, AnotherVersionIsExitCode5) {
  TempFolder folder;
  MakeAlbums(folder);
  const std::string manifest = ManifestOf(folder, "albums");
  const auto frame = ReadFrameInfo(PosixEnv(), manifest);
  ASSERT_TRUE(frame.ok()) << frame.status();
  const std::string newer =
      FrameBytes(frame->kind, frame->version + 1, frame->segment, "of the future");
  std::ofstream(manifest, std::ios::binary | std::ios::trunc) << newer;
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"search", "albums", "x"},
        {"inspect", "albums"},
        {"verify", "albums"},
        {"export", "albums"}}) {
    ExpectOneError(RunSegue(folder, arguments), 5, "version");
  }
}

TEST(Errors, LimitsAreExitCode3) {
  TempFolder folder;
  MakeAlbums(folder);
  std::string query = "word";
  for (int i = 0; i < 3000; ++i) query += " word" + std::to_string(i);
  ExpectOneError(RunSegue(folder, {"search", "albums", query}), 3, "1024");
  ExpectOneError(RunSegue(folder, {"search", "albums", "blue", "-k", "20000"}), 3, "10000");
}

TEST(Errors, AFullDiskIsExitCode4AndLosesNothing) {
  TempFolder folder;
  MakeAlbums(folder);
  const Ran full = RunShell(folder, "segue export albums > /dev/full");
  ExpectOneError(full, 4, "standard output");
  EXPECT_EQ(RunShell(folder, "segue --help > /dev/full").exit_code, 4);

  // Files of the index may not grow: the old state stays, searchable and sound.
  ASSERT_EQ(RunShell(folder, "segue-corpus generate -n 2000 > in.jsonl").exit_code, 0);
  const Ran small = RunSegue(folder, {"index", "albums", "in.jsonl", "--append"}, {},
                             "trap '' XFSZ; ulimit -f 2;");
  EXPECT_EQ(small.exit_code, 4) << small.err;
  EXPECT_EQ(RunSegue(folder, {"verify", "albums"}).exit_code, 0);
  EXPECT_EQ(
      At(ParseOrDie(RunSegue(folder, {"search", "albums", "*:*", "--json"}).out), "total.value")
          .int64_value(),
      4);
  const Ran fresh =
      RunSegue(folder, {"index", "fresh", "in.jsonl"}, {}, "trap '' XFSZ; ulimit -f 2;");
  EXPECT_EQ(fresh.exit_code, 4) << fresh.err;
  EXPECT_FALSE(std::filesystem::exists(folder.File("fresh"))) << "a half index was left behind";
}

TEST(Errors, ABrokenPipeIsNoError) {
  TempFolder folder;
  ASSERT_EQ(RunShell(folder, "segue-corpus generate -n 3000 > in.jsonl").exit_code, 0);
  ASSERT_EQ(RunSegue(folder, {"index", "x", "in.jsonl"}).exit_code, 0);
  const Ran ran = RunShell(folder, "(segue export x; echo $? > code) | head -n 1");
  EXPECT_TRUE(ran.err.empty()) << ran.err;
  EXPECT_EQ(RunShell(folder, "cat code").out, "0\n");
}

TEST(Errors, InputThatIsDamaged) {
  TempFolder folder;
  folder.Write("in.jsonl", "{\"id\":1}\n{\"id\":2}\n");
  ASSERT_EQ(RunShell(folder, "xz in.jsonl && head -c 70 in.jsonl.xz > cut.jsonl.xz").exit_code, 0);
  ExpectOneError(RunSegue(folder, {"index", "x", "cut.jsonl.xz"}), 2, "xz");
  EXPECT_FALSE(std::filesystem::exists(folder.File("x")));
}

}  // namespace
}  // namespace segue
