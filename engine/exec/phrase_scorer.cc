// SPDX-License-Identifier: Apache-2.0
//
// A document's phrase frequency: take the rarest word's positions as candidate starts, and strike
// out those at which another word is missing, word by word. Nothing is compared twice: what was
// found out about a document of the window is kept until the next window.
#include "engine/exec/phrase_scorer.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/base/strings.h"
#include "engine/exec/common_candidate.h"
#include "engine/exec/explain_text.h"

namespace segue::exec {

PhraseScorer::PhraseScorer(std::vector<std::unique_ptr<TermScorer>> terms, std::vector<Word> words,
                           std::shared_ptr<const TermScoring> scoring, float weight,
                           const uint8_t* norms, SearchContext* context)
    : terms_(std::move(terms)),
      words_(std::move(words)),
      scoring_(std::move(scoring)),
      similarity_(weight, scoring_->parameters, scoring_->average_length),
      norms_(norms),
      context_(context),
      slices_(terms_.size()),
      order_(words_.size()) {
  readers_.reserve(terms_.size());
  for (const auto& term : terms_) readers_.emplace_back(&term->list());
  std::iota(order_.begin(), order_.end(), 0);
}

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

// UINT32_MAX where the rarest word's frequency already says that the score is not above the
// threshold.
uint32_t PhraseScorer::PhraseFreq(const Window& window, uint32_t offset, float threshold) {
  uint32_t least = UINT32_MAX;
  for (size_t i = 0; i < terms_.size(); ++i) {
    slices_[i].posting = terms_[i]->Locate(window, offset);
    slices_[i].count = 0;
    least = std::min(least, slices_[i].posting.freq);
  }
  if (similarity_.Score(least, norms_[window.begin + offset]) <= threshold) return UINT32_MAX;
  ++context_->counters().phrase_candidates;
  std::sort(order_.begin(), order_.end(), [this](uint32_t a, uint32_t b) {
    const uint32_t freq_a = slices_[words_[a].term].posting.freq;
    const uint32_t freq_b = slices_[words_[b].term].posting.freq;
    return freq_a != freq_b ? freq_a < freq_b : a < b;
  });
  bool first = true;
  for (uint32_t i : order_) {
    const Word& word = words_[i];
    Slice& slice = slices_[word.term];
    if (slice.count == 0 && !ReadSlice(word.term)) return 0;
    if (first) {
      starts_.clear();
      for (uint32_t p = 0; p < slice.count; ++p) {
        if (slice.positions[p] >= word.position) {
          starts_.push_back(slice.positions[p] - word.position);
        }
      }
      first = false;
    } else {
      KeepStarts(slice, word.position);
    }
    if (starts_.empty()) return 0;
  }
  return static_cast<uint32_t>(starts_.size());
}

bool PhraseScorer::ReadSlice(uint32_t term) {
  Slice& slice = slices_[term];
  PositionReader& reader = readers_[term];
  const uint64_t bytes_before = reader.bytes_read();
  slice.count = reader.EnterBlock(slice.posting.block)
                    ? reader.Read(slice.posting.index, &slice.positions)
                    : 0;
  context_->counters().positions_bytes += reader.bytes_read() - bytes_before;
  if (slice.count != 0) return true;
  absl::Status status = terms_[term]->list().status();
  if (!status.ok()) context_->Fail(std::move(status));
  return false;
}

// Both sides ascend: one merge.
void PhraseScorer::KeepStarts(const Slice& slice, uint32_t position) {
  const uint32_t* next = slice.positions.data();
  const uint32_t* end = next + slice.count;
  size_t kept = 0;
  for (uint32_t start : starts_) {
    const uint64_t wanted = uint64_t{start} + position;
    while (next != end && *next < wanted) ++next;
    if (next == end) break;
    if (*next == wanted) starts_[kept++] = start;
  }
  starts_.resize(kept);
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

Explanation PhraseScorer::Explain(const Window& window, DocId doc) {
  if (!Matches(*this, window, doc)) return NoMatch(Cat("no matching phrase: ", scoring_->name));
  return ExplainScoring(*scoring_, doc, ExplainPhraseFreq(freqs_[doc - window.begin]), norms_[doc],
                        similarity_);
}

void PhraseScorer::CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) {
  uint32_t length = 0;
  for (const Word& word : words_) length = std::max(length, word.position + 1);
  if (PhraseFreq(window, doc - window.begin, kNoThreshold) == 0) return;
  for (const uint32_t start : starts_) {
    spans->push_back({scoring_->field, scoring_->name, start, start + length});
  }
}

}  // namespace segue::exec
