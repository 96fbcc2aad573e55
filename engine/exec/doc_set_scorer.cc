// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/doc_set_scorer.h"

#include <algorithm>
#include <array>
#include <span>

#include "engine/base/strings.h"
#include "engine/exec/explain_text.h"
#include "engine/simd/kernels.h"

namespace segue::exec {

absl::Status AddDocs(const PostingList& list, Bitset* docs) {
  const std::span<uint64_t> words = docs->mutable_words();
  if (list.dense()) {
    const size_t count = std::min<size_t>(words.size(), list.dense_word_count());
    for (size_t i = 0; i < count; ++i) words[i] |= list.dense_words()[i];
    return list.status();
  }
  std::array<DocId, kBlockPostings + 16> block_docs;
  for (uint32_t block = 0; block < list.block_count(); ++block) {
    const uint32_t count = list.DecodeDocs(block, block_docs.data());
    ActiveKernels().set_bits(words.data(), 0, block_docs.data(), count);
  }
  return list.status();
}

// ---- DocSetScorer ----

DocSetScorer::DocSetScorer(Bitset docs, ScorerPtr best, float score, std::string name)
    : docs_(std::move(docs)),
      count_(docs_.Count()),
      best_(std::move(best)),
      score_(score),
      name_(std::move(name)) {}

DocId DocSetScorer::NextCandidate(DocId from) {
  if (from >= docs_.size()) return kEndOfDocs;
  const size_t next = docs_.FindNext(from);
  return next < docs_.size() ? static_cast<DocId>(next) : kEndOfDocs;
}

void DocSetScorer::Match(const Window& window, const DocMask& among, DocMask* out) {
  const std::span<const uint64_t> words = docs_.words();
  const size_t first = window.begin / kWordDocs;
  for (uint32_t w = 0; w < kWindowWords; ++w) {
    (*out)[w] = first + w < words.size() ? words[first + w] & among[w] : 0;
  }
}

void DocSetScorer::Bound(const Window& window, WordBounds* bounds) {
  bounds->fill(kNoMatch);
  if (best_ != nullptr) best_->Bound(window, bounds);
  const std::span<const uint64_t> words = docs_.words();
  const size_t first = window.begin / kWordDocs;
  for (uint32_t w = 0; w < kWindowWords; ++w) {
    const bool any = first + w < words.size() && words[first + w] != 0;
    (*bounds)[w] = any ? std::max((*bounds)[w], score_) : kNoMatch;
  }
}

void DocSetScorer::MatchAbove(const Window& window, const DocMask& among, float threshold,
                              DocMask* out) {
  if (score_ > threshold) return Match(window, among, out);
  if (best_ != nullptr) return best_->MatchAbove(window, among, threshold, out);
  out->Clear();
}

void DocSetScorer::Score(const Window& window, const DocMask& docs, WindowScores* scores) {
  DocMask scored;
  if (best_ != nullptr) {
    best_->Match(window, docs, &scored);
    best_->Score(window, scored, scores);
  }
  DocMask others = docs;
  others.AndNot(scored);
  others.ForEach([&](uint32_t offset) { (*scores)[offset] = score_; });
}

Explanation DocSetScorer::Explain(const Window& window, DocId doc) {
  if (!docs_.Test(doc)) return NoMatch(Cat("no matching term: ", name_));
  if (best_ != nullptr) {
    Explanation best = best_->Explain(window, doc);
    if (best.match) return best;
  }
  return {.match = true,
          .value = score_,
          .description = Cat(name_, ", the same score for every document with such a term"),
          .details = {}};
}

void DocSetScorer::CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) {
  if (best_ != nullptr) best_->CollectMatches(window, doc, spans);
}

// ---- ScoredDocsScorer ----

ScoredDocsScorer::ScoredDocsScorer(std::vector<ScoredDoc> docs) : docs_(std::move(docs)) {
  std::sort(docs_.begin(), docs_.end(), [](const ScoredDoc& a, const ScoredDoc& b) {
    return a.doc != b.doc ? a.doc < b.doc : a.score > b.score;
  });
  const auto same = [](const ScoredDoc& a, const ScoredDoc& b) { return a.doc == b.doc; };
  docs_.erase(std::unique(docs_.begin(), docs_.end(), same), docs_.end());
}

std::span<const ScoredDocsScorer::ScoredDoc> ScoredDocsScorer::In(const Window& window) const {
  const auto before = [](const ScoredDoc& scored, DocId doc) { return scored.doc < doc; };
  const auto begin = std::lower_bound(docs_.begin(), docs_.end(), window.begin, before);
  return {begin, std::lower_bound(begin, docs_.end(), window.end, before)};
}

DocId ScoredDocsScorer::NextCandidate(DocId from) {
  const std::span<const ScoredDoc> rest = In({from, kEndOfDocs});
  return rest.empty() ? kEndOfDocs : rest.front().doc;
}

void ScoredDocsScorer::Bound(const Window& window, WordBounds* bounds) {
  bounds->fill(kNoMatch);
  for (const ScoredDoc& scored : In(window)) {
    float& bound = (*bounds)[(scored.doc - window.begin) / kWordDocs];
    bound = std::max(bound, scored.score);
  }
}

void ScoredDocsScorer::Match(const Window& window, const DocMask& among, DocMask* out) {
  MatchAbove(window, among, kNoThreshold, out);
}

void ScoredDocsScorer::MatchAbove(const Window& window, const DocMask& among, float threshold,
                                  DocMask* out) {
  DocMask found;
  for (const ScoredDoc& scored : In(window)) {
    const uint32_t offset = scored.doc - window.begin;
    if (scored.score > threshold && among.Test(offset)) found.Set(offset);
  }
  *out = found;
}

void ScoredDocsScorer::Score(const Window& window, const DocMask& docs, WindowScores* scores) {
  for (const ScoredDoc& scored : In(window)) {
    const uint32_t offset = scored.doc - window.begin;
    if (docs.Test(offset)) (*scores)[offset] = scored.score;
  }
}

// Plans that explain keep their lists apart, each with its term.
Explanation ScoredDocsScorer::Explain(const Window& window, DocId doc) {
  for (const ScoredDoc& scored : In(window)) {
    if (scored.doc != doc) continue;
    return {.match = true,
            .value = scored.score,
            .description = "the best of several terms",
            .details = {}};
  }
  return NoMatch("none of several terms");
}

}  // namespace segue::exec
