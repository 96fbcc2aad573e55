// SPDX-License-Identifier: Apache-2.0
//
// Lists written and read back: every size around a block's edge, every kind of
// list, adversarial gaps and frequencies, small segments, refused input.

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "engine/format/postings_reader.h"
#include "engine/format/postings_writer.h"
#include "segue/status.h"
#include "tests/format/postings_test_util.h"

namespace segue {
namespace {

TEST(PostingsTest, EverySizeAroundTheBlockEdge) {
  SeededRandom random(1);
  PostingsWorld world(PlainOptions(5000000));
  std::vector<TestList> lists;
  std::vector<TermMeta> metas;
  for (uint32_t doc_freq = 1; doc_freq <= 400; ++doc_freq) {
    lists.push_back(
        RandomList(&random, doc_freq, 5000000, static_cast<int>(doc_freq), doc_freq % 8 != 7));
    if (doc_freq % 8 == 7) {
      for (TestPosting& posting : lists.back()) {
        posting.freq = 1 + posting.freq % 3;
        posting.positions = RandomPositions(&random, posting.freq, false, 5);
      }
    }
    metas.push_back(world.Write(lists.back()));
  }
  const PostingsSource source = world.Finish();
  for (size_t i = 0; i < lists.size(); ++i) {
    SCOPED_TRACE(i + 1);
    ExpectList(source, metas[i], lists[i]);
    if (HasFatalFailure()) return;
  }
}

TEST(PostingsTest, ListsFollowEachOtherWithoutGaps) {
  SeededRandom random(2);
  PostingsWorld world(PlainOptions(20000));
  TermMeta before;
  for (const uint32_t doc_freq : {1u, 2u, 5000u, 128u, 1u, 129u, 3000u, 20000u, 2u}) {
    const TermMeta meta = world.Write(RandomList(&random, doc_freq, 20000, 3, true));
    EXPECT_EQ(meta.post_offset, before.post_offset + before.post_bytes);
    EXPECT_EQ(meta.pos_offset, before.pos_offset + before.pos_bytes);
    EXPECT_EQ(meta.bound_offset, before.bound_offset + before.bound_bytes);
    EXPECT_EQ(meta.bound_bytes != 0, doc_freq >= kBoundMinDocFreq);
    EXPECT_EQ(meta.post_bytes != 0, doc_freq > 1);
    before = meta;
  }
}

TEST(PostingsTest, BlocksWithManyPositionsLieFarApart) {
  SeededRandom random(9);
  for (const uint32_t doc_count : {1000u, 1000000u}) {  // dense and sparse
    PostingsWorld world(PlainOptions(doc_count));
    TestList list = RandomList(&random, 300, doc_count, 3, false);
    for (TestPosting& posting : list) {
      posting.freq = 700;
      posting.positions = RandomPositions(&random, posting.freq, false, 2000);
    }
    const TermMeta meta = world.Write(list);
    EXPECT_GT(meta.pos_bytes, 3 * uint64_t{UINT16_MAX}) << "steps of two bytes would do";
    ExpectList(world.Finish(), meta, list);
  }
}

TEST(PostingsTest, SparseAndDenseLongLists) {
  SeededRandom random(3);
  for (int round = 0; round < 24; ++round) {
    SCOPED_TRACE(round);
    const uint32_t doc_count = static_cast<uint32_t>(random.Between(3000, 60000));
    const uint32_t doc_freq =
        static_cast<uint32_t>(round % 2 == 0 ? random.Between(doc_count / 16 + 1, doc_count)
                                             : random.Between(130, doc_count / 17));
    const bool positions = round % 3 != 0;
    PostingsWriterOptions options = PlainOptions(doc_count);
    options.has_positions = positions;
    PostingsWorld world(options);
    const TestList list = RandomList(&random, doc_freq, doc_count, round, positions);
    const TermMeta meta = world.Write(list);
    const PostingsSource source = world.Finish(round % 4 < 2 ? ReadMode::kMmap : ReadMode::kPread);
    auto opened = PostingList::Open(source, meta, false);
    ASSERT_TRUE(opened.ok()) << opened.status();
    EXPECT_EQ(opened->dense(), round % 2 == 0);
    ExpectList(source, meta, list);
    if (HasFatalFailure()) return;
  }
}

// A section may start at any byte of a larger file; then the bitmap is copied.
TEST(PostingsTest, ADenseListAtAnOddPlace) {
  SeededRandom random(9);
  PostingsWorld world(PlainOptions(2600));
  const TestList list = RandomList(&random, 2000, 2600, 3, true);
  const TermMeta meta = world.Write(list);
  PostingsSource source = world.Finish();
  ASSERT_TRUE(PostingList::Open(source, meta, true)->dense());
  const PinnedBytes bytes = source.post.PinAll().value();
  source.post = Section::FromBytes("x" + std::string(bytes.view())).Sub(1, bytes.size()).value();
  ExpectList(source, meta, list);
}

TEST(PostingsTest, HintsForMoreThanThereIsChangeNothing) {
  PostingsWorld world(PlainOptions(100000));
  TestList list;
  for (DocId doc = 0; doc < 300; ++doc) list.push_back({doc * 300, 2, {doc, doc + 5000}});
  const TermMeta meta = world.Write(list);
  const PostingList postings = PostingList::Open(world.Finish(), meta, true).value();
  PositionReader reader(&postings);
  const std::vector<uint64_t> numbers = {0, 1, 250, 400, 100000, uint64_t{1} << 40};
  std::vector<uint32_t> positions;
  for (const uint64_t first : numbers) {
    for (const uint64_t count : numbers) {
      reader.WillEnter(1);
      reader.WillRead(1, first, count);
      ASSERT_TRUE(reader.EnterBlock(1));
      ASSERT_EQ(reader.Read(7, &positions), 2u);
      EXPECT_EQ(positions[0], 128u + 7);
      EXPECT_EQ(positions[1], 128u + 7 + 5000);
    }
  }
  EXPECT_TRUE(postings.status().ok()) << postings.status();
}

TEST(PostingsTest, ADenseListKnowsTheRankOfEveryDocument) {
  SeededRandom random(4);
  const uint32_t doc_count = 3333;
  PostingsWorld world(PlainOptions(doc_count));
  const TestList list = RandomList(&random, 700, doc_count, 0, true);
  const TermMeta meta = world.Write(list);
  const PostingsSource source = world.Finish();
  auto postings = PostingList::Open(source, meta, false);
  ASSERT_TRUE(postings.ok());
  ASSERT_TRUE(postings->dense());
  EXPECT_EQ(postings->dense_word_count() % 8, 0u);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(postings->dense_words()) % 64, 0u);
  uint32_t rank = 0;
  for (DocId doc = 0; doc < doc_count; ++doc) {
    const bool held = rank < list.size() && list[rank].doc == doc;
    ASSERT_EQ(postings->DenseContains(doc), held);
    ASSERT_EQ(postings->DenseRank(doc), std::min<uint32_t>(rank, 699));
    rank += held;
  }
}

TEST(PostingsTest, AdversarialGapsAndFrequencies) {
  const uint32_t doc_count = 0x7fffffff;
  PostingsWriterOptions options = PlainOptions(doc_count);
  options.has_positions = false;
  PostingsWorld world(options);
  std::vector<TestList> lists;
  const auto add = [&lists](uint32_t count, auto doc_of, auto freq_of) {
    TestList list;
    for (uint32_t i = 0; i < count; ++i) list.push_back({doc_of(i), freq_of(i), {}});
    lists.push_back(list);
  };
  const auto one = [](uint32_t) { return 1u; };
  for (const uint32_t count : {2u, 3u, 64u, 127u, 128u, 129u, 200u, 256u}) {
    const auto late = [count](uint32_t i) { return i == 0 ? 0u : 0x7ffffffeu - (count - 1 - i); };
    const auto early = [count](uint32_t i) { return i + 1 == count ? 0x7ffffffeu : i; };
    const auto even = [count](uint32_t i) { return i * (0x7ffffffeu / (count - 1)); };
    add(count, late, one);
    add(count, early, [](uint32_t) { return UINT32_MAX; });
    add(count, even, [](uint32_t i) { return 1u << (i % 32); });
    add(count, even, [](uint32_t i) { return i % 2 == 0 ? 1u : 257u; });
    add(count, early, [](uint32_t i) { return i % 7 == 0 ? UINT32_MAX - i : 2u; });
    add(count, late, [](uint32_t i) { return 250u + i % 12; });
    add(count, early, [](uint32_t i) { return i % 3 == 0 ? 256u + i : 1u; });
  }
  std::vector<TermMeta> metas;
  for (const TestList& list : lists) metas.push_back(world.Write(list));
  const PostingsSource source = world.Finish();
  for (size_t i = 0; i < lists.size(); ++i) {
    SCOPED_TRACE(i);
    ExpectList(source, metas[i], lists[i]);
    if (HasFatalFailure()) return;
  }
}

TEST(PostingsTest, EveryCodeWidthAndExceptionWidth) {
  PostingsWriterOptions options = PlainOptions(0x7fffffff);
  options.has_positions = false;
  PostingsWorld world(options);
  SeededRandom random(5);
  std::vector<TestList> lists;
  for (uint32_t low = 0; low <= 22; ++low) {
    for (uint32_t high = 0; low + high <= 31; ++high) {
      for (const uint32_t count : {128u, 77u, 300u}) {
        TestList list;
        uint64_t doc = random.Below(3);
        for (uint32_t i = 0; i < count; ++i) {
          list.push_back({static_cast<DocId>(doc), 1, {}});
          // One huge code a list: two of them may pass 2^31.
          const bool exception = i == 5 || (low + high < 20 && random.OneIn(20));
          const uint32_t bits = exception ? low + high : low;
          uint64_t code = random.Next() & ((uint64_t{1} << bits) - 1);
          if (exception && bits > 0 && low + high < 31) code |= uint64_t{1} << (bits - 1);
          if (low + high >= 22) code = exception ? code : code % 100000;
          doc += code + 1;
        }
        if (list.back().doc < 0x7fffffff && doc < 0x100000000u) lists.push_back(list);
      }
    }
  }
  ASSERT_GT(lists.size(), 900u);
  std::vector<TermMeta> metas;
  for (const TestList& list : lists) metas.push_back(world.Write(list));
  const PostingsSource source = world.Finish();
  for (size_t i = 0; i < lists.size(); ++i) {
    SCOPED_TRACE(i);
    ExpectList(source, metas[i], lists[i]);
    if (HasFatalFailure()) return;
  }
}

TEST(PostingsTest, SmallSegments) {
  SeededRandom random(6);
  for (uint32_t doc_count = 1; doc_count <= 12; ++doc_count) {
    PostingsWorld world(PlainOptions(doc_count));
    std::vector<TestList> lists;
    std::vector<TermMeta> metas;
    for (uint32_t mask = 1; mask < (1u << doc_count); mask += 1 + mask / 40) {
      TestList list;
      for (uint32_t doc = 0; doc < doc_count; ++doc) {
        if ((mask >> doc & 1) == 0) continue;
        const uint32_t freq = 1 + (mask + doc) % 3;
        list.push_back({doc, freq, RandomPositions(&random, freq, mask % 2 == 0, 2)});
      }
      lists.push_back(list);
      metas.push_back(world.Write(list));
    }
    const PostingsSource source = world.Finish();
    for (size_t i = 0; i < lists.size(); ++i) {
      ExpectList(source, metas[i], lists[i]);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(PostingsTest, FindBlockFromAnyBlock) {
  SeededRandom random(7);
  PostingsWorld world(PlainOptions(400000));
  const TestList list = RandomList(&random, 9000, 400000, 1, true);
  const TermMeta meta = world.Write(list);
  const PostingsSource source = world.Finish();
  auto postings = PostingList::Open(source, meta, false);
  ASSERT_TRUE(postings.ok());
  for (int i = 0; i < 20000; ++i) {
    const DocId target = static_cast<DocId>(random.Below(400010));
    const uint32_t from = static_cast<uint32_t>(random.Below(postings->block_count()));
    uint32_t want = from;
    while (want + 1 < postings->block_count() && postings->first_doc(want + 1) <= target) ++want;
    ASSERT_EQ(postings->FindBlock(target, from), want) << target << " from " << from;
  }
  EXPECT_EQ(postings->FindBlock(kEndOfDocs, 0), postings->block_count() - 1);
}

TEST(PostingsTest, WithoutFrequenciesEveryDocumentCountsOnce) {
  SeededRandom random(8);
  PostingsWriterOptions options = PlainOptions(10000);
  options.has_freqs = options.has_positions = false;
  for (const uint32_t doc_freq : {1u, 50u, 300u, 5000u}) {
    PostingsWorld world(options);
    TestList list = RandomList(&random, doc_freq, 10000, 6, false);
    const TermMeta meta = world.Write(list);
    for (TestPosting& posting : list) posting.freq = 1;
    ExpectList(world.Finish(), meta, list);
  }
}

TEST(PostingsTest, AListOutlivesTheSourceItWasOpenedFrom) {
  PostingsWorld world(PlainOptions(1000));
  TestList list;
  for (DocId doc = 0; doc < 1000; doc += 2) list.push_back({doc, 1, {doc}});
  const TermMeta meta = world.Write(list);
  PostingList moved;
  {
    const PostingsSource source = world.Finish(ReadMode::kPread);
    auto opened = PostingList::Open(source, meta, true);
    ASSERT_TRUE(opened.ok());
    moved = *std::move(opened);
  }
  std::vector<uint32_t> positions;
  ASSERT_EQ(moved.ReadPositions(3, 5, &positions), 1u);
  EXPECT_EQ(positions[0], 2 * (3 * 128 + 5u));
}

TEST(PostingsTest, RefusedPostingsStopTheWriter) {
  const auto refused = [](const PostingsWriterOptions& options, const TestList& list) {
    PostingsWorld world(options);
    world.writer().StartTerm();
    absl::Status status;
    for (const TestPosting& posting : list) {
      status = world.writer().Add(posting.doc, posting.freq, posting.positions);
    }
    EXPECT_FALSE(world.writer().FinishTerm().ok());
    return CodeOf(status);
  };
  const PostingsWriterOptions options = PlainOptions(10);
  EXPECT_EQ(refused(options, {{10, 1, {0}}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused(options, {{5, 1, {0}}, {5, 1, {0}}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused(options, {{5, 1, {0}}, {4, 1, {0}}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused(options, {{5, 0, {}}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused(options, {{5, 2, {3}}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused(options, {{5, 2, {3, 2}}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused(options, {{5, 1, {0x80000000u}}}), ErrorCode::kInvalidArgument);
  PostingsWriterOptions plain = options;
  plain.has_positions = false;
  EXPECT_EQ(refused(plain, {{5, 1, {3}}}), ErrorCode::kInvalidArgument);
  PostingsWorld empty(options);
  empty.writer().StartTerm();
  EXPECT_EQ(CodeOf(empty.writer().FinishTerm().status()), ErrorCode::kInvalidArgument);
}

TEST(PostingsTest, AMetaThatCannotBeIsDataLoss) {
  PostingsWorld world(PlainOptions(1000));
  TestList list;
  for (DocId doc = 0; doc < 300; ++doc) list.push_back({doc, 1, {doc}});
  const TermMeta good = world.Write(list);
  const PostingsSource source = world.Finish();
  const auto code = [&source](const TermMeta& meta) {
    return CodeOf(PostingList::Open(source, meta, true).status());
  };
  EXPECT_EQ(code(good), ErrorCode::kOk);
  TermMeta meta = good;
  meta.doc_freq = 0;
  EXPECT_EQ(code(meta), ErrorCode::kDataLoss);
  meta = good;
  meta.doc_freq = 1001;
  EXPECT_EQ(code(meta), ErrorCode::kDataLoss);
  meta = good;
  meta.total_freq = 299;
  EXPECT_EQ(code(meta), ErrorCode::kDataLoss);
  meta = good;
  meta.post_offset += 1u << 20;
  EXPECT_EQ(code(meta), ErrorCode::kDataLoss);
  meta = good;
  meta.post_bytes = 8;
  EXPECT_EQ(code(meta), ErrorCode::kDataLoss);
  meta = good;
  meta.pos_bytes += 1;
  EXPECT_EQ(code(meta), ErrorCode::kDataLoss);
  meta = good;
  meta.doc_freq = meta.total_freq = 1;
  meta.single_doc = 1000;
  EXPECT_EQ(code(meta), ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace segue
