// SPDX-License-Identifier: Apache-2.0
//
// Regular expressions that are grown as trees: each tree is written down, compiled and run, and
// asked itself which strings it describes. So how text is read is tested with what it means.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/pattern/regexp.h"
#include "segue/status.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

using Ends = uint32_t;  // bit i: character i of a text

struct Tree {
  enum class Kind { kSet, kSequence, kChoice, kRepeat };
  Kind kind = Kind::kSet;
  std::string written;   // kSet: as it stands in the expression
  std::u32string holds;  // kSet: of the alphabet
  std::vector<Tree> parts;
  uint32_t least = 0, most = 0;
  bool unlimited = false;
};

constexpr std::u32string_view kAlphabet = U"abé";

// All strings of the alphabet with up to `length` characters.
std::vector<std::u32string> AllStrings(size_t length) {
  std::vector<std::u32string> strings = {U""};
  for (size_t from = 0, round = 0; round < length; ++round) {
    const size_t to = strings.size();
    for (; from < to; ++from) {
      for (const char32_t c : kAlphabet) strings.push_back(strings[from] + c);
    }
  }
  return strings;
}

Ends EndsOf(const Tree& tree, std::u32string_view text, Ends begins);

// One round after another until nothing new comes, or there were `most`.
Ends EndsOfRepeat(const Tree& tree, std::u32string_view text, Ends begins) {
  for (uint32_t i = 0; i < tree.least; ++i) begins = EndsOf(tree.parts[0], text, begins);
  Ends all = begins, fresh = begins;
  for (uint32_t i = tree.least; fresh != 0 && (tree.unlimited || i < tree.most); ++i) {
    fresh = EndsOf(tree.parts[0], text, fresh) & ~all;
    all |= fresh;
  }
  return all;
}

// Where a match may end that begins at one of `begins`.
Ends EndsOf(const Tree& tree, std::u32string_view text, Ends begins) {
  switch (tree.kind) {
    case Tree::Kind::kSet: {
      Ends ends = 0;
      for (size_t at = 0; at < text.size(); ++at) {
        const bool holds = tree.holds.find(text[at]) != std::u32string::npos;
        if ((begins >> at & 1) != 0 && holds) ends |= Ends{2} << at;
      }
      return ends;
    }
    case Tree::Kind::kSequence:
      for (const Tree& part : tree.parts) begins = EndsOf(part, text, begins);
      return begins;
    case Tree::Kind::kChoice: {
      Ends ends = 0;
      for (const Tree& part : tree.parts) ends |= EndsOf(part, text, begins);
      return ends;
    }
    case Tree::Kind::kRepeat:
      return EndsOfRepeat(tree, text, begins);
  }
  return 0;
}

bool Describes(const Tree& tree, std::u32string_view text) {
  return (EndsOf(tree, text, 1) >> text.size() & 1) != 0;
}

// --- Trees ---

Tree RandomSet(SeededRandom* random) {
  static const std::pair<const char*, const char32_t*> kSets[] = {
      {"a", U"a"},       {"b", U"b"},     {"é", U"é"},        {".", U"abé"},  {"[ab]", U"ab"},
      {"[a-b]", U"ab"},  {"[^a]", U"bé"}, {"\\w", U"ab"},     {"\\W", U"é"},  {"[^\\w]", U"é"},
      {"[a\\W]", U"aé"}, {"\\d", U""},    {"[^x-z]", U"abé"}, {"[^é]", U"ab"}};
  const auto& [written, holds] = kSets[random->Below(std::size(kSets))];
  Tree tree;
  tree.written = written;
  tree.holds = holds;
  return tree;
}

Tree RandomTree(SeededRandom* random, int depth) {
  if (depth == 0 || random->OneIn(4)) return RandomSet(random);
  Tree tree;
  if (random->OneIn(3)) {
    tree.kind = Tree::Kind::kRepeat;
    tree.parts.push_back(RandomTree(random, depth - 1));
    tree.least = static_cast<uint32_t>(random->Below(3));
    tree.unlimited = random->OneIn(2);
    tree.most = tree.least + static_cast<uint32_t>(random->Below(3));
    return tree;
  }
  tree.kind = random->OneIn(2) ? Tree::Kind::kSequence : Tree::Kind::kChoice;
  // None: the empty string.
  const uint64_t parts = random->OneIn(10) ? 0 : random->Between(1, 3);
  for (uint64_t i = 0; i < parts; ++i) tree.parts.push_back(RandomTree(random, depth - 1));
  if (tree.parts.empty()) tree.kind = Tree::Kind::kSequence;
  return tree;
}

std::string CountOf(const Tree& tree, SeededRandom* random) {
  const bool as_sign = random->OneIn(2);
  if (tree.unlimited && tree.least == 0 && as_sign) return "*";
  if (tree.unlimited && tree.least == 1 && as_sign) return "+";
  if (tree.unlimited) return Cat("{", tree.least, ",}");
  if (tree.least == 0 && tree.most == 1 && as_sign) return "?";
  if (tree.least == tree.most && as_sign) return Cat("{", tree.least, "}");
  return Cat("{", tree.least, ",", tree.most, "}");
}

std::string Written(const Tree& tree, SeededRandom* random);

// In brackets where a weaker sign would take it apart, and sometimes where none would.
std::string WrittenIn(const Tree& part, Tree::Kind outer, SeededRandom* random) {
  const bool weaker = outer == Tree::Kind::kRepeat
                          ? part.kind != Tree::Kind::kSet
                          : outer == Tree::Kind::kSequence && part.kind == Tree::Kind::kChoice;
  const std::string written = Written(part, random);
  return weaker || random->OneIn(5) ? Cat("(", written, ")") : written;
}

std::string Written(const Tree& tree, SeededRandom* random) {
  if (tree.kind == Tree::Kind::kSet) return tree.written;
  std::string all;
  for (size_t i = 0; i < tree.parts.size(); ++i) {
    if (i > 0 && tree.kind == Tree::Kind::kChoice) all += '|';
    all += WrittenIn(tree.parts[i], tree.kind, random);
  }
  if (tree.kind == Tree::Kind::kRepeat) all += CountOf(tree, random);
  return all;
}

// --- Running a program ---

// All instructions that are reached without a character.
void Follow(const PatternProgram& program, size_t at, std::vector<bool>* reached) {
  using Kind = PatternInstruction::Kind;
  if ((*reached)[at]) return;
  (*reached)[at] = true;
  const PatternInstruction& instruction = program.code()[at];
  const int jumps = instruction.kind == Kind::kSplit ? 2 : instruction.kind == Kind::kJump ? 1 : 0;
  for (int i = 0; i < jumps; ++i) {
    Follow(program, static_cast<size_t>(static_cast<int64_t>(at) + instruction.jumps[i]), reached);
  }
}

bool Runs(const PatternProgram& program, std::u32string_view text) {
  std::vector<bool> reached(program.code().size());
  Follow(program, 0, &reached);
  for (const char32_t c : text) {
    std::vector<bool> next(program.code().size());
    for (size_t at = 0; at < reached.size(); ++at) {
      const PatternInstruction& instruction = program.code()[at];
      if (!reached[at] || instruction.kind != PatternInstruction::Kind::kSet) continue;
      // By its class, as matchers do.
      const char32_t like_it = program.ClassBegin(program.ClassOf(c));
      if (program.set(instruction).Contains(like_it)) Follow(program, at + 1, &next);
    }
    reached = std::move(next);
  }
  return reached.back();
}

TEST(RegexpTreeTest, ProgramsDescribeWhatTheirTreesDo) {
  SeededRandom random(711);
  const std::vector<std::u32string> strings = AllStrings(4);
  size_t described = 0, not_described = 0;
  for (int round = 0; round < 400; ++round) {
    const Tree tree = RandomTree(&random, 3);
    const std::string pattern = Written(tree, &random);
    const absl::StatusOr<PatternProgram> program = CompileRegexp(pattern);
    ASSERT_TRUE(program.ok()) << pattern << ": " << program.status();
    const PatternProgram::AsciiEnds ends = program->FindAsciiEnds();
    for (const std::u32string& text : strings) {
      const bool wanted = Describes(tree, text);
      ASSERT_EQ(Runs(*program, text), wanted) << pattern << " and " << testing::PrintToString(text);
      ++(wanted ? described : not_described);
      const size_t known = std::min(text.size(), ends.size());
      for (size_t i = 0; wanted && i < known; ++i) {
        const char32_t character = text[text.size() - 1 - i];
        if (character >= 0x80) continue;
        EXPECT_TRUE(ends[i][character])
            << pattern << ": a search that skips terms by their end would lose one";
      }
    }
  }
  EXPECT_GT(described, 1000u);
  EXPECT_GT(not_described, 1000u);
}

// A pattern means the same in a group, and with the ends of the whole term written out.
TEST(RegexpTreeTest, GroupsAndAnchorsChangeNothing) {
  SeededRandom random(712);
  const std::vector<std::u32string> strings = AllStrings(3);
  for (int round = 0; round < 100; ++round) {
    const Tree tree = RandomTree(&random, 2);
    const std::string pattern = Written(tree, &random);
    const bool is_choice = tree.kind == Tree::Kind::kChoice;
    for (const std::string& other :
         {Cat("(", pattern, ")"), Cat("((", pattern, "))"), Cat("()(", pattern, ")()"),
          Cat("(", pattern, "){1}"),
          is_choice ? Cat("^(", pattern, ")$") : Cat("^", pattern, "$")}) {
      const absl::StatusOr<PatternProgram> program = CompileRegexp(other);
      ASSERT_TRUE(program.ok()) << other << ": " << program.status();
      for (const std::u32string& text : strings) {
        ASSERT_EQ(Runs(*program, text), Describes(tree, text)) << other;
      }
    }
  }
}

// --- Limits ---

TEST(RegexpLimitsTest, WhatComesOutIsWithinTheLimit) {
  SeededRandom random(713);
  size_t refused = 0;
  for (int round = 0; round < 150; ++round) {
    const std::string pattern = Written(RandomTree(&random, 4), &random);
    const absl::StatusOr<PatternProgram> unlimited = CompileRegexp(pattern);
    if (!unlimited.ok()) continue;
    bool was_ok = false;
    for (uint64_t limit = 0; limit < 2 * unlimited->code().size() + 8; ++limit) {
      const absl::StatusOr<PatternProgram> program = CompileRegexp(pattern, limit);
      if (!program.ok()) {
        EXPECT_EQ(CodeOf(program.status()), ErrorCode::kResourceExhausted);
        EXPECT_FALSE(was_ok) << pattern << ": a greater limit allows less at " << limit;
        ++refused;
        continue;
      }
      was_ok = true;
      // But for the end, which every program has.
      EXPECT_LE(program->code().size() - 1, limit) << pattern;
      EXPECT_EQ(program->code().size(), unlimited->code().size());
    }
  }
  EXPECT_GT(refused, 100u);
}

// An editor shows the place; it is one of the expression, also where that ends too early.
TEST(RegexpLimitsTest, ErrorsPointIntoTheExpression) {
  SeededRandom random(714);
  constexpr std::string_view kSigns = "ab()[]{}|*+?\\^$-,.019d";
  size_t refused = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string pattern;
    for (uint64_t left = random.Between(1, 10); left > 0; --left) {
      pattern += kSigns[random.Below(kSigns.size())];
    }
    const absl::Status status = CompileRegexp(pattern, 500).status();
    if (status.ok() || CodeOf(status) == ErrorCode::kResourceExhausted) continue;
    ++refused;
    ASSERT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << pattern;
    constexpr std::string_view kBegin = "regular expression, byte ";
    const std::string message(status.message());
    ASSERT_EQ(message.substr(0, kBegin.size()), kBegin) << pattern;
    EXPECT_LT(std::stoul(message.substr(kBegin.size())), pattern.size()) << pattern << message;
    EXPECT_GT(message.size(), message.find(": ") + 10) << "says why";
  }
  EXPECT_GT(refused, 1000u);
}

// A text has no whole that pieces could begin or end at.
TEST(RegexpLimitsTest, AnchorsOfPiecesAreRefused) {
  const std::pair<const char*, size_t> cases[] = {{"^a", 0},   {"a$", 1},   {"^", 0},  {"$", 0},
                                                  {"a|^b", 2}, {"(a$)", 2}, {"日$", 3}};
  for (const auto& [pattern, at] : cases) {
    const absl::Status status =
        CompileRegexp(pattern, kMaxPatternStates, RegexpUse::kPieces).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << pattern;
    EXPECT_NE(status.message().find(Cat("byte ", at, ": pieces of a text are found, '", pattern[at],
                                        "' means nothing here; write \\", pattern[at])),
              std::string::npos)
        << status;
    std::string escaped = pattern;
    escaped.insert(at, "\\");
    EXPECT_TRUE(CompileRegexp(escaped, kMaxPatternStates, RegexpUse::kPieces).ok()) << escaped;
  }
}

}  // namespace
}  // namespace segue
