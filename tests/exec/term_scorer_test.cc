// SPDX-License-Identifier: Apache-2.0
//
// TermScorer over lists of every kind, with maps, with frontiers and with no bounds at all, against
// the table that the lists were written from; and the same matches scored by other similarities.
#include "engine/exec/term_scorer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "engine/exec/freq_reader.h"
#include "engine/exec/similarity_scorer.h"
#include "engine/rank/similarity.h"
#include "tests/exec/scorer_contract.h"
#include "tests/exec/small_segment.h"

namespace segue::exec {
namespace {

// A list of every kind: one document, less than a block, blocks that are just full, so many that
// there are frontiers (128) and maps (2048), and bitmaps.
std::vector<TestList> ListsOfAllKinds(SeededRandom* random, uint32_t doc_count,
                                      bool positions = false) {
  std::vector<TestList> lists;
  const auto add = [&](std::vector<DocId> docs, size_t most, uint32_t most_freq) {
    if (docs.size() > most) docs.resize(most);
    lists.push_back(ListOf(docs, random, most_freq, positions));
  };
  add({static_cast<DocId>(random->Below(doc_count))}, 1, 9);
  add(RandomDocs(random, doc_count, 20), 127, 1);
  for (const size_t exactly : {127, 128, 129, 257}) {
    add(RandomDocs(random, doc_count, 400), exactly, 5);
  }
  add(RandomDocs(random, doc_count, 2300), SIZE_MAX, 40);
  add(RandomDocs(random, doc_count, doc_count / 3), SIZE_MAX, 300);
  std::vector<DocId> all(doc_count);
  for (DocId doc = 0; doc < doc_count; ++doc) all[doc] = doc;
  add(std::move(all), SIZE_MAX, 3);
  return lists;
}

constexpr uint32_t kDocCounts[] = {1, 63, 64, 65, 4096, 4097, 9000, 37000, 70001};

SmallSegment RandomSegment(SeededRandom* random, uint32_t doc_count, bool positions = false) {
  SegmentShape shape;
  shape.doc_count = doc_count;
  shape.positions = positions;
  shape.longest = random->OneIn(4) ? 1 : 255;
  shape.built_with.average_length = static_cast<float>(random->Between(1, 300));
  return SmallSegment(shape, ListsOfAllKinds(random, doc_count, positions), random);
}

DocScores ScoresOf(const SmallSegment& segment, size_t term) {
  DocScores scores;
  for (const TestPosting& posting : segment.list(term)) {
    scores[posting.doc] = segment.Score(term, posting.doc);
  }
  return scores;
}

TEST(TermScorerTest, KeepsTheContractOverListsOfAllKinds) {
  SeededRandom random(201);
  for (const uint32_t doc_count : kDocCounts) {
    SmallSegment segment = RandomSegment(&random, doc_count);
    for (size_t term = 0; term < segment.term_count(); ++term) {
      if (doc_count > 9000 && !random.OneIn(3)) continue;
      SCOPED_TRACE(testing::Message() << doc_count << " documents, list " << term);
      segment.SetBoost(term, static_cast<float>(random.Between(1, 40)) / 8);
      const bool bounds = !random.OneIn(4);
      const MakeScorer make = [&](SearchContext* context) {
        return segment.Term(term, context, bounds);
      };
      ExpectScorer(make, ScoresOf(segment, term), doc_count, &random);
      ExpectExplained(make, ScoresOf(segment, term), doc_count, &random);
      if (HasFailure()) return;
    }
  }
}

// The map of a list was made with other lengths and parameters than the query has: it is scaled,
// or frontiers take its place where that would say nothing.
TEST(TermScorerTest, BoundsHoldUnderOtherStatistics) {
  SeededRandom random(202);
  SmallSegment segment = RandomSegment(&random, 20000);
  const BoundStatistics others[] = {
      {.parameters = {}, .average_length = 1},
      {.parameters = {}, .average_length = 140},
      {.parameters = {}, .average_length = 1e6F},
      {.parameters = {.k1 = 0, .b = 0.75F}, .average_length = 100},
      {.parameters = {.k1 = 3, .b = 1}, .average_length = 90},
      {.parameters = {.k1 = 1.2F, .b = 0}, .average_length = 100},
  };
  for (const BoundStatistics& statistics : others) {
    segment.ScoreWith(statistics);
    for (size_t term = 4; term < segment.term_count(); ++term) {
      SCOPED_TRACE(testing::Message() << "list " << term << ", k1 " << statistics.parameters.k1
                                      << ", length " << statistics.average_length);
      ExpectScorer([&](SearchContext* context) { return segment.Term(term, context); },
                   ScoresOf(segment, term), 20000, &random);
      if (HasFailure()) return;
    }
  }
}

TEST(TermScorerTest, EveryKernelsGiveTheSame) {
  WithEachKernels([] {
    SeededRandom random(203);
    const SmallSegment segment = RandomSegment(&random, 9000);
    for (size_t term = 0; term < segment.term_count(); ++term) {
      ExpectScorer([&](SearchContext* context) { return segment.Term(term, context); },
                   ScoresOf(segment, term), 9000, &random);
    }
  });
}

// Where a posting stands, which is what phrases read positions from.
TEST(TermScorerTest, LocatesPostingsAndReadsTheirFrequencies) {
  SeededRandom random(204);
  const SmallSegment segment = RandomSegment(&random, 9000);
  for (size_t term = 0; term < segment.term_count(); ++term) {
    const SearchOptions options;
    SearchContext context(options);
    const auto scorer = segment.Term(term, &context);
    const TestList& list = segment.list(term);
    for (DocId begin = 0; begin < 9000; begin += kWindowDocs) {
      const Window window = WindowOf(begin, 9000);
      DocMask some;
      std::vector<uint32_t> offsets, freqs;
      for (uint32_t rank = 0; rank < list.size(); ++rank) {
        if (list[rank].doc < begin || list[rank].doc >= window.end) continue;
        const uint32_t offset = list[rank].doc - begin;
        ASSERT_TRUE(scorer->Members(window).Test(offset));
        if (!random.OneIn(3)) continue;
        const PostingPlace place = scorer->Locate(window, offset);
        ASSERT_EQ(place.block, rank / kBlockPostings) << "list " << term << " rank " << rank;
        ASSERT_EQ(place.index, rank % kBlockPostings) << "list " << term << " rank " << rank;
        ASSERT_EQ(place.freq, list[rank].freq) << "list " << term << " rank " << rank;
        some.Set(offset);
        offsets.push_back(offset);
        freqs.push_back(list[rank].freq);
      }
      ASSERT_EQ(scorer->LoadFreqs(window, some), offsets.size());
      const ScoreColumns& columns = context.scratch().columns();
      ASSERT_TRUE(std::equal(offsets.begin(), offsets.end(), columns.offsets.begin()));
      ASSERT_TRUE(std::equal(freqs.begin(), freqs.end(), columns.freqs.begin()));
      auto window_freqs = std::make_unique<WindowScores>();
      scorer->Freqs(window, some, window_freqs.get());
      for (size_t i = 0; i < offsets.size(); ++i) {
        ASSERT_EQ((*window_freqs)[offsets[i]], static_cast<float>(freqs[i]));
      }
    }
    EXPECT_TRUE(context.ok()) << context.status();
  }
}

TEST(TermScorerTest, NoPostingBeatsTheListsImpact) {
  SeededRandom random(205);
  const SmallSegment segment = RandomSegment(&random, 20000);
  for (size_t term = 0; term < segment.term_count(); ++term) {
    for (const bool bounds : {false, true}) {
      const SearchOptions options;
      SearchContext context(options);
      const Impact all = segment.Term(term, &context, bounds)->ListImpact();
      for (const TestPosting& posting : segment.list(term)) {
        ASSERT_GE(all.freq, posting.freq) << "list " << term;
        ASSERT_LE(all.norm, segment.norms()[posting.doc]) << "list " << term;
      }
    }
  }
}

TEST(TermScorerTest, CollectsPlacesWhereTheListHasThem) {
  SeededRandom random(206);
  const SmallSegment segment = RandomSegment(&random, 5000, /*positions=*/true);
  for (size_t term = 0; term < segment.term_count(); ++term) {
    const SearchOptions options;
    SearchContext context(options);
    const auto scorer = segment.Term(term, &context);
    for (const TestPosting& posting : segment.list(term)) {
      if (!random.OneIn(10)) continue;
      std::vector<MatchSpan> want, spans;
      for (const uint32_t place : posting.positions) {
        want.push_back({"text", segment.scoring(term).name, place, place + 1});
      }
      scorer->CollectMatches(WindowOf(posting.doc, 5000), posting.doc, &spans);
      ASSERT_EQ(spans, want) << "list " << term << " document " << posting.doc;
    }
  }
  const SmallSegment without = RandomSegment(&random, 100);
  const SearchOptions options;
  SearchContext context(options);
  std::vector<MatchSpan> spans;
  const DocId doc = without.list(1).front().doc;
  without.Term(1, &context)->CollectMatches(WindowOf(doc, 100), doc, &spans);
  EXPECT_TRUE(spans.empty());
}

TEST(FreqReaderTest, ReadsAnyRanksOfAList) {
  SeededRandom random(207);
  const SmallSegment segment = RandomSegment(&random, 9000);
  for (size_t term = 0; term < segment.term_count(); ++term) {
    const TermSource source = segment.Source(term);
    const TestList& list = segment.list(term);
    for (const uint64_t one_in : {1, 3, 200}) {
      std::vector<uint32_t> ranks, want;
      for (uint32_t rank = 0; rank < list.size(); ++rank) {
        if (!random.OneIn(one_in)) continue;
        ranks.push_back(rank);
        want.push_back(list[rank].freq);
      }
      // A rank that only a damaged bitmap gives.
      ranks.push_back(static_cast<uint32_t>(list.size()) + 5);
      want.push_back(list.back().freq);
      std::vector<uint32_t> freqs(ranks.size());
      ReadFreqs(source.list, ranks.data(), ranks.size(), freqs.data());
      ASSERT_EQ(freqs, want) << "list " << term;
      // Not ascending: slower, but as right.
      std::reverse(ranks.begin(), ranks.end());
      std::reverse(want.begin(), want.end());
      ReadFreqs(source.list, ranks.data(), ranks.size(), freqs.data());
      ASSERT_EQ(freqs, want) << "list " << term;
    }
  }
}

std::shared_ptr<const TermSimilarity> SimilarityOf(const SmallSegment& segment, size_t term,
                                                   const FieldSimilarity& field) {
  const uint64_t total = 3 * segment.list(term).size();
  const TermStatistics statistics{.doc_freq = segment.list(term).size(), .total_freq = total};
  return field.Of(segment.scoring(term).boost, std::vector<TermStatistics>{statistics});
}

TEST(SimilarityScorerTest, ScoresTheMatchesOfATermByAnySimilarity) {
  SeededRandom random(208);
  for (const Similarity kind : {Similarity::kBm25Plus, Similarity::kTfIdf, Similarity::kLmDirichlet,
                                Similarity::kDph, Similarity::kBoolean}) {
    SmallSegment segment = RandomSegment(&random, 20000);
    const FieldStatistics statistics{.doc_count = 20000, .sum_total_freq = 1500000};
    const auto field = NewFieldSimilarity({.similarity = kind}, statistics, segment.query_norms());
    for (size_t term = 0; term < segment.term_count(); ++term) {
      SCOPED_TRACE(testing::Message()
                   << "similarity " << static_cast<int>(kind) << " list " << term);
      segment.SetBoost(term, 1.5F);
      segment.mutable_scoring(term)->similarity = SimilarityOf(segment, term, *field);
      DocScores want;
      for (const TestPosting& posting : segment.list(term)) {
        want[posting.doc] = segment.scoring(term).similarity->Score(
            static_cast<float>(posting.freq), segment.norms()[posting.doc]);
      }
      const bool bounds = !random.OneIn(3);
      const MakeScorer make = [&](SearchContext* context) {
        return std::make_unique<SimilarityScorer>(segment.Term(term, context, bounds),
                                                  &segment.scoring(term), segment.norms());
      };
      ExpectScorer(make, want, 20000, &random);
      ExpectExplained(make, want, 20000, &random);
      if (HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace segue::exec
