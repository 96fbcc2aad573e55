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
  std::array<DocId, kBlockRoom> block_docs;
  for (uint32_t block = 0; block < list.block_count(); ++block) {
    const uint32_t count = list.DecodeDocs(block, block_docs.data());
    ActiveKernels().set_bits(words.data(), 0, block_docs.data(), count);
  }
  return list.status();
}

DocSetScorer::DocSetScorer(Bitset docs, ScorerPtr best, std::string name)
    : docs_(std::move(docs)),
      count_(docs_.Count()),
      best_(std::move(best)),
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
  if (!docs_.Test(doc)) return NoMatch(Cat("no matching term: ", name_));
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
