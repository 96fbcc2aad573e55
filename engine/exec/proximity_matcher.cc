// SPDX-License-Identifier: Apache-2.0
//
// A window begins where some part is; each part then takes its first place from there on, which
// gives the least end. Ends never go back as begins go on, so a window holds no smaller one if the
// window that begins next ends later. Wherever the parts may stand in any order, all that counts of
// a window is how many places it has of each group of parts with the same words.
#include "engine/exec/proximity_matcher.h"

#include <algorithm>
#include <numeric>

namespace segue::exec {

ProximityMatcher::ProximityMatcher(std::vector<Part> parts, Proximity proximity, uint32_t slop,
                                   uint32_t at_least)
    : parts_(std::move(parts)),
      order_(parts_.size()),
      proximity_(proximity),
      slop_(slop),
      wanted_(at_least == 0 ? static_cast<uint32_t>(parts_.size()) : at_least),
      next_(parts_.size()),
      taken_(parts_.size()) {
  std::iota(order_.begin(), order_.end(), 0);
  std::stable_sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
    return std::pair(parts_[a].words, parts_[a].position) <
           std::pair(parts_[b].words, parts_[b].position);
  });
  for (size_t i = 0; i < order_.size(); ++i) {
    const bool repeats = i > 0 && parts_[order_[i]].words == parts_[order_[i - 1]].words;
    has_repeats_ = has_repeats_ || repeats;
    if (!repeats) groups_.push_back({.part = order_[i]});
    ++groups_.back().parts;
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

bool ProximityMatcher::NextPhraseWindow(Window* window) {
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

// Leaves out the places up to this one.
void ProximityMatcher::BeginBehind(uint32_t place) {
  for (Group& group : groups_) {
    const std::span<const uint32_t> places = places_[group.part];
    if (group.begin == group.end || places[group.begin] != place) continue;
    in_window_ -= group.in_window();
    ++group.begin;
    in_window_ += group.in_window();
  }
}

// Takes the next place of any part into the window. False: there is none.
bool ProximityMatcher::ReachPlace(uint32_t* place) {
  *place = UINT32_MAX;
  for (const Group& group : groups_) {
    const std::span<const uint32_t> places = places_[group.part];
    if (group.end < places.size()) *place = std::min(*place, places[group.end]);
  }
  if (*place == UINT32_MAX) return false;
  for (Group& group : groups_) {
    const std::span<const uint32_t> places = places_[group.part];
    if (group.end == places.size() || places[group.end] != *place) continue;
    in_window_ -= group.in_window();
    ++group.end;
    in_window_ += group.in_window();
  }
  return true;
}

// From each place on the least end by which there are enough parts.
bool ProximityMatcher::NextNearWindow(Window* window) {
  const auto first_place = [this] {
    uint32_t first = UINT32_MAX;
    for (const Group& group : groups_) {
      if (group.begin < group.end) first = std::min(first, places_[group.part][group.begin]);
    }
    return first;
  };
  if (is_first_) {
    for (Group& group : groups_) group.begin = group.end = 0;
    in_window_ = 0;
    is_first_ = false;
  } else {
    BeginBehind(first_place());
  }
  while (in_window_ < wanted_) {
    if (!ReachPlace(&last_)) return false;
  }
  const uint32_t first = first_place();
  *window = {.first = first, .last = last_, .begin = first, .end = last_ + 1};
  return true;
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

void ProximityMatcher::Count(const Window& window, const SpanFilter* filter, float* freq,
                             Spans* spans) const {
  int64_t excess = window.last - window.first;
  if (proximity_ != Proximity::kPhrase) {
    // Words at the same place may need fewer places than there are parts.
    excess = std::max<int64_t>(0, excess - (int64_t{wanted_} - 1));
  }
  if (excess > slop_) return;
  if (filter != nullptr && !filter->Accepts(window.begin, window.end)) return;
  *freq += 1.0f / (1.0f + static_cast<float>(excess));
  if (spans != nullptr) spans->emplace_back(window.begin, window.end);
}

float ProximityMatcher::Freq(std::span<const std::span<const uint32_t>> places, Spans* spans,
                             const SpanFilter* filter) {
  places_ = places;
  std::fill(next_.begin(), next_.end(), 0);
  is_first_ = true;
  float freq = 0;
  Window window, next;
  const auto advance = [this](Window* to) {
    return proximity_ == Proximity::kNear      ? NextNearWindow(to)
           : proximity_ == Proximity::kOrdered ? NextOrderedWindow(to)
                                               : NextPhraseWindow(to);
  };
  if (!advance(&window)) return 0;
  while (advance(&next)) {
    if (next.last > window.last) Count(window, filter, &freq, spans);
    window = next;
  }
  Count(window, filter, &freq, spans);
  return freq;
}

}  // namespace segue::exec
