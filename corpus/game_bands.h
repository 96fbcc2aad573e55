// SPDX-License-Identifier: Apache-2.0
//
// Bands of document frequency: rare (at least 2 documents, below 0.01 % of them), low (to 0.5 %),
// middle (to 5 %) and high. A word of one document or none is in no band.
#ifndef SEGUE_CORPUS_GAME_BANDS_H_
#define SEGUE_CORPUS_GAME_BANDS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "corpus/game_model.h"

namespace segue {

enum class Band : uint8_t { kRare, kLow, kMiddle, kHigh, kNone };
inline constexpr size_t kBands = 4;  // without kNone

Band BandOf(uint64_t document_frequency, uint64_t documents);
// `word` may be WordNumbers::kNone.
Band BandOf(const GameModel& model, uint32_t word);

// "bands:rare+high", in this order whatever the words'; "none" for words in no band.
std::string BandsTag(const GameModel& model, std::span<const uint32_t> words);

// All multisets of `size` bands, rare ones first. REQUIRES: size in [1, 8].
std::vector<std::vector<Band>> BandCombinations(size_t size);

}  // namespace segue

#endif  // SEGUE_CORPUS_GAME_BANDS_H_
