// SPDX-License-Identifier: Apache-2.0
//
// Scorer: one node of a query, evaluated over one segment, a window of documents at a time.
//
// The contract, as an equivalent loop over documents. Let M be the set of matching documents of
// the segment and S(d) the score of d in M. Then for each window w, in ascending order:
//
//   NextCandidate(d)     some c with d <= c, and no m in M with d <= m < c
//   Bound(w, bounds)     S(d) <= bounds[i] for each d in M and in word i of w
//   Match(w, among, out) out = M and among
//   Score(w, docs, s)    s[d - w.begin] = S(d) for each d of docs; requires docs within M
//
// MatchAbove(w, among, t, out) may leave out documents with S(d) <= t, and nothing else: it is
// what the loop over windows calls once k hits are held, with t the score of the worst of them.
// So exactness does not depend on bounds being tight, only on their being bounds.
//
// Windows are visited in ascending order; a window may be asked several times (a count and a
// scoring pass; Score after Match), and scorers keep what they decoded for the window they are in.
// `docs` and `among` may be any masks, the caller's own included.
//
// Scores never depend on the way they were asked for: a sum runs over the clauses in the order of
// the query, in double, and is cast to float once (decision D3).
//
// Threads: one scorer, one thread. Errors go to the SearchContext; the results are then undefined
// but every access stays in bounds.
#ifndef SEGUE_EXEC_SCORER_H_
#define SEGUE_EXEC_SCORER_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "engine/base/types.h"
#include "engine/exec/window.h"
#include "segue/explain.h"

namespace segue::exec {

inline constexpr float kNoThreshold = -std::numeric_limits<float>::infinity();
inline constexpr float kNoMatch = -std::numeric_limits<float>::infinity();

class Scorer {
 public:
  virtual ~Scorer() = default;

  // A document at or after `from` before which nothing matches; kEndOfDocs if nothing does.
  // Cost: at most one block decode per clause. `from` never goes back by more than one window.
  virtual DocId NextCandidate(DocId from) = 0;

  // An upper bound of the scores in each word of the window; kNoMatch where the scorer happens to
  // know that nothing matches. Words past window.end are kNoMatch or any bound.
  virtual void Bound(const Window& window, WordBounds* bounds) = 0;

  // The matching documents among `among`.
  virtual void Match(const Window& window, const DocMask& among, DocMask* out) = 0;

  // The same, but documents whose score is not above `threshold` may be missing.
  virtual void MatchAbove(const Window& window, const DocMask& among, float threshold,
                          DocMask* out) {
    (void)threshold;
    Match(window, among, out);
  }

  // The scores of `docs`, all of which match.
  virtual void Score(const Window& window, const DocMask& docs, WindowScores* scores) = 0;

  // An upper bound of the score of every document of the segment: once k hits are held that none
  // can displace, the search is over.
  virtual float MaxScore() const { return std::numeric_limits<float>::infinity(); }

  // The number of matching documents, deleted ones included, where it is known without looking at
  // any document.
  virtual std::optional<uint64_t> MatchCount() const { return std::nullopt; }

  // An estimate of the number of matching documents: what the planner orders clauses by.
  virtual uint64_t Cost() const = 0;

  // The score of one document as a tree; `doc` need not match. Cost: that of its window.
  virtual Explanation Explain(const Window& window, DocId doc) = 0;

  // Appends the places of each matching term and phrase in a matching document. Terms give theirs
  // only if their lists were opened with positions.
  virtual void CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) {
    (void)window, (void)doc, (void)spans;
  }
};

using ScorerPtr = std::unique_ptr<Scorer>;

// Whether `doc` of the window matches.
inline bool Matches(Scorer& scorer, const Window& window, DocId doc) {
  DocMask one;
  one.Set(doc - window.begin);
  DocMask out;
  scorer.Match(window, one, &out);
  return out.Any();
}

// The score of one matching document. For Explain, where speed does not count: `scores` is on
// the heap because a window of them is 16 KiB.
inline float ScoreOne(Scorer& scorer, const Window& window, DocId doc) {
  DocMask one;
  one.Set(doc - window.begin);
  DocMask out;
  scorer.Match(window, one, &out);
  auto scores = std::make_unique<WindowScores>();
  scorer.Score(window, one, scores.get());
  return (*scores)[doc - window.begin];
}

}  // namespace segue::exec

#endif  // SEGUE_EXEC_SCORER_H_
