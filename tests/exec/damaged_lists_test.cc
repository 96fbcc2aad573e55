// SPDX-License-Identifier: Apache-2.0
//
// Searches in lists, positions and bounds of which some bytes are wrong. What they find may be
// anything, but of documents that there are; and if they say why, then that data is lost.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/exec/best_terms_scorer.h"
#include "engine/exec/boolean_scorer.h"
#include "engine/exec/combined_scorer.h"
#include "engine/exec/doc_set_scorer.h"
#include "engine/exec/flat_list.h"
#include "engine/exec/flat_phrase.h"
#include "engine/exec/flat_search.h"
#include "engine/exec/phrase_scorer.h"
#include "engine/exec/proximity_scorer.h"
#include "engine/exec/term_search.h"
#include "segue/status.h"
#include "tests/exec/flat_query.h"
#include "tests/exec/scorer_contract.h"

namespace segue::exec {
namespace {

constexpr uint32_t kDocs = 9000;

class DamagedListsTest : public ::testing::Test {
 protected:
  // Damages the segment until all of its lists can be opened all the same.
  void DamageLists(SeededRandom* random) {
    if (segment_ == nullptr) {
      segment_ = std::make_unique<SmallSegment>(SegmentOf(
          random, {.doc_count = kDocs, .positions = true}, {1, 60, 129, 500, 2500, 6000}));
      whole_.norms = segment_->query_norms();
      whole_.doc_freqs = {5};
      whole_.doc_count = kDocs;
    }
    bool opened = false;
    while (!opened) {
      segment_->Damage(random);
      opened = true;
      for (size_t term = 0; term < segment_->term_count(); ++term) {
        const absl::Status status = segment_->Open(term).status();
        opened = opened && status.ok();
        ASSERT_TRUE(status.ok() || CodeOf(status) == ErrorCode::kDataLoss) << status;
      }
    }
  }

  size_t AnyTerm(SeededRandom* random) const { return random->Below(segment_->term_count()); }

  // What was found, and why not more.
  void ExpectSound(std::vector<Hit> hits, uint32_t k, const SearchContext& context) {
    ASSERT_LE(hits.size(), k);
    for (const Hit& hit : hits) {
      ASSERT_GE(hit.doc, 100U);
      ASSERT_LT(hit.doc, 100U + kDocs);
      ASSERT_TRUE(hit.score >= 0 && std::isfinite(hit.score)) << hit.score;
    }
    if (context.ok()) return;
    ++told_;
    ASSERT_EQ(CodeOf(context.status()), ErrorCode::kDataLoss) << context.status();
  }

  void ExpectSoundSearch(const MakeScorer& make, SeededRandom* random) {
    const SearchOptions options;
    SearchContext context(options);
    const uint32_t k = random->OneIn(2) ? 10 : 3000;
    TopK top_k(k);
    MatchCounter counter(random->OneIn(2) ? CountMode::kExact : CountMode::kNone, 0);
    const ScorerPtr scorer = make(&context);
    SearchSegment(*scorer, {100, kDocs, random->OneIn(3) ? &live_ : nullptr}, random->OneIn(3),
                  &context, &top_k, &counter);
    ExpectSound(top_k.Take(), k, context);
    const auto doc = static_cast<DocId>(random->Below(kDocs));
    std::vector<MatchSpan> spans;
    if (context.ok() && Matches(*scorer, {0, kWindowDocs}, doc % kWindowDocs)) {
      scorer->CollectMatches({0, kWindowDocs}, doc % kWindowDocs, &spans);
    }
  }

  std::vector<std::unique_ptr<TermScorer>> TwoTerms(SeededRandom* random, SearchContext* context) {
    std::vector<std::unique_ptr<TermScorer>> terms;
    terms.push_back(segment_->TermOfWeight(AnyTerm(random), 2, context));
    terms.push_back(segment_->TermOfWeight(AnyTerm(random), 2, context));
    return terms;
  }

  std::unique_ptr<SmallSegment> segment_;
  TermScoring whole_;
  const Bitset live_ = [] {
    SeededRandom random(320);
    return RandomLive(&random, kDocs, 3);
  }();
  int told_ = 0;
};

TEST_F(DamagedListsTest, Scorers) {
  SeededRandom random(331);
  for (int round = 0; round < 250; ++round) {
    DamageLists(&random);
    ExpectSoundSearch(
        [&](SearchContext* context) { return segment_->Term(AnyTerm(&random), context); }, &random);
    ExpectSoundSearch(
        [&](SearchContext* context) {
          std::vector<BooleanClause> clauses;
          for (const auto kind : {ClauseKind::kShould, ClauseKind::kShould, ClauseKind::kMustNot}) {
            clauses.push_back({kind, segment_->Term(AnyTerm(&random), context)});
          }
          return std::make_unique<BooleanScorer>(std::move(clauses), 0, context);
        },
        &random);
    ExpectSoundSearch(
        [&](SearchContext* context) {
          std::vector<CombinedList> lists;
          for (auto& term : TwoTerms(&random, context)) lists.push_back({std::move(term), 0.5F});
          return std::make_unique<CombinedScorer>(std::move(lists), &whole_, 2.0F, context);
        },
        &random);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(told_, 0) << "no damage was noticed";
}

TEST_F(DamagedListsTest, PhrasesAndNearness) {
  SeededRandom random(332);
  for (int round = 0; round < 250; ++round) {
    DamageLists(&random);
    ExpectSoundSearch(
        [&](SearchContext* context) {
          return std::make_unique<PhraseScorer>(TwoTerms(&random, context),
                                                std::vector<PhraseWord>{{0, 0}, {1, 1}}, &whole_,
                                                2.0F, segment_->norms(), context);
        },
        &random);
    ExpectSoundSearch(
        [&](SearchContext* context) {
          ProximitySource source{
              .parts = {{0}, {1}},
              .matcher = ProximityMatcher({{0, 0}, {0, 1}}, Proximity::kNear, 3)};
          return std::make_unique<ProximityScorer>(TwoTerms(&random, context), std::move(source),
                                                   std::nullopt, &whole_, 2.0F, segment_->norms(),
                                                   context);
        },
        &random);
    if (HasFatalFailure()) return;
  }
}

TEST_F(DamagedListsTest, SetsOfManyTerms) {
  SeededRandom random(333);
  for (int round = 0; round < 200; ++round) {
    DamageLists(&random);
    bool added = true;
    ExpectSoundSearch(
        [&](SearchContext* context) {
          auto docs = std::make_unique<ListUnion>(kDocs, context);
          auto best = std::make_unique<BestTermsScorer>(segment_->query_norms(), kDocs, context);
          for (size_t term = 0; term < segment_->term_count(); ++term) {
            for (const absl::Status& status :
                 {docs->Add(segment_->postings(), segment_->meta(term)),
                  best->Add(segment_->Source(term), segment_->weight(term), nullptr)}) {
              added = added && status.ok();
              EXPECT_TRUE(status.ok() || CodeOf(status) == ErrorCode::kDataLoss) << status;
            }
          }
          return std::make_unique<DocSetScorer>(std::move(docs), std::move(best), "t*");
        },
        &random);
    if (HasFatalFailure()) return;
  }
}

TEST_F(DamagedListsTest, FlatSearches) {
  SeededRandom random(334);
  for (int round = 0; round < 400; ++round) {
    DamageLists(&random);
    FlatQuery query = RandomFlatQuery(&random, *segment_);
    if (random.OneIn(3)) {
      query.needs_should = false;
      query.phrase = {{static_cast<uint32_t>(AnyTerm(&random)), 0},
                      {static_cast<uint32_t>(AnyTerm(&random)), 1}};
    }
    const SearchOptions options;
    SearchContext context(options);
    const uint32_t k = random.OneIn(2) ? 10 : 1000;
    TopK top_k(k);
    MatchCounter counter(random.OneIn(2) ? CountMode::kExact : CountMode::kNone, 0);
    SearchFlat(query.Clauses(*segment_, whole_, &context), query.needs_should,
               {100, kDocs, random.OneIn(3) ? &live_ : nullptr}, &context, &top_k, &counter);
    ExpectSound(top_k.Take(), k, context);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(told_, 0) << "no damage was noticed";
}

TEST_F(DamagedListsTest, SingleTerms) {
  SeededRandom random(335);
  for (int round = 0; round < 400; ++round) {
    DamageLists(&random);
    const size_t term = AnyTerm(&random);
    const TermSource source = segment_->Source(term);
    const Bm25Scorer similarity(segment_->weight(term), segment_->query_norms());
    const SearchOptions options;
    SearchContext context(options);
    const uint32_t k = random.OneIn(2) ? 10 : 1000;
    TopK top_k(k);
    SearchTerm(source, similarity, {100, kDocs, random.OneIn(3) ? &live_ : nullptr}, &context,
               &top_k);
    ExpectSound(top_k.Take(), k, context);
    ASSERT_LE(CountLive(source.list, {100, kDocs, &live_}, &context), source.list.doc_freq());
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace segue::exec
