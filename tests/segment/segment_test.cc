// SPDX-License-Identifier: Apache-2.0
//
// SegmentBuilder and Segment together: what is built is what is read; what is
// damaged or missing is said so.
#include "engine/segment/segment.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/column_reader.h"
#include "engine/format/dictionary_reader.h"
#include "engine/format/file_kind.h"
#include "engine/format/key_column.h"
#include "engine/format/live_docs.h"
#include "engine/format/manifest_io.h"
#include "engine/format/postings_reader.h"
#include "engine/format/segment_meta.h"
#include "engine/format/set_values.h"
#include "engine/format/set_values_writer.h"
#include "engine/format/stored_reader.h"
#include "engine/io/fault_env.h"
#include "engine/io/framed_file.h"
#include "engine/segment/segment_builder.h"

namespace segue {
namespace {

constexpr char kDir[] = "dir";
constexpr DocId kDocs = 300;

class SegmentTest : public testing::Test {
 protected:
  SegmentTest() { EXPECT_TRUE(env_.CreateDir(kDir).ok()); }

  std::vector<SegmentFieldSpec> Specs() const {
    std::vector<SegmentFieldSpec> specs(3);
    specs[0].id = 1;
    specs[0].name = "id";
    specs[0].type = FieldType::kKeyword;
    specs[1].id = 4;
    specs[1].name = "text";
    specs[1].freqs = specs[1].positions = true;
    specs[1].analyzer_fingerprint = 77;
    specs[2].id = 9;
    specs[2].name = "year";
    specs[2].type = FieldType::kInt64;
    return specs;
  }

  // Document d has key "kd" (three digits), text "all" d % 3 + 1 times and, if
  // even, "even" once, year 1900 + d, and stores its key.
  absl::Status WriteAll(SegmentBuilder* builder) {
    for (const SegmentFieldSpec& spec : Specs()) {
      SEGUE_RETURN_IF_ERROR(builder->AddField(spec));
    }
    SEGUE_RETURN_IF_ERROR(builder->StartTerms(1, {}, 1));
    for (DocId doc = 0; doc < kDocs; ++doc) {
      builder->StartTerm();
      SEGUE_RETURN_IF_ERROR(builder->Add(doc, 1, {}));
      SEGUE_RETURN_IF_ERROR(builder->FinishTerm(Key(doc)));
    }
    SEGUE_RETURN_IF_ERROR(builder->FinishTerms({kDocs, 1, 1}));
    for (DocId doc = 0; doc < kDocs; ++doc) {
      norms_.push_back(SegmentBuilder::NormOfLength(doc % 3 + 1 + (doc % 2 == 0)));
    }
    SEGUE_RETURN_IF_ERROR(builder->StartTerms(4, norms_, 2.5f));
    const uint32_t positions[] = {0, 1, 2};
    builder->StartTerm();
    for (DocId doc = 0; doc < kDocs; ++doc) {
      SEGUE_RETURN_IF_ERROR(builder->Add(doc, doc % 3 + 1, std::span(positions, doc % 3 + 1)));
    }
    SEGUE_RETURN_IF_ERROR(builder->FinishTerm("all"));
    builder->StartTerm();
    const uint32_t even_position[] = {7};
    for (DocId doc = 0; doc < kDocs; doc += 2) {
      SEGUE_RETURN_IF_ERROR(builder->Add(doc, 1, even_position));
    }
    SEGUE_RETURN_IF_ERROR(builder->FinishTerm("even"));
    SEGUE_RETURN_IF_ERROR(builder->FinishTerms({kDocs, 1, 4}));
    SEGUE_ASSIGN_OR_RETURN(ColumnWriter * column, builder->StartColumn(9));
    const auto years = [](AddColumnValue add) {
      for (DocId doc = 0; doc < kDocs; ++doc) SEGUE_RETURN_IF_ERROR(add(doc, 1900 + doc));
      return absl::OkStatus();
    };
    SEGUE_RETURN_IF_ERROR(
        years([column](DocId doc, int64_t year) { return column->Add(doc, year); }));
    SEGUE_RETURN_IF_ERROR(builder->FinishColumn(years));
    for (DocId doc = 0; doc < kDocs; ++doc) {
      std::string encoded;
      const StoredField field = {1, FieldType::kKeyword, Key(doc)};
      SEGUE_RETURN_IF_ERROR(EncodeStoredDocument({&field, 1}, &encoded));
      SEGUE_RETURN_IF_ERROR(builder->AddStored(encoded));
      SEGUE_RETURN_IF_ERROR(builder->AddKey(Key(doc)));
    }
    return absl::OkStatus();
  }

  ManifestSegment Build() {
    SegmentBuilder builder(&env_, kDir, SegmentId{5}, kDocs);
    const absl::Status written = WriteAll(&builder);
    EXPECT_TRUE(written.ok()) << written;
    const auto entry = builder.Finish();
    EXPECT_TRUE(entry.ok()) << entry.status();
    return *entry;
  }

  static std::string Key(DocId doc) { return Cat("k", 100 + doc); }

  absl::StatusOr<std::shared_ptr<const Segment>> Open(const ManifestSegment& entry,
                                                      const OpenOptions& options = {}) {
    return Segment::Open(&env_, kDir, entry, options);
  }

  // The entry of a generation in which document 3 has the value 42 in these fields, and no other
  // document has one.
  ManifestSegment WithSetValue(ManifestSegment entry, uint64_t number,
                               const std::vector<SegmentFieldMeta>& fields) {
    auto file = FramedWriter::Create(&env_, JoinPath(kDir, ValuesFileName(entry.id, number)),
                                     kValuesKind, kValuesVersion, entry.id);
    EXPECT_TRUE(file.ok()) << file.status();
    SetValuesWriter writer(file->get(), entry.id, kDocs);
    for (const SegmentFieldMeta& field : fields) {
      EXPECT_TRUE(writer.AddField(field, [](AddColumnValue add) { return add(3, 42); }).ok());
    }
    EXPECT_TRUE(writer.Finish().ok());
    entry.files.push_back({FileClass::kOverlay, kValuesKind, *(*file)->Finish()});
    return entry;
  }

  // Replaces the body of the entry's file of a kind, behind valid checksums.
  void Reseal(FileKind kind, std::string_view body, ManifestSegment* entry) {
    for (ManifestFile& file : entry->files) {
      if (file.kind != kind) continue;
      const std::string path = JoinPath(kDir, file.info.name);
      const FrameInfo frame = ReadFrameInfo(&env_, path).value();
      env_.SetContents(path, FrameBytes(kind, frame.version, entry->id, body));
      file.info = ReadFrameInfo(&env_, path)->file;
    }
  }
  std::string Body(FileKind kind, const ManifestSegment& entry) {
    const ManifestFile& file = *entry.Find(kind);
    OpenOptions options;
    options.max_version = UINT32_MAX;
    const auto body =
        OpenFramed(&env_, JoinPath(kDir, file.info.name), kind, entry.id, options).value();
    return std::string(body.PinAll()->view());
  }
  // A new segment whose metadata says something else.
  ManifestSegment BuildWith(const std::function<void(SegmentMeta*)>& change) {
    ManifestSegment entry = Build();
    const std::string body = Body(kMetaKind, entry);
    SegmentMeta meta =
        *SegmentMeta::Decode({reinterpret_cast<const uint8_t*>(body.data()), body.size()});
    change(&meta);
    Reseal(kMetaKind, meta.Encode().value(), &entry);
    return entry;
  }
  // Opening must be data loss, and say `what`.
  void ExpectLoss(const absl::Status& status, std::string_view what) {
    EXPECT_EQ(CodeOf(status), ErrorCode::kDataLoss) << what;
    EXPECT_NE(MessageOf(status).find(what), std::string_view::npos) << status;
  }
  void RemoveFiles(const ManifestSegment& entry) {
    for (const ManifestFile& file : entry.files) {
      ASSERT_TRUE(env_.Remove(JoinPath(kDir, file.info.name)).ok());
    }
    norms_.clear();
  }

  FaultEnv env_;
  std::vector<uint8_t> norms_;
};

TEST_F(SegmentTest, WhatIsBuiltIsRead) {
  const ManifestSegment entry = Build();
  EXPECT_EQ(entry.files.size(), std::size(kSegmentFileKinds));
  const auto opened = Open(entry);
  ASSERT_TRUE(opened.ok()) << opened.status();
  const Segment& segment = **opened;
  EXPECT_EQ(segment.id(), SegmentId{5});
  EXPECT_EQ(segment.doc_count(), kDocs);
  EXPECT_EQ(segment.live_count(), kDocs);
  EXPECT_EQ(segment.live(), nullptr);
  EXPECT_EQ(segment.fields().size(), 3u);
  EXPECT_EQ(segment.field("nothing"), nullptr);
  EXPECT_EQ(segment.total_bytes(), entry.TotalBytes());
  EXPECT_TRUE(segment.VerifyFiles().ok());

  const SegmentField* text = segment.field("text");
  ASSERT_NE(text, nullptr);
  EXPECT_EQ(text, segment.field(FieldId{4}));
  EXPECT_EQ(text->statistics(), (FieldStatistics{kDocs, 600 + 150}));
  EXPECT_EQ(text->sum_doc_freq(), kDocs + 150);
  EXPECT_EQ(text->min_length(), 1u);
  EXPECT_EQ(text->max_length(), 4u);
  EXPECT_EQ(text->analyzer_fingerprint(), 77u);
  EXPECT_EQ(text->bounds(), (BoundParameters{1.2f, 0.75f, 2.5f}));
  EXPECT_EQ(std::vector<uint8_t>(text->norms(), text->norms() + kDocs), norms_);
  const auto even = text->dictionary()->Find("even");
  ASSERT_TRUE(even.ok() && even->has_value());
  EXPECT_EQ((*even)->meta.doc_freq, 150u);
  auto list = PostingList::Open(text->postings(), (*even)->meta, true);
  ASSERT_TRUE(list.ok());
  std::vector<uint32_t> positions;
  EXPECT_EQ(list->ReadPositions(1, 3, &positions), 1u);
  EXPECT_EQ(positions[0], 7u);

  const SegmentField* id = segment.field("id");
  EXPECT_FALSE(id->has_freqs());
  EXPECT_EQ(id->norms()[kDocs - 1], 1);
  EXPECT_EQ(*segment.field("year")->column()->Get(17), 1917);
  EXPECT_EQ(segment.field("year")->dictionary(), nullptr);
  EXPECT_EQ(*segment.keys()->Get(42), Key(42));
  EXPECT_EQ(std::get<std::string>((*segment.stored()->Get(42))[0].value), Key(42));
}

TEST_F(SegmentTest, FindsLiveKeysOnly) {
  const auto segment = Open(Build());
  ASSERT_TRUE(segment.ok());
  EXPECT_EQ(*(*segment)->FindKey("id", Key(7)), 7u);
  EXPECT_EQ(*(*segment)->FindKey("id", "none"), kEndOfDocs);
  EXPECT_EQ(*(*segment)->FindKey("other", Key(7)), kEndOfDocs);
  auto live = std::make_shared<Bitset>(kDocs, true);
  live->Clear(7);
  const auto later = (*segment)->WithLive(live);
  EXPECT_EQ(later->live_count(), kDocs - 1);
  EXPECT_FALSE(later->IsLive(7));
  EXPECT_EQ(*later->FindKey("id", Key(7)), kEndOfDocs);
  EXPECT_EQ(*later->FindKey("id", Key(8)), 8u);
  EXPECT_TRUE((*segment)->IsLive(7)) << "the earlier one never changes";
}

// A key of several documents: an upsert leaves the old one behind, deleted.
TEST_F(SegmentTest, FindsTheFirstLiveDocumentOfAKey) {
  const auto segment = Open(Build());
  ASSERT_TRUE(segment.ok());
  EXPECT_EQ(*(*segment)->FindKey("text", "even"), 0u);
  auto live = std::make_shared<Bitset>(kDocs, true);
  for (DocId doc = 0; doc < 260; ++doc) live->Clear(doc);
  EXPECT_EQ(*(*segment)->WithLive(live)->FindKey("text", "even"), 260u);
  for (DocId doc = 260; doc < kDocs; ++doc) live->Clear(doc);
  EXPECT_EQ(*(*segment)->WithLive(live)->FindKey("text", "even"), kEndOfDocs);
  EXPECT_EQ(*(*segment)->FindKey("year", "1900"), kEndOfDocs) << "a field without terms";
}

TEST_F(SegmentTest, LiveDocumentsFromAFile) {
  ManifestSegment entry = Build();
  Bitset live(kDocs, true);
  live.Clear(3);
  live.Clear(299);
  auto file = FramedWriter::Create(&env_, JoinPath(kDir, LiveFileName(entry.id, 2)), kLiveKind,
                                   kLiveVersion, entry.id);
  ASSERT_TRUE(file.ok() && WriteLiveDocs(file->get(), live).ok());
  entry.files.push_back({FileClass::kOverlay, kLiveKind, *(*file)->Finish()});
  entry.live_generation = 2;
  entry.deleted_count = 2;
  const auto segment = Open(entry);
  ASSERT_TRUE(segment.ok()) << segment.status();
  EXPECT_EQ((*segment)->live_count(), kDocs - 2);
  EXPECT_FALSE((*segment)->IsLive(299));

  entry.deleted_count = 1;
  EXPECT_EQ(CodeOf(Open(entry).status()), ErrorCode::kDataLoss);
  entry.deleted_count = 2;
  entry.live_generation = 3;
  EXPECT_EQ(CodeOf(Open(entry).status()), ErrorCode::kDataLoss);
  entry.live_generation = 2;
  ManifestSegment unlisted = entry;
  unlisted.files.pop_back();
  ExpectLoss(Open(unlisted).status(), "the manifest does not list its live documents");
  Reseal(kLiveKind, std::string(8 + 8 * 5, '\0'), &entry);
  ExpectLoss(Open(entry).status(), "live documents of a segment of 0 documents");
  ASSERT_TRUE(env_.Remove(JoinPath(kDir, entry.files.back().info.name)).ok());
  EXPECT_EQ(CodeOf(Open(entry).status()), ErrorCode::kNotFound);
}

SegmentFieldMeta FieldOf(FieldId id, std::string name, FieldType type) {
  SegmentFieldMeta meta;
  meta.field = id;
  meta.name = std::move(name);
  meta.type = type;
  return meta;
}

TEST_F(SegmentTest, ValuesSetSince) {
  const ManifestSegment entry = Build();
  // In a field between those that there are, and in one of them.
  const ManifestSegment set =
      WithSetValue(entry, 1,
                   {FieldOf(5, "plays", FieldType::kInt64), FieldOf(9, "year", FieldType::kInt64),
                    FieldOf(12, "rating", FieldType::kFloat64)});
  const auto before = Open(entry).value();
  const auto segment = Open(set);
  ASSERT_TRUE(segment.ok()) << segment.status();
  ASSERT_EQ((*segment)->fields().size(), 5u);
  EXPECT_EQ((*segment)->fields()[2].name(), "plays");
  EXPECT_EQ((*segment)->fields()[4].name(), "rating");
  EXPECT_EQ((*segment)->field("plays"), (*segment)->field(FieldId{5}));
  EXPECT_EQ(*(*segment)->field("plays")->column()->Get(3), 42);
  EXPECT_EQ(*(*segment)->field("year")->column()->Get(3), 42);
  EXPECT_EQ(*(*segment)->field("year")->column()->Get(4), std::nullopt);
  EXPECT_NE((*segment)->field("text")->dictionary(), nullptr);
  EXPECT_TRUE((*segment)->VerifyFiles().ok());
  EXPECT_EQ(before->set_values(), nullptr);
  EXPECT_EQ(*before->field("year")->column()->Get(4), 1904);

  // Other generations: with them, still with them, with others, without.
  const auto with = before->InGeneration(&env_, kDir, set, {}).value();
  EXPECT_EQ(*with->field("plays")->column()->Get(3), 42);
  const auto still = with->InGeneration(&env_, kDir, set, {}).value();
  EXPECT_EQ(still->set_values(), with->set_values()) << "nothing is read again";
  const ManifestSegment others = WithSetValue(entry, 2, {FieldOf(9, "year", FieldType::kInt64)});
  EXPECT_EQ(with->InGeneration(&env_, kDir, others, {}).value()->field("plays"), nullptr);
  EXPECT_EQ(with->InGeneration(&env_, kDir, entry, {}).value()->set_values(), nullptr);
}

TEST_F(SegmentTest, ValuesOfAnotherFieldAreDataLoss) {
  const ManifestSegment entry = Build();
  ExpectLoss(Open(WithSetValue(entry, 1, {FieldOf(9, "years", FieldType::kInt64)})).status(),
             "\"years\"");
  ExpectLoss(Open(WithSetValue(entry, 2, {FieldOf(9, "year", FieldType::kTimestamp)})).status(),
             "were set as of a timestamp");
  ManifestSegment damaged = WithSetValue(entry, 3, {FieldOf(9, "year", FieldType::kInt64)});
  Reseal(kValuesKind, "too short", &damaged);
  EXPECT_EQ(CodeOf(Open(damaged).status()), ErrorCode::kDataLoss);
  ManifestSegment missing = WithSetValue(entry, 4, {FieldOf(9, "year", FieldType::kInt64)});
  ASSERT_TRUE(env_.Remove(JoinPath(kDir, missing.files.back().info.name)).ok());
  EXPECT_EQ(CodeOf(Open(missing).status()), ErrorCode::kNotFound);
}

TEST_F(SegmentTest, AGenerationWithoutLiveDocumentsHasAll) {
  const ManifestSegment entry = Build();
  const auto whole = Open(entry).value();
  auto live = std::make_shared<Bitset>(kDocs, true);
  live->Clear(3);
  const auto some = whole->WithLive(live);
  ASSERT_FALSE(some->IsLive(3));
  const auto all = some->InGeneration(&env_, kDir, entry, {});
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ((*all)->live_count(), kDocs);
  EXPECT_TRUE((*all)->IsLive(3));
  EXPECT_FALSE(some->IsLive(3));
}

TEST_F(SegmentTest, StaysOpenWhenItsFilesAreRemoved) {
  const ManifestSegment entry = Build();
  const auto segment = Open(entry);
  ASSERT_TRUE(segment.ok());
  for (const ManifestFile& file : entry.files) {
    ASSERT_TRUE(env_.Remove(JoinPath(kDir, file.info.name)).ok());
  }
  EXPECT_TRUE((*segment)->VerifyFiles().ok());
  EXPECT_EQ(*(*segment)->FindKey("id", Key(7)), 7u);
  EXPECT_EQ(CodeOf(Open(entry).status()), ErrorCode::kNotFound);
}

TEST_F(SegmentTest, AFileThatIsNotListedOrNotThere) {
  const ManifestSegment entry = Build();
  for (size_t i = 0; i < entry.files.size(); ++i) {
    ManifestSegment without = entry;
    without.files.erase(without.files.begin() + static_cast<long>(i));
    EXPECT_EQ(CodeOf(Open(without).status()), ErrorCode::kDataLoss) << entry.files[i].info.name;
  }
  ManifestSegment other = entry;
  other.doc_count = kDocs + 1;
  EXPECT_EQ(CodeOf(Open(other).status()), ErrorCode::kDataLoss);
}

// Metadata with valid checksums that does not fit the rest.
TEST_F(SegmentTest, MetadataThatContradictsTheOtherFiles) {
  ManifestSegment entry = BuildWith([](SegmentMeta* meta) { meta->segment = SegmentId{6}; });
  ExpectLoss(Open(entry).status(), "found segment 0000000000000006 of 300 documents");
  RemoveFiles(entry);
  entry = BuildWith([](SegmentMeta* meta) { meta->fields[1].norms.reset(); });
  ExpectLoss(Open(entry).status(), "no norms for the indexed field 'text'");
  RemoveFiles(entry);
  entry = BuildWith([](SegmentMeta* meta) { meta->keys->keys_bytes += 1 << 20; });
  ExpectLoss(Open(entry).status(), "seg-0000000000000005.key");
  RemoveFiles(entry);
  entry = Build();
  Reseal(kMetaKind, "\x01 not metadata", &entry);
  ExpectLoss(Open(entry).status(), "seg-0000000000000005.meta: segment metadata at byte");
}

TEST_F(SegmentTest, WithoutStoredFieldsAndKeys) {
  const auto segment = Open(BuildWith([](SegmentMeta* meta) {
    meta->stored.reset();
    meta->keys.reset();
  }));
  ASSERT_TRUE(segment.ok()) << segment.status();
  EXPECT_EQ((*segment)->stored(), nullptr);
  EXPECT_EQ((*segment)->keys(), nullptr);
  EXPECT_EQ((*segment)->field(FieldId{2}), nullptr);
  EXPECT_EQ((*segment)->WithLive(nullptr)->live_count(), kDocs);
}

TEST_F(SegmentTest, AFileOfALaterKindIsLeftAlone) {
  ManifestSegment entry = Build();
  const size_t files = Open(entry).value()->files().size();
  entry.files.push_back(
      {FileClass::kImmutable, FileKind::Of("xtra"), {"seg-0000000000000005.extra", 5, 6}});
  const auto segment = Open(entry);
  ASSERT_TRUE(segment.ok()) << segment.status();
  EXPECT_EQ((*segment)->files().size(), files);
}

// Keys are looked up in blocks that opening has not read.
TEST_F(SegmentTest, DamageBehindAKeyIsDataLoss) {
  ManifestSegment entry = Build();
  const auto segment = Open(entry).value();
  const TermMeta even = (*segment->field("text")->dictionary()->Find("even"))->meta;
  const DictionaryFieldMeta& terms = segment->field("text")->dictionary()->field_meta();
  const std::string post = Body(kPostingsKind, entry);
  std::string bad = post;
  bad[even.post_offset] = 7;
  Reseal(kPostingsKind, bad, &entry);
  ExpectLoss(Open(entry).value()->FindKey("text", "even").status(), "unknown kind of list");
  bad = post;
  // The first document of the first block, behind the kind and the last document.
  for (size_t i = 0; i < 4; ++i) bad[even.post_offset + 5 + i] = '\xff';
  Reseal(kPostingsKind, bad, &entry);
  ExpectLoss(Open(entry).value()->FindKey("text", "even").status(),
             "bitmap, ranks and skip data disagree");
  bad = Body(kTermsKind, entry);
  for (size_t i = 0; i < 3; ++i) bad[terms.blocks_offset + i] = '\x7f';
  Reseal(kTermsKind, bad, &entry);
  ExpectLoss(Open(entry).value()->FindKey("text", "even").status(), "longer than the block");
}

// One byte of each file in turn is another: found while opening or verifying.
TEST_F(SegmentTest, DamageIsFound) {
  const ManifestSegment entry = Build();
  OpenOptions options;
  options.read_mode = ReadMode::kPread;
  for (const ManifestFile& file : entry.files) {
    const std::string path = JoinPath(kDir, file.info.name);
    const std::string good = *env_.Contents(path);
    for (size_t at = 0; at < good.size(); at += 1 + good.size() / 60) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 0x10);
      env_.SetContents(path, bad);
      const auto segment = Open(entry, options);
      const absl::Status status = segment.ok() ? (*segment)->VerifyFiles() : segment.status();
      EXPECT_FALSE(status.ok()) << file.info.name << " byte " << at;
      EXPECT_TRUE(CodeOf(status) == ErrorCode::kDataLoss || CodeOf(status) == ErrorCode::kVersion)
          << status;
    }
    env_.SetContents(path, good);
  }
  EXPECT_TRUE(Open(entry, options).ok());
}

TEST_F(SegmentTest, AnUnfinishedBuilderLeavesNoFile) {
  {
    SegmentBuilder builder(&env_, kDir, SegmentId{5}, kDocs);
    ASSERT_TRUE(WriteAll(&builder).ok());
  }
  EXPECT_TRUE(env_.List(kDir)->empty());
}

// Every write and sync of a builder fails once: an error, and no file is left.
TEST_F(SegmentTest, AFailingBuilderLeavesNoFile) {
  env_.ClearOps();
  Build();
  const size_t ops = env_.op_count();
  for (size_t op = 0; op < ops; ++op) {
    FaultEnv env;
    ASSERT_TRUE(env.CreateDir(kDir).ok());
    env.ClearOps();
    env.FailAt(op, FaultEnv::DiskFull());
    norms_.clear();
    {
      SegmentBuilder builder(&env, kDir, SegmentId{5}, kDocs);
      absl::Status status = WriteAll(&builder);
      if (status.ok()) status = builder.Finish().status();
      EXPECT_FALSE(status.ok()) << "operation " << op;
    }
    EXPECT_TRUE(env.List(kDir)->empty()) << "operation " << op;
  }
}

TEST_F(SegmentTest, CallsOutOfOrder) {
  SegmentBuilder builder(&env_, kDir, SegmentId{5}, kDocs);
  EXPECT_EQ(CodeOf(builder.StartTerms(1, {}, 1)), ErrorCode::kInternal);
  const auto specs = Specs();
  ASSERT_TRUE(builder.AddField(specs[1]).ok());
  EXPECT_EQ(CodeOf(builder.AddField(specs[0])), ErrorCode::kInternal);
  const auto no_values = [](AddColumnValue) { return absl::OkStatus(); };
  EXPECT_EQ(CodeOf(builder.FinishColumn(no_values)), ErrorCode::kInternal);
  EXPECT_EQ(CodeOf(builder.FinishTerms({})), ErrorCode::kInternal);
  ASSERT_TRUE(builder.AddKey("one of three hundred").ok());
  EXPECT_EQ(CodeOf(builder.Finish().status()), ErrorCode::kInternal);
}

}  // namespace
}  // namespace segue
