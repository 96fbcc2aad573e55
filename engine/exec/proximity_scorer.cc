// SPDX-License-Identifier: Apache-2.0
//
// Bounds. A match takes a place of each part, and the place at which it begins is that of no other
// match. So there are at most as many matches as places of all parts together, and where matches
// share no place, as many as the rarest part has. BM25 grows more slowly than the frequency: the
// score of a sum of frequencies is at most the sum of their scores.
#include "engine/exec/proximity_scorer.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "engine/base/strings.h"
#include "engine/exec/explain_text.h"

namespace segue::exec {

ProximityScorer::ProximityScorer(Terms terms, std::vector<std::vector<uint32_t>> parts,
                                 ProximityMatcher matcher, const TermScoring* scoring, float weight,
                                 const uint8_t* norms, SearchContext* context)
    : terms_(std::move(terms)),
      parts_(std::move(parts)),
      cheapest_first_(parts_.size()),
      matcher_(std::move(matcher)),
      scoring_(scoring),
      similarity_(weight, scoring->norms),
      norms_(norms),
      context_(context),
      postings_(terms_.size()),
      places_(parts_.size()),
      spans_of_places_(parts_.size()) {
  for (const std::vector<uint32_t>& part : parts_) {
    uint64_t& cost = part_costs_.emplace_back(0);
    for (const uint32_t term : part) cost += terms_[term]->Cost();
  }
  std::iota(cheapest_first_.begin(), cheapest_first_.end(), 0);
  std::stable_sort(cheapest_first_.begin(), cheapest_first_.end(),
                   [&](uint32_t a, uint32_t b) { return part_costs_[a] < part_costs_[b]; });
  readers_.reserve(terms_.size());
  for (const auto& term : terms_) readers_.emplace_back(&term->list());
}

// Of the rarest part: the masks of the others are looked at in its windows only.
DocId ProximityScorer::NextCandidate(DocId from) {
  DocId next = kEndOfDocs;
  for (const uint32_t term : parts_[cheapest_first_[0]]) {
    next = std::min(next, terms_[term]->NextCandidate(from));
    if (next == from) break;
  }
  return next;
}

void ProximityScorer::Bound(const Window& window, WordBounds* bounds) {
  std::array<double, kWindowWords> all{};
  WordBounds part_bounds;
  all.fill(matcher_.is_strict() ? static_cast<double>(similarity_.MaxScore()) : 0.0);
  std::array<bool, kWindowWords> none{};
  for (const std::vector<uint32_t>& part : parts_) {
    std::array<double, kWindowWords> sums{};
    std::array<bool, kWindowWords> any{};
    for (const uint32_t term : part) {
      terms_[term]->Bound(window, &part_bounds);
      for (uint32_t w = 0; w < kWindowWords; ++w) {
        if (part_bounds[w] == kNoMatch) continue;
        sums[w] += static_cast<double>(part_bounds[w]);
        any[w] = true;
      }
    }
    for (uint32_t w = 0; w < kWindowWords; ++w) {
      none[w] = none[w] || !any[w];
      all[w] = matcher_.is_strict() ? std::min(all[w], sums[w]) : all[w] + sums[w];
    }
  }
  // What rounding of the parts may have taken is far below this.
  constexpr double kMargin = 1 + 0x1p-20;
  for (uint32_t w = 0; w < kWindowWords; ++w) {
    const auto bound = static_cast<float>(all[w] * kMargin);
    (*bounds)[w] = none[w] ? kNoMatch : std::min(bound, similarity_.MaxScore());
  }
}

void ProximityScorer::EnterWindow(const Window& window) {
  if (window == window_) return;
  window_ = window;
  all_parts_.Fill(window.size());
  for (const uint32_t part : cheapest_first_) {
    DocMask any;
    for (const uint32_t term : parts_[part]) any.Or(terms_[term]->Members(window));
    all_parts_.And(any);
    if (!all_parts_.Any()) break;
  }
  checked_.Clear();
  matched_.Clear();
}

void ProximityScorer::MatchAbove(const Window& window, const DocMask& among, float threshold,
                                 DocMask* out) {
  EnterWindow(window);
  out->Clear();
  for (uint32_t w = 0; w < kWindowWords; ++w) {
    const uint64_t candidates = among[w] & all_parts_[w];
    for (uint64_t word = candidates & ~checked_[w]; word != 0; word &= word - 1) {
      // Each document is looked for in all lists.
      if (!context_->KeepGoingAfter(terms_.size())) return;
      const uint32_t offset = w * kWordDocs + static_cast<uint32_t>(std::countr_zero(word));
      const float freq = Freq(window, offset, threshold, nullptr);
      if (freq < 0) continue;  // cannot reach the threshold: not looked at
      checked_.Set(offset);
      if (freq == 0) continue;
      freqs_[offset] = freq;
      matched_.Set(offset);
    }
    (*out)[w] = candidates & matched_[w];
  }
}

// Finds the postings of a document that has all parts. False where their frequencies say that its
// score is not above the threshold.
bool ProximityScorer::Locate(const Window& window, uint32_t offset, float threshold) {
  for (size_t term = 0; term < terms_.size(); ++term) {
    const bool has_it = terms_[term]->Members(window).Test(offset);
    postings_[term] = has_it ? terms_[term]->Locate(window, offset) : PostingPlace{};
  }
  uint64_t sum = 0, least = UINT32_MAX;
  for (const std::vector<uint32_t>& part : parts_) {
    uint64_t in_part = 0;
    for (const uint32_t term : part) in_part += postings_[term].freq;
    sum += in_part;
    least = std::min(least, in_part);
  }
  const auto most = static_cast<float>(matcher_.is_strict() ? least : sum);
  return ScoreOf(most, norms_[window.begin + offset]) > threshold;
}

// The places of all terms of a part, each once.
void ProximityScorer::ReadPlaces(size_t part) {
  std::vector<uint32_t>& places = places_[part];
  places.clear();
  for (const uint32_t term : parts_[part]) {
    const PostingPlace& posting = postings_[term];
    if (posting.freq == 0) continue;
    const uint32_t count =
        readers_[term].EnterBlock(posting.block) ? readers_[term].Read(posting.index, &read_) : 0;
    if (count == 0) context_->Fail(terms_[term]->list().status());
    const auto middle = static_cast<ptrdiff_t>(places.size());
    places.insert(places.end(), read_.begin(), read_.begin() + count);
    std::inplace_merge(places.begin(), places.begin() + middle, places.end());
  }
  places.erase(std::unique(places.begin(), places.end()), places.end());
  spans_of_places_[part] = places;
}

// Below 0: its score is not above the threshold.
float ProximityScorer::Freq(const Window& window, uint32_t offset, float threshold,
                            ProximityMatcher::Spans* spans) {
  if (!Locate(window, offset, threshold)) return -1;
  for (const uint32_t part : cheapest_first_) {
    ReadPlaces(part);
    if (places_[part].empty()) return 0;  // damaged
  }
  return matcher_.Freq(spans_of_places_, spans);
}

void ProximityScorer::Score(const Window& window, const DocMask& docs, WindowScores* scores) {
  DocMask matches;
  Match(window, docs, &matches);  // fills in what a threshold left out
  const uint8_t* norms = norms_ + window.begin;
  matches.ForEach(
      [&](uint32_t offset) { (*scores)[offset] = ScoreOf(freqs_[offset], norms[offset]); });
  context_->counters().documents_scored += matches.Count();
}

Explanation ProximityScorer::Explain(const Window& window, DocId doc) {
  if (!Matches(*this, window, doc)) return NoMatch(Cat("not near enough: ", scoring_->name));
  return ExplainScoring(*scoring_, doc, ExplainPhraseFreq(freqs_[doc - window.begin]), norms_[doc],
                        similarity_);
}

void ProximityScorer::CollectMatches(const Window& window, DocId doc,
                                     std::vector<MatchSpan>* spans) {
  ProximityMatcher::Spans found;
  Freq(window, doc - window.begin, kNoThreshold, &found);
  for (const auto& [begin, end] : found) {
    spans->push_back({scoring_->field, scoring_->name, begin, end});
  }
}

}  // namespace segue::exec
