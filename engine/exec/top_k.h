// SPDX-License-Identifier: Apache-2.0
//
// TopK: keeps the k best hits of a search.
//
// A buffer of hits. When it holds twice as many as wanted, the k-th best score is selected and the
// others go, which costs a few nanoseconds a hit where a heap costs its depth.
//
// Hits may come in any order. Of hits with the same score the first documents stay (decision D1),
// so whoever offers documents in ascending order may leave out those that score threshold(); others
// only those below it.
#ifndef SEGUE_EXEC_TOP_K_H_
#define SEGUE_EXEC_TOP_K_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/exec/scorer.h"
#include "segue/types.h"

namespace segue::exec {

class TopK {
 public:
  // REQUIRES: k <= kMaxHits. k = 0 keeps nothing and is full from the start.
  explicit TopK(uint32_t k);

  // Offers a hit, each document once. REQUIRES: its score is a number, 0 or more.
  void Offer(Hit hit) {
    if (!(hit.score >= threshold_)) return;
    hits_.push_back(hit);
    if (hits_.size() >= next_selection_) Select();
  }

  // Scores below this cannot enter any more. kNoThreshold until k hits are held; with k = 0,
  // +infinity. May lag behind the k-th best score held.
  float threshold() const { return threshold_; }
  // Makes it the k-th best score held, if so many are held.
  void UpdateThreshold() {
    if (k_ != 0 && hits_.size() >= k_) Select();
  }

  // The same if it costs little: for whoever offers in batches, after each.
  void TightenThreshold() {
    if (k_ <= kFewHits && hits_.size() > k_ + k_ / 8) Select();
  }

  // Of documents from `doc` on only those that score above it can enter.
  float ThresholdFrom(uint64_t doc) const {
    if (threshold_ == kNoThreshold || doc > last_tie_) return threshold_;
    return std::nextafter(threshold_, kNoThreshold);
  }

  uint32_t k() const { return k_; }
  // How many more hits fit before there is a threshold.
  uint32_t missing() const {
    return hits_.size() < k_ ? k_ - static_cast<uint32_t>(hits_.size()) : 0;
  }

  // The hits, best first. Leaves the object empty.
  std::vector<Hit> Take();

 private:
  void Select();
  void KeepFirstTies(size_t above, size_t ties);

  static constexpr uint32_t kFewHits = 128;

  uint32_t k_;
  float threshold_;
  uint64_t last_tie_ = 0;  // only documents before it can enter with threshold_
  size_t next_selection_;  // the size at which hits are selected next
  std::vector<Hit> hits_;
  // Working memory of Select.
  std::vector<float> scores_;
  std::vector<Hit> ties_;
};

// From so many times k rows at once on, it is worth offering only the best of them.
inline constexpr size_t kManyOffers = 2;

// Of the `count` rows, ascending, those whose scores[row] are among the `k` best, with ties and
// perhaps a few more: leaves them and returns how many. REQUIRES: 0 < k <= count. `spare` has room
// for count.
size_t KeepBestRows(const float* scores, uint32_t k, size_t count, uint32_t* rows, float* spare);

}  // namespace segue::exec

#endif  // SEGUE_EXEC_TOP_K_H_
