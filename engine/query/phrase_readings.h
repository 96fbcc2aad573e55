// SPDX-License-Identifier: Apache-2.0
//
// The ways in which the words of a graph follow each other.
#ifndef SEGUE_QUERY_PHRASE_READINGS_H_
#define SEGUE_QUERY_PHRASE_READINGS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "segue/analysis.h"
#include "segue/query.h"

namespace segue {

// A word of analysed text: an edge of the graph, from its position to the one behind its length.
struct PlacedWord {
  std::string term;
  uint32_t position = 0;
  uint32_t position_length = 1;
  TokenType type = TokenType::kAlphanum;
};

// How many words from the front on belong together: up to where all of them end and none begins
// before. REQUIRES: there are some, and positions do not decrease.
size_t SizeOfKnot(std::span<const PlacedWord> words);

// The paths through the graph, each as a phrase: a word that spans several positions stands where
// one word stands, and positions that no word begins at are gaps as wide as they are. Shingles and
// pairs of characters that lie on their first part are left out: in an index they span what they
// span here, so the paths of their parts say the same. At most `most` readings; *more says whether
// there are others. The first takes the first word at each position.
// REQUIRES: positions do not decrease; `most` > 0.
std::vector<std::vector<PhraseTerm>> ReadingsOf(std::span<const PlacedWord> words, size_t most,
                                                bool* more);

}  // namespace segue

#endif  // SEGUE_QUERY_PHRASE_READINGS_H_
