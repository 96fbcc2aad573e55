// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/list_union.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "segue/status.h"
#include "tests/format/postings_test_util.h"

namespace segue::exec {
namespace {

// Lists of all kinds, and the documents that any of them holds.
class Lists {
 public:
  Lists(SeededRandom* random, uint32_t doc_count, int count) : doc_count_(doc_count) {
    for (int i = 0; i < count; ++i) {
      const auto most = random->OneIn(3) ? doc_count / 2 : random->OneIn(2) ? 2000u : 100u;
      const auto doc_freq = static_cast<uint32_t>(random->Between(1, most));
      const TestList list = RandomList(random, doc_freq, doc_count, i, false);
      for (const TestPosting& posting : list) docs_.insert(posting.doc);
      PostingsWriterOptions options = PlainOptions(doc_count);
      options.has_positions = false;
      worlds_.push_back(std::make_unique<PostingsWorld>(options));
      metas_.push_back(worlds_.back()->Write(list));
      sources_.push_back(worlds_.back()->Finish());
    }
  }

  ListUnion Open(SearchContext* context) const {
    ListUnion all(doc_count_, context);
    for (size_t i = 0; i < sources_.size(); ++i) {
      auto list = PostingList::Open(sources_[i], metas_[i], false);
      EXPECT_TRUE(list.ok()) << list.status();
      EXPECT_TRUE(all.Add(*std::move(list)).ok());
    }
    return all;
  }

  const std::set<DocId>& docs() const { return docs_; }
  DocId Next(DocId from) const {
    const auto next = docs_.lower_bound(from);
    return next == docs_.end() ? kEndOfDocs : *next;
  }

 private:
  uint32_t doc_count_;
  std::vector<std::unique_ptr<PostingsWorld>> worlds_;
  std::vector<TermMeta> metas_;
  std::vector<PostingsSource> sources_;
  std::set<DocId> docs_;
};

TEST(ListUnionTest, HasWhatTheListsHaveInWhateverStepsItIsAsked) {
  SeededRandom random(61);
  const SearchOptions options;
  for (int round = 0; round < 20; ++round) {
    const auto doc_count = static_cast<uint32_t>(random.Between(1, round % 2 == 0 ? 9000 : 60000));
    const Lists lists(&random, doc_count, 1 + round % 7);
    SearchContext context(options);
    ListUnion all = lists.Open(&context);
    EXPECT_GE(all.Cost(), lists.docs().size());
    EXPECT_LE(all.Cost(), doc_count);
    for (int i = 0; i < 100; ++i) {
      const auto from = static_cast<DocId>(random.Below(random.OneIn(2) ? doc_count : 1 + i * 40));
      ASSERT_EQ(all.FindNext(from), lists.Next(from));
      const auto end = static_cast<DocId>(random.Between(1, doc_count));
      const std::span<const uint64_t> words = all.WordsBefore(end);
      ASSERT_EQ(words[(end - 1) / 64] >> ((end - 1) % 64) & 1, lists.docs().count(end - 1));
    }
    EXPECT_EQ(all.FindNext(doc_count), kEndOfDocs);
    EXPECT_EQ(all.Count(), lists.docs().size());
    EXPECT_EQ(all.Cost(), lists.docs().size());
    EXPECT_TRUE(context.ok()) << context.status();
  }
}

TEST(ListUnionTest, CountsBeforeAnythingElse) {
  SeededRandom random(62);
  const Lists lists(&random, 30000, 5);
  const SearchOptions options;
  SearchContext context(options);
  ListUnion all = lists.Open(&context);
  all.Add(DocId{29999});
  all.Add(DocId{30000});  // not one of the segment
  std::set<DocId> docs = lists.docs();
  docs.insert(29999);
  EXPECT_EQ(all.Count(), docs.size());
  std::vector<DocId> found;
  for (DocId doc = all.FindNext(0); doc != kEndOfDocs; doc = all.FindNext(doc + 1)) {
    found.push_back(doc);
  }
  EXPECT_EQ(found, std::vector<DocId>(docs.begin(), docs.end()));
}

PostingList OneList(SeededRandom* random, uint32_t doc_freq, uint32_t doc_count) {
  PostingsWriterOptions options = PlainOptions(doc_count);
  options.has_positions = false;
  PostingsWorld world(options);
  const TermMeta meta = world.Write(RandomList(random, doc_freq, doc_count, 0, false));
  const PostingsSource source = world.Finish();
  auto list = PostingList::Open(source, meta, false);
  EXPECT_TRUE(list.ok()) << list.status();
  return list.ok() ? *std::move(list) : PostingList();
}

TEST(ListUnionTest, KeepsWithinTheMemoryOfASearch) {
  SeededRandom random(63);
  SearchOptions options;
  options.memory_limit_bytes = 16;
  SearchContext context(options);
  ListUnion all(30000, &context);
  EXPECT_EQ(CodeOf(all.Add(OneList(&random, 1000, 30000))), ErrorCode::kResourceExhausted);
}

TEST(ListUnionTest, ASearchThatIsCancelledStopsInALongList) {
  SeededRandom random(64);
  std::atomic<bool> cancel = false;
  SearchOptions options;
  options.cancel = &cancel;
  SearchContext context(options);
  ListUnion all(2000000, &context);
  ASSERT_TRUE(all.Add(OneList(&random, 40000, 2000000)).ok());
  EXPECT_NE(all.FindNext(0), kEndOfDocs);
  cancel = true;
  EXPECT_LT(all.Count(), 40000u);
  EXPECT_EQ(CodeOf(context.status()), ErrorCode::kCancelled);
}

}  // namespace
}  // namespace segue::exec
