// SPDX-License-Identifier: Apache-2.0
//
// TopK: keeps the k best hits of a search.
//
// A binary heap of at most k hits with the worst on top. Documents are offered in ascending
// order, so a document whose score equals the worst one held cannot enter: the threshold is
// strict, which is what makes pruning by bound <= threshold exact (decision D1).
#ifndef SEGUE_EXEC_TOP_K_H_
#define SEGUE_EXEC_TOP_K_H_

#include <cstdint>
#include <vector>

#include "engine/exec/scorer.h"
#include "segue/types.h"

namespace segue::exec {

class TopK {
 public:
  // REQUIRES: k <= kMaxHits. k = 0 keeps nothing and is full from the start.
  explicit TopK(uint32_t k);

  // Offers a hit. REQUIRES: hit.doc is greater than that of any hit offered before.
  void Offer(Hit hit) {
    if (heap_.size() < k_) {
      Push(hit);
    } else if (hit.score > threshold_) {
      ReplaceWorst(hit);
    }
  }

  // Only scores above this can still enter. kNoThreshold until k hits are held; with k = 0,
  // +infinity.
  float threshold() const { return threshold_; }

  // How many more hits fit before there is a threshold.
  uint32_t missing() const { return k_ - static_cast<uint32_t>(heap_.size()); }

  // The hits, best first. Leaves the object empty.
  std::vector<Hit> Take();

 private:
  void Push(Hit hit);
  void ReplaceWorst(Hit hit);

  uint32_t k_;
  float threshold_;
  std::vector<Hit> heap_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_TOP_K_H_
