// SPDX-License-Identifier: Apache-2.0
//
// BestTermsScorer: the best score among many terms of one field, for a DocSetScorer.
//
// A thousand lists are too many to ask each of them in every window. So the scores of 65,536
// documents are made at once: every list goes through its postings there, and the best score of
// each document stays. All lists take part: with one document frequency for all terms, nearly every
// list has a document about as good as the best.
#ifndef SEGUE_EXEC_BEST_TERMS_SCORER_H_
#define SEGUE_EXEC_BEST_TERMS_SCORER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "engine/exec/chunk.h"
#include "engine/exec/scorer.h"
#include "engine/exec/search_context.h"
#include "engine/exec/term_scorer.h"
#include "engine/rank/bm25.h"

namespace segue::exec {

class BestTermsScorer final : public Scorer {
 public:
  // `norms`: of the field, outlives this; `doc_count`: of the segment.
  BestTermsScorer(const Bm25Norms* norms, uint32_t doc_count, SearchContext* context);

  // Takes a term in. Charges the context for it. `other`: what scores it instead of BM25, or
  // nullptr; it outlives this. Errors: kDataLoss, kResourceExhausted.
  absl::Status Add(TermSource source, float weight, const TermSimilarity* other);

  static uint64_t MemoryBytes() { return sizeof(BestTermsScorer) + sizeof(float) * kChunkDocs; }

  // Does not look.
  DocId NextCandidate(DocId from) override { return from < doc_count_ ? from : kEndOfDocs; }
  void Bound(const Window& window, WordBounds* bounds) override;
  void Match(const Window& window, const DocMask& among, DocMask* out) override;
  void MatchAbove(const Window& window, const DocMask& among, float threshold,
                  DocMask* out) override;
  // Documents that do not match get 0.
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override;
  uint64_t Cost() const override { return postings_; }
  // Plans that explain keep their terms apart.
  Explanation Explain(const Window& window, DocId doc) override;

 private:
  struct LongList {
    PostingList list;
    Bm25Scorer similarity;
    const TermSimilarity* other;
  };
  struct ScoredDoc {
    DocId doc = 0;
    float score = 0;
  };

  absl::Status AddShort(const TermSource& source, const Bm25Scorer& similarity,
                        const TermSimilarity* other);
  // Makes the scores of the window's chunk.
  void Load(const Window& window);
  void Forget();
  void LoadList(const LongList& list, DocId begin, DocId end);
  float* ScoresOf(const Window& window) { return best_.get() + window.begin % kChunkDocs; }

  const Bm25Norms* norms_;
  uint32_t doc_count_;
  SearchContext* context_;
  uint64_t postings_ = 0;
  float max_score_ = 0;  // of all lists
  const uint8_t* lengths_ = nullptr;
  std::vector<LongList> long_lists_;
  std::vector<std::vector<ScoredDoc>> short_lists_;  // their documents, by chunk

  static constexpr uint32_t kNoChunk = ~0u;
  uint32_t chunk_ = kNoChunk;
  std::unique_ptr<float[]> best_;  // of the chunk; kNoMatch: no term
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_BEST_TERMS_SCORER_H_
