// SPDX-License-Identifier: Apache-2.0
//
// ProximityMatcher: how often, and how closely, words stand near each other in one document.
//
// Each part of the query takes a place in the document that one of its words has; parts of the same
// words take different places. What is compared is a place less where the part stands in a phrase
// (kPhrase), or the place itself. A window [first, last] of such numbers counts if all parts fit
// into it, or at least so many as are asked for, and into no smaller window inside; for kOrdered
// the places of the parts must ascend. A window counts 1 / (1 + its excess): of a phrase the width
// last - first, else the places in it beyond one for each part that is asked for. Windows with an
// excess above the slop do not count.
#ifndef SEGUE_EXEC_PROXIMITY_MATCHER_H_
#define SEGUE_EXEC_PROXIMITY_MATCHER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/exec/span_filter.h"

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
  // `at_least`: how many of the parts a window must have; 0: all of them. REQUIRES: at least one
  // part, not fewer than are asked for, and all of them unless kNear.
  ProximityMatcher(std::vector<Part> parts, Proximity proximity, uint32_t slop,
                   uint32_t at_least = 0);

  // The sum over all windows that count, in ascending order of their begin, in float. `places`: of
  // each part, strictly ascending; of wanted() parts at least one. `spans`: the windows, from their
  // first place up to behind their last one, are appended; null: not asked for. `filter`: only
  // those that it accepts count. Cost: places times parts.
  float Freq(std::span<const std::span<const uint32_t>> places, Spans* spans,
             const SpanFilter* filter = nullptr);

  // How many parts a window has.
  size_t wanted() const { return wanted_; }
  // Whether each match takes a place of every part that no other match takes.
  bool is_strict() const {
    return proximity_ == Proximity::kOrdered || (proximity_ == Proximity::kPhrase && slop_ == 0);
  }

 private:
  struct Window {
    int64_t first, last;
    uint32_t begin, end;  // places of the document
  };

  // Parts with the same words: their number, and what has been gone through of their places.
  struct Group {
    uint32_t part = 0;   // one of them
    uint32_t parts = 0;  // how many there are
    uint32_t begin = 0;  // its first place in the window
    uint32_t end = 0;    // and that behind it

    uint32_t in_window() const { return std::min(end - begin, parts); }
  };

  bool NextPhraseWindow(Window* window);
  bool NextNearWindow(Window* window);
  bool NextOrderedWindow(Window* window);
  void BeginBehind(uint32_t place);
  bool ReachPlace(uint32_t* place);
  bool Settle();
  int64_t Shifted(size_t part, uint32_t place) const;
  void Count(const Window& window, const SpanFilter* filter, float* freq, Spans* spans) const;

  std::vector<Part> parts_;
  std::vector<uint32_t> order_;  // parts_, those with the same words side by side
  Proximity proximity_;
  uint32_t slop_;
  uint32_t wanted_;
  bool has_repeats_ = false;

  // Of the document being looked at.
  std::span<const std::span<const uint32_t>> places_;
  std::vector<uint32_t> next_;   // of each part: its first place that may still be the least
  std::vector<uint32_t> taken_;  // the place that it takes
  bool is_first_ = true;
  std::vector<Group> groups_;  // kNear
  uint32_t in_window_ = 0;     // parts that the places of the groups have
  uint32_t last_ = 0;          // place of the window
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_PROXIMITY_MATCHER_H_
