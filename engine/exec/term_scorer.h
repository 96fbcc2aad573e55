// SPDX-License-Identifier: Apache-2.0
//
// TermScorer: documents that hold one term, scored by BM25.
//
// Per window it decodes the term's documents into a mask once (a dense list is copied word by
// word) and keeps it; a posting's rank in the list is then the rank of the window's first posting
// plus a popcount, which is how frequencies and positions of single documents are reached.
#ifndef SEGUE_EXEC_TERM_SCORER_H_
#define SEGUE_EXEC_TERM_SCORER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/exec/freq_scorer.h"
#include "engine/exec/scorer.h"
#include "engine/exec/search_context.h"
#include "engine/format/bounds_reader.h"
#include "engine/format/impact.h"
#include "engine/format/postings_reader.h"
#include "engine/rank/bm25.h"
#include "engine/rank/score_bound.h"
#include "engine/rank/similarity.h"
#include "engine/simd/kernels.h"

namespace segue::exec {

// What the score of a term or phrase is made of; the same in every segment.
struct TermScoring {
  std::string field;  // this, name and doc_freqs: for explanations only
  std::string name;   // title:jazz, title:"kind of blue"
  float boost = 1;
  float idf = 0;                     // of a phrase: the sum
  std::vector<uint64_t> doc_freqs;   // of the whole collection; one for each word of a phrase
  uint64_t doc_count = 0;            // documents of the whole collection with the field
  const Bm25Norms* norms = nullptr;  // of the field
  // What scores it instead of BM25 (SimilarityScorer); nullptr: nothing.
  std::shared_ptr<const TermSimilarity> similarity = {};
};

// Everything of one segment that a term's scorer reads.
struct TermSource {
  PostingList list;
  std::optional<BoundList> bounds;
  const uint8_t* norms = nullptr;     // a byte per document of the segment
  uint32_t doc_count = 0;             // of the segment
  BoundStatistics bounds_built_with;  // what the window map is derived from (decision D9)

  TfRange tf_range() const { return {bounds->least_tf_norm(), bounds->max_tf_norm()}; }
  bool has_map() const { return bounds.has_value() && bounds->has_windows(); }
  // Whether there is one that bounds this similarity well.
  bool HasUsableMap(const Bm25Scorer& similarity) const {
    return has_map() && WindowBoundsUsable(bounds_built_with,
                                           {similarity.parameters(), similarity.average_length()});
  }
  // A score that the best document of a window with this byte has at least. REQUIRES: has_map().
  float ReachedInWindow(const Bm25Scorer& similarity, uint8_t byte) const {
    // Rounding to a float must not take it above a score that is reached.
    return static_cast<float>(LeastBestOfWindow(similarity, bounds_built_with, tf_range(), byte) *
                              (1 - 0x1p-22));
  }
};

// Where the posting of a document stands in a list, and its frequency.
struct PostingPlace {
  uint32_t block = 0;
  uint32_t index = 0;
  uint32_t freq = 0;
};

class TermScorer final : public FreqScorer {
 public:
  // `scoring` must outlive this; the scorers of several segments may share it. `weight` is
  // boost * idf for a term; a phrase gives its own.
  TermScorer(TermSource source, const TermScoring* scoring, float weight, SearchContext* context);

  DocId NextCandidate(DocId from) override;
  void Bound(const Window& window, WordBounds* bounds) override;
  void Match(const Window& window, const DocMask& among, DocMask* out) override;
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override;
  std::optional<uint64_t> MatchCount() const override { return source_.list.doc_freq(); }
  uint64_t Cost() const override { return source_.list.doc_freq(); }
  Explanation Explain(const Window& window, DocId doc) override;
  void CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) override;

  void Freqs(const Window& window, const DocMask& docs, WindowScores* freqs) override;
  float MaxScoreBy(const TermSimilarity& similarity, const Window& window) override;
  Explanation ExplainFreq(float freq) const override;
  // No posting of the list has a greater frequency, or a lesser norm byte.
  Impact ListImpact();

  // For phrases. All documents of the window that hold the term; valid until another window is
  // asked for.
  const DocMask& Members(const Window& window);

  // Where the posting of a member stands. REQUIRES: Members(window).Test(offset).
  PostingPlace Locate(const Window& window, uint32_t offset);

  // Reads the frequencies of `docs`, which must be members, to the columns of the context's scratch
  // memory: offsets in the window, ascending, and freqs. Returns how many; 0 if the search should
  // end.
  size_t LoadFreqs(const Window& window, const DocMask& docs);

  // What a frequency in `doc` counts: 1 / (k1 * (1 - b + b * length / avgdl)).
  float NormInverseOf(DocId doc) const { return similarity_.norm_inverse()[source_.norms[doc]]; }

  float ScoreOf(uint32_t freq, DocId doc) const {
    return similarity_.Score(freq, source_.norms[doc]);
  }
  const PostingList& list() const { return source_.list; }
  const TermScoring& scoring() const { return *scoring_; }

 private:
  bool DecodeBlock(uint32_t block);
  uint32_t BlockAt(DocId target);
  void LoadWindow(const Window& window);
  void LoadSparse(const Window& window);
  void LoadDense(const Window& window);
  void LoadRanks();
  void BoundByWindowMap(const Window& window, WordBounds* bounds);
  float ListMaxScore();
  float WindowMaxScore(const Window& window);
  std::vector<Impact> ListImpacts();
  void ReportDamage();

  TermSource source_;
  const TermScoring* scoring_;
  Bm25Scorer similarity_;
  SearchContext* context_;
  const Kernels& kernels_;
  std::optional<WindowBounds> map_bounds_;  // empty: no usable window map
  float list_max_score_ = -1;               // below 0: not computed yet
  float list_max_score_by_ = -1;            // the same, of another similarity
  DocId last_doc_;

  // The window that members_ describes.
  Window window_{1, 1};  // no window begins at 1
  DocMask members_;
  uint32_t first_rank_ = 0;  // rank of the window's first posting
  bool ranks_ready_ = false;
  std::array<uint32_t, kWindowDocs / kRankWindowDocs> ranks_;  // before each 512 documents

  // The blocks decoded last.
  static constexpr uint32_t kNoBlock = ~0u;
  uint32_t docs_block_ = kNoBlock;
  uint32_t docs_in_block_ = 0;
  alignas(64) std::array<DocId, kBlockRoom> docs_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_TERM_SCORER_H_
