// SPDX-License-Identifier: Apache-2.0
//
// Scorers over many lists at once: those that add frequencies up before they saturate, those that
// take the best of many terms, and sets of documents; against sums and maxima over the table that
// the lists were written from.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "engine/exec/best_terms_scorer.h"
#include "engine/exec/combined_scorer.h"
#include "engine/exec/doc_groups.h"
#include "engine/exec/doc_set_scorer.h"
#include "engine/exec/similarity_scorer.h"
#include "engine/rank/similarity.h"
#include "segue/status.h"
#include "tests/exec/scorer_contract.h"
#include "tests/exec/small_segment.h"

namespace segue::exec {
namespace {

SmallSegment RandomSegment(SeededRandom* random, uint32_t doc_count, size_t terms,
                           bool positions = false) {
  const SegmentShape shape{.doc_count = doc_count, .positions = positions};
  std::vector<TestList> lists;
  for (size_t i = 0; i < terms; ++i) {
    const uint32_t abouts[] = {1, 60, 140, 2500, doc_count / 3};
    lists.push_back(ListOf(RandomDocs(random, doc_count, abouts[random->Below(5)]), random,
                           static_cast<uint32_t>(random->Between(1, 60)), positions));
  }
  return SmallSegment(shape, std::move(lists), random);
}

std::set<DocId> AllDocs(const SmallSegment& segment) {
  std::set<DocId> docs;
  for (size_t term = 0; term < segment.term_count(); ++term) {
    for (const TestPosting& posting : segment.list(term)) docs.insert(posting.doc);
  }
  return docs;
}

// --- Frequencies that are added up ---------------------------------------------------------------

class CombinedScorerTest : public ::testing::Test {
 protected:
  void Build(SeededRandom* random, uint32_t doc_count, bool positions = false) {
    segment_ = std::make_unique<SmallSegment>(
        RandomSegment(random, doc_count, random->Between(1, 5), positions));
    weights_.clear();
    for (size_t term = 0; term < segment_->term_count(); ++term) {
      constexpr float kWeights[] = {0, 0.1F, 1, 1, 7};
      weights_.push_back(kWeights[random->Below(5)]);
    }
    whole_.name = "(text:t0 text:t1)";
    whole_.doc_freqs = {AllDocs(*segment_).size()};
    whole_.doc_count = doc_count;
    weight_ = static_cast<float>(random->Between(1, 50)) / 7;
  }

  std::unique_ptr<CombinedScorer> Make(SearchContext* context) const {
    std::vector<CombinedList> lists;
    for (size_t term = 0; term < segment_->term_count(); ++term) {
      lists.push_back({segment_->TermOfWeight(term, 1, context), weights_[term]});
    }
    return std::make_unique<CombinedScorer>(std::move(lists), &whole_, weight_, context);
  }

  // The sum over the terms of weight * freq * factor(doc), in their order.
  template <typename Factor>
  double Sum(DocId doc, Factor&& factor) const {
    double sum = 0;
    for (size_t term = 0; term < segment_->term_count(); ++term) {
      const TestPosting* posting = segment_->Find(term, doc);
      if (posting == nullptr) continue;
      sum += double{weights_[term]} * static_cast<double>(posting->freq) * factor(doc);
    }
    return sum;
  }
  DocScores Scores() const {
    DocScores scores;
    for (const DocId doc : AllDocs(*segment_)) {
      const double y = Sum(doc, [&](DocId of) {
        return double{segment_->query_norms()->inverse()[segment_->norms()[of]]};
      });
      scores[doc] = weight_ - weight_ / (1.0F + static_cast<float>(y));
    }
    return scores;
  }

  std::unique_ptr<SmallSegment> segment_;
  std::vector<float> weights_;
  TermScoring whole_;
  float weight_ = 1;
};

TEST_F(CombinedScorerTest, KeepsTheContract) {
  SeededRandom random(231);
  for (int round = 0; round < 12; ++round) {
    constexpr uint32_t kDocCounts[] = {1, 4097, 20000};
    const uint32_t doc_count = kDocCounts[round % 3];
    Build(&random, doc_count);
    const MakeScorer make = [&](SearchContext* context) { return Make(context); };
    SCOPED_TRACE(testing::Message() << "round " << round);
    ExpectScorer(make, Scores(), doc_count, &random);
    ExpectExplained(make, Scores(), doc_count, &random);
    if (HasFailure()) return;
  }
}

// Where a document is thousands of times as long as others its scores are few steps of rounding.
TEST_F(CombinedScorerTest, BoundsHoldInDocumentsOfAnyLength) {
  SeededRandom random(239);
  for (int round = 0; round < 400; ++round) {
    Build(&random, 1, /*positions=*/false);
    const SegmentShape shape{.doc_count = 1, .shortest = 120};
    std::vector<TestList> lists;
    for (size_t i = 0; i < weights_.size(); ++i) lists.push_back(ListOf({0}, &random, 9));
    segment_ = std::make_unique<SmallSegment>(shape, std::move(lists), &random);
    ExpectScorer([&](SearchContext* context) { return Make(context); }, Scores(), 1, &random);
    if (HasFailure()) return;
  }
}

TEST_F(CombinedScorerTest, OneTermOfWeightOneScoresAsAlone) {
  SeededRandom random(232);
  for (int round = 0; round < 5; ++round) {
    segment_ = std::make_unique<SmallSegment>(RandomSegment(&random, 9000, 1));
    weights_ = {1};
    weight_ = segment_->weight(0);
    DocScores alone;
    for (const TestPosting& posting : segment_->list(0)) {
      alone[posting.doc] = segment_->Score(0, posting.doc);
    }
    EXPECT_EQ(Scores(), alone);
    ExpectScorer([&](SearchContext* context) { return Make(context); }, alone, 9000, &random);
  }
}

TEST_F(CombinedScorerTest, SumsOfFrequenciesAreScoredByOtherSimilarities) {
  SeededRandom random(233);
  for (const Similarity kind :
       {Similarity::kBm25Plus, Similarity::kTfIdf, Similarity::kLmDirichlet, Similarity::kDph}) {
    Build(&random, 9000);
    const FieldStatistics statistics{.doc_count = 9000, .sum_total_freq = 900000};
    const auto field =
        NewFieldSimilarity({.similarity = kind}, statistics, segment_->query_norms());
    const uint64_t docs = AllDocs(*segment_).size();
    whole_.similarity =
        field->Of(2, std::vector<TermStatistics>{{.doc_freq = docs, .total_freq = 4 * docs}});
    DocScores want;
    for (const DocId doc : AllDocs(*segment_)) {
      const double sum = Sum(doc, [](DocId) { return 1.0; });
      // A frequency is above 0, however little its terms weigh.
      const auto freq =
          static_cast<float>(std::max(sum, double{std::numeric_limits<float>::min()}));
      want[doc] = whole_.similarity->Score(freq, segment_->norms()[doc]);
    }
    const MakeScorer make = [&](SearchContext* context) {
      return std::make_unique<SimilarityScorer>(Make(context), &whole_, segment_->norms());
    };
    SCOPED_TRACE(testing::Message() << "similarity " << static_cast<int>(kind));
    ExpectScorer(make, want, 9000, &random);
    ExpectExplained(make, want, 9000, &random);
    if (HasFailure()) return;
  }
}

TEST_F(CombinedScorerTest, CollectsThePlacesOfEveryTerm) {
  SeededRandom random(234);
  Build(&random, 500, /*positions=*/true);
  const SearchOptions options;
  SearchContext context(options);
  const auto scorer = Make(&context);
  for (const DocId doc : AllDocs(*segment_)) {
    std::vector<MatchSpan> want, spans;
    for (size_t term = 0; term < segment_->term_count(); ++term) {
      const TestPosting* posting = segment_->Find(term, doc);
      if (posting == nullptr) continue;
      for (const uint32_t place : posting->positions) {
        want.push_back({"text", segment_->scoring(term).name, place, place + 1});
      }
    }
    scorer->CollectMatches({0, 500}, doc, &spans);
    ASSERT_EQ(spans, want);
  }
}

// --- The best of many terms ----------------------------------------------------------------------

// Every term scored by BM25, or by the similarity given for it.
class BestTermsTest : public ::testing::Test {
 protected:
  void Build(SeededRandom* random, uint32_t doc_count, size_t terms, bool by_other) {
    segment_ = std::make_unique<SmallSegment>(RandomSegment(random, doc_count, terms));
    others_.assign(terms, nullptr);
    if (!by_other) return;
    const FieldStatistics statistics{.doc_count = doc_count, .sum_total_freq = 50 * doc_count};
    field_ =
        NewFieldSimilarity({.similarity = Similarity::kTfIdf}, statistics, segment_->query_norms());
    for (size_t term = 0; term < terms; ++term) {
      others_[term] =
          field_->Of(1, std::vector<TermStatistics>{{.doc_freq = segment_->list(term).size()}});
    }
  }

  std::unique_ptr<BestTermsScorer> Make(SearchContext* context) const {
    auto scorer =
        std::make_unique<BestTermsScorer>(segment_->query_norms(), segment_->doc_count(), context);
    for (size_t term = 0; term < segment_->term_count(); ++term) {
      EXPECT_TRUE(
          scorer->Add(segment_->Source(term), segment_->weight(term), others_[term].get()).ok());
    }
    return scorer;
  }

  DocScores Scores() const {
    DocScores scores;
    for (size_t term = 0; term < segment_->term_count(); ++term) {
      for (const TestPosting& posting : segment_->list(term)) {
        const float score = others_[term] == nullptr
                                ? segment_->Score(term, posting.doc)
                                : others_[term]->Score(static_cast<float>(posting.freq),
                                                       segment_->norms()[posting.doc]);
        float& best = scores.emplace(posting.doc, score).first->second;
        best = std::max(best, score);
      }
    }
    return scores;
  }

  std::unique_ptr<SmallSegment> segment_;
  std::unique_ptr<const FieldSimilarity> field_;
  std::vector<std::shared_ptr<const TermSimilarity>> others_;
};

TEST_F(BestTermsTest, KeepsTheContractOverSeveralChunks) {
  SeededRandom random(235);
  for (int round = 0; round < 8; ++round) {
    constexpr uint32_t kDocCounts[] = {1, 65536, 70001, 140000};
    const uint32_t doc_count = kDocCounts[round % 4];
    Build(&random, doc_count, random.Between(1, 4), /*by_other=*/round % 2 == 1);
    const MakeScorer make = [&](SearchContext* context) { return Make(context); };
    SCOPED_TRACE(testing::Message() << "round " << round);
    ExpectScorer(make, Scores(), doc_count, &random);
    ExpectExplained(make, Scores(), doc_count, &random);
    if (HasFailure()) return;
  }
}

TEST_F(BestTermsTest, ChargesForItsTerms) {
  SeededRandom random(236);
  Build(&random, 9000, 1, false);
  SearchOptions options;
  options.memory_limit_bytes = 4;
  SearchContext context(options);
  BestTermsScorer scorer(segment_->query_norms(), 9000, &context);
  EXPECT_EQ(CodeOf(scorer.Add(segment_->Source(0), 1, nullptr)), ErrorCode::kResourceExhausted);
}

// --- Sets of documents ---------------------------------------------------------------------------

// Some terms of a set are scored, the others bring documents that score 0.
TEST_F(BestTermsTest, SetsGiveNothingToDocumentsWithoutAScoredTerm) {
  SeededRandom random(237);
  for (int round = 0; round < 8; ++round) {
    const uint32_t doc_count = round % 2 == 0 ? 9000 : 70001;
    Build(&random, doc_count, random.Between(1, 3), false);
    const SmallSegment others = RandomSegment(&random, doc_count, 2);
    const std::vector<const SmallSegment*> segments = {segment_.get(), &others};
    const bool scored = round % 4 != 3;
    DocScores want = scored ? Scores() : DocScores();
    for (const SmallSegment* segment : segments) {
      for (const DocId doc : AllDocs(*segment)) want.emplace(doc, 0.0F);
    }
    const MakeScorer make = [&](SearchContext* context) {
      auto docs = std::make_unique<ListUnion>(doc_count, context);
      for (const SmallSegment* segment : segments) {
        for (size_t term = 0; term < segment->term_count(); ++term) {
          EXPECT_TRUE(docs->Add(segment->postings(), segment->meta(term)).ok());
        }
      }
      return std::make_unique<DocSetScorer>(std::move(docs), scored ? Make(context) : nullptr,
                                            "text:t*");
    };
    SCOPED_TRACE(testing::Message() << "round " << round);
    ExpectScorer(make, want, doc_count, &random);
    ExpectExplained(make, want, doc_count, &random);
    if (HasFailure()) return;
  }
}

TEST(DocGroupsTest, HoldsDocumentsInAnyOrderAndSeveralTimes) {
  SeededRandom random(238);
  for (int round = 0; round < 60; ++round) {
    constexpr uint32_t kDocCounts[] = {1, 64, 4096, 4097, 8192, 70001};
    const uint32_t doc_count = kDocCounts[round % 6];
    std::vector<DocId> sorted;
    if (round % 7 != 0) {
      sorted = RandomDocs(&random, doc_count, static_cast<uint32_t>(random.Between(1, 300)));
    }
    std::vector<DocId> docs = sorted;
    for (size_t i = 0; i < sorted.size(); i += 3) docs.push_back(sorted[i]);
    for (size_t i = docs.size(); i > 1; --i) std::swap(docs[i - 1], docs[random.Below(i)]);
    const DocGroups groups(docs, doc_count);
    ASSERT_EQ(groups.Sorted(), sorted);
    EXPECT_GE(DocGroups::MemoryBytes(docs.size(), doc_count),
              std::min<uint64_t>(2 * docs.size(), doc_count / 8));

    for (int i = 0; i < 50; ++i) {
      const auto from = static_cast<DocId>(random.Below(doc_count));
      const auto next = std::lower_bound(sorted.begin(), sorted.end(), from);
      ASSERT_EQ(groups.Next(from), next == sorted.end() ? kEndOfDocs : *next);
    }
    for (DocId begin = 0; begin < doc_count; begin += kWindowDocs) {
      const Window window = WindowOf(begin, doc_count);
      DocMask mask, want;
      mask.Set(0);  // what is there stays
      want.Set(0);
      for (const DocId doc : sorted) {
        if (doc >= begin && doc < window.end) want.Set(doc - begin);
      }
      groups.AddTo(window, &mask);
      ASSERT_EQ(mask, want) << "window at " << begin;
    }
  }
}

}  // namespace
}  // namespace segue::exec
