// SPDX-License-Identifier: Apache-2.0
//
// Inputs that nobody would write: every reader ends, and says something sensible or nothing.
#include <gtest/gtest.h>

#include "tests/corpus/loading.h"
#include "tests/corpus/temp_folder.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

constexpr const char* kSeeds[] = {
    "{\"id\":1,\"a\":[1,{\"b\":null}],\"t\":\"x\\u00e9\"}\n{\"id\":2}\n",
    "id,text\n1,\"a \"\"b\"\"\nc\"\n2,x\n",
    "id\ttext\n1\t\"a\"\n2\tx\"y\n",
    "<DOC>\n<DOCNO>1</DOCNO><TITLE>a &amp; b</TITLE>\n<!-- c --><P>text &#233;</P>\n</DOC>\n",
    "Package: a\nDescription: b\n c\n .\nTag: x, y\n\nPackage: d\n",
    "plain words\n"};
constexpr Format kFormats[] = {Format::kJsonl, Format::kCsv,    Format::kTsv,
                               Format::kTrec,  Format::kDebian, Format::kText};
constexpr std::string_view kPieces[] = {
    "\"", "\n", "<", ">", "&",        ";",    "\t",   ",",   "<DOC>", "</DOC>", "<DOCNO>",
    "{",  "}",  "[", ":", "Package:", "\xff", "\r\n", "\\u", "<!--",  "-->"};

std::string Mutate(std::string text, SeededRandom* random) {
  for (uint64_t i = random->Between(1, 12); i > 0; --i) {
    const size_t at = random->Below(text.size() + 1);
    switch (random->Below(4)) {
      case 0:
        text.insert(at, kPieces[random->Below(std::size(kPieces))]);
        break;
      case 1:
        text.insert(at, 1, static_cast<char>(random->Below(256)));
        break;
      case 2:
        text.erase(at, random->Below(8));
        break;
      default:
        text.insert(at, text.substr(random->Below(text.size() + 1), random->Below(60)));
        break;
    }
  }
  return text;
}

TEST(HostileInput, ReadersSurviveAnything) {
  TempFolder folder;
  for (uint64_t round = 0; round < 3000; ++round) {
    SeededRandom random(round);
    const size_t kind = random.Below(std::size(kFormats));
    const std::string content = Mutate(kSeeds[kind], &random);
    ReaderOptions options;
    options.format = kFormats[kind];
    const Loaded loaded = Load({folder.Write("input", content)}, options);
    const ErrorCode code = CodeOf(loaded.final);
    // Data that happens to look compressed, or a bad header line, may end the input.
    EXPECT_TRUE(code == ErrorCode::kOk || code == ErrorCode::kFailedPrecondition ||
                code == ErrorCode::kDataLoss)
        << loaded.final << "\n"
        << content;
    EXPECT_LE(loaded.records.size() + loaded.bad.size(), content.size() + 1);
    for (const std::string& bad : loaded.bad) {
      EXPECT_NE(bad.find("input"), std::string::npos) << bad;
    }
  }
}

}  // namespace
}  // namespace segue
