// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/list_probe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/format/postings_test_util.h"

namespace segue::exec {
namespace {

std::vector<DocId> DocsOf(const TestList& list) {
  std::vector<DocId> docs;
  for (const TestPosting& posting : list) docs.push_back(posting.doc);
  return docs;
}

// Documents to look for, ascending: the list's own, those beside them, and others.
std::vector<DocId> Wanted(SeededRandom* random, const std::vector<DocId>& docs,
                          uint32_t doc_count) {
  std::vector<DocId> wanted;
  const uint64_t most = 1 + random->Below(ListProbe::kRows);
  while (wanted.size() < most) {
    const auto of_list = static_cast<int64_t>(docs[random->Below(docs.size())]);
    const int64_t doc = random->OneIn(4) ? static_cast<int64_t>(random->Below(doc_count))
                                         : of_list + static_cast<int64_t>(random->Below(3)) - 1;
    if (doc >= 0 && doc < doc_count) wanted.push_back(static_cast<DocId>(doc));
  }
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  return wanted;
}

void ExpectFound(ListProbe* probe, const std::vector<DocId>& docs,
                 const std::vector<DocId>& wanted) {
  std::vector<uint32_t> rows, ranks;
  std::vector<DocId> found;
  for (uint32_t i = 0; i < wanted.size(); ++i) {
    const auto at = std::lower_bound(docs.begin(), docs.end(), wanted[i]);
    if (at == docs.end() || *at != wanted[i]) continue;
    rows.push_back(i);
    found.push_back(wanted[i]);
    ranks.push_back(static_cast<uint32_t>(at - docs.begin()));
  }
  std::vector<uint32_t> got_rows(wanted.size()), got_ranks(wanted.size());
  std::vector<DocId> got(wanted.size());
  const size_t count =
      probe->Find(wanted.data(), wanted.size(), got_rows.data(), got.data(), got_ranks.data());
  got_rows.resize(count);
  got.resize(count);
  got_ranks.resize(count);
  EXPECT_EQ(got_rows, rows);
  EXPECT_EQ(got, found);
  EXPECT_EQ(got_ranks, ranks);
}

TEST(ListProbeTest, FindsAndTakesWhatTheListHas) {
  SeededRandom random(41);
  const SearchOptions options;
  for (int round = 0; round < 60; ++round) {
    const uint32_t doc_count = round % 2 == 0 ? 6000 : 400000;
    const auto doc_freq = static_cast<uint32_t>(random.Between(1, round % 3 == 0 ? 120 : 5000));
    const TestList list = RandomList(&random, doc_freq, doc_count, round, false);
    const std::vector<DocId> docs = DocsOf(list);
    PostingsWriterOptions writer_options = PlainOptions(doc_count);
    writer_options.has_positions = false;
    PostingsWorld world(writer_options);
    const TermMeta meta = world.Write(list);
    const PostingsSource source = world.Finish();
    const auto opened = PostingList::Open(source, meta, false);
    ASSERT_TRUE(opened.ok()) << opened.status();
    SearchContext context(options);

    ListProbe probe(&*opened, nullptr, &context);
    ListProbe decoded(&*opened, &docs, &context);
    for (int i = 0; i < 5; ++i) {
      const std::vector<DocId> wanted = Wanted(&random, docs, doc_count);
      ExpectFound(&probe, docs, wanted);
      ExpectFound(&decoded, docs, wanted);
    }

    std::vector<DocId> batch(ListProbe::kRows + 16), taken;
    uint32_t rank = 0;
    while (const size_t count = probe.Take(batch.data(), &rank)) {
      EXPECT_EQ(rank, taken.size());
      taken.insert(taken.end(), batch.begin(), batch.begin() + static_cast<ptrdiff_t>(count));
    }
    EXPECT_EQ(taken, docs);
    EXPECT_TRUE(context.ok()) << context.status();
  }
}

}  // namespace
}  // namespace segue::exec
