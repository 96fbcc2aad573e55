// SPDX-License-Identifier: Apache-2.0
//
// Damaged dictionaries whose checksums hold: every call ends with a result that keeps the promises
// or with kDataLoss. Sanitizers watch the bytes.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/format/dictionary_blocks.h"
#include "tests/format/dictionary_test_util.h"

namespace segue {
namespace {

bool IsDamage(const absl::Status& status) {
  return status.ok() || CodeOf(status) == ErrorCode::kDataLoss;
}

void ExpectPromises(const TermMeta& meta, const DictionaryFieldMeta& field) {
  EXPECT_GE(meta.doc_freq, 1u);
  EXPECT_LE(meta.doc_freq, field.max_doc_freq);
  EXPECT_GE(meta.total_freq, meta.doc_freq);
  EXPECT_LE(meta.single_doc, field.max_single_doc);
}

// Calls everything.
void Exercise(const Section& terms, const DictionaryFieldMeta& meta,
              const std::vector<std::string>& wanted) {
  const auto dictionary = Dictionary::Open(terms, meta);
  if (!dictionary.ok()) {
    EXPECT_EQ(CodeOf(dictionary.status()), ErrorCode::kDataLoss) << dictionary.status();
    EXPECT_NE(std::string(dictionary.status().message()).find("byte"), std::string::npos);
    return;
  }
  for (const std::string& term : wanted) {
    dictionary->Prefetch(term);
    const auto entry = dictionary->Find(term);
    EXPECT_TRUE(IsDamage(entry.status())) << entry.status();
    if (entry.ok() && entry->has_value()) ExpectPromises((*entry)->meta, meta);
    EXPECT_TRUE(IsDamage(dictionary->PrefixRange(term).status()));
    Dictionary::Iterator it(*dictionary);
    it.Seek(term);
    EXPECT_TRUE(IsDamage(it.status())) << it.status();
  }
  uint64_t walked = 0;
  Dictionary::Iterator it(*dictionary);
  std::string before;
  for (it.SeekToFirst(); it.valid(); it.Next()) {
    ASSERT_TRUE(walked == 0 || it.term() > before) << "a walk is in order or fails";
    ++walked;
    before = it.term();
    ExpectPromises(it.meta(), meta);
  }
  EXPECT_TRUE(IsDamage(it.status())) << it.status();
  EXPECT_LE(walked, meta.term_count);
  for (uint64_t ordinal : {uint64_t{0}, meta.term_count / 2, meta.term_count - 1}) {
    if (ordinal >= meta.term_count) continue;
    EXPECT_TRUE(IsDamage(dictionary->TermAt(ordinal).status()));
    EXPECT_TRUE(IsDamage(dictionary->MetaAt(ordinal).status()));
  }
}

std::vector<std::string> SampleTerms(SeededRandom* random, bool deep) {
  std::vector<std::string> terms = {"", "a", std::string(1, '\0'), "\xff", "zzzz"};
  for (int i = 0; i < 10; ++i) terms.push_back(RandomTerm("abc", deep ? 20 : 6, random));
  return terms;
}

TEST(DictionaryDamage, AnyDamageIsAResultOrDataLoss) {
  SeededRandom random(11);
  for (int shape = 0; shape < 4; ++shape) {
    std::vector<std::string> terms;
    for (int i = 0; i < 300; ++i) {
      terms.push_back((shape & 1 ? "shared prefix, long" : "") +
                      RandomTerm("abc", shape & 1 ? 20 : 6, &random));
    }
    const MetaShape metas = shape & 2 ? MetaShape::kWild : MetaShape::kNatural;
    const BuiltDictionary built = Build(WithMetas(terms, metas, &random));
    const auto pinned = built.terms.PinAll();
    ASSERT_TRUE(pinned.ok());
    const std::string bytes(pinned->view());
    for (int round = 0; round < 1500; ++round) {
      std::string damaged = Damaged(bytes, &random);
      while (random.OneIn(3)) damaged = Damaged(damaged, &random);
      Exercise(Section::FromBytes(damaged), built.meta, SampleTerms(&random, shape & 1));
      if (HasFatalFailure()) return;
    }
  }
}

TEST(DictionaryDamage, AnyMetadataIsAResultOrDataLoss) {
  SeededRandom random(12);
  std::vector<std::string> terms;
  for (int i = 0; i < 300; ++i) terms.push_back(RandomTerm("abc", 9, &random));
  const BuiltDictionary built = Build(WithMetas(terms, MetaShape::kNatural, &random));
  for (int round = 0; round < 3000; ++round) {
    DictionaryFieldMeta meta = built.meta;
    uint64_t* const numbers[] = {&meta.term_count, &meta.blocks_offset, &meta.blocks_bytes,
                                 &meta.index_offset, &meta.index_bytes};
    uint64_t* const number = numbers[random.Below(5)];
    *number = random.OneIn(2) ? *number + random.Below(65) - 32 : random.Next() >> random.Below(64);
    Exercise(built.terms, meta, SampleTerms(&random, false));
    if (HasFatalFailure()) return;
  }
}

// Opening reads the index only; what a look-up then reads may be unreadable, or nonsense.
TEST(DictionaryDamage, BlocksThatCannotBeRead) {
  SeededRandom random(14);
  std::vector<std::string> terms;
  for (int i = 0; i < 25000; ++i) terms.push_back(RandomTerm("abcdefgh", 12, &random));
  const BuiltDictionary built = Build(WithMetas(terms, MetaShape::kNatural, &random));
  ASSERT_GT(built.meta.blocks_bytes, 2u * 65536);
  const std::string bytes(built.terms.PinAll()->view());
  const auto dictionary = Dictionary::Open(WithBadBlockAt(bytes, 100), built.meta);
  ASSERT_TRUE(dictionary.ok()) << dictionary.status();
  EXPECT_EQ(CodeOf(dictionary->Find("a").status()), ErrorCode::kDataLoss);
  EXPECT_EQ(CodeOf(dictionary->MetaAt(0).status()), ErrorCode::kDataLoss);
  EXPECT_EQ(CodeOf(dictionary->PrefixRange("a").status()), ErrorCode::kDataLoss);
  EXPECT_TRUE(dictionary->MetaAt(built.meta.term_count - 1).ok());
  // An iterator that has failed stays where it is.
  Dictionary::Iterator it(*dictionary);
  it.SeekToFirst();
  EXPECT_EQ(CodeOf(it.status()), ErrorCode::kDataLoss);
  it.Seek("zzz");
  EXPECT_FALSE(it.valid());
  it.SeekOrdinal(built.meta.term_count - 1);
  EXPECT_FALSE(it.valid());
}

TEST(DictionaryDamage, AnIndexShorterThanItsHead) {
  SeededRandom random(15);
  const BuiltDictionary built = Build(WithMetas({"a", "b"}, MetaShape::kNatural, &random));
  DictionaryFieldMeta meta = built.meta;
  meta.index_bytes = 23;
  const absl::Status status = Dictionary::Open(built.terms, meta).status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kDataLoss);
  EXPECT_NE(MessageOf(status).find("a dictionary index ends early"), std::string_view::npos);
}

TEST(DictionaryDamage, MaximaBeyondASegment) {
  const auto code = [](uint32_t max_doc_freq, DocId max_single_doc) {
    ByteWriter out;
    DictionaryFieldMeta{.term_count = 700,
                        .blocks_bytes = 9000,
                        .index_offset = 9008,
                        .index_bytes = 400,
                        .max_doc_freq = max_doc_freq,
                        .max_single_doc = max_single_doc}
        .Encode(&out);
    ByteReader in(out.view());
    return CodeOf(DictionaryFieldMeta::Decode(&in).status());
  };
  EXPECT_EQ(code(kEndOfDocs, kEndOfDocs - 1), ErrorCode::kOk);
  EXPECT_EQ(code(kEndOfDocs + 1, 0), ErrorCode::kDataLoss);
  EXPECT_EQ(code(1, kEndOfDocs), ErrorCode::kDataLoss);
}

// Single documents beyond what the field promises must not reach anyone.
TEST(DictionaryDamage, ValuesAboveTheFieldsMaximaAreDamage) {
  SeededRandom random(13);
  std::vector<std::string> terms;
  for (int i = 0; i < 200; ++i) terms.push_back(RandomTerm("abc", 9, &random));
  const BuiltDictionary built = Build(WithMetas(terms, MetaShape::kNatural, &random));
  DictionaryFieldMeta meta = built.meta;
  meta.max_single_doc = 10;
  meta.max_doc_freq = 2;
  Exercise(built.terms, meta, terms);
  const auto dictionary = Dictionary::Open(built.terms, meta);
  ASSERT_TRUE(dictionary.ok());
  int refused = 0;
  for (const std::string& term : terms) refused += !dictionary->Find(term).ok();
  EXPECT_GT(refused, 100);
}

// The terms of a block can be looked at although its metadata is damaged, which is found when
// somebody asks for it.
TEST(DictionaryDamage, MetadataIsCheckedWhenItIsAskedFor) {
  SeededRandom random(13);
  std::vector<std::string> terms;
  for (char c = 'a'; c < 'u'; ++c) terms.emplace_back(3, c);
  const BuiltDictionary built = Build(WithMetas(terms, MetaShape::kNatural, &random));
  const std::string bytes(built.terms.PinAll()->view());
  int found_late = 0;
  for (uint64_t at = 0; at < built.meta.blocks_bytes; ++at) {
    std::string damaged = bytes;
    damaged[built.meta.blocks_offset + at] = '\xff';
    const auto dictionary = Dictionary::Open(Section::FromBytes(damaged), built.meta);
    ASSERT_TRUE(dictionary.ok()) << dictionary.status();
    Dictionary::Blocks blocks(*dictionary);
    if (!blocks.Load(0).ok()) continue;
    TermMeta meta;
    std::array<TermMeta, kTermsPerBlock> metas;
    const absl::Status one = blocks.ReadMeta(0, &meta), all = blocks.ReadAllMeta(&metas);
    EXPECT_TRUE(IsDamage(one)) << one;
    EXPECT_TRUE(IsDamage(all)) << all;
    found_late += !one.ok() && !all.ok() ? 1 : 0;
  }
  EXPECT_GE(found_late, 4) << "classes and widths that contradict the block";
}

TEST(DictionaryDamage, ABlockThatIsNotAsItWasWritten) {
  SeededRandom random(14);
  std::vector<std::string> terms;
  for (int i = 0; i < 60000; ++i) terms.push_back(Cat("t", i));
  const BuiltDictionary built = Build(WithMetas(terms, MetaShape::kNatural, &random));
  const std::string bytes(built.terms.PinAll()->view());
  ASSERT_GT(built.meta.blocks_bytes, 3 * 65536u);
  const auto dictionary = Dictionary::Open(
      WithBadBlockAt(bytes, built.meta.blocks_offset + built.meta.blocks_bytes / 2), built.meta);
  ASSERT_TRUE(dictionary.ok()) << dictionary.status();
  Dictionary::Blocks blocks(*dictionary);
  uint64_t bad = 0;
  for (uint64_t number = 0; number < blocks.block_count(); ++number) {
    const absl::Status status = blocks.Load(number);
    EXPECT_TRUE(IsDamage(status)) << status;
    bad += status.ok() ? 0 : 1;
  }
  EXPECT_GT(bad, 0u);
  EXPECT_LT(bad, blocks.block_count() / 2);
}

}  // namespace
}  // namespace segue
