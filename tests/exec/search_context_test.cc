// SPDX-License-Identifier: Apache-2.0
//
// What a search may spend, and the working memory that its thread keeps for the next one.
#include "engine/exec/search_context.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "engine/exec/search_scratch.h"
#include "segue/status.h"

namespace segue::exec {
namespace {

TEST(StopReasonTest, NamesTheFirstThatHolds) {
  SearchOptions options;
  EXPECT_TRUE(StopReason(options, UINT64_MAX).ok()) << "no limit";
  options.postings_limit = 100;
  EXPECT_TRUE(StopReason(options, 100).ok());
  EXPECT_EQ(CodeOf(StopReason(options, 101)), ErrorCode::kResourceExhausted);
  options.deadline = std::chrono::steady_clock::now() + std::chrono::hours(1);
  EXPECT_TRUE(StopReason(options, 0).ok());
  options.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  EXPECT_EQ(CodeOf(StopReason(options, 101)), ErrorCode::kDeadlineExceeded);
  std::atomic<bool> cancel = false;
  options.cancel = &cancel;
  EXPECT_EQ(CodeOf(StopReason(options, 0)), ErrorCode::kDeadlineExceeded);
  cancel = true;
  EXPECT_EQ(CodeOf(StopReason(options, 101)), ErrorCode::kCancelled);
}

TEST(SearchContextTest, RemembersTheFirstError) {
  const SearchOptions options;
  SearchContext context(options);
  EXPECT_TRUE(context.ok());
  EXPECT_TRUE(context.KeepGoing());
  context.Fail(absl::OkStatus());
  EXPECT_TRUE(context.ok()) << "which is none";
  context.Fail(absl::DataLossError("first"));
  context.Fail(absl::InternalError("second"));
  EXPECT_EQ(context.status().message(), "first");
  EXPECT_FALSE(context.KeepGoing());
  EXPECT_FALSE(context.KeepGoingAfter(1));
  EXPECT_FALSE(context.stopped()) << "what it found is not sound";
}

TEST(SearchContextTest, CountsWhatItsLimitOfPostingsIsFor) {
  SearchOptions options;
  options.postings_limit = 1000;
  SearchContext context(options, 100);
  EXPECT_EQ(context.PostingsSpent(), 100U);
  context.Spend(200);
  context.counters().documents_scored += 50;
  context.counters().blocks_decoded += 2;  // of 128
  EXPECT_EQ(context.PostingsSpent(), 100U + 200 + 50 + 256);
  EXPECT_TRUE(context.KeepGoing());
  context.Spend(1000);
  EXPECT_FALSE(context.KeepGoing());
  EXPECT_TRUE(context.stopped()) << "what it found is sound";
  EXPECT_EQ(CodeOf(context.status()), ErrorCode::kResourceExhausted);
}

// The clock is read once in so many postings, however few each caller goes through.
TEST(SearchContextTest, AsksNowAndThen) {
  std::atomic<bool> cancel = true;
  SearchOptions options;
  options.cancel = &cancel;
  SearchContext context(options);
  EXPECT_TRUE(context.KeepGoingAfter(1)) << "it has not asked yet";
  uint64_t postings = 1;
  while (context.KeepGoingAfter(100) && postings < 1000000) postings += 100;
  EXPECT_GT(postings, 1000U);
  EXPECT_LT(postings, 100000U);
  EXPECT_TRUE(context.stopped());
  SearchContext another(options);
  EXPECT_FALSE(another.KeepGoingAfter(1000000)) << "so many at once are asked for";
}

TEST(SearchContextTest, ChargesUpToTheLimitAndNotAByteMore) {
  SearchOptions options;
  options.memory_limit_bytes = 100;
  SearchContext context(options);
  EXPECT_TRUE(context.Charge(0).ok());
  EXPECT_TRUE(context.Charge(99).ok());
  EXPECT_EQ(CodeOf(context.Charge(2)), ErrorCode::kResourceExhausted);
  EXPECT_TRUE(context.Charge(1).ok()) << "what was refused was not taken";
  EXPECT_EQ(CodeOf(context.Charge(UINT64_MAX)), ErrorCode::kResourceExhausted);
  EXPECT_TRUE(context.ok()) << "whoever charges decides what that means";
}

TEST(SearchScratchTest, TheThreadKeepsOneForItsNextSearch) {
  const SearchScratch* first = nullptr;
  {
    auto scratch = SearchScratch::Borrow();
    first = scratch.get();
    SearchScratch::Return(std::move(scratch));
  }
  auto scratch = SearchScratch::Borrow();
  EXPECT_EQ(scratch.get(), first);
  auto beside = SearchScratch::Borrow();  // the first is lent out
  EXPECT_NE(beside.get(), first);
  SearchScratch::Return(std::move(beside));
  SearchScratch::Return(std::move(scratch));
}

TEST(SearchScratchTest, WhatIsTakenIsTheCallersAlone) {
  auto scratch = SearchScratch::Borrow();
  std::vector<uint64_t*> masks;
  std::vector<std::vector<uint8_t>*> rows;
  std::vector<ProbeRows*> probes;
  for (int i = 0; i < 5; ++i) {
    masks.push_back(scratch->TakeMask());
    std::fill_n(masks.back(), kChunkWords, static_cast<uint64_t>(i));
    rows.push_back(scratch->TakeBytes(100 + static_cast<size_t>(i)));
    std::fill(rows.back()->begin(), rows.back()->end(), static_cast<uint8_t>(i));
    probes.push_back(scratch->TakeProbeRows());
    probes.back()->ranks.fill(static_cast<DocId>(i));
  }
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_TRUE(std::all_of(masks[i], masks[i] + kChunkWords, [&](uint64_t w) { return w == i; }));
    EXPECT_EQ(*rows[i], std::vector<uint8_t>(100 + i, static_cast<uint8_t>(i)));
    EXPECT_EQ(probes[i]->ranks.front(), i);
    EXPECT_EQ(probes[i]->ranks.back(), i);
  }
  for (uint64_t* mask : masks) std::fill_n(mask, kChunkWords, uint64_t{0});
  SearchScratch::Return(std::move(scratch));
}

// Masks come back all zeros, so that nobody clears them; and the same ones are given again.
TEST(SearchScratchTest, MasksAreZeros) {
  for (int search = 0; search < 3; ++search) {
    auto scratch = SearchScratch::Borrow();
    for (int i = 0; i < 4; ++i) {
      uint64_t* mask = scratch->TakeMask();
      EXPECT_TRUE(std::all_of(mask, mask + kChunkWords, [](uint64_t word) { return word == 0; }));
      mask[i] = 7;
      mask[i] = 0;
    }
    SearchScratch::Return(std::move(scratch));
  }
}

TEST(SearchScratchTest, AnEnormousOneIsNotKept) {
  auto scratch = SearchScratch::Borrow();
  const SearchScratch* large = scratch.get();
  scratch->TakeBytes(size_t{2} << 20);
  auto other = SearchScratch::Borrow();
  const SearchScratch* small = other.get();
  SearchScratch::Return(std::move(other));
  SearchScratch::Return(std::move(scratch));  // in the place of the small one, if it were kept
  auto next = SearchScratch::Borrow();
  EXPECT_EQ(next.get(), small);
  EXPECT_NE(next.get(), large);
  SearchScratch::Return(std::move(next));
}

TEST(SearchScratchTest, SumsAndRowsGrowAsAsked) {
  auto scratch = SearchScratch::Borrow();
  EXPECT_GE(scratch->sums(10).size(), 10U);
  EXPECT_GE(scratch->sums(5000).size(), 5000U);
  SearchScratch::UnionRows& rows = scratch->union_rows(300);
  EXPECT_GE(rows.docs.size(), 300U);
  EXPECT_EQ(rows.docs.size(), rows.sums.size());
  EXPECT_EQ(&scratch->rows(), &scratch->rows());
  SearchScratch::Return(std::move(scratch));
}

}  // namespace
}  // namespace segue::exec
