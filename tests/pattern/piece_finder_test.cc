// SPDX-License-Identifier: Apache-2.0
//
// Pieces against a search that tries every beginning and every end.
#include "engine/pattern/piece_finder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/pattern/regexp.h"
#include "segue/status.h"
#include "tests/automata/naive_matching.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

using Pieces = std::vector<std::string>;  // "begin-end"

std::shared_ptr<const PieceProgram> ProgramOf(std::string_view pattern) {
  const absl::StatusOr<PatternProgram> code = CompileRegexp(pattern);
  EXPECT_TRUE(code.ok()) << pattern << ": " << code.status();
  absl::StatusOr<PieceProgram> program = PieceProgram::Make(*code);
  EXPECT_TRUE(program.ok()) << pattern << ": " << program.status();
  return std::make_shared<const PieceProgram>(*std::move(program));
}

Pieces AllOf(PieceFinder* finder, std::string_view text) {
  Pieces pieces;
  finder->Start(text);
  PieceFinder::Piece piece;
  while (finder->Next(&piece)) pieces.push_back(Cat(piece.begin, "-", piece.end));
  EXPECT_FALSE(finder->Next(&piece)) << "none comes behind the last";
  return pieces;
}

Pieces Found(std::string_view pattern, std::string_view text) {
  PieceFinder finder(ProgramOf(pattern));
  return AllOf(&finder, text);
}

// Where each character begins, and the end.
std::vector<size_t> BoundsOf(std::string_view text) {
  std::vector<size_t> bounds;
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  char32_t ignored;
  for (size_t at = 0; at < text.size();
       at += DecodeUtf8(bytes + at, bytes + text.size(), &ignored)) {
    bounds.push_back(at);
  }
  bounds.push_back(text.size());
  return bounds;
}

template <typename Matches>
Pieces Naive(std::string_view text, const Matches& matches) {
  const std::vector<size_t> bounds = BoundsOf(text);
  Pieces pieces;
  for (size_t begin = 0; begin + 1 < bounds.size();) {
    size_t end = bounds.size() - 1;
    for (; end > begin; --end) {
      const std::string_view piece = text.substr(bounds[begin], bounds[end] - bounds[begin]);
      const bool is_text =
          NaiveCharacters(piece).find(kReplacementCharacter) == std::u32string::npos;
      if (is_text && matches(piece)) break;
    }
    if (end > begin) pieces.push_back(Cat(bounds[begin], "-", bounds[end]));
    begin = std::max(end, begin + 1);
  }
  return pieces;
}

TEST(PieceFinderTest, ByHand) {
  EXPECT_EQ(Found("a+", "aab aaa"), (Pieces{"0-2", "4-7"}));
  EXPECT_EQ(Found("a|ab|abc", "abcabab"), (Pieces{"0-3", "3-5", "5-7"})) << "the longest counts";
  EXPECT_EQ(Found("b|abc", "ababc"), (Pieces{"1-2", "2-5"})) << "the first counts";
  EXPECT_EQ(Found("a*", "baab"), Pieces{"1-3"}) << "a piece is not empty";
  EXPECT_EQ(Found("aa", "aaaaa"), (Pieces{"0-2", "2-4"}));
  EXPECT_EQ(Found("x", "aaa"), Pieces());
  EXPECT_EQ(Found(".+", ""), Pieces());
  EXPECT_EQ(Found("é.", "aé日é"), Pieces{"1-6"});
  EXPECT_EQ(Found(".+",
                  "a\xff"
                  "b\xef\xbf\xbd"
                  "c"),
            (Pieces{"0-1", "2-3", "6-7"}))
      << "what is malformed, or stands for that, is in no piece";
  EXPECT_EQ(Found("[^a]", "\xff"), Pieces());
}

TEST(PieceFinderTest, WhatIsNoPattern) {
  for (const char* pattern : {"", "()", "a{0}"}) {
    EXPECT_EQ(CodeOf(PieceProgram::Make(*CompileRegexp(pattern)).status()),
              ErrorCode::kInvalidArgument);
  }
  EXPECT_TRUE(PieceProgram::Make(*CompileRegexp(Cat("(ab){", kMaxPiecePlaces / 2, "}"))).ok());
  const absl::Status status =
      PieceProgram::Make(*CompileRegexp(Cat("a{", kMaxPiecePlaces + 1, "}"))).status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kResourceExhausted);
  EXPECT_NE(status.message().find("has 257 characters and sets; at most 256"), std::string::npos);
}

TEST(PieceFinderTest, RandomPatternsGiveWhatTryingEverythingGives) {
  SeededRandom random(41);
  static const std::vector<std::string> kParts = {
      "a",           "b", "a", "c", "é", "日", "😀", ".", "\xff", "\x80", "\xe6\x97", "\xf0\x9f\x98",
      "\xef\xbf\xbd"};
  size_t found = 0;
  for (int round = 0; round < 400; ++round) {
    const std::string pattern = RandomRegexp(random, 2);
    const auto program = ProgramOf(pattern);
    // Chunks that end anywhere, and one for all.
    PieceFinder finders[] = {PieceFinder(program), PieceFinder(program, 4),
                             PieceFinder(program, random.Between(5, 20))};
    for (int i = 0; i < 4; ++i) {
      std::string text;
      const size_t parts = random.OneIn(2) ? 6 : kParts.size();
      for (uint64_t left = random.Below(14); left > 0; --left) text += kParts[random.Below(parts)];
      const Pieces wanted =
          Naive(text, [&](std::string_view piece) { return NaiveRegexp(pattern, piece); });
      for (PieceFinder& finder : finders) {
        ASSERT_EQ(AllOf(&finder, text), wanted) << pattern << "\n" << Quoted(text);
      }
      found += wanted.size();
    }
  }
  EXPECT_GT(found, 1000u);
}

// The same of some that go far behind their end, or overlap.
TEST(PieceFinderTest, ChosenPatternsGiveWhatTryingEverythingGives) {
  SeededRandom random(42);
  for (const std::string pattern :
       {"a|a*b", "(ab|a)(bc|c)?", "[^ab]+|ab", "a{2,3}b?", "(a|b)*abb", "\\w+c|\\W", "(ab)+|b+a",
        "a(b|c){2}", "[a-b]c?[a-b]", "(a*b)*c|a"}) {
    const auto program = ProgramOf(pattern);
    PieceFinder finder(program, 4);
    for (int i = 0; i < 60; ++i) {
      std::string text;
      for (uint64_t left = random.Below(14); left > 0; --left) text += "abc-"[random.Below(4)];
      const Pieces wanted =
          Naive(text, [&](std::string_view piece) { return NaiveRegexp(pattern, piece); });
      EXPECT_EQ(AllOf(&finder, text), wanted) << pattern << " " << text;
    }
  }
}

// As many places as there may be, over all words of a set.
TEST(PieceFinderTest, ManyPlaces) {
  for (const size_t length : {63u, 64u, 65u, 128u, 200u, 256u}) {
    const std::string pattern = Cat("[ab]{", length - 1, "}c");
    std::string text = std::string(2 * length, 'a') + "c" + std::string(length - 1, 'b') + "c";
    EXPECT_EQ(Found(pattern, text), (Pieces{Cat(length + 1, "-", 2 * length + 1),
                                            Cat(2 * length + 1, "-", 3 * length + 1)}));
    text[text.size() - 2] = 'c';
    EXPECT_EQ(Found(pattern, text), Pieces{Cat(length + 1, "-", 2 * length + 1)});
  }
}

// For each of these a search that looks ahead from every place takes a time that goes with the
// square of the text: an hour.
TEST(PieceFinderTest, TimeIsLinear) {
  const std::string text(2 << 20, 'a');
  for (const char* pattern : {"a|a*b", "(a|aa)*b", "(a*)*b|aa", "a(.*c)?"}) {
    PieceFinder finder(ProgramOf(pattern));
    finder.Start(text);
    PieceFinder::Piece piece;
    size_t pieces = 0;
    while (finder.Next(&piece)) ++pieces;
    const std::string_view of(pattern);
    EXPECT_EQ(pieces, of == "(a|aa)*b" ? 0 : of == "(a*)*b|aa" ? text.size() / 2 : text.size());
  }
}

}  // namespace
}  // namespace segue
