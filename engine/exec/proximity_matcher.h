// SPDX-License-Identifier: Apache-2.0
//
// ProximityMatcher: how often, and how closely, words stand near each other in one document.
//
// Each part of the query takes a place in the document that one of its words has; parts of the same
// words take different places. What is compared is a place less where the part stands in a phrase
// (kPhrase), or the place itself. A window [first, last] of such numbers counts if all parts fit
// into it, and into no smaller window inside; for kOrdered the places of the parts must ascend. A
// window counts 1 / (1 + its excess): of a phrase the width last - first, else the places in it
// that no part needs. Windows with an excess above the slop do not count.
#ifndef SEGUE_EXEC_PROXIMITY_MATCHER_H_
#define SEGUE_EXEC_PROXIMITY_MATCHER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace segue::exec {

enum class Proximity : uint8_t {
  kPhrase,   // each part as far behind the first as the phrase says
  kNear,     // in any order
  kOrdered,  // in the order of the parts
};

class ProximityMatcher {
 public:
  struct Part {
    uint32_t position = 0;  // in the phrase; 0 unless kPhrase
    uint32_t words = 0;     // parts with the same words have the same number
  };
  // A match: places of the document from begin up to, not including, end.
  using Spans = std::vector<std::pair<uint32_t, uint32_t>>;

  // REQUIRES: at least one part.
  ProximityMatcher(std::vector<Part> parts, Proximity proximity, uint32_t slop);

  // The sum over all windows that count, in ascending order of their begin, in float. `places`: of
  // each part, strictly ascending, at least one. `spans`: the windows are appended; null: not asked
  // for. Cost: places times parts.
  float Freq(std::span<const std::span<const uint32_t>> places, Spans* spans);

  size_t part_count() const { return parts_.size(); }
  // Whether each match takes a place of every part that no other match takes.
  bool is_strict() const {
    return proximity_ == Proximity::kOrdered || (proximity_ == Proximity::kPhrase && slop_ == 0);
  }

 private:
  struct Window {
    int64_t first, last;
    uint32_t begin, end;  // places of the document
  };

  bool NextWindow(Window* window);
  bool NextOrderedWindow(Window* window);
  bool Settle();
  int64_t Shifted(size_t part, uint32_t place) const;
  void Count(const Window& window, float* freq, Spans* spans) const;

  std::vector<Part> parts_;
  std::vector<uint32_t> order_;  // parts_, those with the same words side by side
  Proximity proximity_;
  uint32_t slop_;
  bool has_repeats_ = false;

  // Of the document being looked at.
  std::span<const std::span<const uint32_t>> places_;
  std::vector<uint32_t> next_;   // of each part: its first place that may still be the least
  std::vector<uint32_t> taken_;  // the place that it takes
  bool is_first_ = true;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_PROXIMITY_MATCHER_H_
