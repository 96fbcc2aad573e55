// SPDX-License-Identifier: Apache-2.0
//
// Lists that are encoded apart, kept and appended later have the bytes of those that are written at
// once, wherever they come to lie.
#include "engine/format/encoded_lists.h"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "tests/format/postings_test_util.h"

namespace segue {
namespace {

std::string BytesOf(const Section& section, uint64_t bytes) {
  const auto pinned = section.Pin(0, bytes);
  EXPECT_TRUE(pinned.ok()) << pinned.status();
  return pinned.ok() ? std::string(pinned->view()) : std::string();
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
      for (const TestPosting& posting : list) {
        ASSERT_TRUE(encoder.Add(posting.doc, posting.freq, posting.positions).ok());
      }
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

TEST(EncodedListsTest, OfNothingThereIsNothing) {
  const EncodedLists lists;
  EncodedLists::Reader reader(lists);
  EncodedList list;
  EXPECT_FALSE(reader.Next(&list));
}

}  // namespace
}  // namespace segue
