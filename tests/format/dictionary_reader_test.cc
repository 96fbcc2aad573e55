// SPDX-License-Identifier: Apache-2.0
//
// The dictionary against std::map, over vocabularies that are easy, long, tied or made of the
// lowest and highest bytes.
#include "engine/format/dictionary_reader.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "engine/format/dictionary_metas.h"
#include "tests/format/dictionary_test_util.h"

namespace segue {
namespace {

// A term of one document may not be among those read back with a greater number.
void ExpectFinds(const Dictionary& dictionary, const Vocabulary& vocabulary,
                 const std::string& term) {
  const auto entry = dictionary.Find(term);
  ASSERT_TRUE(entry.ok()) << entry.status();
  const auto wanted = vocabulary.find(term);
  ASSERT_EQ(entry->has_value(), wanted != vocabulary.end()) << Quoted(term);
  if (!entry->has_value()) return;
  EXPECT_TRUE(SameMeta((*entry)->meta, wanted->second)) << Quoted(term);
}

// Neighbouring terms' metadata, from any term to any.
void ExpectMetas(const Dictionary& dictionary, const Vocabulary& vocabulary, SeededRandom* random) {
  for (int i = 0; i < 4; ++i) {
    const uint64_t size = vocabulary.size();
    const uint64_t begin = i == 0 ? 0 : random->Below(size + 2);
    const uint64_t end = i == 0 ? size : random->Below(size + 2);
    DictionaryMetas metas(dictionary, {begin, end});
    uint64_t ordinal = 0;
    for (const auto& [term, meta] : vocabulary) {
      if (ordinal >= begin && ordinal < end) {
        const TermMeta* found = metas.Next();
        ASSERT_NE(found, nullptr) << metas.status();
        ASSERT_TRUE(SameMeta(*found, meta)) << Quoted(term);
      }
      ++ordinal;
    }
    EXPECT_EQ(metas.Next(), nullptr);
    EXPECT_EQ(metas.Next(), nullptr);
    EXPECT_TRUE(metas.status().ok()) << metas.status();
  }
}

// Strings that lie close to `term` in the order.
std::vector<std::string> Neighbours(const std::string& term) {
  std::vector<std::string> out = {term, term + '\0', term + "a", term + '\xff'};
  if (term.empty()) return out;
  std::string shorter = term.substr(0, term.size() - 1);
  out.push_back(shorter);
  out.push_back(term.substr(0, term.size() / 2));
  std::string other = term;
  other.back() = static_cast<char>(other.back() + 1);
  out.push_back(other);
  other.back() = static_cast<char>(term.back() - 1);
  out.push_back(other);
  other = term;
  other[other.size() / 2] = static_cast<char>(other[other.size() / 2] ^ 1);
  out.push_back(other);
  return out;
}

void ExpectWalks(const Dictionary& dictionary, const Vocabulary& vocabulary) {
  Dictionary::Iterator it(dictionary);
  EXPECT_FALSE(it.valid());
  uint64_t ordinal = 0;
  std::string before;
  it.SeekToFirst();
  for (const auto& [term, meta] : vocabulary) {
    ASSERT_TRUE(it.valid()) << it.status();
    ASSERT_EQ(it.term(), term);
    ASSERT_EQ(it.ordinal(), ordinal);
    ASSERT_TRUE(SameMeta(it.meta(), meta)) << Quoted(term);
    const size_t shared = it.shared_prefix_bytes();
    const size_t truly = static_cast<size_t>(
        std::mismatch(term.begin(), term.end(), before.begin(), before.end()).first - term.begin());
    ASSERT_EQ(shared, ordinal == 0 ? 0 : truly);
    ASSERT_EQ(it.at_block_start(), ordinal % kTermsPerBlock == 0);
    before = term;
    ++ordinal;
    it.Next();
  }
  EXPECT_FALSE(it.valid());
  EXPECT_TRUE(it.status().ok()) << it.status();
}

void ExpectSeeks(const Dictionary& dictionary, const Vocabulary& vocabulary,
                 const std::string& term) {
  Dictionary::Iterator it(dictionary);
  it.Seek(term);
  const auto wanted = vocabulary.lower_bound(term);
  ASSERT_EQ(it.valid(), wanted != vocabulary.end()) << Quoted(term) << it.status();
  const auto below = static_cast<uint64_t>(std::distance(vocabulary.begin(), wanted));
  if (it.valid()) {
    ASSERT_EQ(it.term(), wanted->first);
    EXPECT_TRUE(SameMeta(it.meta(), wanted->second));
    ASSERT_EQ(it.ordinal(), below);
  }
  const auto range = dictionary.Range(term, "");
  ASSERT_TRUE(range.ok()) << range.status();
  EXPECT_EQ(range->begin, below);
  EXPECT_EQ(range->end, vocabulary.size());
}

void ExpectPrefixRange(const Dictionary& dictionary, const Vocabulary& vocabulary,
                       const std::string& prefix) {
  uint64_t begin = 0, count = 0;
  for (const auto& [term, meta] : vocabulary) {
    begin += term < prefix;
    count += term.starts_with(prefix);
  }
  const auto range = dictionary.PrefixRange(prefix);
  ASSERT_TRUE(range.ok()) << range.status();
  EXPECT_EQ(range->begin, begin) << Quoted(prefix);
  EXPECT_EQ(range->end - range->begin, count) << Quoted(prefix);
}

void ExpectOrdinals(const Dictionary& dictionary, const Vocabulary& vocabulary, uint64_t step) {
  uint64_t ordinal = 0;
  for (const auto& [term, meta] : vocabulary) {
    if (ordinal % step == 0) {
      const auto found = dictionary.TermAt(ordinal);
      ASSERT_TRUE(found.ok()) << found.status();
      ASSERT_EQ(*found, term);
      const auto found_meta = dictionary.MetaAt(ordinal);
      ASSERT_TRUE(found_meta.ok()) << found_meta.status();
      ASSERT_TRUE(SameMeta(*found_meta, meta));
      const auto entry = dictionary.Find(term);
      ASSERT_TRUE(entry.ok() && entry->has_value());
      ASSERT_EQ((*entry)->ordinal, ordinal);
    }
    ++ordinal;
  }
  EXPECT_EQ(CodeOf(dictionary.TermAt(ordinal).status()), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(dictionary.MetaAt(ordinal).status()), ErrorCode::kInvalidArgument);
}

// Everything a dictionary promises, over one vocabulary.
void ExpectAll(const Vocabulary& vocabulary, uint64_t step = 1, ReadMode mode = ReadMode::kMmap) {
  SeededRandom random(vocabulary.size());
  const BuiltDictionary built = Build(vocabulary, mode);
  const auto dictionary = Dictionary::Open(built.terms, built.meta);
  ASSERT_TRUE(dictionary.ok()) << dictionary.status();
  ASSERT_EQ(dictionary->term_count(), vocabulary.size());
  EXPECT_EQ(dictionary->field_meta(), built.meta);
  ExpectWalks(*dictionary, vocabulary);
  ExpectMetas(*dictionary, vocabulary, &random);
  ExpectOrdinals(*dictionary, vocabulary, step);
  uint64_t i = 0;
  for (const auto& [term, meta] : vocabulary) {
    if (i++ % step != 0) continue;
    for (const std::string& near : Neighbours(term)) {
      ExpectFinds(*dictionary, vocabulary, near);
      if (step == 1 || i % (16 * step) == 1) {
        ExpectSeeks(*dictionary, vocabulary, near);
        ExpectPrefixRange(*dictionary, vocabulary, near);
      }
      if (testing::Test::HasFatalFailure()) return;
    }
  }
  for (const char* term : {"", "a", "zz", "\xff", "\xff\xff\xff\xff\xff\xff\xff\xff\xff"}) {
    ExpectFinds(*dictionary, vocabulary, term);
    ExpectSeeks(*dictionary, vocabulary, term);
    ExpectPrefixRange(*dictionary, vocabulary, term);
  }
}

Vocabulary RandomVocabulary(std::string_view alphabet, size_t max_bytes, size_t tries,
                            std::string_view prefix, MetaShape shape, SeededRandom* random) {
  std::vector<std::string> terms;
  for (size_t i = 0; i < tries; ++i) {
    terms.push_back(std::string(prefix) + RandomTerm(alphabet, max_bytes, random));
  }
  return WithMetas(terms, shape, random);
}

TEST(Dictionary, HoldsNoTermsAtAll) {
  const BuiltDictionary built = Build({});
  const auto dictionary = Dictionary::Open(built.terms, built.meta);
  ASSERT_TRUE(dictionary.ok()) << dictionary.status();
  EXPECT_EQ(dictionary->term_count(), 0u);
  ExpectFinds(*dictionary, {}, "");
  ExpectFinds(*dictionary, {}, "a");
  ExpectSeeks(*dictionary, {}, "a");
  ExpectPrefixRange(*dictionary, {}, "");
  EXPECT_EQ(CodeOf(dictionary->TermAt(0).status()), ErrorCode::kInvalidArgument);
  dictionary->Prefetch("a");
}

TEST(Dictionary, HoldsOneTerm) {
  SeededRandom random(1);
  for (const char* term : {"", "a", "\xff", "longer than eight bytes"}) {
    ExpectAll(WithMetas({term}, MetaShape::kNatural, &random));
  }
  ExpectAll(WithMetas({std::string(1, '\0')}, MetaShape::kNatural, &random));
}

TEST(Dictionary, HoldsAnyNumberOfTermsAroundTheBlockSize) {
  SeededRandom random(2);
  for (size_t count : {2, 31, 32, 33, 63, 64, 65, 511, 512, 513, 544}) {
    std::vector<std::string> terms;
    for (size_t i = 0; i < count; ++i) terms.push_back("term" + std::to_string(100000 + i));
    ExpectAll(WithMetas(terms, MetaShape::kNatural, &random));
    if (HasFatalFailure()) return;
  }
}

// Runs of the same byte up to three levels of the index: prefixes tie, zeros end separators.
TEST(Dictionary, OrdersTheLowestAndHighestBytes) {
  SeededRandom random(3);
  for (const std::string_view alphabet :
       {std::string_view("\0\xff", 2), std::string_view("\0\1", 2), std::string_view("\xfe\xff"),
        std::string_view("\0a", 2), std::string_view("ab"), std::string_view("\0", 1),
        std::string_view("\xff")}) {
    for (size_t max_bytes : {4, 11, 40}) {
      ExpectAll(RandomVocabulary(alphabet, max_bytes, 1500, "", MetaShape::kNatural, &random), 7);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(Dictionary, TellsTermsWithTheSameFirstEightBytesApart) {
  SeededRandom random(4);
  for (const char* prefix : {"internat", "internation", "https://example.org/wiki/"}) {
    Vocabulary vocabulary =
        RandomVocabulary("abcdefgh", 12, 3000, prefix, MetaShape::kNatural, &random);
    ExpectAll(vocabulary, 11);
    // With terms on both sides nothing is common to all.
    for (const char* side : {"", "a", "z"}) vocabulary[side] = RandomMeta({}, &random);
    PlaceLists(0, 0, 0, &vocabulary);
    ExpectAll(vocabulary, 11);
    if (HasFatalFailure()) return;
  }
}

TEST(Dictionary, HoldsAnyMetadata) {
  SeededRandom random(5);
  for (int round = 0; round < 20; ++round) {
    ExpectAll(RandomVocabulary("abc", 9, 400, "", MetaShape::kWild, &random), 3);
    if (HasFatalFailure()) return;
  }
}

TEST(Dictionary, ReadsFilesThatAreNotMapped) {
  SeededRandom random(14);
  ExpectAll(RandomVocabulary("abcdefgh", 9, 3000, "", MetaShape::kNatural, &random), 5,
            ReadMode::kPread);
}

TEST(Dictionary, HoldsTheLongestTerms) {
  SeededRandom random(6);
  std::vector<std::string> terms;
  for (int i = 0; i < 70; ++i) {
    std::string term(kMaxTermBytes, 'x');
    term[random.Below(term.size())] = 'a';
    terms.push_back(term);
    terms.push_back(term.substr(0, random.Below(term.size())));
    term = std::string(random.Below(kMaxTermBytes), '\xff');
    terms.push_back(term);
  }
  ExpectAll(WithMetas(terms, MetaShape::kNatural, &random), 9);
  const BuiltDictionary built = Build(WithMetas(terms, MetaShape::kNatural, &random));
  const auto dictionary = Dictionary::Open(built.terms, built.meta);
  ASSERT_TRUE(dictionary.ok());
  EXPECT_FALSE(dictionary->Find(std::string(kMaxTermBytes + 1, 'x'))->has_value());
}

TEST(Dictionary, HoldsAMillionTerms) {
  SeededRandom random(7);
  Vocabulary vocabulary;
  for (int i = 0; i < 1000000; ++i) {
    vocabulary[RandomTerm("abcdefghijklmnopqrstuvwxyz", 8, &random) + std::to_string(i)] =
        RandomMeta(MetaShape::kNatural, &random);
  }
  PlaceLists(0, 0, 0, &vocabulary);
  const BuiltDictionary built = Build(vocabulary);
  const auto dictionary = Dictionary::Open(built.terms, built.meta);
  ASSERT_TRUE(dictionary.ok()) << dictionary.status();
  ExpectWalks(*dictionary, vocabulary);
  ExpectMetas(*dictionary, vocabulary, &random);
  ExpectOrdinals(*dictionary, vocabulary, 101);
}

TEST(Dictionary, KeepsFieldsApart) {
  SeededRandom random(8);
  std::vector<Vocabulary> fields;
  for (size_t tries : {0, 50, 1, 700, 0, 33}) {
    fields.push_back(RandomVocabulary("abcd", 6, tries, "", MetaShape::kNatural, &random));
  }
  TestFile file;
  DictionaryWriter writer(file.file());
  std::vector<DictionaryFieldMeta> metas;
  for (size_t i = 0; i < fields.size(); ++i) {
    const auto meta = WriteField(&writer, static_cast<FieldId>(i), fields[i]);
    ASSERT_TRUE(meta.ok()) << meta.status();
    metas.push_back(*meta);
  }
  const Section body = file.Body();
  for (size_t i = 0; i < fields.size(); ++i) {
    const auto dictionary = Dictionary::Open(body, metas[i]);
    ASSERT_TRUE(dictionary.ok()) << dictionary.status();
    ExpectWalks(*dictionary, fields[i]);
    ExpectMetas(*dictionary, fields[i], &random);
  }
}

TEST(Dictionary, SkipsBlocks) {
  SeededRandom random(9);
  const Vocabulary vocabulary =
      RandomVocabulary("abcdef", 7, 2000, "", MetaShape::kNatural, &random);
  const BuiltDictionary built = Build(vocabulary);
  const auto dictionary = Dictionary::Open(built.terms, built.meta);
  ASSERT_TRUE(dictionary.ok());
  Dictionary::Iterator it(*dictionary);
  uint64_t blocks = 0;
  for (it.SeekOrdinal(5); it.valid(); it.NextBlock()) {
    EXPECT_EQ(it.ordinal(), blocks == 0 ? 5 : blocks * kTermsPerBlock);
    EXPECT_EQ(it.term(), *dictionary->TermAt(it.ordinal()));
    ++blocks;
  }
  EXPECT_EQ(blocks, (vocabulary.size() + kTermsPerBlock - 1) / kTermsPerBlock);
  EXPECT_TRUE(it.status().ok());
  it.Seek("b");
  EXPECT_TRUE(it.valid());
  Dictionary::Iterator moved = std::move(it);
  EXPECT_GE(moved.term(), "b");
}

TEST(Dictionary, AnswersSeveralThreads) {
  SeededRandom random(10);
  const Vocabulary vocabulary =
      RandomVocabulary("abcdef", 9, 5000, "", MetaShape::kNatural, &random);
  const BuiltDictionary built = Build(vocabulary);
  const auto dictionary = Dictionary::Open(built.terms, built.meta);
  ASSERT_TRUE(dictionary.ok());
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (const auto& [term, meta] : vocabulary) {
        const auto entry = dictionary->Find(term);
        if (!entry.ok() || !*entry || !SameMeta((*entry)->meta, meta)) ++wrong;
        if (dictionary->Find(term + "#")->has_value()) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(PrefixEnd, IsTheLeastStringAboveAllWithThePrefix) {
  EXPECT_EQ(PrefixEnd("abc"), "abd");
  EXPECT_EQ(PrefixEnd("ab\xff"), "ac");
  EXPECT_EQ(PrefixEnd("\xff\xff"), "");
  EXPECT_EQ(PrefixEnd(""), "");
  EXPECT_EQ(PrefixEnd("\x7f"), "\x80");
}

}  // namespace
}  // namespace segue
