// SPDX-License-Identifier: Apache-2.0
//
// Vocabularies for the dictionary tests, and the dictionary that they make.
#ifndef SEGUE_TESTS_FORMAT_DICTIONARY_TEST_UTIL_H_
#define SEGUE_TESTS_FORMAT_DICTIONARY_TEST_UTIL_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/format/dictionary_reader.h"
#include "engine/format/dictionary_writer.h"
#include "tests/format/format_test_util.h"

namespace segue {

using Vocabulary = std::map<std::string, TermMeta>;

enum class MetaShape {
  kNatural,  // mostly one document, a few frequent terms
  kWild,     // anything that a TermMeta can hold
};

inline TermMeta RandomMeta(MetaShape shape, SeededRandom* random) {
  TermMeta meta;
  const bool wild = shape == MetaShape::kWild;
  const auto any = [&](unsigned most_bits) {
    return random->Next() >> (63 - random->Below(most_bits));
  };
  if (random->OneIn(2)) {
    meta.doc_freq = 1;
    meta.single_doc = static_cast<DocId>(wild ? random->Below(kEndOfDocs) : random->Below(125000));
    meta.total_freq = 1 + (random->OneIn(4) ? random->Below(30) : 0);
  } else {
    meta.doc_freq = static_cast<uint32_t>(2 + any(wild ? 31 : (random->OneIn(20) ? 17 : 6)));
    if (meta.doc_freq > kEndOfDocs) meta.doc_freq = kEndOfDocs;
    meta.total_freq = meta.doc_freq + any(wild ? 60 : 8);
    meta.post_bytes = any(wild ? 40 : 10);
  }
  if (!random->OneIn(8)) meta.pos_bytes = any(wild ? 40 : 10);
  if (meta.doc_freq >= 128 || (wild && random->OneIn(5))) meta.bound_bytes = any(wild ? 30 : 8);
  return meta;
}

// Gives the terms' lists their places, one after the other.
inline void PlaceLists(uint64_t post, uint64_t pos, uint64_t bound, Vocabulary* vocabulary) {
  for (auto& [term, meta] : *vocabulary) {
    meta.post_offset = post;
    meta.pos_offset = pos;
    meta.bound_offset = bound;
    post += meta.post_bytes;
    pos += meta.pos_bytes;
    bound += meta.bound_bytes;
  }
}

inline Vocabulary WithMetas(const std::vector<std::string>& terms, MetaShape shape,
                            SeededRandom* random) {
  Vocabulary vocabulary;
  for (const std::string& term : terms) vocabulary[term] = RandomMeta(shape, random);
  PlaceLists(random->Below(1000), random->Below(1000), random->Below(1000), &vocabulary);
  return vocabulary;
}

inline std::string RandomTerm(std::string_view alphabet, size_t max_bytes, SeededRandom* random) {
  std::string term(random->Below(max_bytes + 1), ' ');
  for (char& c : term) c = alphabet[random->Below(alphabet.size())];
  return term;
}

inline absl::StatusOr<DictionaryFieldMeta> WriteField(DictionaryWriter* writer, FieldId field,
                                                      const Vocabulary& vocabulary) {
  SEGUE_RETURN_IF_ERROR(writer->StartField(field));
  for (const auto& [term, meta] : vocabulary) SEGUE_RETURN_IF_ERROR(writer->Add(term, meta));
  return writer->FinishField();
}

struct BuiltDictionary {
  Section terms;
  DictionaryFieldMeta meta;
};

// The dictionary behind a few bytes of something else, as a second field would be.
inline BuiltDictionary Build(const Vocabulary& vocabulary, ReadMode mode = ReadMode::kMmap) {
  TestFile file;
  EXPECT_TRUE(file.file()->Append("before").ok());
  DictionaryWriter writer(file.file());
  auto meta = WriteField(&writer, 3, vocabulary);
  EXPECT_TRUE(meta.ok()) << meta.status();
  EXPECT_TRUE(file.file()->Append("behind").ok());
  return {file.Body(mode), meta.ok() ? *meta : DictionaryFieldMeta{}};
}

// Offsets of lists without bytes mean nothing.
inline bool SameMeta(const TermMeta& a, const TermMeta& b) {
  return a.doc_freq == b.doc_freq && a.total_freq == b.total_freq && a.single_doc == b.single_doc &&
         a.post_bytes == b.post_bytes && a.pos_bytes == b.pos_bytes &&
         a.bound_bytes == b.bound_bytes && (a.post_bytes == 0 || a.post_offset == b.post_offset) &&
         (a.pos_bytes == 0 || a.pos_offset == b.pos_offset) &&
         (a.bound_bytes == 0 || a.bound_offset == b.bound_offset);
}

}  // namespace segue

#endif  // SEGUE_TESTS_FORMAT_DICTIONARY_TEST_UTIL_H_
