// SPDX-License-Identifier: Apache-2.0
//
// Lists that are encoded apart, kept and appended later have the bytes of those that are written at
// once, wherever they come to lie.
#include "engine/format/encoded_lists.h"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "tests/format/postings_test_util.h"

namespace segue {
namespace {

std::string BytesOf(const Section& section, uint64_t bytes) {
  const auto pinned = section.Pin(0, bytes);
  EXPECT_TRUE(pinned.ok()) << pinned.status();
  return pinned.ok() ? std::string(pinned->view()) : std::string();
}

// As Add takes many postings at once.
std::vector<uint64_t> PostingsOf(const TestList& list) {
  std::vector<uint64_t> postings;
  for (const TestPosting& posting : list) {
    for (uint32_t i = 0; i < posting.freq; ++i) {
      const uint32_t position = posting.positions.empty() ? 0 : posting.positions[i];
      postings.push_back(uint64_t{posting.doc} << 32 | position);
    }
  }
  return postings;
}

void Add(const TestList& list, bool many, ListEncoder* encoder) {
  if (many) {
    ASSERT_TRUE(encoder->Add(PostingsOf(list)).ok());
    return;
  }
  for (const TestPosting& posting : list) {
    ASSERT_TRUE(encoder->Add(posting.doc, posting.freq, posting.positions).ok());
  }
}

TEST(EncodedListsTest, AppendedLaterTheyAreTheSame) {
  SeededRandom random(1);
  for (int round = 0; round < 8; ++round) {
    SCOPED_TRACE(round);
    const auto doc_count = static_cast<uint32_t>(random.Between(30000, 70000));
    std::vector<uint8_t> norms(doc_count);
    for (uint8_t& norm : norms) norm = static_cast<uint8_t>(random.Below(40));
    PostingsWriterOptions options = PlainOptions(doc_count);
    options.norms = norms.data();
    options.has_positions = round % 2 == 0;
    PostingsWorld at_once(options), later(options);
    std::vector<ListEncoder> encoders;
    for (int i = 0; i < 2; ++i) encoders.emplace_back(options);
    std::vector<TermMeta> wanted;
    EncodedLists kept;
    // Short, sparse, with windows, with superblocks, dense.
    for (const uint32_t doc_freq :
         {1u, 2u, 127u, 129u, 1u, 2500u, 1300u, 9000u, 2048u, 30000u, 1u}) {
      const TestList list = RandomList(&random, doc_freq, doc_count, round, options.has_positions);
      wanted.push_back(at_once.Write(list));
      ListEncoder& encoder = encoders[random.Below(encoders.size())];
      encoder.StartTerm();
      Add(list, random.OneIn(2), &encoder);
      EncodedList encoded;
      ASSERT_TRUE(encoder.FinishTerm(&encoded).ok());
      kept.Add(encoded);
    }
    EncodedLists::Reader reader(kept);
    EncodedList list;
    std::vector<TermMeta> metas;
    while (reader.Next(&list)) {
      const auto meta = later.writer().Append(list);
      ASSERT_TRUE(meta.ok()) << meta.status();
      metas.push_back(*meta);
    }
    ASSERT_EQ(metas, wanted);
    const PostingsSource first = at_once.Finish(), second = later.Finish();
    const TermMeta& last = wanted.back();
    const uint64_t post = last.post_offset + last.post_bytes;
    EXPECT_TRUE(BytesOf(first.post, post) == BytesOf(second.post, post));
    const uint64_t pos = last.pos_offset + last.pos_bytes;
    EXPECT_TRUE(BytesOf(first.pos, pos) == BytesOf(second.pos, pos));
    const uint64_t bound = last.bound_offset + last.bound_bytes;
    EXPECT_TRUE(BytesOf(first.bound, bound) == BytesOf(second.bound, bound));
  }
}

// The second part of the postings continues the first, a document at a time or many.
TEST(EncodedListsTest, ManyPostingsInParts) {
  SeededRandom random(2);
  const PostingsWriterOptions options = PlainOptions(50000);
  PostingsWorld one_by_one(options), many(options);
  for (const uint32_t doc_freq : {3u, 128u, 129u, 700u, 9000u}) {
    const TestList list = RandomList(&random, doc_freq, 50000, 1, true);
    const TermMeta wanted = one_by_one.Write(list);
    const size_t cut = random.Below(list.size());
    many.writer().StartTerm();
    const auto part = [&](size_t begin, size_t end) {
      return TestList(list.begin() + static_cast<ptrdiff_t>(begin),
                      list.begin() + static_cast<ptrdiff_t>(end));
    };
    ASSERT_TRUE(many.writer().Add(PostingsOf(part(0, cut))).ok());
    const TestPosting& next = list[cut];
    ASSERT_TRUE(many.writer().Add(next.doc, next.freq, next.positions).ok());
    ASSERT_TRUE(many.writer().Add(PostingsOf(part(cut + 1, list.size()))).ok());
    const auto meta = many.writer().FinishTerm();
    ASSERT_TRUE(meta.ok()) << meta.status();
    EXPECT_EQ(*meta, wanted);
  }
}

TEST(EncodedListsTest, ManyPostingsAreRefusedAsOneIs) {
  const uint64_t doc = uint64_t{1} << 32;
  const std::vector<std::vector<uint64_t>> wrong = {
      {2 * doc, doc},                       // documents descend
      {doc + 5, doc + 4},                   // positions descend
      {doc, 100 * doc},                     // beyond the segment
      {doc, 2 * doc + (uint64_t{1} << 31)}  // no position
  };
  for (const std::vector<uint64_t>& postings : wrong) {
    ListEncoder encoder(PlainOptions(100));
    encoder.StartTerm();
    EXPECT_EQ(encoder.Add(postings).code(), absl::StatusCode::kInvalidArgument);
  }
  ListEncoder encoder(PlainOptions(100));
  encoder.StartTerm();
  ASSERT_TRUE(encoder.Add(std::vector<uint64_t>{3 * doc}).ok());
  EXPECT_EQ(encoder.Add(std::vector<uint64_t>{3 * doc + 1}).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(EncodedListsTest, TheFirstRefusalSticks) {
  const std::vector<uint32_t> at_three = {3};
  PostingsWriterOptions options = PlainOptions(UINT32_MAX);
  ListEncoder beyond(options);
  beyond.StartTerm();
  EXPECT_EQ(CodeOf(beyond.Add(kEndOfDocs, 1, at_three)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(beyond.Add(5, 1, at_three)), ErrorCode::kInvalidArgument);
  EncodedList list;
  EXPECT_EQ(CodeOf(beyond.FinishTerm(&list)), ErrorCode::kInvalidArgument);

  options.doc_count = 10;
  ListEncoder zero(options);
  zero.StartTerm();
  ASSERT_TRUE(zero.Add(5, 1, at_three).ok());
  EXPECT_EQ(CodeOf(zero.Add(7, 0, {})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(zero.FinishTerm(&list)), ErrorCode::kInvalidArgument);
}

TEST(EncodedListsTest, OfNothingThereIsNothing) {
  const EncodedLists lists;
  EncodedLists::Reader reader(lists);
  EncodedList list;
  EXPECT_FALSE(reader.Next(&list));
}

}  // namespace
}  // namespace segue
