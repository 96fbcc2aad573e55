// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/list_union.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "segue/status.h"
#include "tests/format/format_test_util.h"
#include "tests/format/postings_test_util.h"

namespace segue::exec {
namespace {

// Lists of all kinds, and the documents that any of them holds.
class Lists {
 public:
  Lists(SeededRandom* random, uint32_t doc_count, int count) : doc_count_(doc_count) {
    for (int i = 0; i < count; ++i) {
      // Of many lists, most are short.
      const bool is_short = count > 8 && !random->OneIn(40);
      const auto most = is_short           ? 20u
                        : random->OneIn(3) ? doc_count / 2
                        : random->OneIn(2) ? 2000u
                                           : 100u;
      Write(
          RandomList(random, static_cast<uint32_t>(random->Between(1, most)), doc_count, i, false));
    }
  }
  // All of so many documents.
  Lists(SeededRandom* random, uint32_t doc_count, int count, uint32_t doc_freq)
      : doc_count_(doc_count) {
    for (int i = 0; i < count; ++i) Write(RandomList(random, doc_freq, doc_count, i, false));
  }

  ListUnion Open(SearchContext* context) const {
    ListUnion all(doc_count_, context);
    const absl::Status added = AddTo(&all);
    EXPECT_TRUE(added.ok()) << added;
    return all;
  }
  // Up to the first error.
  absl::Status AddTo(ListUnion* all) const {
    absl::Status status;
    for (size_t i = 0; i < sources_.size() && status.ok(); ++i) {
      status = all->Add(sources_[i], metas_[i]);
    }
    return status;
  }
  void Damage(size_t i, SeededRandom* random) {
    std::string bytes(sources_[i].post.PinAll()->view());
    sources_[i].post = Section::FromBytes(Damaged(std::move(bytes), random));
  }

  const std::set<DocId>& docs() const { return docs_; }
  DocId Next(DocId from) const {
    const auto next = docs_.lower_bound(from);
    return next == docs_.end() ? kEndOfDocs : *next;
  }

 private:
  void Write(const TestList& list) {
    for (const TestPosting& posting : list) docs_.insert(posting.doc);
    PostingsWriterOptions options = PlainOptions(doc_count_);
    options.has_positions = false;
    worlds_.push_back(std::make_unique<PostingsWorld>(options));
    metas_.push_back(worlds_.back()->Write(list));
    sources_.push_back(worlds_.back()->Finish());
  }

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
    const Lists lists(&random, doc_count, round % 4 == 3 ? 300 : 1 + round % 7);
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

// Lists of which few were needed at first are found to be damaged later, or not at all; what is
// found is a set of documents of the segment all the same.
TEST(ListUnionTest, DamageIsToldOnceAListIsNeeded) {
  SeededRandom random(65);
  int told_at_once = 0, told_late = 0;
  for (int round = 0; round < 60; ++round) {
    Lists lists(&random, 20000, 200);
    lists.Damage(random.Below(200), &random);
    const SearchOptions options;
    SearchContext context(options);
    ListUnion all(20000, &context);
    const absl::Status added = lists.AddTo(&all);
    EXPECT_TRUE(added.ok() || CodeOf(added) == ErrorCode::kDataLoss) << added;
    told_at_once += !added.ok();
    EXPECT_LE(all.Count(), 20000u);
    told_late += added.ok() && !context.ok();
  }
  EXPECT_GT(told_at_once, 0);
  EXPECT_GT(told_late, 0);
}

TEST(ListUnionTest, KeepsWithinTheMemoryOfASearch) {
  SeededRandom random(63);
  SearchOptions options;
  options.memory_limit_bytes = 16;
  SearchContext context(options);
  for (const int count : {3, 300}) {  // three long ones, many short ones
    const Lists lists(&random, 30000, count, count == 3 ? 1000 : 20);
    ListUnion all(30000, &context);
    EXPECT_EQ(CodeOf(lists.AddTo(&all)), ErrorCode::kResourceExhausted) << count;
  }
}

TEST(ListUnionTest, ASearchThatIsCancelledStopsInALongList) {
  SeededRandom random(64);
  std::atomic<bool> cancel = false;
  SearchOptions options;
  options.cancel = &cancel;
  SearchContext context(options);
  const Lists lists(&random, 2000000, 1, 40000);
  ListUnion all = lists.Open(&context);
  EXPECT_NE(all.FindNext(0), kEndOfDocs);
  cancel = true;
  EXPECT_LT(all.Count(), 40000u);
  EXPECT_EQ(CodeOf(context.status()), ErrorCode::kCancelled);
}

}  // namespace
}  // namespace segue::exec
