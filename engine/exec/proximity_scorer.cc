// SPDX-License-Identifier: Apache-2.0
//
// Bounds. A match begins at a place of some part that no other match begins at. So there are at
// most as many matches as places of all parts together, and where matches have all parts and share
// no place, as many as the rarest part has. Being filtered leaves no more of them. BM25 grows more
// slowly than the frequency: the score of a sum of frequencies is at most the sum of their scores.
#include "engine/exec/proximity_scorer.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <string>
#include <utility>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "engine/exec/explain_text.h"

namespace segue::exec {

ProximityScorer::Side::Side(ProximitySource source, const Terms& terms)
    : parts(std::move(source.parts)),
      matcher(std::move(source.matcher)),
      cheapest_first(parts.size()),
      places(parts.size()),
      places_of_parts(parts.size()) {
  for (const std::vector<uint32_t>& part : parts) {
    uint64_t& cost = part_costs.emplace_back(0);
    for (const uint32_t term : part) cost += terms[term]->Cost();
    const auto first = std::find(parts.begin(), parts.end(), part);
    same_as.push_back(static_cast<uint32_t>(first - parts.begin()));
  }
  std::iota(cheapest_first.begin(), cheapest_first.end(), 0);
  std::stable_sort(cheapest_first.begin(), cheapest_first.end(),
                   [&](uint32_t a, uint32_t b) { return part_costs[a] < part_costs[b]; });
}

uint64_t ProximityScorer::Side::Cost() const {
  uint64_t cost = 0;
  for (size_t i = 0; i < lead_count(); ++i) cost += part_costs[cheapest_first[i]];
  return cost;
}

bool ProximityScorer::Side::HasEnough() const {
  const auto there = std::count_if(places_of_parts.begin(), places_of_parts.end(),
                                   [](const auto& of_part) { return !of_part.empty(); });
  return static_cast<size_t>(there) >= matcher.wanted();
}

ProximityScorer::ProximityScorer(Terms terms, ProximitySource source,
                                 std::optional<RelatedSource> related, const TermScoring* scoring,
                                 float weight, const uint8_t* norms, SearchContext* context)
    : terms_(std::move(terms)),
      side_(std::move(source), terms_),
      lead_(&side_),
      scoring_(scoring),
      similarity_(weight, scoring->norms),
      norms_(norms),
      context_(context),
      postings_(terms_.size()) {
  if (related.has_value()) {
    other_.emplace(std::move(related->source), terms_);
    filter_.emplace(related->relation);
    if (filter_->needs_others() && other_->Cost() < side_.Cost()) lead_ = &*other_;
  }
  readers_.reserve(terms_.size());
  for (const auto& term : terms_) readers_.emplace_back(&term->list());
}

// Of the rarest parts: the masks of the others are looked at in their windows only.
DocId ProximityScorer::NextCandidate(DocId from) {
  DocId next = kEndOfDocs;
  for (size_t i = 0; i < lead_->lead_count(); ++i) {
    for (const uint32_t term : lead_->parts[lead_->cheapest_first[i]]) {
      next = std::min(next, terms_[term]->NextCandidate(from));
      if (next == from) return next;
    }
  }
  return next;
}

// A score is what is left of the weight, and rounded as numbers of that size are: by less than
// kScoreStep of it, which is much of a score near 0. So each of those that are added is raised by
// as much, and so is the whole.
void ProximityScorer::Bound(const Window& window, WordBounds* bounds) {
  constexpr double kScoreStep = 0x1p-22;
  const double step = static_cast<double>(similarity_.MaxScore()) * kScoreStep;
  std::array<double, kWindowWords> all{};
  WordBounds part_bounds;
  all.fill(side_.matcher.is_strict() ? static_cast<double>(similarity_.MaxScore()) : 0.0);
  std::array<uint32_t, kWindowWords> parts_there{};
  for (const std::vector<uint32_t>& part : side_.parts) {
    std::array<double, kWindowWords> sums{};
    std::array<bool, kWindowWords> any{};
    for (const uint32_t term : part) {
      terms_[term]->Bound(window, &part_bounds);
      for (uint32_t w = 0; w < kWindowWords; ++w) {
        if (part_bounds[w] == kNoMatch) continue;
        sums[w] += static_cast<double>(part_bounds[w]) + step;
        any[w] = true;
      }
    }
    for (uint32_t w = 0; w < kWindowWords; ++w) {
      parts_there[w] += any[w] ? 1 : 0;
      all[w] = side_.matcher.is_strict() ? std::min(all[w], sums[w]) : all[w] + sums[w];
    }
  }
  // What rounding of the frequencies and of the sum may have taken is far below this.
  constexpr double kMargin = 1 + 0x1p-20;
  for (uint32_t w = 0; w < kWindowWords; ++w) {
    const auto bound = static_cast<float>((all[w] + step) * kMargin);
    const bool none = parts_there[w] < side_.matcher.wanted();
    (*bounds)[w] = none ? kNoMatch : std::min(bound, similarity_.MaxScore());
  }
}

// Leaves those of *docs that have as many parts as a match has. Where not all have to be there,
// they are counted for 64 documents at once: planes[p] has bit p of each count.
void ProximityScorer::DocsOf(const Window& window, const Side& side, DocMask* docs) {
  constexpr size_t kPlanes = std::bit_width(kMaxPhraseTerms);
  std::array<DocMask, kPlanes> planes;
  const bool counts = side.matcher.wanted() < side.parts.size();
  for (const uint32_t part : side.cheapest_first) {
    DocMask any;
    for (const uint32_t term : side.parts[part]) any.Or(terms_[term]->Members(window));
    if (!counts) {
      docs->And(any);
      if (!docs->Any()) return;
      continue;
    }
    for (uint32_t w = 0; w < kWindowWords; ++w) {
      uint64_t carry = any[w];
      for (size_t p = 0; carry != 0 && p < kPlanes; ++p) {
        carry &= std::exchange(planes[p][w], planes[p][w] ^ carry);
      }
    }
  }
  for (uint32_t w = 0; counts && w < kWindowWords; ++w) {
    uint64_t more = 0, equal = ~uint64_t{0};
    for (size_t p = kPlanes; p-- > 0;) {
      const bool wanted = (side.matcher.wanted() >> p & 1) != 0;
      if (!wanted) more |= equal & planes[p][w];
      equal &= wanted ? planes[p][w] : ~planes[p][w];
    }
    (*docs)[w] &= more | equal;
  }
}

void ProximityScorer::EnterWindow(const Window& window) {
  if (window == window_) return;
  window_ = window;
  all_parts_.Fill(window.size());
  DocsOf(window, side_, &all_parts_);
  if (other_.has_value() && filter_->needs_others()) DocsOf(window, *other_, &all_parts_);
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
  for (const std::vector<uint32_t>& part : side_.parts) {
    uint64_t in_part = 0;
    for (const uint32_t term : part) in_part += postings_[term].freq;
    sum += in_part;
    least = std::min(least, in_part);
  }
  const auto most = static_cast<float>(side_.matcher.is_strict() ? least : sum);
  return ScoreOf(most, norms_[window.begin + offset]) > threshold;
}

// The places of all terms of a part, each once. False: the search is over.
bool ProximityScorer::ReadPlacesOf(const std::vector<uint32_t>& part,
                                   std::vector<uint32_t>* places) {
  const size_t before = places->capacity();
  places->clear();
  for (const uint32_t term : part) {
    const PostingPlace& posting = postings_[term];
    if (posting.freq == 0) continue;
    const uint32_t count =
        readers_[term].EnterBlock(posting.block) ? readers_[term].Read(posting.index, &read_) : 0;
    if (count == 0) context_->Fail(terms_[term]->list().status());
    const auto middle = static_cast<ptrdiff_t>(places->size());
    places->insert(places->end(), read_.begin(), read_.begin() + count);
    std::inplace_merge(places->begin(), places->begin() + middle, places->end());
  }
  places->erase(std::unique(places->begin(), places->end()), places->end());
  // A document of millions of words, asked for hundreds of times. Its matches take as much again.
  const uint64_t more =
      (places->capacity() - before) * (sizeof(uint32_t) + sizeof(Spans::value_type));
  const absl::Status status = more > 0 ? context_->Charge(more) : absl::OkStatus();
  if (!status.ok()) context_->Fail(status);
  return context_->ok();
}

// False: too few parts have any, or the search is over.
bool ProximityScorer::ReadPlaces(Side* side) {
  for (size_t part = 0; part < side->parts.size(); ++part) {
    const size_t same = side->same_as[part];
    if (same == part && !ReadPlacesOf(side->parts[part], &side->places[part])) return false;
    side->places_of_parts[part] = side->places[same];
  }
  return side->HasEnough();
}

// Below 0: its score is not above the threshold.
float ProximityScorer::Freq(const Window& window, uint32_t offset, float threshold, Spans* spans) {
  if (!Locate(window, offset, threshold)) return -1;
  if (!ReadPlaces(&side_)) return 0;
  if (!other_.has_value()) return side_.matcher.Freq(side_.places_of_parts, spans);
  Spans* const others = filter_->Clear();
  if (ReadPlaces(&*other_)) other_->matcher.Freq(other_->places_of_parts, others);
  if (others->empty() && filter_->needs_others()) return 0;
  filter_->Arrange();
  return side_.matcher.Freq(side_.places_of_parts, spans, &*filter_);
}

void ProximityScorer::Score(const Window& window, const DocMask& docs, WindowScores* scores) {
  DocMask matches;
  Match(window, docs, &matches);  // fills in what a threshold left out
  const uint8_t* norms = norms_ + window.begin;
  matches.ForEach(
      [&](uint32_t offset) { (*scores)[offset] = ScoreOf(freqs_[offset], norms[offset]); });
  context_->counters().documents_scored += matches.Count();
}

void ProximityScorer::Freqs(const Window& window, const DocMask& docs, WindowScores* freqs) {
  DocMask matches;
  Match(window, docs, &matches);
  matches.ForEach([&](uint32_t offset) { (*freqs)[offset] = freqs_[offset]; });
  context_->counters().documents_scored += matches.Count();
}

// By how many matches there can be, as above, of the greatest frequencies of all lists: what scores
// need not grow more slowly than the frequency.
float ProximityScorer::MaxScoreBy(const TermSimilarity& similarity, const Window& /*window*/) {
  if (max_score_by_ >= 0) return max_score_by_;
  uint64_t sum = 0, least = UINT64_MAX;
  uint8_t min_norm = UINT8_MAX;
  for (const std::vector<uint32_t>& part : side_.parts) {
    uint64_t in_part = 0;
    for (const uint32_t term : part) {
      const Impact most = terms_[term]->ListImpact();
      in_part += most.freq;
      min_norm = std::min(min_norm, most.norm);
    }
    sum += in_part;
    least = std::min(least, in_part);
  }
  const uint64_t most = side_.matcher.is_strict() ? least : sum;
  max_score_by_ = similarity.MaxScore(static_cast<float>(most), min_norm);
  return max_score_by_;
}

Explanation ProximityScorer::ExplainFreq(float freq) const { return ExplainPhraseFreq(freq); }

Explanation ProximityScorer::Explain(const Window& window, DocId doc) {
  if (!Matches(*this, window, doc)) return NoMatch(Cat("not near enough: ", scoring_->name));
  return ExplainScoring(*scoring_, doc, ExplainPhraseFreq(freqs_[doc - window.begin]), norms_[doc],
                        similarity_);
}

void ProximityScorer::CollectMatches(const Window& window, DocId doc,
                                     std::vector<MatchSpan>* spans) {
  Spans found;
  Freq(window, doc - window.begin, kNoThreshold, &found);
  for (const auto& [begin, end] : found) {
    spans->push_back({scoring_->field, scoring_->name, begin, end});
  }
}

}  // namespace segue::exec
