// SPDX-License-Identifier: Apache-2.0
//
// SmallSegment: the lists of one field of a segment in memory, beside the table that they were
// written from. What scorers find in the lists, tests look up in the table.
#ifndef SEGUE_TESTS_EXEC_SMALL_SEGMENT_H_
#define SEGUE_TESTS_EXEC_SMALL_SEGMENT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/exec/search_context.h"
#include "engine/exec/term_scorer.h"
#include "engine/rank/bm25.h"
#include "tests/format/postings_test_util.h"
#include "tests/support/seeded_random.h"

namespace segue::exec {

// About so many of the documents of a segment, ascending and at least one. Some stretches have
// more of them than others, some none; documents at the edges of words, windows and chunks are
// often among them.
std::vector<DocId> RandomDocs(SeededRandom* random, uint32_t doc_count, uint32_t about);

// Postings of these documents, with frequencies up to `most_freq`, mostly low ones; with
// `positions` these are below 4 * most_freq.
TestList ListOf(const std::vector<DocId>& docs, SeededRandom* random, uint32_t most_freq,
                bool positions = false);

// What a segment's lists are written with.
struct SegmentShape {
  uint32_t doc_count = 0;
  bool positions = false;
  // The norm bytes of documents.
  uint32_t shortest = 1;
  uint32_t longest = 255;
  BoundStatistics built_with = {.parameters = {}, .average_length = 100};
};

class SmallSegment {
 public:
  SmallSegment(const SegmentShape& shape, std::vector<TestList> lists, SeededRandom* random);

  uint32_t doc_count() const { return shape_.doc_count; }
  size_t term_count() const { return lists_.size(); }
  const TestList& list(size_t term) const { return lists_[term]; }
  // The posting of a document; null if the term is not in it.
  const TestPosting* Find(size_t term, DocId doc) const;
  const uint8_t* norms() const { return norms_.data(); }

  // From now on terms are scored so; until then as the maps were built.
  void ScoreWith(const BoundStatistics& statistics);
  const Bm25Norms* query_norms() const { return query_norms_.get(); }
  void SetBoost(size_t term, float boost) { scorings_[term].boost = boost; }
  TermScoring* mutable_scoring(size_t term) { return &scorings_[term]; }
  const TermScoring& scoring(size_t term) const { return scorings_[term]; }
  float weight(size_t term) const { return scorings_[term].boost * scorings_[term].idf; }

  // `bounds`: with those of the list, if it has any.
  TermSource Source(size_t term, bool bounds = true) const;
  // The same of a segment that may be damaged.
  absl::StatusOr<TermSource> Open(size_t term, bool bounds = true) const;
  // What a list is opened with.
  const PostingsSource& postings() const { return source_; }
  const TermMeta& meta(size_t term) const { return metas_[term]; }
  // From now on some bytes of its lists, positions or bounds are others than were written, and no
  // longer under a checksum.
  void Damage(SeededRandom* random);
  std::unique_ptr<TermScorer> Term(size_t term, SearchContext* context, bool bounds = true) const {
    return TermOfWeight(term, weight(term), context, bounds);
  }
  std::unique_ptr<TermScorer> TermOfWeight(size_t term, float weight, SearchContext* context,
                                           bool bounds = true) const;

  // BM25 as its header writes it.
  float Bm25(float weight, float freq, DocId doc) const {
    return weight - weight / (1.0F + freq * query_norms_->inverse()[norms_[doc]]);
  }
  // The score of a term in a document that has it.
  float Score(size_t term, DocId doc) const {
    return Bm25(weight(term), static_cast<float>(Find(term, doc)->freq), doc);
  }

 private:
  SegmentShape shape_;
  std::vector<TestList> lists_;
  std::vector<uint8_t> norms_;
  std::unique_ptr<Bm25Norms> query_norms_;
  std::vector<TermMeta> metas_;
  PostingsSource source_, written_;
  std::vector<TermScoring> scorings_;
};

// Calls fn for each table of kernels that this machine can run, which is then the one in use.
void WithEachKernels(const std::function<void()>& fn);

}  // namespace segue::exec

#endif  // SEGUE_TESTS_EXEC_SMALL_SEGMENT_H_
