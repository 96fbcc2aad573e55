// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/doc_set_scorer.h"

#include <algorithm>
#include <span>
#include <utility>

#include "engine/base/strings.h"
#include "engine/exec/explain_text.h"

namespace segue::exec {

DocSetScorer::DocSetScorer(std::unique_ptr<ListUnion> docs, ScorerPtr best, std::string name)
    : docs_(std::move(docs)), best_(std::move(best)), name_(std::move(name)) {}

void DocSetScorer::Match(const Window& window, const DocMask& among, DocMask* out) {
  const std::span<const uint64_t> words = docs_->WordsBefore(window.end);
  const size_t first = window.begin / kWordDocs;
  for (uint32_t w = 0; w < kWindowWords; ++w) {
    (*out)[w] = first + w < words.size() ? words[first + w] & among[w] : 0;
  }
}

void DocSetScorer::Bound(const Window& window, WordBounds* bounds) {
  bounds->fill(kNoMatch);
  if (best_ != nullptr) best_->Bound(window, bounds);
  const std::span<const uint64_t> words = docs_->WordsBefore(window.end);
  const size_t first = window.begin / kWordDocs;
  for (uint32_t w = 0; w < kWindowWords; ++w) {
    const bool any = first + w < words.size() && words[first + w] != 0;
    (*bounds)[w] = any ? std::max((*bounds)[w], 0.0f) : kNoMatch;
  }
}

void DocSetScorer::MatchAbove(const Window& window, const DocMask& among, float threshold,
                              DocMask* out) {
  Match(window, among, out);
  if (threshold < 0) return;
  if (best_ == nullptr) return out->Clear();
  const DocMask in_set = *out;
  best_->MatchAbove(window, in_set, threshold, out);
}

void DocSetScorer::Score(const Window& window, const DocMask& docs, WindowScores* scores) {
  if (best_ != nullptr) return best_->Score(window, docs, scores);
  docs.ForEach([&](uint32_t offset) { (*scores)[offset] = 0; });
}

Explanation DocSetScorer::Explain(const Window& window, DocId doc) {
  if (docs_->FindNext(doc) != doc) return NoMatch(Cat("no matching term: ", name_));
  if (best_ != nullptr) {
    Explanation best = best_->Explain(window, doc);
    if (best.match) return best;
  }
  return {.match = true,
          .value = 0,
          .description = Cat(name_, ", a document with terms of it that are not scored"),
          .details = {}};
}

void DocSetScorer::CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) {
  if (best_ != nullptr) best_->CollectMatches(window, doc, spans);
}

}  // namespace segue::exec
