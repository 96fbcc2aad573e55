// SPDX-License-Identifier: Apache-2.0
//
// Stored fields: every type, documents of any size around the block size, copying in encoded form,
// and damage.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <thread>

#include "engine/format/stored_reader.h"
#include "engine/format/stored_writer.h"
#include "tests/format/stored_test_util.h"

namespace segue {
namespace {

TEST(Stored, ComesBackForAnySizeOfDocument) {
  SeededRandom random(50);
  for (const StoredCodec codec : {StoredCodec::kSnappy, StoredCodec::kNone}) {
    for (const ReadMode mode : {ReadMode::kMmap, ReadMode::kPread}) {
      for (size_t max_bytes : {0, 10, 1000, 16384, 40000}) {
        const auto documents = RandomDocuments(max_bytes > 1000 ? 30 : 400, 5, max_bytes, &random);
        ExpectComesBack(documents, Build(documents, mode, codec), &random);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(Stored, HoldsNoDocumentsAndEmptyOnes) {
  SeededRandom random(51);
  ExpectComesBack({}, Build({}), &random);
  ExpectComesBack({{}}, Build({{}}), &random);
  const std::vector<StoredDocument> many(50000);
  const BuiltStored built = Build(many);
  ExpectComesBack(many, built, &random);
  EXPECT_LT(built.meta.blocks_bytes, 20000u);
}

TEST(Stored, KeepsExtremeNumbers) {
  SeededRandom random(52);
  StoredDocument document;
  for (int64_t number : {std::numeric_limits<int64_t>::min(), int64_t{-1}, int64_t{0}, int64_t{1},
                         std::numeric_limits<int64_t>::max()}) {
    document.push_back({1, ValueType::kInt64, number});
    document.push_back({1, ValueType::kTimestamp, number});
  }
  for (double number : {-0.0, 1e-310, std::numeric_limits<double>::infinity()}) {
    document.push_back({kEndOfDocs, ValueType::kFloat64, number});
  }
  document.push_back({0, ValueType::kBytes, std::string("\0\xff", 2)});
  ExpectComesBack({document}, Build({document}), &random);
  const StoredDocument nan = {{1, ValueType::kFloat64, std::nan("")}};
  const BuiltStored built = Build({nan});
  const auto found = StoredReader::Open(built.body, built.meta)->Get(0);
  ASSERT_TRUE(found.ok());
  EXPECT_TRUE(std::isnan(std::get<double>((*found)[0].value)));
}

TEST(Stored, CompressesAndClosesBlocksInTime) {
  SeededRandom random(53);
  std::vector<StoredDocument> documents(100);
  for (StoredDocument& document : documents) {
    document.push_back({1, ValueType::kText, RandomText(5000, true, &random)});
  }
  const BuiltStored built = Build(documents);
  EXPECT_LT(built.meta.blocks_bytes, 400000u);
  EXPECT_GE(built.meta.block_count, 30u);
  // A large document does not drag its neighbours along.
  documents[50] = StoredDocument{{1, ValueType::kText, RandomText(3000000, true, &random)}};
  ExpectComesBack(documents, Build(documents), &random);
}

TEST(Stored, RefusesValuesThatDoNotFitTheirType) {
  TestFile file;
  StoredWriter writer(file.file());
  const StoredDocument wrong = {{1, ValueType::kInt64, std::string("12")}};
  EXPECT_EQ(CodeOf(writer.Add(wrong)), ErrorCode::kInvalidArgument);
  for (const Value& no_point : {Value(std::string("1,2")), Value(GeoPoint{91, 0})}) {
    const StoredDocument place = {{1, ValueType::kGeoPoint, no_point}};
    EXPECT_EQ(CodeOf(writer.Add(place)), ErrorCode::kInvalidArgument);
  }
  const StoredDocument right = {{1, ValueType::kInt64, int64_t{12}}};
  EXPECT_TRUE(writer.Add(right).ok());
  EXPECT_EQ(writer.Finish()->doc_count, 1u) << "a refused document is not added";
}

TEST(Stored, CopiesInEncodedForm) {
  SeededRandom random(54);
  const auto documents = RandomDocuments(500, 4, 300, &random);
  const BuiltStored built = Build(documents);
  const auto reader = StoredReader::Open(built.body, built.meta);
  ASSERT_TRUE(reader.ok());
  TestFile file;
  StoredWriter writer(file.file());
  StoredCache cache;
  std::vector<StoredDocument> kept;
  for (DocId doc = 0; doc < documents.size(); doc += 2) {
    const auto encoded = reader->GetEncoded(doc, &cache);
    ASSERT_TRUE(encoded.ok());
    ASSERT_TRUE(writer.AddEncoded(*encoded).ok());
    kept.push_back(documents[doc]);
  }
  const auto meta = writer.Finish();
  ASSERT_TRUE(meta.ok());
  ExpectComesBack(kept, {file.Body(), *meta}, &random);
}

TEST(Stored, ACacheServesSeveralReaders) {
  SeededRandom random(55);
  const auto first = RandomDocuments(20, 3, 30, &random);
  const auto second = RandomDocuments(20, 3, 30, &random);
  const BuiltStored built_first = Build(first), built_second = Build(second);
  const auto reader_first = StoredReader::Open(built_first.body, built_first.meta);
  const auto reader_second = StoredReader::Open(built_second.body, built_second.meta);
  StoredCache cache;
  for (DocId doc = 0; doc < 20; ++doc) {
    EXPECT_EQ(*reader_first->Get(doc, &cache), first[doc]);
    EXPECT_EQ(*reader_second->Get(doc, &cache), second[doc]);
  }
}

TEST(Stored, AnswersSeveralThreads) {
  SeededRandom random(56);
  const auto documents = RandomDocuments(300, 4, 300, &random);
  const BuiltStored built = Build(documents);
  const auto reader = StoredReader::Open(built.body, built.meta);
  std::vector<int> wrong(4);
  std::vector<std::thread> threads;
  for (int& count : wrong) {
    threads.emplace_back([&] {
      StoredCache cache;
      for (DocId doc = 0; doc < documents.size(); ++doc) {
        const auto found = reader->Get(doc, doc % 2 ? &cache : nullptr);
        count += !found.ok() || *found != documents[doc];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

// ---- Damage ----

TEST(StoredDamage, AnyDamageIsAResultOrARefusal) {
  SeededRandom random(57);
  const auto documents = RandomDocuments(120, 4, 800, &random);
  const BuiltStored built = Build(documents);
  const std::string bytes(built.body.PinAll()->view());
  for (int round = 0; round < 2000; ++round) {
    StoredMeta meta = built.meta;
    uint64_t* const numbers[] = {&meta.block_count, &meta.blocks_offset, &meta.blocks_bytes,
                                 &meta.index_offset, &meta.index_bytes};
    if (random.OneIn(4)) *numbers[random.Below(5)] = random.Next() >> random.Below(64);
    if (random.OneIn(8)) meta.doc_count = random.U32() >> random.Below(32);
    ExpectResultOrRefusal(Damaged(bytes, &random), meta);
  }
}

// A few bytes must not ask for much memory.
TEST(StoredDamage, ABlockThatDeclaresTooMuchIsRefusedUnread) {
  const BuiltStored built = Build({{{1, ValueType::kText, std::string(1000, 'a')}}});
  std::string bytes(built.body.PinAll()->view());
  const auto code = [&](uint32_t declared) {
    std::memcpy(bytes.data() + built.meta.blocks_offset + 1, &declared, 4);
    const auto reader = StoredReader::Open(Section::FromBytes(bytes), built.meta);
    return CodeOf(reader->Get(0).status());
  };
  EXPECT_EQ(code(UINT32_MAX), ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(100u << 20), ErrorCode::kDataLoss);
  EXPECT_EQ(code(999), ErrorCode::kDataLoss);
}

absl::Status GetFirst(const std::string& bytes, const StoredMeta& meta) {
  const auto reader = StoredReader::Open(Section::FromBytes(bytes), meta);
  return reader.ok() ? reader->Get(0).status() : reader.status();
}

void ExpectLoss(const absl::Status& status, std::string_view what) {
  EXPECT_EQ(CodeOf(status), ErrorCode::kDataLoss) << what;
  EXPECT_NE(MessageOf(status).find(what), std::string_view::npos) << status;
}

TEST(StoredDamage, LengthsOfABlockThatContradictEachOther) {
  const StoredDocument document = {{1, ValueType::kText, std::string(1000, 'a')}};
  const BuiltStored raw = Build({document}, ReadMode::kMmap, StoredCodec::kNone);
  std::string bytes(raw.body.PinAll()->view());
  bytes[raw.meta.blocks_offset + 1] ^= 1;
  ExpectLoss(GetFirst(bytes, raw.meta), "raw bytes of stored fields, wanted");

  const BuiltStored packed = Build({document});
  const std::string good(packed.body.PinAll()->view());
  const size_t payload = packed.meta.blocks_offset + 5;
  bytes = good;
  for (size_t i = 0; i < 6; ++i) bytes[payload + i] = '\xff';  // a length without an end
  ExpectLoss(GetFirst(bytes, packed.meta), "found 0 bytes in");
  // More than Snappy can make of so few bytes, said twice.
  bytes = good;
  const uint32_t raw_bytes = 1u << 20;
  std::memcpy(bytes.data() + payload - 4, &raw_bytes, 4);
  bytes.replace(payload, 3, "\x80\x80\x40");
  ExpectLoss(GetFirst(bytes, packed.meta), "found 1048576 bytes in");
  // A block without room for its head.
  bytes = good;
  const uint64_t four = 4;
  std::memcpy(bytes.data() + packed.meta.index_offset + 4 + 8, &four, 8);
  StoredMeta meta = packed.meta;
  meta.blocks_bytes = 4;
  ExpectLoss(GetFirst(bytes, meta), "block 0 of stored fields is out of order");
}

TEST(StoredDamage, ABlockThatCannotBeReadIsDataLoss) {
  SeededRandom random(59);
  const std::vector<StoredDocument> documents(
      8, StoredDocument{{1, ValueType::kBytes, RandomText(15000, false, &random)}});
  const BuiltStored built = Build(documents);
  const std::string bytes(built.body.PinAll()->view());
  const auto reader = StoredReader::Open(WithBadBlockAt(bytes, 100), built.meta);
  ASSERT_TRUE(reader.ok()) << reader.status();
  StoredCache cache;
  EXPECT_EQ(CodeOf(reader->Get(0, &cache).status()), ErrorCode::kDataLoss);
  EXPECT_EQ(*reader->Get(7, &cache), documents[7]);
  EXPECT_EQ(CodeOf(reader->Get(0, &cache).status()), ErrorCode::kDataLoss);
}

TEST(StoredDamage, BlocksOutOfOrder) {
  SeededRandom random(57);
  const BuiltStored built = Build(std::vector<StoredDocument>(
      8, StoredDocument{{1, ValueType::kBytes, RandomText(15000, false, &random)}}));
  ASSERT_GE(built.meta.block_count, 4u);
  std::string bytes(built.body.PinAll()->view());
  char* const offsets = bytes.data() + built.meta.index_offset + 4 * built.meta.block_count;
  std::swap_ranges(offsets + 8, offsets + 16, offsets + 16);
  const absl::Status status = StoredReader::Open(Section::FromBytes(bytes), built.meta).status();
  ExpectLoss(status, "block 1 of stored fields is out of order");
}

// Our writer closes a block long before; others need not.
TEST(Stored, ABlockOfMoreDocumentsThanAreRemembered) {
  constexpr DocId kDocs = 20000;
  std::string raw;
  for (DocId doc = 0; doc < kDocs; ++doc) raw += std::string("\1\0", 2);
  ByteWriter bytes;
  bytes.PutU8(static_cast<uint8_t>(StoredCodec::kNone));
  bytes.PutU32(static_cast<uint32_t>(raw.size()));
  bytes.PutBytes(raw);
  const uint64_t blocks_bytes = bytes.size();
  bytes.PutU32(0);
  bytes.PutU64(0);
  bytes.PutU64(blocks_bytes);
  const StoredMeta meta{StoredCodec::kNone, kDocs, 1, 0, blocks_bytes, blocks_bytes, 20};
  const auto reader = StoredReader::Open(Section::FromBytes(bytes.view()), meta);
  ASSERT_TRUE(reader.ok()) << reader.status();
  StoredCache cache;
  for (const DocId doc : {kDocs - 1, DocId{0}, kDocs - 2}) {
    const auto found = reader->Get(doc, &cache);
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_TRUE(found->empty());
  }
}

TEST(StoredDamage, DocumentsAreDecodedWithinTheirBytes) {
  SeededRandom random(58);
  for (int round = 0; round < 3000; ++round) {
    std::string encoded;
    ASSERT_TRUE(EncodeStoredDocument(RandomDocuments(1, 6, 20, &random)[0], &encoded).ok());
    const auto found = DecodeStoredDocument(Damaged(encoded, &random));
    EXPECT_TRUE(found.ok() || CodeOf(found.status()) == ErrorCode::kDataLoss);
  }
  // A value of field 128 that is true, no truth, and not there.
  const std::string head = std::string("\1\x80\1", 3) + static_cast<char>(ValueType::kBool);
  EXPECT_TRUE(DecodeStoredDocument(head + '\1').ok());
  ExpectLoss(DecodeStoredDocument(head + '\2').status(), "a bad value at byte 5 of 5");
  ExpectLoss(DecodeStoredDocument(head).status(), "a bad value at byte 4 of 4");
  EXPECT_FALSE(DecodeStoredDocument("\xff\xff\xff\xff\xff\xff\xff\xff\x7f").ok());
  EXPECT_FALSE(DecodeStoredDocument("").ok());
  EXPECT_TRUE(DecodeStoredDocument(std::string(1, '\0')).ok());
}

TEST(StoredMeta, SurvivesEncodingAndRefusesNewerCodecs) {
  StoredMeta meta{StoredCodec::kSnappy, 100, 7, 64, 5000, 5064, 92};
  ByteWriter out;
  meta.Encode(&out);
  ByteReader in(out.view());
  const auto decoded = StoredMeta::Decode(&in);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, meta);
  for (size_t n = 0; n < out.size(); ++n) {
    ByteReader cut(out.view().substr(0, n));
    EXPECT_EQ(CodeOf(StoredMeta::Decode(&cut).status()), ErrorCode::kDataLoss);
  }
  out.Clear();
  StoredMeta{StoredCodec::kSnappy, kEndOfDocs + 1, 7, 64, 5000, 5064, 92}.Encode(&out);
  ByteReader too_many(out.view());
  EXPECT_EQ(CodeOf(StoredMeta::Decode(&too_many).status()), ErrorCode::kDataLoss);
  meta.codec = static_cast<StoredCodec>(9);
  out.Clear();
  meta.Encode(&out);
  ByteReader newer(out.view());
  EXPECT_EQ(CodeOf(StoredMeta::Decode(&newer).status()), ErrorCode::kVersion);
}

}  // namespace
}  // namespace segue
