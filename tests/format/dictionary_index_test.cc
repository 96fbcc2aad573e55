// SPDX-License-Identifier: Apache-2.0
//
// Indexes of a dictionary made by hand, and blocks behind a sound one that no writer makes.
#include "engine/format/dictionary_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/byte_writer.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/format/dictionary_block.h"
#include "engine/format/dictionary_blocks.h"
#include "engine/format/dictionary_reader.h"
#include "tests/format/dictionary_test_util.h"

namespace segue {
namespace {

void ExpectLoss(const absl::Status& status, std::string_view what) {
  EXPECT_EQ(CodeOf(status), ErrorCode::kDataLoss) << what;
  EXPECT_EQ(MessageOf(status), what);
}

// Of three blocks of eight bytes, parted by the terms "\1" and "\2"; the separators of the last two
// are given whole, too, as if they had nine bytes.
struct HandMadeIndex {
  uint8_t width = 1;  // bytes of an integer
  std::vector<uint32_t> irregular_blocks = {1, 2};
  std::vector<uint64_t> ends = {9, 18};
  Section section = {};  // which the index needs as long as it is used

  std::string Bytes() const {
    const std::string tails = "\1_______a\2_______a";
    ByteWriter out;
    out.PutU32(static_cast<uint32_t>(irregular_blocks.size()));
    out.PutU32(0);  // bytes that all terms share
    out.PutU64(tails.size());
    out.PutU8(width);
    out.PutU8(width);
    out.PutBytes(std::string(6, '\0'));
    for (uint64_t block = 0; block < 3; ++block) out.PutU64(block << 56);
    for (uint64_t block = 0; block <= 3; ++block) Put(8 * block, &out);
    for (const uint32_t block : irregular_blocks) out.PutU32(block);
    for (const uint64_t end : ends) Put(end, &out);
    out.PutBytes(tails);
    return out.Take();
  }
  absl::Status Open(DictionaryIndex* index) {
    section = Section::FromBytes(Bytes());
    return index->Open(
        section,
        {.term_count = 3 * kTermsPerBlock, .blocks_bytes = 24, .index_bytes = section.size()});
  }

 private:
  void Put(uint64_t value, ByteWriter* out) const {
    out->PutBytes(std::string_view(reinterpret_cast<const char*>(&value), width));
  }
};

TEST(DictionaryIndex, IntegersOfAnyWidth) {
  for (const uint8_t width : {1, 2, 7, 8}) {
    DictionaryIndex index;
    HandMadeIndex made{.width = width};
    const absl::Status status = made.Open(&index);
    ASSERT_TRUE(status.ok()) << status;
    for (uint64_t block = 0; block < 3; ++block) {
      EXPECT_EQ(index.BlockOffset(block), 8 * block);
      EXPECT_EQ(index.BlockBytes(block), 8u);
    }
    EXPECT_EQ(index.FindBlock(""), 0u);
    EXPECT_EQ(index.FindBlock("\1x"), 1u);
    EXPECT_EQ(index.FindBlock("\3"), 2u);
  }
}

TEST(DictionaryIndex, SeparatorsOutOfOrder) {
  const auto expect_loss = [](HandMadeIndex made, int separator) {
    DictionaryIndex index;
    // Behind the head, three prefixes and four offsets.
    ExpectLoss(made.Open(&index), "memory: separator " + std::to_string(separator) +
                                      " of a dictionary index is out of order at byte 52 of the "
                                      "body");
  };
  expect_loss({.irregular_blocks = {0, 2}}, 0);  // nothing parts the first from one before
  expect_loss({.irregular_blocks = {2, 1}}, 1);
  expect_loss({.irregular_blocks = {2, 2}}, 1);
  expect_loss({.irregular_blocks = {1, 3}}, 1);
  expect_loss({.ends = {9, 8}}, 1);
  expect_loss({.ends = {9, 19}}, 1);
}

// A dictionary of one block.
absl::StatusOr<Dictionary> OneBlock(const std::string& block, uint64_t term_count,
                                    DocId max_single_doc = 0) {
  DictionaryIndexBuilder builder;
  builder.AddBlock(0, "");
  const std::string index = builder.Finish("", "", block.size());
  return Dictionary::Open(Section::FromBytes(block + index), {.term_count = term_count,
                                                              .blocks_offset = 0,
                                                              .blocks_bytes = block.size(),
                                                              .index_offset = block.size(),
                                                              .index_bytes = index.size(),
                                                              .max_doc_freq = 1,
                                                              .max_single_doc = max_single_doc});
}

// Behind the terms: each in document 0 alone, and no bytes of lists.
std::string SinglesOfDocument0(uint32_t term_count) {
  ByteWriter out;
  out.PutU32((1u << term_count) - 1);
  out.PutU32(0);
  out.PutBytes(std::string(5 + 3, '\0'));
  return out.Take();
}

// Of these terms, which ascend.
Dictionary::Blocks BlocksOf(const std::vector<std::string>& terms, SeededRandom* random) {
  const BuiltDictionary built = Build(WithMetas(terms, MetaShape::kNatural, random));
  const auto dictionary = Dictionary::Open(built.terms, built.meta);
  EXPECT_TRUE(dictionary.ok()) << dictionary.status();
  return Dictionary::Blocks(*dictionary);
}

// What lies behind all terms with a prefix, where eight bytes tell; a block that has some never
// does.
TEST(DictionaryBlocks, AreBehindAPrefixOnlyIfNoneOfTheirTermsHasIt) {
  SeededRandom random(73);
  size_t behind = 0, asked = 0;
  for (int round = 0; round < 60; ++round) {
    const std::string common(random.OneIn(3) ? random.Below(12) : 0, 'c');
    const std::string_view alphabet = random.OneIn(2) ? "ab" : std::string_view("a\0b\xff", 4);
    std::set<std::string> drawn;
    for (uint64_t i = random.Between(1, 600); i > 0; --i) {
      drawn.insert(common + RandomTerm(alphabet, 12, &random));
    }
    const std::vector<std::string> terms(drawn.begin(), drawn.end());
    const Dictionary::Blocks blocks = BlocksOf(terms, &random);
    for (uint64_t block = 1; block < blocks.block_count(); ++block) {
      const std::string& before = terms[block * kTermsPerBlock - 1 - random.Below(kTermsPerBlock)];
      const std::string prefix = before.substr(0, random.Below(before.size() + 1));
      const bool any =
          std::any_of(terms.begin() + static_cast<ptrdiff_t>(block * kTermsPerBlock), terms.end(),
                      [&](const std::string& term) { return term.starts_with(prefix); });
      const bool is_behind = blocks.IsBehind(block, prefix);
      ASSERT_FALSE(is_behind && any) << block;
      ++asked;
      behind += is_behind ? 1 : 0;
    }
  }
  EXPECT_GT(behind, asked / 8);
}

// From whichever block before it, a term is found in the same one: that of the greatest term that
// is not above it, or the one behind, where the terms part.
TEST(DictionaryBlocks, AreFoundFromAnyBlockBefore) {
  SeededRandom random(74);
  for (int round = 0; round < 20; ++round) {
    std::set<std::string> drawn;
    const size_t longest = random.OneIn(2) ? 5 : 14;
    for (uint64_t i = random.Between(1, 3000); i > 0; --i) {
      drawn.insert(RandomTerm(random.OneIn(3) ? "ab" : "abcdefgh", longest, &random));
    }
    const std::vector<std::string> terms(drawn.begin(), drawn.end());
    const Dictionary::Blocks blocks = BlocksOf(terms, &random);
    for (int i = 0; i < 300; ++i) {
      const std::string wanted = random.OneIn(2) ? terms[random.Below(terms.size())]
                                                 : RandomTerm("abcdefghi", longest, &random);
      const auto above = std::upper_bound(terms.begin(), terms.end(), wanted) - terms.begin();
      const uint64_t of_last = above == 0 ? 0 : (static_cast<uint64_t>(above) - 1) / kTermsPerBlock;
      const uint64_t found = blocks.FindBehind(0, wanted);
      ASSERT_TRUE(found == of_last || (found == of_last + 1 && above % kTermsPerBlock == 0))
          << wanted;
      for (int j = 0; j < 3 && found > 0; ++j) {
        ASSERT_EQ(blocks.FindBehind(random.Below(found + 1), wanted), found) << wanted;
      }
    }
  }
}

TEST(DictionaryBlocks, ATermLongerThanAnyIsFoundOnTheWay) {
  const std::string longest(kMaxTermBytes, 'x');
  ByteWriter out, escape;
  escape.PutVarint32(kMaxTermBytes - 15);
  out.PutVarint32(kMaxTermBytes);
  out.PutVarint32(static_cast<uint32_t>(escape.size()));
  out.PutVarint32(0);
  out.PutBytes(longest);
  out.PutU8(0xf0);  // shares all of the first, and has one byte more
  out.PutBytes("a");
  out.PutBytes(escape.view());
  out.PutBytes(SinglesOfDocument0(2));
  const auto dictionary = OneBlock(out.Take(), 2);
  ASSERT_TRUE(dictionary.ok()) << dictionary.status();
  Dictionary::Iterator it(*dictionary);
  it.SeekToFirst();
  ASSERT_TRUE(it.valid()) << it.status();
  EXPECT_EQ(it.term(), longest);
  it.Next();
  EXPECT_FALSE(it.valid());
  EXPECT_EQ(CodeOf(it.status()), ErrorCode::kDataLoss);
  EXPECT_NE(
      MessageOf(it.status()).find("a dictionary term is not above the one before (block 0 of 1)"),
      std::string_view::npos)
      << it.status();
}

TEST(DictionaryBlocks, ABlockLongerThanItsTermsCanBeIsNotRead) {
  const auto dictionary = OneBlock(std::string(kMaxDictionaryBlockBytes + 1, '\0'), 1);
  ASSERT_TRUE(dictionary.ok()) << dictionary.status();
  const std::string problem =
      "memory: a dictionary block longer than its terms can be (block 0 of 1) at byte 0 of the "
      "body";
  ExpectLoss(dictionary->Find("a").status(), problem);
  ExpectLoss(dictionary->MetaAt(0).status(), problem);
}

TEST(DictionaryBlocks, MetadataBeyondTheFieldsMaximum) {
  ByteWriter out;
  for (const uint32_t length : {0, 0, 0}) out.PutVarint32(length);  // the term ""
  out.PutU32(0);
  out.PutU32(1);
  out.PutBytes(std::string(5 + 3, '\0'));
  for (const uint32_t value : {1, 0, 7, 0, 0}) out.PutVarint32(value);  // in document 7
  const std::string block = out.Take();
  std::array<TermMeta, kTermsPerBlock> metas;
  TermMeta meta;
  for (const DocId most : {7u, 6u}) {
    const auto dictionary = OneBlock(block, 1, most);
    ASSERT_TRUE(dictionary.ok()) << dictionary.status();
    Dictionary::Blocks blocks(*dictionary);
    ASSERT_TRUE(blocks.Load(0).ok());
    const absl::Status one = blocks.ReadMeta(0, &meta), all = blocks.ReadAllMeta(&metas);
    if (most == 7) {
      EXPECT_TRUE(one.ok() && all.ok()) << one << all;
      EXPECT_EQ(meta.single_doc, 7u);
      EXPECT_EQ(metas[0].single_doc, 7u);
      continue;
    }
    // Behind the lengths, the classes, the widths and the bases.
    const std::string problem =
        "memory: a frequency or document beyond the field's maximum (block 0 of 1) at byte 19 of "
        "the body";
    ExpectLoss(one, problem);
    ExpectLoss(all, problem);
  }
}

}  // namespace
}  // namespace segue
