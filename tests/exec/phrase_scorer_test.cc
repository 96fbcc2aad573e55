// SPDX-License-Identifier: Apache-2.0
//
// Phrases and words near each other as scorers: which documents have them, how often and how they
// score, against a search through the positions of every document. What counts as near is
// proximity_matcher_test's business; here is one document after the other, by masks and bounds.
#include "engine/exec/phrase_scorer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "engine/exec/proximity_scorer.h"
#include "engine/exec/similarity_scorer.h"
#include "engine/rank/similarity.h"
#include "segue/status.h"
#include "tests/exec/scorer_contract.h"
#include "tests/exec/small_segment.h"

namespace segue::exec {
namespace {

// Frequent words with few places, so that many documents have several of them close together.
SmallSegment RandomSegment(SeededRandom* random, uint32_t doc_count, size_t terms) {
  SegmentShape shape{.doc_count = doc_count, .positions = true};
  shape.longest = random->OneIn(2) ? 3 : 255;
  std::vector<TestList> lists;
  for (size_t i = 0; i < terms; ++i) {
    const uint32_t abouts[] = {doc_count / 40 + 1, doc_count / 4 + 1, doc_count};
    lists.push_back(ListOf(RandomDocs(random, doc_count, abouts[random->Below(3)]), random,
                           static_cast<uint32_t>(random->Between(1, 8)), /*positions=*/true));
  }
  return SmallSegment(shape, std::move(lists), random);
}

const std::vector<uint32_t>& PlacesOf(const SmallSegment& segment, size_t term, DocId doc) {
  static const std::vector<uint32_t> none;
  const TestPosting* posting = segment.Find(term, doc);
  return posting == nullptr ? none : posting->positions;
}

class PlacesTest : public ::testing::Test {
 protected:
  void Build(SeededRandom* random, uint32_t doc_count, size_t terms) {
    segment_ = std::make_unique<SmallSegment>(RandomSegment(random, doc_count, terms));
    whole_.field = "text";
    whole_.name = "text:\"some words\"";
    whole_.norms = segment_->query_norms();
    whole_.doc_freqs = {5};
    whole_.doc_count = doc_count;
    weight_ = static_cast<float>(random->Between(1, 90)) / 11;
  }

  std::vector<std::unique_ptr<TermScorer>> Terms(SearchContext* context) const {
    std::vector<std::unique_ptr<TermScorer>> terms;
    for (size_t term = 0; term < segment_->term_count(); ++term) {
      terms.push_back(segment_->TermOfWeight(term, weight_, context));
    }
    return terms;
  }

  // `freqs`: of the documents that match.
  DocScores Bm25Of(const std::map<DocId, float>& freqs) const {
    DocScores scores;
    for (const auto& [doc, freq] : freqs) scores[doc] = segment_->Bm25(weight_, freq, doc);
    return scores;
  }
  DocScores OtherOf(const std::map<DocId, float>& freqs) const {
    DocScores scores;
    for (const auto& [doc, freq] : freqs) {
      scores[doc] = whole_.similarity->Score(freq, segment_->norms()[doc]);
    }
    return scores;
  }

  void ExpectAll(const MakeScorer& make, const DocScores& want, SeededRandom* random) const {
    ExpectScorer(make, want, segment_->doc_count(), random);
    ExpectExplained(make, want, segment_->doc_count(), random);
  }

  // By BM25 and by a similarity of `kind`. `make` gives a FreqScorer.
  template <typename Make>
  void ExpectScored(const Make& make, const std::map<DocId, float>& freqs, Similarity kind,
                    SeededRandom* random) {
    ExpectAll([&](SearchContext* context) { return make(context); }, Bm25Of(freqs), random);
    if (HasFailure()) return;
    const uint32_t doc_count = segment_->doc_count();
    const FieldStatistics statistics{.doc_count = doc_count, .sum_total_freq = 50 * doc_count};
    const auto field =
        NewFieldSimilarity({.similarity = kind}, statistics, segment_->query_norms());
    whole_.similarity = field->Of(1, std::vector<TermStatistics>{{5, 9}, {7, 11}});
    ExpectAll(
        [&](SearchContext* context) {
          return std::make_unique<SimilarityScorer>(make(context), &whole_, segment_->norms());
        },
        OtherOf(freqs), random);
  }

  static Similarity KindOf(int round) {
    constexpr Similarity kKinds[] = {Similarity::kBm25Plus, Similarity::kTfIdf,
                                     Similarity::kLmDirichlet, Similarity::kDph,
                                     Similarity::kBoolean};
    return kKinds[round % 5];
  }

  std::unique_ptr<SmallSegment> segment_;
  TermScoring whole_;
  float weight_ = 1;
};

constexpr uint32_t kDocCounts[] = {1, 64, 4097, 9000};

// --- Phrases -------------------------------------------------------------------------------------

class PhraseScorerTest : public PlacesTest {
 protected:
  void BuildWords(SeededRandom* random) {
    words_.clear();
    uint32_t position = 0;
    // Every term is one of the words at least.
    for (uint32_t term = 0; term < segment_->term_count(); ++term) {
      words_.push_back({term, position});
      position += static_cast<uint32_t>(random->Between(1, 2));
    }
    if (random->OneIn(3)) words_.push_back({0, position});
  }
  std::unique_ptr<PhraseScorer> Make(SearchContext* context) const {
    return std::make_unique<PhraseScorer>(Terms(context), words_, &whole_, weight_,
                                          segment_->norms(), context);
  }
  std::vector<uint32_t> StartsIn(DocId doc) const {
    std::vector<uint32_t> starts;
    for (const uint32_t start : PlacesOf(*segment_, words_[0].term, doc)) {
      const bool all = std::all_of(words_.begin(), words_.end(), [&](const PhraseWord& word) {
        const auto& places = PlacesOf(*segment_, word.term, doc);
        return std::binary_search(places.begin(), places.end(), start + word.position);
      });
      if (all) starts.push_back(start);
    }
    return starts;
  }
  std::map<DocId, float> Freqs() const {
    std::map<DocId, float> freqs;
    for (const TestPosting& posting : segment_->list(0)) {
      const size_t starts = StartsIn(posting.doc).size();
      if (starts > 0) freqs[posting.doc] = static_cast<float>(starts);
    }
    return freqs;
  }

  std::vector<PhraseWord> words_;
};

TEST_F(PhraseScorerTest, KeepsTheContract) {
  SeededRandom random(241);
  for (int round = 0; round < 16; ++round) {
    Build(&random, kDocCounts[round % 4], random.Between(1, 3));
    BuildWords(&random);
    SCOPED_TRACE(testing::Message() << "round " << round << ", " << words_.size() << " words");
    ExpectScored([&](SearchContext* context) { return Make(context); }, Freqs(), KindOf(round),
                 &random);
    if (HasFailure()) return;
  }
}

TEST_F(PhraseScorerTest, CollectsWherePhrasesStand) {
  SeededRandom random(242);
  for (int round = 0; round < 10; ++round) {
    Build(&random, 4097, 2);
    BuildWords(&random);
    const SearchOptions options;
    SearchContext context(options);
    const auto scorer = Make(&context);
    for (const auto& [doc, freq] : Freqs()) {
      std::vector<MatchSpan> want, spans;
      for (const uint32_t start : StartsIn(doc)) {
        want.push_back({"text", whole_.name, start, start + words_.back().position + 1});
      }
      scorer->CollectMatches(WindowOf(doc, 4097), doc, &spans);
      ASSERT_EQ(spans, want) << "document " << doc;
    }
    EXPECT_EQ(scorer->Cost(), std::min(segment_->list(0).size(), segment_->list(1).size()));
  }
}

// What a threshold left out is looked at when somebody asks without one, in the same window.
TEST_F(PhraseScorerTest, FindsAfterwardsWhatAThresholdLeftOut) {
  SeededRandom random(243);
  Build(&random, 4096, 2);
  BuildWords(&random);
  const SearchOptions options;
  SearchContext context(options);
  const auto scorer = Make(&context);
  const Window window{0, 4096};
  DocMask all, out, want;
  all.Fill(4096);
  scorer->MatchAbove(window, all, weight_, &out);
  EXPECT_FALSE(out.Any()) << "no score is above the weight";
  for (const auto& [doc, freq] : Freqs()) want.Set(doc);
  scorer->Match(window, all, &out);
  EXPECT_EQ(out, want);
}

// --- Words near each other -----------------------------------------------------------------------

// Parts, and how they have to stand.
struct Near {
  std::vector<std::vector<uint32_t>> parts;
  std::vector<ProximityMatcher::Part> of_matcher;
  Proximity proximity = Proximity::kNear;
  uint32_t slop = 0;
  uint32_t at_least = 0;

  ProximityMatcher Matcher() const { return {of_matcher, proximity, slop, at_least}; }
  ProximitySource Source() const { return {parts, Matcher()}; }
};

Near RandomNear(SeededRandom* random, size_t terms) {
  Near near;
  near.proximity = static_cast<Proximity>(random->Below(3));
  near.slop = static_cast<uint32_t>(random->Below(6));
  const uint64_t count = random->Between(1, 3);
  for (uint32_t i = 0; i < count; ++i) {
    std::set<uint32_t> part;
    for (uint64_t j = random->Between(1, 2); j > 0; --j) {
      part.insert(static_cast<uint32_t>(random->Below(terms)));
    }
    near.parts.emplace_back(part.begin(), part.end());
    const auto same = std::find(near.parts.begin(), near.parts.end(), near.parts.back());
    const auto words = static_cast<uint32_t>(same - near.parts.begin());
    near.of_matcher.push_back({near.proximity == Proximity::kPhrase ? i : 0, words});
  }
  if (near.proximity == Proximity::kNear && random->OneIn(2)) {
    near.at_least = static_cast<uint32_t>(random->Between(1, count));
  }
  return near;
}

class ProximityScorerTest : public PlacesTest {
 protected:
  void BuildNear(SeededRandom* random) {
    near_ = RandomNear(random, segment_->term_count());
    related_.reset();
    if (!random->OneIn(2)) return;
    related_ = RandomNear(random, segment_->term_count());
    relation_ = static_cast<SpanRelation>(random->Below(4));
  }

  std::unique_ptr<ProximityScorer> Make(SearchContext* context) const {
    std::optional<RelatedSource> related;
    if (related_.has_value()) related = RelatedSource{related_->Source(), relation_};
    return std::make_unique<ProximityScorer>(Terms(context), near_.Source(), std::move(related),
                                             &whole_, weight_, segment_->norms(), context);
  }

  // The sum of what the matches in a document count; 0 where too few parts have a place.
  float FreqIn(const Near& near, DocId doc, const SpanFilter* filter, Spans* spans) const {
    std::vector<std::vector<uint32_t>> places;
    for (const std::vector<uint32_t>& part : near.parts) {
      std::set<uint32_t> all;
      for (const uint32_t term : part) {
        const auto& of_term = PlacesOf(*segment_, term, doc);
        all.insert(of_term.begin(), of_term.end());
      }
      places.emplace_back(all.begin(), all.end());
    }
    ProximityMatcher matcher = near.Matcher();
    const auto there = std::count_if(places.begin(), places.end(),
                                     [](const auto& of_part) { return !of_part.empty(); });
    if (static_cast<size_t>(there) < matcher.wanted()) return 0;
    const std::vector<std::span<const uint32_t>> views(places.begin(), places.end());
    return matcher.Freq(views, spans, filter);
  }
  float FreqIn(DocId doc, Spans* spans) const {
    if (!related_.has_value()) return FreqIn(near_, doc, nullptr, spans);
    SpanFilter filter(relation_);
    FreqIn(*related_, doc, nullptr, filter.Clear());
    filter.Arrange();
    return FreqIn(near_, doc, &filter, spans);
  }
  std::map<DocId, float> Freqs() const {
    std::map<DocId, float> freqs;
    for (DocId doc = 0; doc < segment_->doc_count(); ++doc) {
      if (const float freq = FreqIn(doc, nullptr); freq > 0) freqs[doc] = freq;
    }
    return freqs;
  }

  Near near_;
  std::optional<Near> related_;
  SpanRelation relation_ = SpanRelation::kContaining;
};

TEST_F(ProximityScorerTest, KeepsTheContract) {
  SeededRandom random(244);
  for (int round = 0; round < 24; ++round) {
    constexpr uint32_t kFewDocs[] = {1, 64, 1000, 4500};
    Build(&random, kFewDocs[round % 4], random.Between(1, 4));
    BuildNear(&random);
    SCOPED_TRACE(testing::Message() << "round " << round << ", " << near_.parts.size() << " parts");
    ExpectScored([&](SearchContext* context) { return Make(context); }, Freqs(), KindOf(round),
                 &random);
    if (HasFailure()) return;
  }
}

// Where a document is thousands of times as long as others, its scores are near 0, and so few steps
// of their rounding that the parts of a sum lose more of them than the whole.
TEST_F(ProximityScorerTest, BoundsHoldInDocumentsOfAnyLength) {
  SeededRandom random(247);
  for (int round = 0; round < 400; ++round) {
    Build(&random, 1, 1);
    const SegmentShape shape{.doc_count = 1, .positions = true, .shortest = 120};
    std::vector<TestList> lists;
    for (int i = 0; i < 3; ++i) lists.push_back(ListOf({0}, &random, 9, /*positions=*/true));
    segment_ = std::make_unique<SmallSegment>(shape, std::move(lists), &random);
    whole_.norms = segment_->query_norms();
    // Every place is a match.
    near_ = {.parts = {{0}, {1}, {2}}, .of_matcher = {{0, 0}, {0, 1}, {0, 2}}, .at_least = 1};
    related_.reset();
    ExpectScorer([&](SearchContext* context) { return Make(context); }, Bm25Of(Freqs()), 1,
                 &random);
    if (HasFailure()) return;
  }
}

TEST_F(ProximityScorerTest, CollectsThePlacesOfMatches) {
  SeededRandom random(245);
  for (int round = 0; round < 20; ++round) {
    Build(&random, 700, 3);
    BuildNear(&random);
    const SearchOptions options;
    SearchContext context(options);
    const auto scorer = Make(&context);
    for (const auto& [doc, freq] : Freqs()) {
      Spans found;
      FreqIn(doc, &found);
      std::vector<MatchSpan> want, spans;
      for (const auto& [begin, end] : found) want.push_back({"text", whole_.name, begin, end});
      scorer->CollectMatches(WindowOf(doc, 700), doc, &spans);
      ASSERT_EQ(spans, want) << "document " << doc;
    }
  }
}

// A document of millions of words must not take all memory there is.
TEST_F(ProximityScorerTest, ChargesForThePlacesThatItReads) {
  SeededRandom random(246);
  Build(&random, 1000, 2);
  near_ = {.parts = {{0}}, .of_matcher = {{0, 0}}, .slop = 100};
  SearchOptions options;
  options.memory_limit_bytes = 8;
  SearchContext context(options);
  const auto scorer = Make(&context);
  DocMask all, out;
  all.Fill(1000);
  ASSERT_FALSE(Freqs().empty());
  scorer->Match({0, 1000}, all, &out);
  EXPECT_EQ(CodeOf(context.status()), ErrorCode::kResourceExhausted);
}

}  // namespace
}  // namespace segue::exec
