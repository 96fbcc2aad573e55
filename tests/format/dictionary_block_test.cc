// SPDX-License-Identifier: Apache-2.0
//
// Blocks of a dictionary made by hand: each place where the bytes can contradict themselves.
#include "engine/format/dictionary_block.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "engine/base/byte_writer.h"
#include "engine/base/limits.h"
#include "engine/io/section.h"

namespace segue {
namespace {

// The three lengths, the terms "" and "a", and the head of the metadata.
std::string TwoTerms(uint32_t singles, uint32_t wides, std::string_view bases) {
  ByteWriter out;
  for (const uint32_t length : {0, 0, 0}) out.PutVarint32(length);
  out.PutBytes(std::string_view("\0a", 2));
  out.PutU32(singles);
  out.PutU32(wides);
  out.PutBytes(std::string(5, '\0'));  // widths
  out.PutBytes(bases);
  return out.Take();
}

std::string Varints(std::initializer_list<uint64_t> values) {
  ByteWriter out;
  for (const uint64_t value : values) out.PutVarint64(value);
  return out.Take();
}

class Block {
 public:
  explicit Block(std::string bytes, uint32_t term_count = 2)
      : section_(Section::FromBytes(bytes)), pinned_(section_.PinAll().value()) {
    opened_ = block_.Open(pinned_.span(), term_count, &problem_);
  }
  std::string Opening() const { return opened_ ? "" : problem_.what; }
  std::string Reading(uint32_t position) {
    TermMeta meta;
    return block_.ReadMeta(position, kField, &meta, &problem_) ? "" : problem_.what;
  }
  std::string ReadingAll() {
    std::array<TermMeta, kTermsPerBlock> metas;
    return block_.ReadAllMeta(kField, &metas, &problem_) ? "" : problem_.what;
  }
  std::string Searching(std::string_view term) {
    uint32_t position = 0;
    bool found = false;
    return block_.Search(term, &position, &found, &problem_) ? "" : problem_.what;
  }

 private:
  static constexpr DictionaryFieldMeta kField = {
      .term_count = 2, .max_doc_freq = kEndOfDocs, .max_single_doc = kEndOfDocs - 1};
  Section section_;
  PinnedBytes pinned_;
  DictionaryBlock block_;
  BlockProblem problem_;
  bool opened_ = false;
};

constexpr uint64_t kMost = UINT64_MAX;

TEST(DictionaryBlockTest, TheExampleIsSound) {
  Block block(TwoTerms(1, 2, Varints({7, 8, 9})) + Varints({3, 2, 1, 4, 5}));
  EXPECT_EQ(block.Opening(), "");
  EXPECT_EQ(block.Reading(0), "");
  EXPECT_EQ(block.Reading(1), "");
  EXPECT_EQ(block.ReadingAll(), "");
  EXPECT_EQ(block.Searching("a"), "");
}

TEST(DictionaryBlockTest, LengthsThatEndEarly) {
  const std::string problem = "the three lengths of a dictionary block end early";
  for (const std::string& bytes :
       {std::string("\x80"), std::string("\0\x80", 2), std::string("\0\0\x80", 3)}) {
    EXPECT_EQ(Block(bytes).Opening(), problem);
  }
}

TEST(DictionaryBlockTest, BasesThatEndEarly) {
  for (const std::string& bases : {Varints({}), Varints({1}), Varints({1, 2})}) {
    EXPECT_EQ(Block(TwoTerms(3, 0, bases)).Opening(),
              "a dictionary block's base offsets end early");
  }
  EXPECT_EQ(Block(TwoTerms(3, 0, Varints({1, 2, 3}))).Opening(), "");
}

TEST(DictionaryBlockTest, FrequenciesThatDoNotFit64Bits) {
  Block block(TwoTerms(1, 2, Varints({0, 0, 0})) + Varints({2, kMost - 1, 0, 0, 0}));
  EXPECT_EQ(block.Reading(1), "a bad wide record");
  EXPECT_EQ(block.ReadingAll(), "a bad wide record");
}

TEST(DictionaryBlockTest, OffsetsBeyond64Bits) {
  const std::string first = Varints({2, 0, 5, 5, 5}), second = Varints({2, 0, 0, 0, 0});
  for (const auto& bases :
       {Varints({kMost, 0, 0}), Varints({0, kMost, 0}), Varints({0, 0, kMost})}) {
    Block block(TwoTerms(0, 3, bases) + first + second);
    EXPECT_EQ(block.Reading(0), "") << "the first starts where it can";
    EXPECT_EQ(block.Reading(1), "list offsets beyond 64 bits");
    EXPECT_EQ(block.ReadingAll(), "list offsets beyond 64 bits");
  }
}

// An escaped length is as long as a term at most, so that no sum of lengths can wrap.
TEST(DictionaryBlockTest, EscapedLengthsBeyondATerm) {
  for (const char head : {'\xf0', '\x0f'}) {  // shared bytes, bytes of the rest
    const std::string escape = Varints({kMaxTermBytes + 1});
    ByteWriter out;
    out.PutVarint32(0);
    out.PutVarint32(static_cast<uint32_t>(escape.size()));
    out.PutVarint32(0);
    out.PutU8(static_cast<uint8_t>(head));
    out.PutBytes("a");
    out.PutBytes(escape);
    out.PutU32(3);
    out.PutU32(0);
    out.PutBytes(std::string(5 + 3, '\0'));
    EXPECT_EQ(Block(out.Take()).Searching("b"), "a dictionary term is longer than its block");
  }
}

}  // namespace
}  // namespace segue
