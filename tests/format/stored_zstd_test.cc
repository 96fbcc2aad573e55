// SPDX-License-Identifier: Apache-2.0
//
// Stored fields packed by zstd: round trips with a dictionary and without, what a dictionary is
// made of, and frames that no writer of ours makes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <thread>

#include "engine/base/byte_writer.h"
#include "engine/base/strings.h"
#include "engine/format/stored_dictionary.h"
#include "tests/format/stored_test_util.h"

namespace segue {
namespace {

// Documents of `words` words each, out of a vocabulary that all share.
std::vector<StoredDocument> WordyDocuments(size_t count, size_t words, SeededRandom* random) {
  std::vector<std::string> vocabulary(3000);
  for (std::string& word : vocabulary) word = RandomText(3 + random->Below(8), true, random);
  std::vector<StoredDocument> documents(count);
  for (size_t i = 0; i < count; ++i) {
    std::string text;
    for (size_t word = 0; word < words; ++word) {
      text += vocabulary[std::min(random->Below(3000), random->Below(3000))] + " ";
    }
    documents[i] =
        StoredDocument{{1, ValueType::kKeyword, Cat("key", i)}, {2, ValueType::kText, text}};
  }
  return documents;
}

std::string Train(const std::vector<StoredDocument>& documents) {
  StoredSample sample(static_cast<DocId>(documents.size()));
  while (sample.wanted() != kEndOfDocs) {
    std::string encoded;
    EXPECT_TRUE(EncodeStoredDocument(documents[sample.wanted()], &encoded).ok());
    sample.Add(encoded);
  }
  return sample.Train();
}

// Enough of them for a dictionary.
std::vector<StoredDocument> ManyDocuments(SeededRandom* random) {
  return WordyDocuments(12000, 130, random);
}

TEST(StoredZstd, ComesBackForAnySizeOfDocument) {
  SeededRandom random(60);
  const std::string dictionary = Train(ManyDocuments(&random));
  ASSERT_FALSE(dictionary.empty());
  for (const std::string& used : {std::string(), dictionary}) {
    for (const ReadMode mode : {ReadMode::kMmap, ReadMode::kPread}) {
      for (size_t max_bytes : {0, 10, 1000, 16384, 40000}) {
        const auto documents = RandomDocuments(max_bytes > 1000 ? 30 : 400, 5, max_bytes, &random);
        const BuiltStored built = Build(documents, mode, StoredCodec::kZstd, used);
        EXPECT_EQ(built.meta.dictionary_bytes, used.size());
        ExpectComesBack(documents, built, &random);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(StoredZstd, HoldsNoDocumentsAndLargeOnes) {
  SeededRandom random(61);
  ExpectComesBack({}, Build({}, ReadMode::kMmap, StoredCodec::kZstd), &random);
  std::vector<StoredDocument> documents(5);
  documents[2] = StoredDocument{{1, ValueType::kText, RandomText(3000000, true, &random)}};
  documents[3] = StoredDocument{{1, ValueType::kText, std::string(4000000, 'a')}};
  ExpectComesBack(documents, Build(documents, ReadMode::kMmap, StoredCodec::kZstd), &random);
}

TEST(StoredZstd, IsSmallerAndADictionaryPays) {
  SeededRandom random(62);
  const auto documents = ManyDocuments(&random);
  const std::string dictionary = Train(documents);
  EXPECT_LE(dictionary.size(), kStoredDictionaryBytes);
  const auto bytes = [&](StoredCodec codec, const std::string& used) {
    return Build(documents, ReadMode::kMmap, codec, used).body.size();
  };
  const uint64_t snappy = bytes(StoredCodec::kSnappy, {});
  const uint64_t plain = bytes(StoredCodec::kZstd, {});
  const uint64_t trained = bytes(StoredCodec::kZstd, dictionary);
  EXPECT_LT(plain, snappy * 4 / 5);
  EXPECT_LT(trained, plain * 19 / 20);
}

TEST(StoredZstd, AnswersSeveralThreads) {
  SeededRandom random(63);
  const auto documents = ManyDocuments(&random);
  const BuiltStored built = Build(documents, ReadMode::kMmap, StoredCodec::kZstd, Train(documents));
  const auto reader = StoredReader::Open(built.body, built.meta);
  ASSERT_TRUE(reader.ok()) << reader.status();
  std::vector<int> wrong(4);
  std::vector<std::thread> threads;
  for (int& count : wrong) {
    threads.emplace_back([&] {
      StoredCache cache;
      for (DocId doc = 0; doc < documents.size(); doc += 7) {
        const auto found = reader->Get(doc, doc % 2 ? &cache : nullptr);
        count += !found.ok() || *found != documents[doc];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

// ---- The sample ----

std::vector<DocId> Wanted(DocId doc_count) {
  StoredSample sample(doc_count);
  std::vector<DocId> wanted;
  for (; sample.wanted() != kEndOfDocs; sample.Add("x")) wanted.push_back(sample.wanted());
  return wanted;
}

TEST(StoredSample, IsSpreadOverTheSegment) {
  EXPECT_TRUE(Wanted(0).empty());
  EXPECT_EQ(Wanted(3), (std::vector<DocId>{0, 1, 2}));
  for (const DocId doc_count : {DocId{1000}, DocId{1025}, DocId{70000}, kEndOfDocs}) {
    const std::vector<DocId> wanted = Wanted(doc_count);
    ASSERT_GE(wanted.size(), 1000u);
    EXPECT_LE(wanted.size(), 1024u);
    EXPECT_EQ(wanted[0], 0u);
    const DocId step = doc_count / static_cast<DocId>(wanted.size());
    for (size_t i = 0; i < wanted.size(); ++i) {
      const DocId next = i + 1 < wanted.size() ? wanted[i + 1] : doc_count;
      ASSERT_GE(next - wanted[i], step) << i;
      ASSERT_LE(next - wanted[i], step + 1) << i;
    }
  }
}

TEST(StoredSample, TrainsNothingForSmallSegments) {
  SeededRandom random(64);
  EXPECT_EQ(Train({}), "");
  EXPECT_EQ(Train(WordyDocuments(2000, 100, &random)), "");
}

TEST(StoredSample, TrainsTheSameEachTime) {
  SeededRandom random(65);
  const auto documents = ManyDocuments(&random);
  const std::string dictionary = Train(documents);
  EXPECT_FALSE(dictionary.empty());
  EXPECT_EQ(Train(documents), dictionary);
  // Of long documents what stands behind their beginnings does not count.
  std::vector<StoredDocument> long_ones(2000);
  for (StoredDocument& document : long_ones) {
    document = StoredDocument{{1, ValueType::kText, RandomText(4000, true, &random)}};
  }
  const std::string of_long_ones = Train(long_ones);
  for (StoredDocument& document : long_ones) {
    std::get<std::string>(document[0].value).replace(3000, 500, 500, 'z');
  }
  EXPECT_EQ(Train(long_ones), of_long_ones);
}

// Whatever zstd makes of such samples: it is a dictionary or none.
TEST(StoredSample, TrainsOnAnything) {
  SeededRandom random(66);
  std::vector<std::vector<StoredDocument>> many(3, std::vector<StoredDocument>(3000));
  for (size_t i = 0; i < 3000; ++i) {
    many[0][i] = StoredDocument{{1, ValueType::kBytes, RandomText(3000, false, &random)}};
    many[1][i] = StoredDocument{{1, ValueType::kText, std::string(3000, 'a')}};
    if (i % 1000 == 0)
      many[2][i] = StoredDocument{{1, ValueType::kText, std::string(5000000, 'a')}};
  }
  for (const auto& documents : many) {
    ExpectComesBack(documents,
                    Build(documents, ReadMode::kMmap, StoredCodec::kZstd, Train(documents)),
                    &random);
    if (HasFatalFailure()) return;
  }
  // Two are too few for zstd.
  EXPECT_EQ(Train(std::vector<StoredDocument>(2, many[2][0])), "");
}

// ---- Damage ----

TEST(StoredZstdDamage, AnyDamageIsAResultOrARefusal) {
  SeededRandom random(67);
  const std::string dictionary = Train(ManyDocuments(&random));
  const auto documents = WordyDocuments(120, 100, &random);
  const BuiltStored built = Build(documents, ReadMode::kMmap, StoredCodec::kZstd, dictionary);
  const std::string bytes(built.body.PinAll()->view());
  for (int round = 0; round < 2000; ++round) {
    StoredMeta meta = built.meta;
    uint64_t* const numbers[] = {&meta.dictionary_offset, &meta.dictionary_bytes,
                                 &meta.block_count,       &meta.blocks_offset,
                                 &meta.blocks_bytes,      &meta.index_offset};
    if (random.OneIn(4)) *numbers[random.Below(6)] = random.Next() >> random.Below(64);
    // Half of the damage lies in the tables of the dictionary and behind it.
    std::string damaged = Damaged(bytes, &random);
    if (random.OneIn(2)) {
      damaged = bytes;
      damaged[built.meta.dictionary_offset + random.Below(400)] ^= static_cast<char>(random.Next());
    }
    ExpectResultOrRefusal(damaged, meta);
  }
}

// What reading the first document of a file says that has one block, with this frame.
absl::Status ReadFrame(std::string_view frame, uint32_t raw_bytes,
                       StoredCodec codec = StoredCodec::kZstd) {
  ByteWriter bytes;
  bytes.PutU8(static_cast<uint8_t>(StoredCodec::kZstd));
  bytes.PutU32(raw_bytes);
  bytes.PutBytes(frame);
  const uint64_t blocks_bytes = bytes.size();
  bytes.PutU32(0);
  bytes.PutU64(0);
  bytes.PutU64(blocks_bytes);
  const StoredMeta meta{codec, 1, 1, 0, blocks_bytes, blocks_bytes, 20};
  const auto reader = StoredReader::Open(Section::FromBytes(bytes.view()), meta);
  return reader.ok() ? reader->Get(0).status() : reader.status();
}

std::string Bytes(std::initializer_list<int> bytes) {
  std::string text;
  for (const int byte : bytes) text.push_back(static_cast<char>(byte));
  return text;
}

const std::string kMagic = Bytes({0x28, 0xb5, 0x2f, 0xfd});
// The last block of a frame: one document without values, as it is.
const std::string kBlock = Bytes({0x11, 0, 0, 1, 0});
// A frame that says that it has two bytes.
const std::string kFrame = kMagic + Bytes({0x20, 2}) + kBlock;

TEST(StoredZstdDamage, FramesOfOthers) {
  EXPECT_TRUE(ReadFrame(kFrame, 2).ok()) << ReadFrame(kFrame, 2);
  // A window of 2 GiB, for which nobody takes memory.
  const std::string window = kMagic + Bytes({0x80, 0xa8, 2, 0, 0, 0}) + kBlock;
  EXPECT_TRUE(ReadFrame(window, 2).ok()) << ReadFrame(window, 2);

  const auto expect_loss = [](const std::string& what, std::string_view frame, uint32_t raw_bytes,
                              StoredCodec codec = StoredCodec::kZstd) {
    const absl::Status status = ReadFrame(frame, raw_bytes, codec);
    EXPECT_EQ(CodeOf(status), ErrorCode::kDataLoss) << what << ": " << status;
  };
  expect_loss("a block of zstd in a segment of Snappy", kFrame, 2, StoredCodec::kSnappy);
  for (const uint32_t raw_bytes : {0u, 1u, 3u, 258u}) expect_loss("a lie", kFrame, raw_bytes);
  expect_loss("less than it says", kMagic + Bytes({0x20, 3}) + kBlock, 3);
  expect_loss("more than it says", kMagic + Bytes({0x20, 1}) + kBlock, 1);
  expect_loss("no size", kMagic + Bytes({0, 0x50}) + kBlock, 2);
  expect_loss("a window beyond the format", kMagic + Bytes({0x80, 0xff, 2, 0, 0, 0}) + kBlock, 2);
  expect_loss("a wrong checksum", kMagic + Bytes({0x24, 2}) + kBlock + "abcd", 2);
  expect_loss("a dictionary that is not there", kMagic + Bytes({0x21, 7, 2}) + kBlock, 2);
  expect_loss("an unknown bit", kMagic + Bytes({0x28, 2}) + kBlock, 2);
  expect_loss("a block of an unknown type", kMagic + Bytes({0x20, 2, 0x17, 0, 0, 1, 0}), 2);
  expect_loss("two frames", kFrame + kFrame, 4);
  expect_loss("two frames, one without content", kFrame + kMagic + Bytes({0x20, 0, 1, 0, 0}), 2);
  expect_loss("bytes behind it", kFrame + "x", 2);
  expect_loss("something to skip", Bytes({0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 0}), 2);
  expect_loss("an old format", Bytes({0x27, 0xb5, 0x2f, 0xfd}) + kFrame.substr(4), 2);
  expect_loss("none", "", 2);
  for (size_t bytes = 0; bytes < kFrame.size(); ++bytes) {
    expect_loss(Cat("the first ", bytes), kFrame.substr(0, bytes), 2);
  }
}

// A few bytes must not ask for much memory.
TEST(StoredZstdDamage, ABlockThatDeclaresTooMuchIsRefusedUnread) {
  const auto frame = [](uint32_t raw_bytes) {
    std::string bytes = kMagic + Bytes({0xa0, 0, 0, 0, 0, 3, 0, 0, 'a'});
    std::memcpy(bytes.data() + 5, &raw_bytes, sizeof(raw_bytes));
    return ReadFrame(bytes, raw_bytes);
  };
  EXPECT_EQ(CodeOf(frame(UINT32_MAX)), ErrorCode::kResourceExhausted);
  const absl::Status much = frame(100u << 20);
  EXPECT_EQ(CodeOf(much), ErrorCode::kDataLoss);
  EXPECT_NE(MessageOf(much).find("no frame of"), std::string_view::npos) << much;
}

TEST(StoredZstdDamage, DictionariesOfOthers) {
  SeededRandom random(68);
  const auto documents = ManyDocuments(&random);
  const std::string dictionary = Train(documents);
  const BuiltStored built = Build({documents[0]}, ReadMode::kMmap, StoredCodec::kZstd, dictionary);
  const std::string good(built.body.PinAll()->view());
  const auto open = [&](const std::string& bytes, const StoredMeta& meta) {
    return CodeOf(StoredReader::Open(Section::FromBytes(bytes), meta).status());
  };
  EXPECT_EQ(open(good, built.meta), ErrorCode::kOk);
  std::string bytes = good;
  bytes[built.meta.dictionary_offset] ^= 1;
  EXPECT_EQ(open(bytes, built.meta), ErrorCode::kDataLoss);
  bytes = good;
  for (size_t i = 8; i < 40; ++i) bytes[built.meta.dictionary_offset + i] = '\xff';
  EXPECT_EQ(open(bytes, built.meta), ErrorCode::kDataLoss);
  for (const uint64_t length :
       {uint64_t{1}, uint64_t{20}, uint64_t{1} << 19, uint64_t{1} << 21, uint64_t{1} << 63}) {
    StoredMeta meta = built.meta;
    meta.dictionary_bytes = length;
    EXPECT_EQ(open(good, meta), ErrorCode::kDataLoss) << length;
  }
  StoredMeta meta = built.meta;
  meta.dictionary_offset = good.size() - 3;
  EXPECT_EQ(open(good, meta), ErrorCode::kDataLoss);
  // Without its dictionary a block is lost, or what it is with the wrong one.
  meta = built.meta;
  meta.dictionary_bytes = 0;
  const auto reader = StoredReader::Open(Section::FromBytes(good), meta);
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ(CodeOf(reader->Get(0).status()), ErrorCode::kDataLoss);
}

TEST(StoredMeta, OfZstdSaysWhereTheDictionaryIs) {
  const StoredMeta meta{StoredCodec::kZstd, 100, 7, 64, 5000, 5064, 92, 9, 40};
  ByteWriter out;
  meta.Encode(&out);
  ByteReader in(out.view());
  const auto decoded = StoredMeta::Decode(&in);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, meta);
  EXPECT_TRUE(in.done());
  for (size_t n = 0; n < out.size(); ++n) {
    ByteReader cut(out.view().substr(0, n));
    EXPECT_EQ(CodeOf(StoredMeta::Decode(&cut).status()), ErrorCode::kDataLoss);
  }
}

}  // namespace
}  // namespace segue
