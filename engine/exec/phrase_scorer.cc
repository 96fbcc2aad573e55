// SPDX-License-Identifier: Apache-2.0
//
// Nothing is compared twice: what was found out about a document of the window is kept until the
// next window.
#include "engine/exec/phrase_scorer.h"

#include <algorithm>
#include <utility>

#include "engine/base/strings.h"
#include "engine/exec/common_candidate.h"
#include "engine/exec/explain_text.h"

namespace segue::exec {

PhraseScorer::PhraseScorer(std::vector<std::unique_ptr<TermScorer>> terms,
                           std::vector<PhraseWord> words, const TermScoring* scoring, float weight,
                           const uint8_t* norms, SearchContext* context)
    : terms_(std::move(terms)),
      scoring_(scoring),
      similarity_(weight, scoring->norms),
      norms_(norms),
      context_(context),
      matcher_(ListsOf(terms_), std::move(words), this, context),
      ranks_(terms_.size()) {}

uint64_t PhraseScorer::Cost() const {
  uint64_t cost = UINT64_MAX;
  for (const auto& term : terms_) cost = std::min(cost, term->Cost());
  return cost;
}

DocId PhraseScorer::NextCandidate(DocId from) { return NextCommonCandidate(terms_, from); }

// The terms carry the phrase's weight, so the least of their bounds bounds the phrase.
void PhraseScorer::Bound(const Window& window, WordBounds* bounds) {
  terms_[0]->Bound(window, bounds);
  WordBounds part;
  for (size_t i = 1; i < terms_.size(); ++i) {
    terms_[i]->Bound(window, &part);
    for (uint32_t w = 0; w < kWindowWords; ++w) (*bounds)[w] = std::min((*bounds)[w], part[w]);
  }
}

void PhraseScorer::EnterWindow(const Window& window) {
  if (window == window_) return;
  window_ = window;
  all_terms_ = terms_[0]->Members(window);
  for (size_t i = 1; i < terms_.size() && all_terms_.Any(); ++i) {
    all_terms_.And(terms_[i]->Members(window));
  }
  checked_.Clear();
  matched_.Clear();
}

void PhraseScorer::MatchAbove(const Window& window, const DocMask& among, float threshold,
                              DocMask* out) {
  EnterWindow(window);
  out->Clear();
  for (uint32_t w = 0; w < kWindowWords; ++w) {
    const uint64_t candidates = among[w] & all_terms_[w];
    for (uint64_t word = candidates & ~checked_[w]; word != 0; word &= word - 1) {
      const uint32_t offset = w * kWordDocs + static_cast<uint32_t>(std::countr_zero(word));
      const uint32_t freq = PhraseFreq(window, offset, threshold);
      if (freq == UINT32_MAX) continue;  // cannot reach the threshold: not looked at
      checked_.Set(offset);
      if (freq == 0) continue;
      freqs_[offset] = freq;
      matched_.Set(offset);
    }
    (*out)[w] = candidates & matched_[w];
  }
}

// For the one row.
void PhraseScorer::Ranks(size_t term, const uint32_t* /*rows*/, size_t /*count*/, uint32_t* ranks) {
  ranks[0] = ranks_[term];
}

// UINT32_MAX where the rarest word's frequency already says that the score is not above the
// threshold.
uint32_t PhraseScorer::PhraseFreq(const Window& window, uint32_t offset, float threshold) {
  uint32_t least = UINT32_MAX;
  for (size_t i = 0; i < terms_.size(); ++i) {
    const PostingPlace place = terms_[i]->Locate(window, offset);
    ranks_[i] = place.block * kBlockPostings + place.index;
    least = std::min(least, place.freq);
  }
  if (similarity_.Score(least, norms_[window.begin + offset]) <= threshold) return UINT32_MAX;
  matcher_.Start();
  uint32_t row = 0, freq = 0;
  return matcher_.Match(&row, 1, &freq) == 0 ? 0 : freq;
}

void PhraseScorer::Score(const Window& window, const DocMask& docs, WindowScores* scores) {
  DocMask matches;
  Match(window, docs, &matches);  // fills in what a threshold left out
  const uint8_t* norms = norms_ + window.begin;
  matches.ForEach([&](uint32_t offset) {
    (*scores)[offset] = similarity_.Score(freqs_[offset], norms[offset]);
  });
  context_->counters().documents_scored += matches.Count();
}

void PhraseScorer::Freqs(const Window& window, const DocMask& docs, WindowScores* freqs) {
  DocMask matches;
  Match(window, docs, &matches);
  matches.ForEach([&](uint32_t offset) { (*freqs)[offset] = static_cast<float>(freqs_[offset]); });
  context_->counters().documents_scored += matches.Count();
}

// A phrase is at most as frequent as each of its words.
float PhraseScorer::MaxScoreBy(const TermSimilarity& similarity, const Window& window) {
  float least = terms_[0]->MaxScoreBy(similarity, window);
  for (size_t i = 1; i < terms_.size(); ++i) {
    least = std::min(least, terms_[i]->MaxScoreBy(similarity, window));
  }
  return least;
}

Explanation PhraseScorer::ExplainFreq(float freq) const { return ExplainPhraseFreq(freq); }

Explanation PhraseScorer::Explain(const Window& window, DocId doc) {
  if (!Matches(*this, window, doc)) return NoMatch(Cat("no matching phrase: ", scoring_->name));
  return ExplainScoring(*scoring_, doc,
                        ExplainPhraseFreq(static_cast<float>(freqs_[doc - window.begin])),
                        norms_[doc], similarity_);
}

void PhraseScorer::CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) {
  uint32_t length = 0;
  for (const PhraseWord& word : matcher_.words()) length = std::max(length, word.position + 1);
  if (PhraseFreq(window, doc - window.begin, kNoThreshold) == 0) return;
  for (const uint32_t start : matcher_.Starts()) {
    spans->push_back({scoring_->field, scoring_->name, start, start + length});
  }
}

}  // namespace segue::exec
