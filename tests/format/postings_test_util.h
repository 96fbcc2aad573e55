// SPDX-License-Identifier: Apache-2.0
//
// What the tests of postings, positions and bounds share: lists to write, a
// segment's three files in memory, and reading a list back through every call.

#ifndef SEGUE_TESTS_FORMAT_POSTINGS_TEST_UTIL_H_
#define SEGUE_TESTS_FORMAT_POSTINGS_TEST_UTIL_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/format/position_reader.h"
#include "engine/format/postings_reader.h"
#include "engine/format/postings_writer.h"
#include "tests/format/format_test_util.h"
#include "tests/support/seeded_random.h"

namespace segue {

struct TestPosting {
  DocId doc = 0;
  uint32_t freq = 1;
  std::vector<uint32_t> positions;
};
using TestList = std::vector<TestPosting>;

// One field of one segment.
class PostingsWorld {
 public:
  explicit PostingsWorld(const PostingsWriterOptions& options)
      : options_(options), writer_(post_.file(), pos_.file(), bound_.file()) {
    writer_.StartField(options);
  }

  TermMeta Write(const TestList& list) {
    writer_.StartTerm();
    for (const TestPosting& posting : list) {
      const absl::Status status = writer_.Add(posting.doc, posting.freq, posting.positions);
      EXPECT_TRUE(status.ok()) << status;
      if (!status.ok()) return {};
    }
    auto meta = writer_.FinishTerm();
    EXPECT_TRUE(meta.ok()) << meta.status();
    return meta.ok() ? *meta : TermMeta();
  }
  PostingsWriter& writer() { return writer_; }

  // Call once, after the last list.
  PostingsSource Finish(ReadMode mode = ReadMode::kMmap) {
    return {post_.Body(mode),   pos_.Body(mode),    bound_.Body(mode),
            options_.doc_count, options_.has_freqs, options_.has_positions};
  }

 private:
  PostingsWriterOptions options_;
  TestFile post_, pos_, bound_;
  PostingsWriter writer_;
};

inline PostingsWriterOptions PlainOptions(uint32_t doc_count) {
  PostingsWriterOptions options;
  options.doc_count = doc_count;
  options.average_length = 100;
  return options;
}

// Ascending positions: `repeats` allows equal ones.
inline std::vector<uint32_t> RandomPositions(SeededRandom* random, uint32_t freq, bool repeats,
                                             uint64_t mean_gap) {
  std::vector<uint32_t> positions(freq);
  uint64_t at = random->Below(mean_gap + 1);
  for (uint32_t& position : positions) {
    position = static_cast<uint32_t>(std::min<uint64_t>(at, 0x7fffffff));
    at += random->Between(repeats ? 0 : 1, mean_gap + 1);
  }
  // At the limit positions repeat, which is legal.
  return positions;
}

// A random list of `doc_freq` of `doc_count` documents. `style` picks among
// uniform gaps, runs, and a few huge gaps, and among frequency mixes.
inline TestList RandomList(SeededRandom* random, uint32_t doc_freq, uint32_t doc_count, int style,
                           bool with_positions) {
  std::vector<DocId> docs;
  if (uint64_t{doc_freq} * 3 >= doc_count) {
    for (DocId doc = 0; doc < doc_count; ++doc) docs.push_back(doc);
    while (docs.size() > doc_freq) {
      docs.erase(docs.begin() + static_cast<ptrdiff_t>(random->Below(docs.size())));
    }
  } else {
    const bool runs = style % 3 == 1;
    while (docs.size() < doc_freq) {
      DocId doc = static_cast<DocId>(random->Below(doc_count));
      if (style % 3 == 2) doc = random->OneIn(100) ? doc : doc % (1 + 3 * doc_freq);
      for (uint64_t run = runs ? random->Between(1, 40) : 1; run > 0 && doc < doc_count; --run) {
        docs.push_back(std::min(doc++, doc_count - 1));
      }
      if (docs.size() >= doc_freq) {
        std::sort(docs.begin(), docs.end());
        docs.erase(std::unique(docs.begin(), docs.end()), docs.end());
      }
    }
    docs.resize(doc_freq);
  }
  TestList list;
  for (const DocId doc : docs) {
    TestPosting posting;
    posting.doc = doc;
    switch (style / 3 % 4) {
      case 0:
        break;
      case 1:
        posting.freq = static_cast<uint32_t>(random->Between(1, 4)) +
                       (random->OneIn(15) ? static_cast<uint32_t>(random->Below(40)) : 0);
        break;
      case 2:
        posting.freq = static_cast<uint32_t>(random->Between(1, 300));
        break;
      default:
        posting.freq = random->OneIn(30) && !with_positions ? 1 + (random->U32() >> 1) : 1;
        break;
    }
    if (with_positions) {
      posting.positions =
          RandomPositions(random, posting.freq, style % 5 == 0,
                          random->OneIn(50) ? 1u << random->Below(28) : 1u << (style % 12));
    }
    list.push_back(std::move(posting));
  }
  return list;
}

// Reads `list` back through every call of PostingList.
inline void ExpectList(const PostingsSource& source, const TermMeta& meta, const TestList& list) {
  auto opened = PostingList::Open(source, meta, source.has_positions);
  ASSERT_TRUE(opened.ok()) << opened.status();
  const PostingList postings = *std::move(opened);
  ASSERT_EQ(postings.doc_freq(), list.size());
  ASSERT_EQ(postings.block_count(), (list.size() + kBlockPostings - 1) / kBlockPostings);
  EXPECT_EQ(postings.last_doc(), list.back().doc);
  uint64_t total_freq = 0;
  for (const TestPosting& posting : list) total_freq += posting.freq;
  EXPECT_EQ(meta.total_freq, total_freq);

  size_t rank = 0;
  std::vector<uint32_t> positions;
  PositionReader reader(&postings);
  for (uint32_t block = 0; block < postings.block_count(); ++block) {
    DocId docs[kBlockPostings];
    uint32_t freqs[kBlockPostings];
    const uint32_t count = postings.docs_in_block(block);
    ASSERT_EQ(postings.DecodeDocs(block, docs), count) << postings.status();
    ASSERT_TRUE(postings.DecodeFreqs(block, freqs)) << postings.status();
    ASSERT_EQ(postings.first_doc(block), docs[0]);
    const FreqBlock view = postings.OpenFreqs(block);
    ASSERT_EQ(view.count(), count);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; ++i, ++rank) {
      const TestPosting& want = list[rank];
      ASSERT_EQ(docs[i], want.doc) << "block " << block << " element " << i;
      ASSERT_EQ(freqs[i], want.freq) << "block " << block << " element " << i;
      ASSERT_EQ(view.At(i), want.freq) << "block " << block << " element " << i;
      ASSERT_EQ(postings.FreqAt(block, i), want.freq) << "block " << block << " element " << i;
      ASSERT_EQ(view.SumBefore(i), sum) << "block " << block << " element " << i;
      sum += want.freq;
      ASSERT_EQ(postings.FindBlock(docs[i], 0), block);
      if (postings.dense()) {
        ASSERT_TRUE(postings.DenseContains(want.doc));
        ASSERT_EQ(postings.DenseRank(want.doc), rank);
      }
      if (!source.has_positions) continue;
      ASSERT_TRUE(reader.EnterBlock(block));
      ASSERT_EQ(reader.Read(i, &positions), want.freq) << postings.status();
      ASSERT_TRUE(std::equal(want.positions.begin(), want.positions.end(), positions.begin()))
          << "block " << block << " element " << i;
    }
    ASSERT_EQ(view.SumBefore(count), sum);
  }
  EXPECT_TRUE(postings.status().ok()) << postings.status();
}

}  // namespace segue

#endif  // SEGUE_TESTS_FORMAT_POSTINGS_TEST_UTIL_H_
