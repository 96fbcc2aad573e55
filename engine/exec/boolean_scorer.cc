// SPDX-License-Identifier: Apache-2.0
//
// Bounds of a sum are sums of bounds, in double and raised by kSumMargin, which is more than the
// rounding of a sum of 1,024 doubles can take away. The cast to float is monotone, so comparing
// the cast bound with the threshold is as safe as comparing the cast scores would be.
#include "engine/exec/boolean_scorer.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "engine/base/strings.h"
#include "engine/exec/common_candidate.h"
#include "engine/exec/explain_text.h"

namespace segue::exec {
namespace {

constexpr double kSumMargin = 1.0 + 1.0 / (uint64_t{1} << 40);

float BoundOf(double sum) { return static_cast<float>(sum * kSumMargin); }

bool IsSubset(const DocMask& inner, const DocMask& outer) {
  uint64_t outside = 0;
  for (uint32_t w = 0; w < kWindowWords; ++w) outside |= inner[w] & ~outer[w];
  return outside == 0;
}

}  // namespace

BooleanScorer::BooleanScorer(std::vector<BooleanClause> clauses, uint32_t min_should_match,
                             SearchContext* context)
    : clauses_(std::move(clauses)), min_should_match_(min_should_match), context_(context) {
  for (BooleanClause& clause : clauses_) {
    Scorer* scorer = clause.scorer.get();
    if (IsRequired(clause.kind)) required_.push_back(scorer);
    if (clause.kind == ClauseKind::kMustNot) prohibited_.push_back(scorer);
    if (clause.kind == ClauseKind::kShould) {
      shoulds_.push_back(static_cast<uint32_t>(scoring_.size()));
    }
    if (IsScored(clause.kind)) {
      scoring_.push_back({.scorer = scorer,
                          .required = clause.kind == ClauseKind::kMust,
                          .bounds = {},
                          .members = {}});
    }
  }
  std::stable_sort(required_.begin(), required_.end(),
                   [](const Scorer* a, const Scorer* b) { return a->Cost() < b->Cost(); });
  if (required_.empty() && !shoulds_.empty()) {
    min_should_match_ = std::max<uint32_t>(min_should_match_, 1);
  }
  by_bound_ = shoulds_;
}

uint64_t BooleanScorer::MemoryBytes(size_t clause_count) {
  return sizeof(BooleanScorer) + clause_count * (sizeof(BooleanClause) + sizeof(Scoring) + 24);
}

uint64_t BooleanScorer::Cost() const {
  if (!required_.empty()) return required_.front()->Cost();
  uint64_t cost = 0;
  for (uint32_t i : shoulds_) cost += scoring_[i].scorer->Cost();
  return cost;
}

DocId BooleanScorer::NextCandidate(DocId from) {
  if (min_should_match_ > shoulds_.size()) return kEndOfDocs;
  if (required_.empty()) {
    DocId next = kEndOfDocs;
    for (uint32_t i : shoulds_) next = std::min(next, scoring_[i].scorer->NextCandidate(from));
    return next;
  }
  return NextCommonCandidate(required_, from);
}

void BooleanScorer::LoadBounds(const Window& window) {
  if (window == bounds_window_) return;
  bounds_window_ = window;
  for (Scoring& clause : scoring_) {
    clause.scorer->Bound(window, &clause.bounds);
    clause.window_bound = *std::max_element(clause.bounds.begin(), clause.bounds.end());
  }
}

void BooleanScorer::Bound(const Window& window, WordBounds* bounds) {
  LoadBounds(window);
  for (uint32_t w = 0; w < kWindowWords; ++w) {
    double sum = 0;
    bool possible = true;
    bool any = !required_.empty();
    for (const Scoring& clause : scoring_) {
      const float bound = clause.bounds[w];
      if (bound != kNoMatch) {
        sum += bound;
        any = true;
      } else if (clause.required) {
        possible = false;
      }
    }
    (*bounds)[w] = possible && any ? BoundOf(sum) : kNoMatch;
  }
}

bool BooleanScorer::MatchRequired(const Window& window, DocMask* candidates) {
  DocMask narrowed;
  for (Scorer* scorer : required_) {
    scorer->Match(window, *candidates, &narrowed);
    *candidates = narrowed;
    if (!candidates->Any()) return false;
  }
  return true;
}

// Orders the should clauses by bound and returns how many of the weakest can be left to refine
// candidates: together they cannot lift a document over the threshold.
uint32_t BooleanScorer::SplitByBounds(float threshold) {
  std::sort(by_bound_.begin(), by_bound_.end(), [this](uint32_t a, uint32_t b) {
    return scoring_[a].window_bound != scoring_[b].window_bound
               ? scoring_[a].window_bound < scoring_[b].window_bound
               : a < b;
  });
  double sum = 0;
  uint32_t weak = 0;
  for (; weak < by_bound_.size(); ++weak) {
    const float bound = scoring_[by_bound_[weak]].window_bound;
    if (bound != kNoMatch) sum += bound;
    if (BoundOf(sum) > threshold) break;
  }
  return weak;
}

void BooleanScorer::MatchAnyShould(const Window& window, const DocMask& among, float threshold,
                                   DocMask* out) {
  const uint32_t weak = threshold == kNoThreshold ? 0 : SplitByBounds(threshold);
  out->Clear();
  for (uint32_t i = weak; i < by_bound_.size(); ++i) {
    DocMask matches;
    scoring_[by_bound_[i]].scorer->Match(window, among, &matches);
    out->Or(matches);
  }
}

// Counts the matching should clauses of each document.
void BooleanScorer::MatchEnoughShould(const Window& window, const DocMask& among, DocMask* out) {
  // A member, because on the stack it would be 8 KiB for each level of nested queries.
  should_counts_.fill(0);
  for (uint32_t i : shoulds_) {
    DocMask matches;
    scoring_[i].scorer->Match(window, among, &matches);
    matches.ForEach([this](uint32_t offset) { ++should_counts_[offset]; });
  }
  out->Clear();
  among.ForEach([&](uint32_t offset) {
    if (should_counts_[offset] >= min_should_match_) out->Set(offset);
  });
}

void BooleanScorer::MatchAbove(const Window& window, const DocMask& among, float threshold,
                               DocMask* out) {
  *out = among;
  if (min_should_match_ > shoulds_.size() || (required_.empty() && shoulds_.empty())) {
    out->Clear();
    return;
  }
  const bool prune = threshold != kNoThreshold && !scoring_.empty();
  if (prune) {
    LoadBounds(window);
    DropByWordBounds(threshold, out);
  }
  if (!MatchRequired(window, out)) return;
  if (min_should_match_ > 0) {
    const DocMask candidates = *out;
    if (min_should_match_ == 1) {
      MatchAnyShould(window, candidates, prune && required_.empty() ? threshold : kNoThreshold,
                     out);
    } else {
      MatchEnoughShould(window, candidates, out);
    }
  }
  if (prune && !shoulds_.empty() && out->Any()) {
    LoadMembers(window, *out);
    DropByMembership(threshold, out);
  }
  DropProhibited(window, out);
}

void BooleanScorer::DropProhibited(const Window& window, DocMask* candidates) {
  for (Scorer* scorer : prohibited_) {
    if (!candidates->Any()) return;
    DocMask matches;
    scorer->Match(window, *candidates, &matches);
    candidates->AndNot(matches);
  }
}

void BooleanScorer::DropByWordBounds(float threshold, DocMask* candidates) const {
  for (uint32_t w = 0; w < kWindowWords; ++w) {
    if ((*candidates)[w] == 0) continue;
    double sum = 0;
    bool possible = true;
    for (const Scoring& clause : scoring_) {
      if (clause.bounds[w] != kNoMatch) {
        sum += clause.bounds[w];
      } else if (clause.required) {
        possible = false;
      }
    }
    if (!possible || BoundOf(sum) <= threshold) (*candidates)[w] = 0;
  }
}

void BooleanScorer::LoadMembers(const Window& window, const DocMask& candidates) {
  members_window_ = window;
  members_of_ = candidates;
  for (Scoring& clause : scoring_) {
    if (clause.required) {
      clause.members = candidates;
    } else {
      clause.scorer->Match(window, candidates, &clause.members);
    }
  }
}

// The bound of a document counts only the clauses that it matches.
void BooleanScorer::DropByMembership(float threshold, DocMask* candidates) const {
  for (uint32_t w = 0; w < kWindowWords; ++w) {
    uint64_t kept = (*candidates)[w];
    for (uint64_t word = kept; word != 0; word &= word - 1) {
      const uint64_t bit = word & -word;
      double sum = 0;
      for (const Scoring& clause : scoring_) {
        if ((clause.members[w] & bit) != 0 && clause.bounds[w] != kNoMatch) {
          sum += clause.bounds[w];
        }
      }
      if (BoundOf(sum) <= threshold) kept &= ~bit;
    }
    (*candidates)[w] = kept;
  }
}

void BooleanScorer::Score(const Window& window, const DocMask& docs, WindowScores* scores) {
  if (!(window == members_window_) || !IsSubset(docs, members_of_)) LoadMembers(window, docs);
  docs.ForEach([this](uint32_t offset) { sums_[offset] = 0; });
  for (const Scoring& clause : scoring_) {
    DocMask matches = clause.members;
    matches.And(docs);
    clause.scorer->Score(window, matches, &clause_scores_);
    matches.ForEach(
        [this](uint32_t offset) { sums_[offset] += static_cast<double>(clause_scores_[offset]); });
  }
  docs.ForEach([&](uint32_t offset) { (*scores)[offset] = static_cast<float>(sums_[offset]); });
}

Explanation BooleanScorer::Explain(const Window& window, DocId doc) {
  Explanation result{.match = false, .value = 0, .description = "sum of:", .details = {}};
  uint32_t matching_shoulds = 0;
  for (const BooleanClause& clause : clauses_) {
    Explanation part = clause.scorer->Explain(window, doc);
    if (IsRequired(clause.kind) && !part.match) {
      result.description = "no match on required clause:";
      result.details = {std::move(part)};
      return result;
    }
    if (clause.kind == ClauseKind::kMustNot && part.match) {
      result.description = "match on prohibited clause:";
      result.details = {std::move(part)};
      return result;
    }
    if (!part.match) continue;
    if (clause.kind == ClauseKind::kShould) ++matching_shoulds;
    if (clause.kind == ClauseKind::kFilter) {
      part = {.match = true,
              .value = 0,
              .description = "match on required clause, adds nothing to the score:",
              .details = {std::move(part)}};
    }
    result.details.push_back(std::move(part));
  }
  if (matching_shoulds < min_should_match_ || (required_.empty() && shoulds_.empty())) {
    result.details.clear();
    result.description = Cat("too few optional clauses match: ", matching_shoulds, " of at least ",
                             std::max<uint32_t>(1, min_should_match_));
    return result;
  }
  result.match = true;
  result.value = ScoreOne(*this, window, doc);
  return result;
}

void BooleanScorer::CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) {
  for (const BooleanClause& clause : clauses_) {
    if (clause.kind == ClauseKind::kMustNot || !Matches(*clause.scorer, window, doc)) continue;
    clause.scorer->CollectMatches(window, doc, spans);
  }
}

}  // namespace segue::exec
