// SPDX-License-Identifier: Apache-2.0
//
// Damaged bytes whose checksums are right: readers may report damage or return
// other postings, but keep every promise and stay within the bytes.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/format/postings_exercise.h"
#include "tests/format/postings_test_util.h"

namespace segue {
namespace {

struct Written {
  std::string post, pos, bound;
  std::vector<TermMeta> metas;
  PostingsWriterOptions options;
};

std::string BytesOf(const Section& section) {
  auto bytes = section.PinAll();
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return std::string(bytes->view());
}

Written WriteAllKinds(SeededRandom* random, uint32_t doc_count, bool positions) {
  PostingsWriterOptions options = PlainOptions(doc_count);
  options.has_positions = positions;
  PostingsWorld world(options);
  Written written;
  written.options = options;
  for (const uint32_t doc_freq : {1u, 2u, 4u, 30u, 128u, 129u, 300u, 2500u}) {
    for (int style = 0; style < 12; style += positions ? 4 : 1) {
      if (doc_freq > doc_count || (positions && style / 3 % 4 == 2 && doc_freq > 300)) continue;
      written.metas.push_back(
          world.Write(RandomList(random, doc_freq, doc_count, style, positions)));
    }
  }
  const PostingsSource source = world.Finish();
  written.post = BytesOf(source.post);
  written.pos = BytesOf(source.pos);
  written.bound = BytesOf(source.bound);
  return written;
}

PostingsSource SourceOf(const Written& written, const std::string& post, const std::string& pos,
                        const std::string& bound) {
  return {Section::FromBytes(post),  Section::FromBytes(pos),   Section::FromBytes(bound),
          written.options.doc_count, written.options.has_freqs, written.options.has_positions};
}

// The list's own bytes, damaged in place (lengths are the dictionary's).
std::string DamagedWithin(const std::string& bytes, uint64_t offset, uint64_t length,
                          SeededRandom* random) {
  if (length == 0) return bytes;
  std::string part = bytes.substr(offset, length);
  for (uint64_t i = random->Between(1, 3); i > 0; --i) part = Damaged(part, random);
  part.resize(length);
  return bytes.substr(0, offset) + part + bytes.substr(offset + length);
}

void DamageLists(uint32_t doc_count, bool positions, int rounds, uint64_t stream) {
  SeededRandom random(stream);
  const Written written = WriteAllKinds(&random, doc_count, positions);
  for (int round = 0; round < rounds; ++round) {
    for (const TermMeta& meta : written.metas) {
      const uint64_t which = random.Below(positions ? 3 : 2);
      std::string post = written.post, pos = written.pos, bound = written.bound;
      if (which == 0) post = DamagedWithin(post, meta.post_offset, meta.post_bytes, &random);
      if (which == 1) bound = DamagedWithin(bound, meta.bound_offset, meta.bound_bytes, &random);
      if (which == 2) pos = DamagedWithin(pos, meta.pos_offset, meta.pos_bytes, &random);
      // Files end with the list, so that slack is all that lies behind it.
      post.resize(meta.post_offset + meta.post_bytes);
      pos.resize(meta.pos_offset + meta.pos_bytes);
      bound.resize(meta.bound_offset + meta.bound_bytes);
      const PostingsSource source = SourceOf(written, post, pos, bound);
      ASSERT_EQ(ExercisePostings(source, meta), "") << "df " << meta.doc_freq;
      ASSERT_EQ(ExerciseBounds(source, meta), "") << "df " << meta.doc_freq;
    }
  }
}

TEST(PostingsDamageTest, WithoutPositionsManyDocuments) { DamageLists(100000, false, 12, 101); }
TEST(PostingsDamageTest, WithoutPositionsFewDocuments) { DamageLists(2600, false, 12, 102); }
TEST(PostingsDamageTest, WithPositionsManyDocuments) { DamageLists(100000, true, 12, 103); }
TEST(PostingsDamageTest, WithPositionsFewDocuments) { DamageLists(2600, true, 12, 104); }

TEST(PostingsDamageTest, WrongMetas) {
  SeededRandom random(105);
  const Written written = WriteAllKinds(&random, 3000, true);
  const PostingsSource source = SourceOf(written, written.post, written.pos, written.bound);
  for (int round = 0; round < 2000; ++round) {
    TermMeta meta = written.metas[random.Below(written.metas.size())];
    const TermMeta& other = written.metas[random.Below(written.metas.size())];
    switch (random.Below(6)) {
      case 0:
        meta.doc_freq = static_cast<uint32_t>(random.Below(3100));
        break;
      case 1:
        meta.total_freq = random.Next() >> random.Below(64);
        break;
      case 2:
        meta.post_offset = other.post_offset;
        meta.post_bytes = other.post_bytes;
        break;
      case 3:
        meta.pos_offset = other.pos_offset;
        meta.pos_bytes = other.pos_bytes;
        break;
      case 4:
        meta.bound_offset = other.bound_offset;
        meta.bound_bytes = other.bound_bytes;
        break;
      default:
        meta.post_bytes = random.Below(meta.post_bytes + 1);
        meta.pos_bytes = random.Below(meta.pos_bytes + 1);
    }
    ASSERT_EQ(ExercisePostings(source, meta), "");
    ASSERT_EQ(ExerciseBounds(source, meta), "");
  }
}

TEST(PostingsDamageTest, EveryBitOfAShortList) {
  SeededRandom random(106);
  PostingsWriterOptions options = PlainOptions(500);
  PostingsWorld world(options);
  const TestList list = RandomList(&random, 40, 500, 5, true);
  const TermMeta meta = world.Write(list);
  Written written;
  written.options = options;
  const PostingsSource clean = world.Finish();
  const std::string post = BytesOf(clean.post), pos = BytesOf(clean.pos);
  for (size_t bit = 0; bit < 8 * (post.size() + pos.size()); ++bit) {
    std::string both = post + pos;
    both[bit / 8] = static_cast<char>(both[bit / 8] ^ (1 << (bit % 8)));
    const PostingsSource source =
        SourceOf(written, both.substr(0, post.size()), both.substr(post.size()), "");
    ASSERT_EQ(ExercisePostings(source, meta), "") << "bit " << bit;
  }
}

// A list of three blocks; two documents of the first have a frequency of 9, all others of 1.
struct TwoExceptions {
  TwoExceptions() {
    written.options = PlainOptions(100000);
    PostingsWorld world(written.options);
    TestList list;
    for (DocId doc = 0; doc < 300; ++doc) {
      TestPosting posting{doc * 300, doc == 5 || doc == 7 ? 9u : 1u, {}};
      for (uint32_t i = 0; i < posting.freq; ++i) posting.positions.push_back(i);
      list.push_back(posting);
    }
    meta = world.Write(list);
    const PostingsSource source = world.Finish();
    written.post = BytesOf(source.post);
    written.pos = BytesOf(source.pos);
    written.bound = BytesOf(source.bound);
    // The kind of list, its last document, the first document of each block, and two tables.
    block = 5 + 3 * 4 + 2 * OffsetTable::ByteSize(3, /*wide=*/false);
  }
  PostingList Open() const {
    return PostingList::Open(SourceOf(written, written.post, written.pos, written.bound), meta,
                             true)
        .value();
  }
  // Bytes of the first block: codecs, the shape of its documents in two, counts, then frequencies.
  std::string_view Bytes() const { return std::string_view(written.post).substr(block, 8); }

  Written written;
  TermMeta meta;
  size_t block = 0;
};

TEST(PostingsDamageTest, FrequenciesThatNoWriterMakes) {
  using std::string_view_literals::operator""sv;
  const TwoExceptions sound;
  const std::string_view written = sound.Bytes();
  ASSERT_EQ(written[0], static_cast<char>(FreqCodec::kExceptions) << 3);
  ASSERT_EQ(written.substr(3), "\x20\5\7\7\7");
  const std::string header = "unknown codec, another count, or longer than the block";
  const std::string order = "frequency exceptions out of order";
  struct Case {
    size_t at;
    std::string_view bytes;
    std::string what;
    bool opens;  // and is found out by decoding only
  };
  for (const Case& c : {Case{3, "\xf1"sv, header, false},          // counts follow, and do not
                        Case{3, "\xf0\xc8\x64"sv, header, false},  // 300 of 128 documents
                        Case{0, "\x38"sv, header, false},          // codec 7
                        Case{4, "\7\5"sv, order, true},            // documents 7 and 5
                        Case{4, "\5\x80"sv, order, true}}) {       // document 128
    SCOPED_TRACE(testing::PrintToString(c.bytes));
    TwoExceptions damaged;
    damaged.written.post.replace(damaged.block + c.at, c.bytes.size(), c.bytes);
    const auto expect_damage = [&](const PostingList& list) {
      EXPECT_EQ(CodeOf(list.status()), ErrorCode::kDataLoss);
      EXPECT_EQ(MessageOf(list.status()), "memory: block 0 of 3 of the list that starts: " +
                                              c.what + " at byte 0 of the body");
    };
    uint32_t freqs[kBlockPostings];
    const PostingList decoded = damaged.Open();
    EXPECT_FALSE(decoded.DecodeFreqs(0, freqs));
    expect_damage(decoded);
    ASSERT_TRUE(decoded.DecodeFreqs(1, freqs));
    EXPECT_EQ(freqs[127], 1u);

    const PostingList single = damaged.Open();
    EXPECT_EQ(single.FreqAt(0, 0), 1u);
    std::vector<uint32_t> positions;
    EXPECT_EQ(single.ReadPositions(0, 0, &positions), c.opens ? 1u : 0u);
    EXPECT_EQ(single.status().ok(), c.opens);

    const PostingList entered = damaged.Open();
    PositionReader reader(&entered);
    ASSERT_EQ(reader.EnterFreqs(0), c.opens);
    EXPECT_FALSE(c.opens && reader.DecodeFreqs(freqs));
    expect_damage(entered);
  }
}

TEST(PostingsDamageTest, TheMessageNamesFileBlockAndReason) {
  PostingsWorld world(PlainOptions(100000));
  TestList list;
  for (DocId doc = 0; doc < 1000; ++doc) list.push_back({doc * 100, 1, {doc}});
  const TermMeta meta = world.Write(list);
  Written written;
  written.options = PlainOptions(100000);
  const PostingsSource clean = world.Finish();
  std::string post = BytesOf(clean.post);
  // The skip data says that block 3 starts one document later.
  post[5 + 3 * 4] = static_cast<char>(post[5 + 3 * 4] + 1);
  const PostingsSource source = SourceOf(written, post, BytesOf(clean.pos), BytesOf(clean.bound));
  auto opened = PostingList::Open(source, meta, true);
  ASSERT_TRUE(opened.ok());
  DocId docs[kBlockPostings];
  EXPECT_EQ(opened->DecodeDocs(2, docs), 128u);
  EXPECT_TRUE(opened->status().ok());
  EXPECT_EQ(opened->DecodeDocs(7, docs), 1000u - 7 * 128);
  EXPECT_EQ(opened->DecodeDocs(3, docs), 128u) << "a shifted block still ascends";
  post[5 + 3 * 4 + 3] = 1;
  auto far = PostingList::Open(SourceOf(written, post, "", ""),
                               {meta.doc_freq, meta.total_freq, 0, 0, meta.post_bytes}, false);
  ASSERT_TRUE(far.ok()) << far.status();
  EXPECT_EQ(far->DecodeDocs(3, docs), 0u);
  const std::string message(far->status().message());
  EXPECT_NE(message.find("memory"), std::string::npos) << message;
  EXPECT_NE(message.find("block 3 of 8"), std::string::npos) << message;
  EXPECT_EQ(CodeOf(far->status()), ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace segue
