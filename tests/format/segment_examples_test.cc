// SPDX-License-Identifier: Apache-2.0
// The worked examples of docs/format.md that belong to one small segment: three documents with a
// text, a year and a key, the second one deleted later. Each is what the code writes, and reads.
#include <gtest/gtest.h>

#include <string>

#include "engine/format/column_reader.h"
#include "engine/format/column_writer.h"
#include "engine/format/dictionary_reader.h"
#include "engine/format/dictionary_writer.h"
#include "engine/format/key_column.h"
#include "engine/format/live_docs.h"
#include "engine/format/norms_reader.h"
#include "engine/format/norms_writer.h"
#include "engine/format/segment_meta.h"
#include "engine/format/set_values.h"
#include "engine/format/set_values_writer.h"
#include "engine/format/stored_reader.h"
#include "engine/format/stored_writer.h"
#include "tests/format/format_doc.h"
#include "tests/format/format_test_util.h"

namespace segue {
namespace {

constexpr FieldId kText = 1;
constexpr FieldId kYear = 2;

// "sea" is in document 1 alone, "segue" twice in 0 and once in 2, "the" in all, often.
struct ExampleTerm {
  const char* term;
  TermMeta meta;
};
std::vector<ExampleTerm> Terms() {
  return {
      {"sea", {.doc_freq = 1, .total_freq = 1, .single_doc = 1, .pos_bytes = 1}},
      {"segue", {.doc_freq = 2, .total_freq = 3, .post_bytes = 5, .pos_offset = 1, .pos_bytes = 2}},
      {"the",
       {.doc_freq = 3,
        .total_freq = 900,
        .post_offset = 5,
        .post_bytes = 9,
        .pos_offset = 3,
        .pos_bytes = 700}}};
}

DictionaryFieldMeta WriteTerms(FramedWriter* file) {
  DictionaryWriter writer(file);
  EXPECT_TRUE(writer.StartField(kText).ok());
  for (const ExampleTerm& term : Terms()) EXPECT_TRUE(writer.Add(term.term, term.meta).ok());
  return *writer.FinishField();
}

NormsMeta WriteNorms(FramedWriter* file) {
  return *NormsWriter(file).Add(std::vector<uint8_t>{7, 1, 40});
}

NormsMeta WriteSparseNorms(FramedWriter* file) {
  std::vector<uint8_t> norms(300);
  norms[200] = 7;
  norms[201] = 1;
  return *NormsWriter(file).Add(norms);
}

std::vector<StoredField> StoredDocument(DocId doc) {
  if (doc == 1) return {};
  return {{kText, ValueType::kText, std::string(doc == 0 ? "segue" : "the")},
          {kYear, ValueType::kInt64, int64_t{doc == 0 ? 2001 : 2004}}};
}

StoredMeta WriteStored(FramedWriter* file) {
  StoredWriter writer(file);
  for (DocId doc = 0; doc < 3; ++doc) EXPECT_TRUE(writer.Add(StoredDocument(doc)).ok());
  return *writer.Finish();
}

ColumnMeta WriteColumn(FramedWriter* file) {
  ColumnWriter writer(file, ValueType::kInt64, false);
  EXPECT_TRUE(writer.Add(0, 2001).ok());
  EXPECT_TRUE(writer.Add(2, 2004).ok());
  // One block: there is nothing to put in order.
  return *writer.Finish(3, [](AddColumnValue) { return absl::OkStatus(); });
}

KeyColumnMeta WriteKeys(FramedWriter* file) {
  KeyColumnWriter writer(file);
  for (const char* key : {"k1", "k22", "k3"}) EXPECT_TRUE(writer.Add(key).ok());
  return *writer.Finish();
}

template <typename Write>
auto MetaOf(Write write) {
  TestFile file;
  return write(file.file());
}

template <typename Write>
std::string BytesOf(Write write) {
  TestFile file;
  write(file.file());
  return file.Bytes();
}

SegmentMeta ExampleMeta() {
  SegmentMeta meta;
  meta.segment = SegmentId{1};
  meta.doc_count = 3;
  SegmentFieldMeta text;
  text.field = kText;
  text.name = "text";
  text.type = ValueType::kText;
  text.indexed = text.freqs = text.positions = text.stored = true;
  text.doc_count = 3;
  text.sum_total_freq = 904;
  text.sum_doc_freq = 6;
  text.min_length = 1;
  text.max_length = 896;
  text.analyzer_fingerprint = 0x0123456789abcdef;
  text.bounds = {1.5f, 0.75f, 301.25f};
  text.dictionary = MetaOf(WriteTerms);
  text.norms = MetaOf(WriteNorms);
  SegmentFieldMeta year;
  year.field = kYear;
  year.name = "year";
  year.type = ValueType::kInt64;
  year.stored = true;
  year.column = MetaOf(WriteColumn);
  meta.fields = {text, year};
  meta.stored = MetaOf(WriteStored);
  meta.keys = MetaOf(WriteKeys);
  return meta;
}

TEST(SegmentExamples, Terms) {
  ExpectDocBytes("terms", BytesOf(WriteTerms));
  const auto dictionary =
      Dictionary::Open(Section::FromBytes(DocBytes("terms")), MetaOf(WriteTerms));
  ASSERT_TRUE(dictionary.ok()) << dictionary.status();
  for (const ExampleTerm& term : Terms()) {
    const auto entry = dictionary->Find(term.term);
    ASSERT_TRUE(entry.ok() && entry->has_value()) << entry.status();
    EXPECT_EQ((*entry)->meta.total_freq, term.meta.total_freq);
    EXPECT_EQ((*entry)->meta.pos_offset, term.meta.pos_offset);
  }
}

TEST(SegmentExamples, Norms) {
  ExpectDocBytes("norms", BytesOf(WriteNorms));
  const auto norms = Norms::Open(Section::FromBytes(DocBytes("norms")), MetaOf(WriteNorms));
  ASSERT_TRUE(norms.ok()) << norms.status();
  EXPECT_EQ(norms->data()[2], 40);
}

TEST(SegmentExamples, NormsOfFewDocuments) {
  ExpectDocBytes("norms-sparse", BytesOf(WriteSparseNorms));
  const auto norms =
      Norms::Open(Section::FromBytes(DocBytes("norms-sparse")), MetaOf(WriteSparseNorms));
  ASSERT_TRUE(norms.ok()) << norms.status();
  EXPECT_EQ(norms->data()[200], 7);
  EXPECT_EQ(norms->data()[201], 1);
  EXPECT_EQ(norms->data()[202], 0);
}

TEST(SegmentExamples, Stored) {
  ExpectDocBytes("stored", BytesOf(WriteStored));
  const auto stored =
      StoredReader::Open(Section::FromBytes(DocBytes("stored")), MetaOf(WriteStored));
  ASSERT_TRUE(stored.ok()) << stored.status();
  for (DocId doc = 0; doc < 3; ++doc) EXPECT_EQ(*stored->Get(doc), StoredDocument(doc));
}

TEST(SegmentExamples, Column) {
  ExpectDocBytes("column", BytesOf(WriteColumn));
  const auto column = Column::Open(Section::FromBytes(DocBytes("column")), MetaOf(WriteColumn));
  ASSERT_TRUE(column.ok()) << column.status();
  EXPECT_EQ(**column->Get(0), 2001);
  EXPECT_FALSE(column->Get(1)->has_value());
  EXPECT_EQ(**column->Get(2), 2004);
}

TEST(SegmentExamples, Keys) {
  ExpectDocBytes("keys", BytesOf(WriteKeys));
  const auto keys = KeyColumn::Open(Section::FromBytes(DocBytes("keys")), MetaOf(WriteKeys));
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_EQ(*keys->Get(1), "k22");
}

TEST(SegmentExamples, Live) {
  Bitset live(3, true);
  live.Clear(1);
  ExpectDocBytes("live",
                 BytesOf([&](FramedWriter* file) { return WriteLiveDocs(file, live).ok(); }));
  const auto read = ReadLiveDocs(Section::FromBytes(DocBytes("live")), 3);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->live_count, 2u);
}

TEST(SegmentExamples, SetValues) {
  ExpectDocBytes("values", BytesOf([](FramedWriter* file) {
                   SegmentFieldMeta plays;
                   plays.field = 2;
                   plays.name = "plays";
                   plays.type = ValueType::kInt64;
                   SetValuesWriter writer(file, SegmentId{1}, 3);
                   return writer
                              .AddField(plays,
                                        [](AddColumnValue add) {
                                          const absl::Status status = add(0, 7);
                                          return status.ok() ? add(2, 9) : status;
                                        })
                              .ok() &&
                          writer.Finish().ok();
                 }));
  const auto read = ReadSetValues(Section::FromBytes(DocBytes("values")), SegmentId{1}, 3);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(**read->columns[0].Get(2), 9);
}

TEST(SegmentExamples, Meta) {
  const auto bytes = ExampleMeta().Encode();
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  ExpectDocBytes("meta", *bytes);
  const std::string documented = DocBytes("meta");
  const auto meta = SegmentMeta::Decode(std::span<const uint8_t>(
      reinterpret_cast<const uint8_t*>(documented.data()), documented.size()));
  ASSERT_TRUE(meta.ok()) << meta.status();
  EXPECT_TRUE(*meta == ExampleMeta());
}

}  // namespace
}  // namespace segue
