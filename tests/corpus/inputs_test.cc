// SPDX-License-Identifier: Apache-2.0
//
// Files, folders, patterns, standard input, compressed or not, and what goes wrong with them.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "corpus/child_process.h"
#include "tests/corpus/loading.h"
#include "tests/corpus/temp_folder.h"

namespace segue {
namespace {

using Strings = std::vector<std::string>;

// Compresses a file with a program that writes FILE.suffix.
bool Compress(const std::string& command, const std::string& file) {
  return std::system((command + " '" + file + "'").c_str()) == 0;
}

// Runs `body` with `fd` as standard input.
template <typename Body>
void WithStdin(int fd, Body body) {
  const int saved = ::dup(STDIN_FILENO);
  ::dup2(fd, STDIN_FILENO);
  body();
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
}

TEST(Inputs, FoldersAreSortedAndDetectEachFile) {
  TempFolder folder;
  folder.Write("in/b.txt", "just words");
  folder.Write("in/a/x.jsonl", "{\"id\":\"j\"}\n");
  folder.Write("in/c.csv", "id\nc\n");
  const Loaded loaded = Load({folder.File("in")});
  EXPECT_EQ(loaded.records,
            (Strings{R"({"id":"j"})",
                     "{\"id\":\"" + folder.File("in/b.txt") + "\",\"contents\":\"just words\"}",
                     R"({"id":"c"})"}));
}

TEST(Inputs, PatternsThatTheShellLeftAlone) {
  TempFolder folder;
  folder.Write("p-1.jsonl", "{\"n\":1}\n");
  folder.Write("p-2.jsonl", "{\"n\":2}\n");
  EXPECT_EQ(Load({folder.File("p-*.jsonl")}).records, (Strings{R"({"n":1})", R"({"n":2})"}));
  const Loaded none = Load({folder.File("q-*.jsonl")});
  EXPECT_EQ(CodeOf(none.final), ErrorCode::kNotFound);
  // A real file whose name looks like a pattern is that file.
  const std::string odd = folder.Write("odd[1].jsonl", "{\"n\":3}\n");
  EXPECT_EQ(Load({odd}).records, (Strings{R"({"n":3})"}));
}

TEST(Inputs, MissingFilesAreFoundBeforeAnythingIsRead) {
  TempFolder folder;
  const std::string good = folder.Write("a.jsonl", "{\"n\":1}\n");
  const Loaded loaded = Load({good, folder.File("missing.jsonl")});
  EXPECT_EQ(CodeOf(loaded.final), ErrorCode::kNotFound);
  EXPECT_NE(MessageOf(loaded.final).find("missing.jsonl"), std::string_view::npos);
  EXPECT_TRUE(loaded.records.empty());
}

TEST(Inputs, FormatsByContent) {
  TempFolder folder;
  EXPECT_EQ(Load({folder.Write("x1", " \n{\"n\":1}\n")}).records, (Strings{R"({"n":1})"}));
  EXPECT_EQ(Load({folder.Write("x2.dat", "a\tb\n1\t2\n")}).records,
            (Strings{R"({"a":"1","b":"2"})"}));
  EXPECT_EQ(Load({folder.Write("x3", "<DOC>\n<DOCNO>1</DOCNO>\n</DOC>\n")}).records,
            (Strings{R"({"id":"1","text":""})"}));
  ReaderOptions text;
  text.format = Format::kText;
  EXPECT_EQ(Load({folder.Write("x4.csv", "a,b")}, text).records,
            (Strings{"{\"id\":\"" + folder.File("x4.csv") + "\",\"contents\":\"a,b\"}"}));
  EXPECT_FALSE(ParseFormat("xml").ok());
  EXPECT_EQ(*ParseFormat("trec"), Format::kTrec);
}

TEST(Inputs, BinaryFilesAreBadRecords) {
  TempFolder folder;
  folder.Write("in/a.txt", "fine");
  folder.Write("in/b.bin", std::string("\x7f\x45\x4c\x46\x00\x01", 6));
  folder.Write("in/c.txt", "caf\xe9");  // not UTF-8: kept, with the odd byte replaced
  const Loaded loaded = Load({folder.File("in")});
  ASSERT_EQ(loaded.records.size(), 2u);
  EXPECT_NE(loaded.records[1].find("caf\xef\xbf\xbd"), std::string::npos);
  ASSERT_EQ(loaded.bad.size(), 1u);
  EXPECT_NE(loaded.bad[0].find("b.bin: is a binary file"), std::string::npos);
}

class Compressed : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Compressed, FilesAndPipes) {
  const auto [program, suffix] = GetParam();
  TempFolder folder;
  std::string content;
  for (int i = 0; i < 20'000; ++i) content += "{\"n\":" + std::to_string(i) + "}\n";
  const std::string file = folder.Write("it's a;file.jsonl", content);
  const std::string packed = file + suffix;
  if (std::system((std::string("command -v ") + program + " >/dev/null").c_str()) != 0) {
    GTEST_SKIP() << program << " is not installed";
  }
  // Quotes in the name are only a matter of this test's own shell.
  ASSERT_TRUE(
      Compress(std::string("cd '") + folder.path() + "' && " + program +
                   " -q -c \"it's a;file.jsonl\" > packed && mv packed \"it's a;file.jsonl" +
                   suffix + "\" && true",
               ""));
  Loaded loaded = Load({packed});
  EXPECT_TRUE(loaded.final.ok()) << loaded.final;
  EXPECT_EQ(loaded.records.size(), 20'000u);
  EXPECT_EQ(loaded.records.back(), R"({"n":19999})");
  EXPECT_EQ(loaded.text_bytes, content.size());

  // The same bytes through a pipe, which cannot be rewound.
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  std::thread feeder([&] {
    const UniqueFd in(::open(packed.c_str(), O_RDONLY));
    char buffer[4096];
    ssize_t bytes;
    while ((bytes = ::read(in.get(), buffer, sizeof buffer)) > 0) {
      WriteAll(ends[1], std::string_view(buffer, static_cast<size_t>(bytes)));
    }
    ::close(ends[1]);
  });
  ReaderOptions jsonl;
  jsonl.format = Format::kJsonl;
  WithStdin(ends[0], [&] { loaded = Load({"-"}, jsonl); });
  feeder.join();
  ::close(ends[0]);
  EXPECT_TRUE(loaded.final.ok()) << loaded.final;
  EXPECT_EQ(loaded.records.size(), 20'000u);

  // Cut off: the decompressor's failure is ours.
  std::filesystem::resize_file(packed, std::filesystem::file_size(packed) / 2);
  loaded = Load({packed});
  EXPECT_EQ(CodeOf(loaded.final), ErrorCode::kDataLoss) << loaded.final;
  EXPECT_NE(MessageOf(loaded.final).find(program), std::string_view::npos) << loaded.final;
}

INSTANTIATE_TEST_SUITE_P(Programs, Compressed,
                         ::testing::Values(std::pair("gzip", ".gz"), std::pair("xz", ".xz"),
                                           std::pair("zstd", ".zst"), std::pair("lz4", ".lz4")));

TEST(Inputs, AReaderCanBeDroppedInTheMiddleOfACompressedFile) {
  TempFolder folder;
  std::string content;
  for (int i = 0; i < 200'000; ++i) content += "{\"n\":" + std::to_string(i) + "}\n";
  const std::string file = folder.Write("a.jsonl", content);
  ASSERT_TRUE(Compress("gzip", file));
  auto reader = OpenRecords({file + ".gz"}, {});
  ASSERT_TRUE(reader.ok());
  Record record;
  ASSERT_TRUE((*reader)->Next(&record).ok());
  EXPECT_GT((*reader)->input_bytes(), 0u);
  reader->reset();  // must neither hang nor leave a child behind
}

TEST(Inputs, StandardInputNeedsARecognisableFormat) {
  TempFolder folder;
  const UniqueFd words(::open(folder.Write("w", "just some words\n").c_str(), O_RDONLY));
  Loaded loaded;
  WithStdin(words.get(), [&] { loaded = Load({"-"}); });
  EXPECT_FALSE(loaded.final.ok());
  EXPECT_NE(MessageOf(loaded.final).find("--format"), std::string_view::npos);
}

TEST(Inputs, AMissingDecompressorIsNamed) {
  TempFolder folder;
  const std::string file =
      folder.Write("a.jsonl.xz", "\xfd\x37\x7a\x58\x5a" + std::string(60, '\0'));
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", folder.path().c_str(), 1);
  const Loaded loaded = Load({file});
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(ExitCodeOf(loaded.final), 1) << loaded.final;
  EXPECT_NE(MessageOf(loaded.final).find("xz-utils"), std::string_view::npos) << loaded.final;
}

}  // namespace
}  // namespace segue
