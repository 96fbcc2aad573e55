// SPDX-License-Identifier: Apache-2.0
#include "corpus/game_bands.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace segue {

Band BandOf(uint64_t document_frequency, uint64_t documents) {
  if (document_frequency < 2) return Band::kNone;
  if (document_frequency * 10'000 < documents) return Band::kRare;
  if (document_frequency * 200 <= documents) return Band::kLow;
  if (document_frequency * 20 <= documents) return Band::kMiddle;
  return Band::kHigh;
}

Band BandOf(const GameModel& model, uint32_t word) {
  if (word == WordNumbers::kNone) return Band::kNone;
  return BandOf(model.DocumentFrequency(word), model.documents());
}

std::string BandsTag(const GameModel& model, std::span<const uint32_t> words) {
  static constexpr std::array<std::string_view, 5> kNames = {"rare", "low", "middle", "high",
                                                             "none"};
  std::vector<Band> bands;
  for (const uint32_t word : words) bands.push_back(BandOf(model, word));
  std::sort(bands.begin(), bands.end());
  std::string tag = "bands";
  for (const Band band : bands) {
    tag += tag.size() == 5 ? ':' : '+';
    tag += kNames[static_cast<size_t>(band)];
  }
  return tag;
}

std::vector<std::vector<Band>> BandCombinations(size_t size) {
  std::vector<std::vector<Band>> all;
  std::vector<Band> current(size, Band::kRare);
  while (true) {
    all.push_back(current);
    // The last band that can still rise does; all behind it follow, so that none falls.
    size_t i = size;
    while (i > 0 && current[i - 1] == Band::kHigh) --i;
    if (i == 0) return all;
    const Band next = static_cast<Band>(static_cast<uint8_t>(current[i - 1]) + 1);
    std::fill(current.begin() + static_cast<ptrdiff_t>(i) - 1, current.end(), next);
  }
}

}  // namespace segue
