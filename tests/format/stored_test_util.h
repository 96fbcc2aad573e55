// SPDX-License-Identifier: Apache-2.0
//
// What the tests of stored fields share: documents of any kind, written to a file in memory.
#ifndef SEGUE_TESTS_FORMAT_STORED_TEST_UTIL_H_
#define SEGUE_TESTS_FORMAT_STORED_TEST_UTIL_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/format/stored_reader.h"
#include "engine/format/stored_writer.h"
#include "tests/format/format_test_util.h"

namespace segue {

using StoredDocument = std::vector<StoredField>;

struct BuiltStored {
  Section body;
  StoredMeta meta;
};

inline BuiltStored Build(const std::vector<StoredDocument>& documents,
                         ReadMode mode = ReadMode::kMmap, StoredCodec codec = StoredCodec::kSnappy,
                         const std::string& dictionary = {}) {
  TestFile file;
  EXPECT_TRUE(file.file()->Append("before").ok());
  StoredWriter writer(file.file(), codec, dictionary);
  for (const StoredDocument& document : documents) EXPECT_TRUE(writer.Add(document).ok());
  const auto meta = writer.Finish();
  EXPECT_TRUE(meta.ok()) << meta.status();
  return {file.Body(mode), meta.ok() ? *meta : StoredMeta{}};
}

inline std::string RandomText(size_t bytes, bool compressible, SeededRandom* random) {
  std::string text(bytes, ' ');
  for (char& c : text) {
    c = compressible ? "etaoin shrdlu"[random->Below(13) & random->Below(13)]
                     : static_cast<char>(random->Next());
  }
  return text;
}

inline StoredField RandomField(size_t max_bytes, SeededRandom* random) {
  StoredField field;
  field.field = random->U32() >> random->Below(32);
  field.type = static_cast<ValueType>(1 + random->Below(8));
  switch (field.type) {
    case ValueType::kInt64:
    case ValueType::kTimestamp:
      field.value =
          static_cast<int64_t>(random->Next() >> random->Below(64)) * (random->OneIn(2) ? 1 : -1);
      break;
    case ValueType::kFloat64:
      field.value = static_cast<double>(random->Next()) / 1e9 - 1e5;
      break;
    case ValueType::kBool:
      field.value = random->OneIn(2);
      break;
    case ValueType::kGeoPoint:
      field.value = GeoPoint{.latitude = static_cast<double>(random->Below(180001)) / 1e3 - 90,
                             .longitude = static_cast<double>(random->Below(360001)) / 1e3 - 180};
      break;
    default:
      field.value = RandomText(random->Below(max_bytes + 1), random->OneIn(2), random);
  }
  return field;
}

inline std::vector<StoredDocument> RandomDocuments(size_t count, size_t max_fields,
                                                   size_t max_bytes, SeededRandom* random) {
  std::vector<StoredDocument> documents(count);
  for (StoredDocument& document : documents) {
    for (uint64_t i = random->Below(max_fields + 1); i > 0; --i) {
      document.push_back(RandomField(max_bytes, random));
    }
  }
  return documents;
}

inline void ExpectComesBack(const std::vector<StoredDocument>& documents, const BuiltStored& built,
                            SeededRandom* random) {
  const auto reader = StoredReader::Open(built.body, built.meta);
  ASSERT_TRUE(reader.ok()) << reader.status();
  ASSERT_EQ(reader->doc_count(), documents.size());
  StoredCache cache;
  for (DocId doc = 0; doc < documents.size(); ++doc) {
    const auto found = reader->Get(doc, &cache);
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_EQ(*found, documents[doc]) << "document " << doc;
  }
  for (int i = 0; i < 50 && !documents.empty(); ++i) {
    const auto doc = static_cast<DocId>(random->Below(documents.size()));
    const auto found = reader->Get(doc);
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_EQ(*found, documents[doc]);
  }
  EXPECT_EQ(CodeOf(reader->Get(reader->doc_count()).status()), ErrorCode::kInvalidArgument);
}

// Of damaged bytes each of some documents is read, or refused as damage or as too large.
inline void ExpectResultOrRefusal(const std::string& bytes, const StoredMeta& meta) {
  const auto reader = StoredReader::Open(Section::FromBytes(bytes), meta);
  if (!reader.ok()) {
    EXPECT_EQ(CodeOf(reader.status()), ErrorCode::kDataLoss) << reader.status();
    return;
  }
  StoredCache cache;
  for (DocId doc = 0; doc < std::min<DocId>(150, reader->doc_count()); doc += 3) {
    const auto found = reader->Get(doc, &cache);
    const ErrorCode code = CodeOf(found.status());
    EXPECT_TRUE(code == ErrorCode::kOk || code == ErrorCode::kDataLoss ||
                code == ErrorCode::kResourceExhausted)
        << found.status();
  }
}

}  // namespace segue

#endif  // SEGUE_TESTS_FORMAT_STORED_TEST_UTIL_H_
