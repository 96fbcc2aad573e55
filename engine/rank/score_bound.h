// SPDX-License-Identifier: Apache-2.0
//
// Upper bounds of BM25 scores from what a segment keeps about groups of
// postings (decision D9):
//
// Frontiers. The pairs (freq, norm) of a group that no other pair of the group
// beats in both. Valid under any statistics and parameters; the bound is the
// best pair's own score, exact to the bit.
//
// Window bytes. For each window of documents one byte
//     v = ceil(255 * (tf - least) / (greatest - least)),   tf = 1 - 1 / (1 + freq * c[norm]),
// with tf the best of the window, and least and greatest the range of that over
// the windows of the list, under the parameters and the average length of the
// time of building. v = 0 says that the term is not in the window, and whatever
// is in one has a v of 1 at least. At query time these may differ, since other
// segments and shards join in; then bytes are scaled up. Why that is safe:
//
//   With g(x) = x / (1 + x), tf = g(freq * c). Other statistics turn c into c',
//   and c' <= r * c for all lengths with r = max over lengths of c'/c. Both c
//   and c' are reciprocals of linear functions of the length, so c'/c is
//   monotone in it and r is found at the shortest or the longest length. If the
//   other average length alone differs, r <= avgdl' / avgdl. g rises, so
//   tf' <= g(r x) = r g / (1 - g + r g) with g = g(x). Where r < 1, r = 1 is used.
//   For r >= 1 this is concave in g, so that a line which touches it anywhere is
//   above it: this is what kernels that add bytes need.
//
//   Rounding: tf, v and the final score are computed in floats. Each is within
//   10 * 2^-24 of its exact value in units of the weight (six roundings in c,
//   one each for the product, the sum, the quotient, the difference), so bounds
//   are raised by kTfMargin = 2^-19 of the weight, which covers building (tf and
//   its range), scaling and scoring with room to spare, and rounded upwards.
#ifndef SEGUE_RANK_SCORE_BOUND_H_
#define SEGUE_RANK_SCORE_BOUND_H_

#include <cstdint>
#include <span>

#include "engine/rank/bm25.h"

namespace segue {

// What tf of a posting is at building time, in [0, 1].
inline float TermFrequencyNorm(uint32_t freq, float norm_inverse) {
  return 1.0f - 1.0f / (1.0f + static_cast<float>(freq) * norm_inverse);
}

// The best tf of the windows of a list, as written by the builder.
// INVARIANT: 0 <= least <= greatest.
struct TfRange {
  float least = 0;
  float greatest = 1;
};

// The byte of a window whose best tf is `tf`, 1..255. (tf may round to 0 in a
// field of 2^31 tokens; the term is there all the same.)
// REQUIRES: range.least <= tf <= range.greatest.
uint8_t WindowByte(float tf, const TfRange& range);

// The best score among pairs with members `freq` and `norm`; 0 if there are
// none.
template <typename Pair>
float FrontierMaxScore(const Bm25Scorer& scorer, std::span<const Pair> pairs) {
  float best = 0;
  for (const Pair& pair : pairs) {
    float score = scorer.Score(pair.freq, pair.norm);
    if (score > best) best = score;
  }
  return best;
}

// The similarity that bounds were built with, or that a query scores with.
struct BoundStatistics {
  Bm25Parameters parameters;
  float average_length = 1;
};

// The factor r above, >= 1, rounded up; infinity if there is none (k1 = 0 in
// the query, broken values).
double WindowBoundFactor(const BoundStatistics& build, const BoundStatistics& query);

// Whether window bytes are worth using: beyond a factor of 4 nearly every
// window's bound reaches the weight, and frontiers serve better.
inline constexpr double kMaxWindowBoundFactor = 4;
bool WindowBoundsUsable(const BoundStatistics& build, const BoundStatistics& query);

// A linear bound for the bytes of one term: a score in a window with byte v > 0 is at most
// v * step + offset, in double. For kernels that add bytes of several terms on a common scale.
struct LinearBound {
  double step = 0;
  double offset = 0;
};

// `scorer` is the query's. REQUIRES: WindowBoundsUsable for these statistics.
LinearBound LinearWindowBound(const Bm25Scorer& scorer, const BoundStatistics& build,
                              const TfRange& range);

// What the best document of a window with byte v > 0 scores at least, 0 if nothing is known: the
// byte tells the window's best tf to one part in 255 of the range. In double.
// `scorer` is the query's.
double LeastBestOfWindow(const Bm25Scorer& scorer, const BoundStatistics& build,
                         const TfRange& range, uint8_t v);

// Bounds for the bytes of one term. `scorer` is the query's.
class WindowBounds {
 public:
  // REQUIRES: WindowBoundsUsable for these statistics.
  WindowBounds(const Bm25Scorer& scorer, const BoundStatistics& build, const TfRange& range);

  // No score in a window with this byte is above it; 0 for v = 0. Rises with v.
  float Bound(uint8_t v) const { return table_[v]; }
  const float* table() const { return table_; }  // 256 entries

 private:
  float table_[256];
};

}  // namespace segue

#endif  // SEGUE_RANK_SCORE_BOUND_H_
