// SPDX-License-Identifier: Apache-2.0
//
// Positions of many documents at once, and phrases of flat queries, whose positions are compared
// for many documents at once; against the table of postings.
#include "engine/exec/position_column.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include "engine/exec/flat_list.h"
#include "engine/exec/flat_phrase.h"
#include "tests/exec/flat_query.h"

namespace segue::exec {
namespace {

// The positions of a row, as they are to be read.
std::vector<uint32_t> PositionsOf(const PositionColumn& column, uint32_t row) {
  const PositionColumn::Slice slice = column.slice(row);
  std::vector<uint32_t> positions;
  for (uint32_t i = 0; i < slice.count; ++i) positions.push_back(slice.values[i] - slice.base);
  return positions;
}

// Lists of one block and of many, with one position a document, with several, and with many that
// lie far apart.
SmallSegment Build(SeededRandom* random) {
  std::vector<TestList> lists;
  for (const uint32_t about : {1U, 100U, 129U, 4000U, 15000U}) {
    for (const uint32_t most_freq : {1U, 6U, 300U}) {
      if (most_freq == 300 && about > 4000) continue;
      lists.push_back(ListOf(RandomDocs(random, 20000, about), random, most_freq, true));
      if (about != 129) continue;
      for (TestPosting& posting : lists.back()) {
        for (uint32_t& position : posting.positions) position *= 1000000;
      }
    }
  }
  return SmallSegment({.doc_count = 20000, .positions = true}, std::move(lists), random);
}

TEST(PositionColumnTest, ReadsTheDocumentsOfAnyRanks) {
  SeededRandom random(321);
  const SmallSegment segment = Build(&random);
  for (size_t term = 0; term < segment.term_count(); ++term) {
    const TermSource source = segment.Source(term);
    const TestList& list = segment.list(term);
    PositionColumn column(&source.list, uint64_t{1} << 31);
    for (int round = 0; round < 30; ++round) {
      // Rows in order, ranks ascending, near each other or not.
      const uint64_t span = random.OneIn(2) ? list.size() : std::min<size_t>(list.size(), 200);
      const uint64_t first = random.Below(list.size() - span + 1);
      std::set<uint32_t> chosen;
      for (uint64_t i = random.Between(1, PositionColumn::kRows); i > 0; --i) {
        chosen.insert(static_cast<uint32_t>(first + random.Below(span)));
      }
      std::vector<uint32_t> rows, ranks(chosen.begin(), chosen.end());
      uint32_t row = static_cast<uint32_t>(PositionColumn::kRows - ranks.size());
      row = static_cast<uint32_t>(random.Below(row + 1));
      for (size_t i = 0; i < ranks.size(); ++i) rows.push_back(row++);
      column.Locate(rows.data(), ranks.data(), rows.size());
      std::vector<uint32_t> some;
      for (size_t i = 0; i < rows.size(); ++i) {
        ASSERT_EQ(column.freqs()[rows[i]], list[ranks[i]].freq) << "list " << term;
        if (!random.OneIn(4)) some.push_back(rows[i]);
      }
      column.Read(some.data(), some.size());
      for (const uint32_t of : some) {
        const uint32_t rank = ranks[of - rows.front()];
        ASSERT_EQ(PositionsOf(column, of), list[rank].positions) << "list " << term << " " << rank;
      }
    }
    EXPECT_TRUE(source.list.status().ok()) << source.list.status();
    EXPECT_TRUE(column.bytes_read() > 0 || list.size() <= kBlockPostings);
  }
}

// Ranks that do not ascend, the same one twice, and one past the last, which only a damaged bitmap
// gives.
TEST(PositionColumnTest, TakesRanksInAnyOrder) {
  SeededRandom random(322);
  const SmallSegment segment = Build(&random);
  for (size_t term = 0; term < segment.term_count(); ++term) {
    const TermSource source = segment.Source(term);
    const TestList& list = segment.list(term);
    const auto last = static_cast<uint32_t>(list.size() - 1);
    PositionColumn column(&source.list, uint64_t{1} << 31);
    std::vector<uint32_t> rows(PositionColumn::kRows), ranks;
    std::iota(rows.begin(), rows.end(), 0);
    for (size_t i = 0; i < rows.size(); ++i) {
      ranks.push_back(random.OneIn(10) ? last + 1 + static_cast<uint32_t>(random.Below(900))
                                       : static_cast<uint32_t>(random.Below(list.size())));
    }
    column.Locate(rows.data(), ranks.data(), rows.size());
    column.Read(rows.data(), rows.size());
    for (const uint32_t row : rows) {
      const TestPosting& want = list[std::min(ranks[row], last)];
      ASSERT_EQ(column.freqs()[row], want.freq) << "list " << term << " row " << row;
      ASSERT_EQ(PositionsOf(column, row), want.positions) << "list " << term << " row " << row;
    }
  }
}

// Values that are not positions themselves stay below the limit, however far the documents of a
// block reach together.
TEST(PositionColumnTest, SumsStayBelowTheLimit) {
  SeededRandom random(323);
  const SmallSegment segment = Build(&random);
  for (const uint64_t limit : {uint64_t{100}, uint64_t{5000}, uint64_t{1} << 31}) {
    for (size_t term = 0; term < segment.term_count(); ++term) {
      const TermSource source = segment.Source(term);
      PositionColumn column(&source.list, limit);
      const auto count =
          static_cast<uint32_t>(std::min(segment.list(term).size(), PositionColumn::kRows));
      std::vector<uint32_t> rows(count);
      std::iota(rows.begin(), rows.end(), 0);
      column.Locate(rows.data(), rows.data(), count);
      column.Read(rows.data(), count);
      for (const uint32_t row : rows) {
        const PositionColumn::Slice slice = column.slice(row);
        ASSERT_EQ(PositionsOf(column, row), segment.list(term)[row].positions);
        for (uint32_t i = 0; i < slice.count && slice.base != 0; ++i) {
          ASSERT_LT(slice.values[i], limit) << "list " << term << " row " << row;
        }
      }
    }
  }
}

// --- Phrases of flat queries ---------------------------------------------------------------------

class FlatPhraseTest : public ::testing::Test {
 protected:
  void Open(SeededRandom* random) {
    segment_ = std::make_unique<SmallSegment>(SegmentOf(
        random, {.doc_count = kDocs, .positions = true, .longest = 40}, {kDocs / 3, kDocs / 2}));
    words_ = {{0, 0}, {1, 1}};
    if (random->OneIn(2)) words_.push_back({0, 2});
    scoring_.norms = segment_->query_norms();
    std::vector<std::unique_ptr<FlatList>> terms;
    for (size_t term = 0; term < 2; ++term) {
      terms.push_back(
          std::make_unique<FlatList>(segment_->Source(term), scoring_, kWeight, &context_));
    }
    phrase_ = std::make_unique<FlatPhrase>(std::move(terms), words_, &context_);
    for (const auto& term : phrase_->terms()) term->Load({0, kDocs}, ChunkGroups::All());
    offsets_.clear();
    for (const TestPosting& posting : segment_->list(0)) {
      if (segment_->Find(1, posting.doc) != nullptr) offsets_.push_back(posting.doc);
    }
  }

  uint32_t FreqIn(DocId doc) const {
    uint32_t freq = 0;
    for (const uint32_t start : segment_->Find(0, doc)->positions) {
      freq += std::all_of(words_.begin(), words_.end(), [&](const PhraseWord& word) {
        const auto& places = segment_->Find(word.term, doc)->positions;
        return std::binary_search(places.begin(), places.end(), start + word.position);
      });
    }
    return freq;
  }

  static constexpr uint32_t kDocs = 6000;
  static constexpr float kWeight = 3;
  const SearchOptions options_ = {};
  SearchContext context_{options_};
  TermScoring scoring_;
  std::vector<PhraseWord> words_;
  std::unique_ptr<SmallSegment> segment_;
  std::unique_ptr<FlatPhrase> phrase_;
  std::vector<uint32_t> offsets_;  // of the documents with both terms
};

TEST_F(FlatPhraseTest, KeepsTheDocumentsWithThePhraseThatMayBeAboveAThreshold) {
  SeededRandom random(324);
  for (int round = 0; round < 15; ++round) {
    Open(&random);
    std::vector<double> sums;
    for (size_t i = 0; i < offsets_.size(); ++i) {
      sums.push_back(static_cast<double>(random.Below(40)) / 16);
    }
    const bool has_sums = random.OneIn(2);
    const float threshold = random.OneIn(3) ? kNoThreshold : random.OneIn(2) ? 0.5F : 2;
    std::vector<uint32_t> rows(offsets_.size()), freqs(offsets_.size());
    const size_t kept =
        phrase_->Keep({offsets_.data(), nullptr, offsets_.size()}, has_sums ? sums.data() : nullptr,
                      threshold, rows.data(), freqs.data());
    size_t at = 0, with_phrase = 0;
    for (uint32_t i = 0; i < offsets_.size(); ++i) {
      const uint32_t freq = FreqIn(offsets_[i]);
      with_phrase += freq > 0;
      if (at < kept && rows[at] == i) {
        ASSERT_EQ(freqs[at++], freq) << "document " << offsets_[i];
        ASSERT_GT(freq, 0U) << "document " << offsets_[i];
        continue;
      }
      if (freq == 0) continue;
      ASSERT_NE(threshold, kNoThreshold) << "document " << offsets_[i] << " is missing";
      const double score = double{segment_->Bm25(kWeight, static_cast<float>(freq), offsets_[i])};
      ASSERT_LE(static_cast<float>((has_sums ? sums[i] : 0) + score), threshold);
    }
    ASSERT_EQ(at, kept) << "rows ascend";
    ASSERT_EQ(phrase_->Count({offsets_.data(), nullptr, offsets_.size()}), with_phrase);
    ASSERT_TRUE(context_.ok()) << context_.status();
  }
}

TEST_F(FlatPhraseTest, ScoresByHowOftenItStandsThere) {
  SeededRandom random(325);
  Open(&random);
  std::vector<uint32_t> freqs(offsets_.size());
  for (uint32_t& freq : freqs) freq = static_cast<uint32_t>(random.Between(1, 9));
  std::vector<float> scores(offsets_.size());
  phrase_->Scores(offsets_.data(), freqs.data(), offsets_.size(), scores.data());
  for (size_t i = 0; i < offsets_.size(); ++i) {
    ASSERT_EQ(scores[i], segment_->Bm25(kWeight, static_cast<float>(freqs[i]), offsets_[i]));
  }
}

}  // namespace
}  // namespace segue::exec
