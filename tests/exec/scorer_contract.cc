// SPDX-License-Identifier: Apache-2.0
#include "tests/exec/scorer_contract.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/base/bitset.h"
#include "engine/exec/segment_search.h"
#include "engine/exec/top_k.h"
#include "tests/exec/small_segment.h"

namespace segue::exec {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// One pass of a scorer over a segment, window after window.
class Walk {
 public:
  Walk(Scorer* scorer, const DocScores& want, uint32_t doc_count, SeededRandom* random)
      : scorer_(*scorer), want_(want), doc_count_(doc_count), random_(*random) {}

  void Run() {
    for (DocId from = 0; from < doc_count_ && !::testing::Test::HasFatalFailure();) {
      const DocId candidate = AskNext(from);
      // Whoever asks beside other scorers also looks where this one has nothing.
      const DocId at = random_.OneIn(3) ? from : candidate;
      if (at >= doc_count_) return;
      window_ = WindowOf(at, doc_count_);
      Visit();
      from = window_.end;
      if (random_.OneIn(5)) from += static_cast<DocId>(random_.Below(3)) * kWindowDocs;
    }
  }

 private:
  void Visit() {
    matches_.Clear();
    const auto end = want_.lower_bound(window_.end);
    for (auto it = want_.lower_bound(window_.begin); it != end; ++it) {
      matches_.Set(it->first - window_.begin);
    }
    for (uint64_t calls = random_.Between(1, 6); calls > 0; --calls) {
      switch (random_.Below(6)) {
        case 0:
          CheckBound();
          break;
        case 1:
          CheckMatch();
          break;
        case 2:
          CheckScore();
          break;
        case 3:
          AskNext(window_.begin + static_cast<DocId>(random_.Below(window_.size())));
          break;
        default:
          CheckMatchAbove();
          break;
      }
    }
  }

  DocId AskNext(DocId from) {
    const DocId candidate = scorer_.NextCandidate(from);
    EXPECT_GE(candidate, from);
    const auto next = want_.lower_bound(from);
    EXPECT_LE(candidate, next == want_.end() ? kEndOfDocs : next->first) << "asked from " << from;
    return candidate;
  }

  void CheckBound() {
    WordBounds bounds;
    bounds.fill(kNan);
    scorer_.Bound(window_, &bounds);
    for (uint32_t w = 0; w * kWordDocs < window_.size(); ++w) {
      EXPECT_TRUE(bounds[w] >= 0 || bounds[w] == kNoMatch) << "word " << w << ": " << bounds[w];
    }
    matches_.ForEach([&](uint32_t offset) {
      EXPECT_LE(ScoreAt(offset), bounds[offset / kWordDocs]) << Name(offset);
    });
  }

  void CheckMatch() {
    const DocMask among = RandomMask();
    DocMask out;
    out.Fill(kWindowDocs);
    scorer_.Match(window_, among, &out);
    DocMask want = matches_;
    want.And(among);
    ExpectSame(out, want);
  }

  void CheckMatchAbove() {
    const DocMask among = RandomMask();
    const float threshold = RandomThreshold();
    DocMask out;
    out.Fill(kWindowDocs);
    scorer_.MatchAbove(window_, among, threshold, &out);
    DocMask want = matches_;
    want.And(among);
    DocMask more = out;
    more.AndNot(want);
    EXPECT_FALSE(more.Any()) << "matches that are none, in the window at " << window_.begin;
    want.AndNot(out);
    want.ForEach([&](uint32_t offset) {
      EXPECT_LE(ScoreAt(offset), threshold) << Name(offset) << " was left out";
    });
  }

  void CheckScore() {
    DocMask docs = matches_;
    docs.And(RandomMask());
    auto scores = std::make_unique<WindowScores>();
    scores->fill(kNan);
    scorer_.Score(window_, docs, scores.get());
    docs.ForEach([&](uint32_t offset) {
      EXPECT_EQ((*scores)[offset], ScoreAt(offset)) << Name(offset);
      EXPECT_LE(ScoreAt(offset), scorer_.MaxScore()) << Name(offset);
    });
  }

  DocMask RandomMask() {
    DocMask mask;
    const uint64_t kind = random_.Below(5);
    if (kind <= 1) mask.Fill(window_.size());
    if (kind == 1) mask[static_cast<uint32_t>(random_.Below(kWindowWords))] = 0;
    const uint64_t one_in = kind == 2 ? 500 : 2;
    for (uint32_t i = 0; kind >= 2 && kind <= 3 && i < window_.size(); ++i) {
      if (random_.OneIn(one_in)) mask.Set(i);
    }
    if (kind == 3) mask.Or(matches_);
    return mask;
  }

  float RandomThreshold() {
    if (random_.OneIn(5)) return kNoThreshold;
    if (random_.OneIn(8)) return std::numeric_limits<float>::infinity();
    if (want_.empty() || random_.OneIn(6)) return 0;
    auto some = want_.lower_bound(static_cast<DocId>(random_.Below(doc_count_)));
    if (some == want_.end()) some = want_.begin();
    return random_.OneIn(3) ? std::nextafter(some->second, kNoThreshold) : some->second;
  }

  void ExpectSame(const DocMask& got, const DocMask& want) const {
    DocMask missing = want, more = got;
    missing.AndNot(got);
    more.AndNot(want);
    EXPECT_TRUE(got == want) << "window at " << window_.begin << ": " << missing.Count()
                             << " missing, " << more.Count() << " too many";
  }
  float ScoreAt(uint32_t offset) const { return want_.at(window_.begin + offset); }
  std::string Name(uint32_t offset) const {
    return "document " + std::to_string(window_.begin + offset);
  }

  Scorer& scorer_;
  const DocScores& want_;
  const uint32_t doc_count_;
  SeededRandom& random_;
  Window window_;
  DocMask matches_;  // in the window
};

std::vector<Hit> BestOf(const DocScores& want, const SearchedSegment& segment, uint32_t k) {
  std::vector<Hit> hits;
  for (const auto& [doc, score] : want) {
    if (segment.live == nullptr || segment.live->Test(doc))
      hits.push_back({segment.base + doc, score});
  }
  std::stable_sort(hits.begin(), hits.end(),
                   [](const Hit& a, const Hit& b) { return a.score > b.score; });
  if (hits.size() > k) hits.resize(k);
  return hits;
}

void ExpectSearches(const MakeScorer& make, const DocScores& want, const SearchedSegment& segment,
                    SeededRandom* random) {
  const auto matches = static_cast<uint32_t>(want.size());
  const uint64_t live_matches = BestOf(want, segment, matches).size();
  for (const uint32_t k : {0U, 1U, 10U, std::max(1U, matches / 2), matches + 5}) {
    const SearchOptions options;
    SearchContext context(options);
    const ScorerPtr scorer = make(&context);
    const bool count = random->OneIn(2), exhaustive = random->OneIn(4);
    TopK top_k(k);
    MatchCounter counter(count ? CountMode::kExact : CountMode::kNone, 0);
    SearchSegment(*scorer, segment, exhaustive, &context, &top_k, &counter);
    ASSERT_TRUE(context.ok()) << context.status();
    ASSERT_EQ(top_k.Take(), BestOf(want, segment, k)) << "k " << k << " counting " << count;
    ASSERT_EQ(counter.Total().has_value(), count);
    ASSERT_EQ(counter.Total().value_or(TotalHits{live_matches}).value, live_matches) << "k " << k;
  }
  const SearchOptions options;
  SearchContext context(options);
  Bitset found(segment.doc_count);
  MatchSegment(*make(&context), segment, &context, &found);
  ASSERT_EQ(found.Count(), live_matches);
  for (const Hit& hit : BestOf(want, segment, matches)) {
    ASSERT_TRUE(found.Test(static_cast<DocId>(hit.doc - segment.base)));
  }
}

}  // namespace

DocScores RandomScores(SeededRandom* random, uint32_t doc_count, uint32_t about) {
  DocScores scores;
  const float unit = random->OneIn(2) ? 1 : 0.1F;  // sums of tenths are rounded
  for (const DocId doc : RandomDocs(random, doc_count, about)) {
    scores[doc] = unit * static_cast<float>(random->Below(30));
  }
  return scores;
}

void ExpectScorer(const MakeScorer& make, const DocScores& want, uint32_t doc_count,
                  SeededRandom* random) {
  const SearchOptions options;
  for (int walk = 0; walk < 3; ++walk) {
    SearchContext context(options);
    const ScorerPtr scorer = make(&context);
    EXPECT_EQ(scorer->MatchCount().value_or(want.size()), want.size());
    Walk(scorer.get(), want, doc_count, random).Run();
    ASSERT_TRUE(context.ok()) << context.status();
    if (::testing::Test::HasFailure()) return;
  }
  ExpectSearches(make, want, {7, doc_count, nullptr}, random);
  if (::testing::Test::HasFatalFailure()) return;
  Bitset live(doc_count, true);
  for (DocId doc = 0; doc < doc_count; ++doc) {
    if (random->OneIn(3)) live.Clear(doc);
  }
  ExpectSearches(make, want, {7, doc_count, &live}, random);
}

void ExpectExplained(const MakeScorer& make, const DocScores& want, uint32_t doc_count,
                     SeededRandom* random) {
  std::set<DocId> docs;
  for (int i = 0; i < 6; ++i) {
    docs.insert(static_cast<DocId>(random->Below(doc_count)));
    const auto some = want.lower_bound(static_cast<DocId>(random->Below(doc_count)));
    if (some != want.end()) docs.insert(some->first);
  }
  const SearchOptions options;
  SearchContext context(options);
  const ScorerPtr scorer = make(&context);
  for (const DocId doc : docs) {
    const Explanation explanation = scorer->Explain(WindowOf(doc, doc_count), doc);
    const auto found = want.find(doc);
    ASSERT_EQ(explanation.match, found != want.end()) << doc << ": " << explanation.ToText();
    ASSERT_EQ(explanation.value, found == want.end() ? 0 : found->second)
        << doc << ": " << explanation.ToText();
    ASSERT_FALSE(explanation.description.empty()) << doc;
  }
  ASSERT_TRUE(context.ok()) << context.status();
}

}  // namespace segue::exec
