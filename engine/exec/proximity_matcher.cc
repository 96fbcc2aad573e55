// SPDX-License-Identifier: Apache-2.0
//
// A window begins where some part is; each part then takes its first place from there on, which
// gives the least end. Ends never go back as begins go on, so a window holds no smaller one if the
// window that begins next ends later.
#include "engine/exec/proximity_matcher.h"

#include <algorithm>
#include <numeric>

namespace segue::exec {

ProximityMatcher::ProximityMatcher(std::vector<Part> parts, Proximity proximity, uint32_t slop)
    : parts_(std::move(parts)),
      order_(parts_.size()),
      proximity_(proximity),
      slop_(slop),
      next_(parts_.size()),
      taken_(parts_.size()) {
  std::iota(order_.begin(), order_.end(), 0);
  std::stable_sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
    return std::pair(parts_[a].words, parts_[a].position) <
           std::pair(parts_[b].words, parts_[b].position);
  });
  for (size_t i = 1; i < order_.size(); ++i) {
    has_repeats_ = has_repeats_ || parts_[order_[i]].words == parts_[order_[i - 1]].words;
  }
}

int64_t ProximityMatcher::Shifted(size_t part, uint32_t place) const {
  return int64_t{places_[part][place]} - parts_[part].position;
}

// Gives each part its place. Of parts with the same words the one that stands first in the phrase
// takes the first place, the next one a later one: any other way is at least as wide. False: there
// are no more places.
bool ProximityMatcher::Settle() {
  taken_ = next_;
  for (size_t i = 1; has_repeats_ && i < order_.size(); ++i) {
    const uint32_t part = order_[i], before = order_[i - 1];
    if (parts_[part].words != parts_[before].words) continue;
    taken_[part] = std::max(taken_[part], taken_[before] + 1);
    if (taken_[part] >= places_[part].size()) return false;
  }
  return true;
}

bool ProximityMatcher::NextWindow(Window* window) {
  while (true) {
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < parts_.size(); ++i) first = std::min(first, Shifted(i, next_[i]));
    if (!is_first_) {
      const int64_t last_first = first;
      first = INT64_MAX;
      for (size_t i = 0; i < parts_.size(); ++i) {
        if (Shifted(i, next_[i]) == last_first && ++next_[i] == places_[i].size()) return false;
        first = std::min(first, Shifted(i, next_[i]));
      }
    }
    is_first_ = false;
    if (!Settle()) return false;
    *window = {.first = INT64_MAX, .last = INT64_MIN, .begin = UINT32_MAX, .end = 0};
    for (size_t i = 0; i < parts_.size(); ++i) {
      const int64_t shifted = Shifted(i, taken_[i]);
      window->first = std::min(window->first, shifted);
      window->last = std::max(window->last, shifted);
      window->begin = std::min(window->begin, places_[i][taken_[i]]);
      window->end = std::max(window->end, places_[i][taken_[i]] + 1);
    }
    // Where places had to differ, it may begin later: then that is another begin's window.
    if (window->first == first) return true;
  }
}

// Each part takes its first place behind that of the part before.
bool ProximityMatcher::NextOrderedWindow(Window* window) {
  if (!is_first_ && ++next_[0] == places_[0].size()) return false;
  is_first_ = false;
  for (size_t i = 1; i < parts_.size(); ++i) {
    const uint32_t before = places_[i - 1][next_[i - 1]];
    while (places_[i][next_[i]] <= before) {
      if (++next_[i] == places_[i].size()) return false;
    }
  }
  const uint32_t begin = places_[0][next_[0]];
  const uint32_t last = places_.back()[next_.back()];
  *window = {.first = begin, .last = last, .begin = begin, .end = last + 1};
  return true;
}

void ProximityMatcher::Count(const Window& window, float* freq, Spans* spans) const {
  int64_t excess = window.last - window.first;
  if (proximity_ != Proximity::kPhrase) {
    // Words at the same place may need fewer places than there are parts.
    excess = std::max<int64_t>(0, excess - static_cast<int64_t>(parts_.size() - 1));
  }
  if (excess > slop_) return;
  *freq += 1.0f / (1.0f + static_cast<float>(excess));
  if (spans != nullptr) spans->emplace_back(window.begin, window.end);
}

float ProximityMatcher::Freq(std::span<const std::span<const uint32_t>> places, Spans* spans) {
  places_ = places;
  std::fill(next_.begin(), next_.end(), 0);
  is_first_ = true;
  float freq = 0;
  Window window, next;
  const auto advance = [this](Window* to) {
    return proximity_ == Proximity::kOrdered ? NextOrderedWindow(to) : NextWindow(to);
  };
  if (!advance(&window)) return 0;
  while (advance(&next)) {
    if (next.last > window.last) Count(window, &freq, spans);
    window = next;
  }
  Count(window, &freq, spans);
  return freq;
}

}  // namespace segue::exec
