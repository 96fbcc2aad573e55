// SPDX-License-Identifier: Apache-2.0
//
// FlatList, by chunks and probed, over sparse lists, short ones and bitmaps; and the sets of groups
// that chunks are narrowed by; against the table of postings.
#include "engine/exec/flat_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include "engine/exec/chunk.h"
#include "tests/exec/flat_query.h"
#include "tests/exec/small_segment.h"

namespace segue::exec {
namespace {

// --- Sets of groups ------------------------------------------------------------------------------

using Groups = std::set<uint32_t>;

// A set of groups beside the same as the standard library's.
struct BothGroups {
  ChunkGroups groups;
  Groups want;
};

BothGroups RandomGroups(SeededRandom* random) {
  BothGroups both;
  for (uint64_t i = random->Below(random->OneIn(3) ? 60 : 8); i > 0; --i) {
    const auto first = static_cast<uint32_t>(random->Below(kChunkGroups));
    if (random->OneIn(2)) {
      both.groups.Add(first);
      both.want.insert(first);
      continue;
    }
    const auto last = static_cast<uint32_t>(random->Between(first, kChunkGroups - 1));
    both.groups.AddRange(first, last);
    for (uint32_t group = first; group <= last; ++group) both.want.insert(group);
  }
  return both;
}

Groups Each(const ChunkGroups& groups) {
  Groups each;
  groups.ForEach([&](uint32_t group) { each.insert(group); });
  return each;
}

TEST(ChunkGroupsTest, AreASet) {
  SeededRandom random(281);
  for (int round = 0; round < 300; ++round) {
    const BothGroups a = RandomGroups(&random), b = RandomGroups(&random);
    ASSERT_EQ(Each(a.groups), a.want);
    ASSERT_EQ(a.groups.empty(), a.want.empty());
    ASSERT_EQ(a.groups == b.groups, a.want == b.want);
    for (uint32_t group = 0; group < kChunkGroups; ++group) {
      const auto next = a.want.lower_bound(group);
      ASSERT_EQ(a.groups.Next(group), next == a.want.end() ? kChunkGroups : *next);
    }
    BothGroups all = a;
    all.groups.AddAll(b.groups);
    all.want.insert(b.want.begin(), b.want.end());
    ASSERT_EQ(Each(all.groups), all.want);
  }
  EXPECT_EQ(Each(ChunkGroups::All()).size(), kChunkGroups);
}

// Runs hold all groups and no word past the chunk's; few groups are visited alone, many as one.
TEST(ChunkGroupsTest, RunsCoverTheGroups) {
  SeededRandom random(282);
  for (int round = 0; round < 300; ++round) {
    const BothGroups both = RandomGroups(&random);
    const auto words = static_cast<uint32_t>(random.Between(1, kChunkWords));
    std::vector<bool> covered(kChunkWords);
    uint32_t end = 0;
    both.groups.ForEachRun(words, [&](uint32_t first, uint32_t count) {
      ASSERT_GE(first, end) << "runs ascend";
      ASSERT_GT(count, 0U);
      end = first + count;
      ASSERT_LE(end, words);
      std::fill_n(covered.begin() + first, count, true);
    });
    for (const uint32_t group : both.want) {
      for (uint32_t w = group * kGroupWords; w < std::min(words, (group + 1) * kGroupWords); ++w) {
        ASSERT_TRUE(covered[w]) << "word " << w;
      }
    }
  }
}

TEST(ChunkGroupsTest, MasksAreNarrowedClearedAndCopied) {
  SeededRandom random(283);
  for (int round = 0; round < 60; ++round) {
    BothGroups both = RandomGroups(&random);
    std::vector<uint64_t> mask(kChunkWords), other(kChunkWords), copy(kChunkWords);
    for (const uint32_t group : both.want) {
      for (uint32_t w = group * kGroupWords; w < (group + 1) * kGroupWords; ++w) {
        mask[w] = random.Next() & random.Next();
      }
    }
    for (uint64_t& word : other) word = random.OneIn(3) ? random.Next() : 0;
    both.groups.Copy(mask.data(), kChunkWords, copy.data());
    ASSERT_EQ(copy, mask);
    const bool without = random.OneIn(2);
    Groups left;
    for (uint32_t w = 0; w < kChunkWords; ++w) {
      copy[w] &= without ? ~other[w] : other[w];
      if (copy[w] != 0) left.insert(w / kGroupWords);
    }
    if (without) {
      both.groups.AndNot(mask.data(), other.data());
    } else {
      both.groups.And(mask.data(), other.data());
    }
    ASSERT_EQ(mask, copy);
    ASSERT_EQ(Each(both.groups), left);
    both.groups.Clear(mask.data());
    ASSERT_EQ(mask, std::vector<uint64_t>(kChunkWords));
  }
}

TEST(ChunkTest, TheLastOneEndsWithTheSegment) {
  EXPECT_EQ(ChunkAt(0, 1), (Chunk{0, 1}));
  EXPECT_EQ(ChunkAt(0, 65536), (Chunk{0, 65536}));
  EXPECT_EQ(ChunkAt(1, 65537), (Chunk{65536, 65537}));
  EXPECT_EQ(ChunkAt(1, 65537).words(), 1U);
  EXPECT_EQ(ChunkAt(0, 65).words(), 2U);
  EXPECT_EQ(ChunkAt(0, 64).words(), 1U);
}

// --- Lists ---------------------------------------------------------------------------------------

class FlatListTest : public ::testing::Test {
 protected:
  static constexpr uint32_t kDocs = 140000;  // more than two chunks

  static SmallSegment Build(SeededRandom* random) {
    return SegmentOf(random, {.doc_count = kDocs}, {1, 40, 129, 900, 3000, 8000, 50000});
  }

  std::unique_ptr<FlatList> Open(const SmallSegment& segment, size_t term) {
    return std::make_unique<FlatList>(segment.Source(term), segment.scoring(term),
                                      segment.weight(term), &context_);
  }

  // Ascending documents of groups that are wanted, some of them the list's own.
  static std::vector<DocId> SomeDocs(SeededRandom* random, const TestList& list, const Chunk& chunk,
                                     const ChunkGroups& wanted, size_t most) {
    const Groups groups = Each(wanted);
    std::set<DocId> docs;
    for (const TestPosting& posting : list) {
      if (random->OneIn(2)) docs.insert(posting.doc);
    }
    for (int i = 0; i < 300; ++i) docs.insert(static_cast<DocId>(random->Below(kDocs)));
    std::vector<DocId> some;
    for (const DocId doc : docs) {
      if (doc < chunk.begin || doc >= chunk.end || some.size() == most) continue;
      if (groups.count((doc - chunk.begin) / kGroupDocs) != 0) some.push_back(doc);
    }
    return some;
  }

  static std::vector<uint32_t> AllRows(const std::vector<DocId>& docs) {
    std::vector<uint32_t> rows(docs.size());
    std::iota(rows.begin(), rows.end(), 0);
    return rows;
  }

  // Some of the documents, ascending, and which they were.
  static std::vector<uint32_t> RandomRows(SeededRandom* random, std::vector<DocId>* docs) {
    std::vector<uint32_t> rows;
    std::vector<DocId> some;
    for (size_t i = 0; i < docs->size(); ++i) {
      if (random->OneIn(2)) continue;
      rows.push_back(static_cast<uint32_t>(i));
      some.push_back((*docs)[i]);
    }
    docs->swap(some);
    return rows;
  }

  // Of documents, those that the list has, with their ranks. `asked_rows`: which of the documents
  // taken last they are.
  static void ExpectRows(FlatList* list, const SmallSegment& segment, size_t term,
                         const Chunk& chunk, const std::vector<DocId>& docs,
                         const std::vector<uint32_t>& asked_rows = {}) {
    std::vector<uint32_t> offsets, rows, held, ranks;
    std::vector<DocId> held_docs;
    for (const DocId doc : docs) {
      if (const TestPosting* posting = segment.Find(term, doc)) {
        rows.push_back(static_cast<uint32_t>(offsets.size()));
        held.push_back(doc - chunk.begin);
        held_docs.push_back(doc);
        ranks.push_back(static_cast<uint32_t>(posting - segment.list(term).data()));
      }
      offsets.push_back(doc - chunk.begin);
    }
    std::vector<uint32_t> got_rows(docs.size()), got_held(docs.size()), got_ranks(docs.size());
    const size_t count = list->Held({offsets.data(), asked_rows.data(), offsets.size()},
                                    got_rows.data(), got_held.data(), got_ranks.data());
    for (auto* got : {&got_rows, &got_held, &got_ranks}) got->resize(count);
    ASSERT_EQ(got_rows, rows) << "list " << term;
    ASSERT_EQ(got_held, held) << "list " << term;
    ASSERT_EQ(got_ranks, ranks) << "list " << term;
    ASSERT_TRUE(held.empty() || list->MayHold(held.front(), held.back()));
    if (!list->is_probed()) ExpectScores(list, segment, term, chunk, held_docs, {});
  }

  // The scores of documents that the list has. `rows`: which of those kept or taken last they are.
  static void ExpectScores(FlatList* list, const SmallSegment& segment, size_t term,
                           const Chunk& chunk, const std::vector<DocId>& docs,
                           const std::vector<uint32_t>& rows) {
    std::vector<uint32_t> offsets, freqs;
    std::vector<float> want;
    for (const DocId doc : docs) {
      offsets.push_back(doc - chunk.begin);
      freqs.push_back(segment.Find(term, doc)->freq);
      want.push_back(segment.Score(term, doc));
    }
    std::vector<uint32_t> ranks(docs.size()), got_freqs(docs.size());
    std::vector<float> scores(docs.size());
    list->Scores({offsets.data(), rows.data(), docs.size()}, ranks.data(), got_freqs.data(),
                 scores.data());
    ASSERT_EQ(got_freqs, freqs) << "list " << term;
    ASSERT_EQ(scores, want) << "list " << term;
    scores.assign(docs.size(), 0);
    list->ScoresOf(docs.data(), freqs.data(), docs.size(), scores.data());
    ASSERT_EQ(scores, want) << "list " << term;
  }

  const SearchOptions options_ = {};
  SearchContext context_{options_};
};

TEST_F(FlatListTest, CandidatesAndTheGreatestScore) {
  SeededRandom random(284);
  const SmallSegment segment = Build(&random);
  for (size_t term = 0; term < segment.term_count(); ++term) {
    const auto list = Open(segment, term);
    const TestList& postings = segment.list(term);
    std::vector<DocId> docs;
    for (const TestPosting& posting : postings) {
      docs.push_back(posting.doc);
      ASSERT_LE(segment.Score(term, posting.doc), list->MaxScore());
    }
    EXPECT_EQ(list->doc_freq(), docs.size());
    for (int i = 0; i < 200; ++i) {
      const auto from = static_cast<DocId>(random.Below(kDocs));
      const DocId candidate = list->NextCandidate(from);
      const auto next = std::lower_bound(docs.begin(), docs.end(), from);
      ASSERT_GE(candidate, from);
      ASSERT_LE(candidate, next == docs.end() ? kEndOfDocs : *next) << "list " << term;
    }
    EXPECT_EQ(list->NextCandidate(docs.back() + 1), kEndOfDocs) << "list " << term;
    EXPECT_EQ(list->NextCandidate(docs.back()), docs.back()) << "list " << term;
    EXPECT_EQ(list->AllDocs(), docs);
  }
}

// The documents of wanted groups, their ranks and scores, whatever was loaded before.
TEST_F(FlatListTest, ChunksHoldTheDocumentsOfWantedGroups) {
  SeededRandom random(285);
  const SmallSegment segment = Build(&random);
  for (size_t term = 0; term < segment.term_count(); ++term) {
    const auto list = Open(segment, term);
    const TestList& postings = segment.list(term);
    for (int round = 0; round < 10; ++round) {
      const Chunk chunk = ChunkAt(static_cast<uint32_t>(random.Below(3)), kDocs);
      const ChunkGroups wanted =
          random.OneIn(4) ? ChunkGroups::All() : RandomGroups(&random).groups;
      const uint64_t* members = list->Load(chunk, wanted);
      ASSERT_EQ(list->members(), members);
      std::vector<uint64_t> want(kChunkWords);
      for (const TestPosting& posting : postings) {
        if (posting.doc < chunk.begin || posting.doc >= chunk.end) continue;
        const uint32_t offset = posting.doc - chunk.begin;
        want[offset / 64] |= uint64_t{1} << (offset % 64);
      }
      wanted.ForEach([&](uint32_t group) {
        if (group * kGroupDocs >= chunk.size()) return;
        const bool any = list->groups().Next(group) == group;
        for (uint32_t w = group * kGroupWords; w < (group + 1) * kGroupWords; ++w) {
          ASSERT_EQ(members[w], want[w]) << "list " << term << " word " << w;
          ASSERT_TRUE(any || want[w] == 0) << "group " << group << " may hold documents";
        }
      });
      ExpectRows(list.get(), segment, term, chunk,
                 SomeDocs(&random, postings, chunk, wanted, 4096));
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_TRUE(context_.ok()) << context_.status();
}

TEST_F(FlatListTest, IsAddedToMasksOfOthers) {
  SeededRandom random(289);
  const SmallSegment segment = Build(&random);
  std::vector<uint64_t> mask(kChunkWords), want(kChunkWords);
  for (size_t term = 0; term < segment.term_count(); ++term) {
    const auto list = Open(segment, term);
    for (DocId begin = 0; begin < kDocs; begin += kChunkDocs) {
      if (random.OneIn(3)) continue;
      const Chunk chunk = ChunkAt(begin / kChunkDocs, kDocs);
      for (size_t w = 0; w < chunk.words(); ++w) mask[w] = want[w] = random.OneIn(9) ? 5 : 0;
      uint64_t in_chunk = 0;
      for (const TestPosting& posting : segment.list(term)) {
        if (posting.doc < chunk.begin || posting.doc >= chunk.end) continue;
        want[(posting.doc - chunk.begin) / 64] |= uint64_t{1} << (posting.doc % 64);
        ++in_chunk;
      }
      const uint64_t postings = list->AddTo(chunk, mask.data());
      ASSERT_TRUE(list->list().dense() || postings == in_chunk) << "list " << term;
      ASSERT_TRUE(postings > 0 || in_chunk == 0);
      for (size_t w = 0; w < chunk.words(); ++w) ASSERT_EQ(mask[w], want[w]) << "list " << term;
    }
  }
  EXPECT_TRUE(context_.ok()) << context_.status();
}

TEST_F(FlatListTest, SelectsFromAMask) {
  SeededRandom random(286);
  const SmallSegment segment = Build(&random);
  for (size_t term = 0; term < segment.term_count(); ++term) {
    const auto list = Open(segment, term);
    const Chunk chunk = ChunkAt(1, kDocs);
    list->Load(chunk, ChunkGroups::All());
    std::vector<uint64_t> mask(kChunkWords);
    const auto first_group = static_cast<uint32_t>(random.Below(60));
    const uint32_t groups = static_cast<uint32_t>(random.Between(1, 60));
    const std::vector<DocId> docs =
        SomeDocs(&random, segment.list(term), chunk, ChunkGroups::All(), SIZE_MAX);
    std::vector<uint32_t> rows, offsets, ranks;
    uint32_t row = 0;
    for (const DocId doc : docs) {
      const uint32_t offset = doc - chunk.begin;
      if (offset / kGroupDocs < first_group || offset / kGroupDocs >= first_group + groups)
        continue;
      mask[offset / 64] |= uint64_t{1} << (offset % 64);
      if (const TestPosting* posting = segment.Find(term, doc)) {
        rows.push_back(row);
        offsets.push_back(offset);
        ranks.push_back(static_cast<uint32_t>(posting - segment.list(term).data()));
      }
      ++row;
    }
    std::vector<uint32_t> got_rows(row + 8), got_offsets(row + 8), got_ranks(row + 8);
    const size_t count = list->Select(mask.data(), first_group, groups, got_rows.data(),
                                      got_offsets.data(), got_ranks.data());
    for (auto* got : {&got_rows, &got_offsets, &got_ranks}) got->resize(count);
    ASSERT_EQ(got_rows, rows) << "list " << term;
    ASSERT_EQ(got_offsets, offsets) << "list " << term;
    ASSERT_EQ(got_ranks, ranks) << "list " << term;
  }
}

TEST_F(FlatListTest, IsProbedForDocumentsOfTheWholeSegment) {
  SeededRandom random(287);
  const SmallSegment segment = Build(&random);
  const Chunk whole{0, kDocs};
  for (size_t term = 0; term < segment.term_count(); ++term) {
    const auto list = Open(segment, term);
    list->Load(ChunkAt(0, kDocs), ChunkGroups::All());
    EXPECT_FALSE(list->is_probed());
    list->BeginProbing();
    EXPECT_TRUE(list->is_probed());
    EXPECT_TRUE(list->MayHold(0, kDocs - 1));
    for (int round = 0; round < 6; ++round) {
      std::vector<DocId> docs = RandomDocs(&random, kDocs, 700), kept, dropped;
      for (const TestPosting& posting : segment.list(term)) {
        if (random.OneIn(9)) docs.push_back(posting.doc);
      }
      std::sort(docs.begin(), docs.end());
      docs.erase(std::unique(docs.begin(), docs.end()), docs.end());
      if (docs.size() > ListProbe::kRows) docs.resize(ListProbe::kRows);
      for (const DocId doc : docs) {
        (segment.Find(term, doc) != nullptr ? kept : dropped).push_back(doc);
      }
      std::vector<DocId> got = docs;
      std::vector<uint32_t> rows(docs.size());
      got.resize(list->Drop(got.data(), got.size(), rows.data()));
      ASSERT_EQ(got, dropped);
      for (size_t i = 0; i < got.size(); ++i) ASSERT_EQ(docs[rows[i]], got[i]);
      got = docs;
      got.resize(list->Keep(got.data(), got.size(), rows.data()));
      ASSERT_EQ(got, kept);
      for (size_t i = 0; i < got.size(); ++i) ASSERT_EQ(docs[rows[i]], got[i]);
      ExpectScores(list.get(), segment, term, whole, kept, AllRows(kept));
      ExpectRows(list.get(), segment, term, whole, docs);
      // Others leave some, and of these some are scored.
      rows = RandomRows(&random, &kept);
      list->KeepRows(rows.data(), rows.size());
      ExpectScores(list.get(), segment, term, whole, kept, AllRows(kept));
      rows = RandomRows(&random, &kept);
      ExpectScores(list.get(), segment, term, whole, kept, rows);
      if (HasFatalFailure()) return;
    }
    list->EndProbing();
    // The chunk of before is loaded anew.
    const uint64_t* members = list->Load(ChunkAt(0, kDocs), ChunkGroups::All());
    const DocId first = segment.list(term).front().doc;
    EXPECT_TRUE(first >= kChunkDocs || (members[first / 64] >> (first % 64) & 1) != 0);
  }
}

TEST_F(FlatListTest, TakesAllItsDocumentsWithTheirScores) {
  SeededRandom random(288);
  const SmallSegment segment = Build(&random);
  for (size_t term = 0; term < segment.term_count(); ++term) {
    const auto list = Open(segment, term);
    list->BeginProbing();
    std::vector<DocId> batch(ListProbe::kRows + 16), taken, want;
    while (const size_t count = list->Take(batch.data())) {
      const std::vector<DocId> docs(batch.begin(), batch.begin() + static_cast<ptrdiff_t>(count));
      ExpectScores(list.get(), segment, term, {0, kDocs}, docs, AllRows(docs));
      std::vector<DocId> some = docs;
      const std::vector<uint32_t> rows = RandomRows(&random, &some);
      ExpectRows(list.get(), segment, term, {0, kDocs}, some, rows);
      taken.insert(taken.end(), docs.begin(), docs.end());
      if (HasFatalFailure()) return;
    }
    for (const TestPosting& posting : segment.list(term)) want.push_back(posting.doc);
    ASSERT_EQ(taken, want);
    list->EndProbing();
  }
}

}  // namespace
}  // namespace segue::exec
