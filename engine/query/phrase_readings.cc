// SPDX-License-Identifier: Apache-2.0
//
// Depth first, without recursion: the last word that has an alternative behind it at its position
// is exchanged, and the path goes on from there.
#include "engine/query/phrase_readings.h"

#include <algorithm>
#include <utility>

namespace segue {
namespace {

bool IsMadeOfParts(TokenType type) {
  switch (type) {
    case TokenType::kShingle:
    case TokenType::kSoutheastAsian:
    case TokenType::kIdeographic:
    case TokenType::kHiragana:
    case TokenType::kKatakana:
    case TokenType::kHangul:
      return true;
    default:
      return false;
  }
}

// The words that are edges, in order.
std::vector<const PlacedWord*> EdgesOf(std::span<const PlacedWord> words) {
  std::vector<const PlacedWord*> edges;
  for (size_t begin = 0; begin < words.size();) {
    size_t end = begin;
    bool has_part = false;
    for (; end < words.size() && words[end].position == words[begin].position; ++end) {
      has_part |= words[end].position_length == 1;
    }
    for (size_t i = begin; i < end; ++i) {
      const bool is_beside = words[i].position_length > 1 && IsMadeOfParts(words[i].type);
      if (!is_beside || !has_part) edges.push_back(&words[i]);
    }
    begin = end;
  }
  return edges;
}

struct Step {
  size_t edge;    // the word
  uint32_t slot;  // where it stands in the phrase
};

}  // namespace

size_t SizeOfKnot(std::span<const PlacedWord> words) {
  uint64_t end = 0;
  size_t size = 0;
  for (; size < words.size() && (size == 0 || words[size].position < end); ++size) {
    end = std::max(end, uint64_t{words[size].position} + words[size].position_length);
  }
  return size;
}

std::vector<std::vector<PhraseTerm>> ReadingsOf(std::span<const PlacedWord> words, size_t most,
                                                bool* more) {
  *more = false;
  const std::vector<const PlacedWord*> edges = EdgesOf(words);
  std::vector<std::vector<PhraseTerm>> readings;
  std::vector<Step> path;
  // Adds the first words on from the end of the path.
  const auto extend = [&] {
    while (true) {
      Step next = {0, 0};
      if (!path.empty()) {
        const PlacedWord& last = *edges[path.back().edge];
        const uint64_t node = uint64_t{last.position} + last.position_length;
        next.edge = static_cast<size_t>(
            std::partition_point(edges.begin() + static_cast<std::ptrdiff_t>(path.back().edge),
                                 edges.end(),
                                 [&](const PlacedWord* word) { return word->position < node; }) -
            edges.begin());
        if (next.edge == edges.size()) return;
        next.slot = path.back().slot + 1 + static_cast<uint32_t>(edges[next.edge]->position - node);
      }
      if (next.edge == edges.size()) return;
      path.push_back(next);
    }
  };
  extend();
  while (!path.empty()) {
    if (readings.size() == most) {
      *more = true;
      break;
    }
    std::vector<PhraseTerm> reading;
    for (const Step& step : path) reading.push_back({edges[step.edge]->term, step.slot});
    if (std::find(readings.begin(), readings.end(), reading) == readings.end()) {
      readings.push_back(std::move(reading));
    }
    while (!path.empty()) {
      const Step last = path.back();
      path.pop_back();
      const size_t other = last.edge + 1;
      if (other < edges.size() && edges[other]->position == edges[last.edge]->position) {
        path.push_back({other, last.slot});
        extend();
        break;
      }
    }
  }
  return readings;
}

}  // namespace segue
