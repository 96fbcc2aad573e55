// SPDX-License-Identifier: Apache-2.0
//
// A corpus of any size whose documents read like those of a model, and are none of them: seeded
// walks over the model's text. A walk begins somewhere in a document, copies a run of words (5 in
// the mean), jumps to another place where the last word stands, copies on from there, and so on,
// until it is as long as some document of the model. So words and neighbours are as frequent as in
// the model. Most jumps look for the last word in a few windows of text first, one around the
// beginning of the walk and one around another occurrence of each of some rare words from there, so
// that words of one topic stay together too.
#ifndef SEGUE_CORPUS_GAME_IMITATION_H_
#define SEGUE_CORPUS_GAME_IMITATION_H_

#include <cstdint>
#include <cstdio>
#include <vector>

#include "absl/status/status.h"
#include "corpus/catalogue_words.h"
#include "corpus/game_model.h"

namespace segue {

// Immutable; thread-safe. Takes 4 bytes for each word of the model's text, and 8 a document.
class Imitation {
 public:
  // The model must outlive this.
  Imitation(const GameModel& model, uint64_t seed);

  // Makes document `number` as words of the model. It depends on model, seed and number only, is
  // never equal to a document of the model, and never takes more than kMaxRun words in a row on
  // purpose.
  void Make(uint64_t number, std::vector<uint32_t>* words) const;

  static constexpr uint32_t kMeanRun = 5;
  static constexpr uint32_t kMaxRun = 24;

 private:
  struct Window;
  struct Topic;
  void Walk(StableRandom* random, size_t length, std::vector<uint32_t>* words) const;
  Topic DrawTopic(StableRandom* random) const;
  uint32_t Jump(uint32_t place, const Topic& topic, StableRandom* random) const;
  uint32_t DrawOccurrence(uint32_t word, StableRandom* random) const;
  Window WindowAround(uint32_t place) const;
  uint32_t DrawIn(const Window& window, uint32_t word, uint32_t except, StableRandom* random) const;
  bool IsOfModel(const std::vector<uint32_t>& words) const;

  const GameModel& model_;
  const uint64_t seed_;
  std::vector<uint32_t> occurrence_begins_;  // per word, into occurrences_
  std::vector<uint32_t> occurrences_;        // places in the model's tokens
  std::vector<uint64_t> document_hashes_;    // sorted
};

// Writes `documents` documents as a corpus (corpus/game_line.h); a document's id is its line
// number from 0. Works on all cores; what it writes does not depend on their number.
absl::Status WriteImitation(const Imitation& imitation, const GameModel& model, uint64_t documents,
                            bool with_numbers, std::FILE* out);

}  // namespace segue

#endif  // SEGUE_CORPUS_GAME_IMITATION_H_
