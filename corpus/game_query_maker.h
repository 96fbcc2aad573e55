// SPDX-License-Identifier: Apache-2.0
//
// Draws the words of one query from a corpus; corpus/game_queries.cc makes the set.
#ifndef SEGUE_CORPUS_GAME_QUERY_MAKER_H_
#define SEGUE_CORPUS_GAME_QUERY_MAKER_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "corpus/catalogue_words.h"
#include "corpus/game_bands.h"
#include "corpus/game_model.h"

namespace segue {

// The most frequent words of a corpus, sorted by number.
class StopWords {
 public:
  static constexpr size_t kCount = 50;

  explicit StopWords(const GameModel& model);
  bool Contains(uint32_t word) const;

 private:
  std::vector<uint32_t> words_;
};

// Words and the document that they were taken from.
struct DrawnWords {
  std::vector<uint32_t> words;
  size_t document = 0;
};

// All draws end after a number of tries; then they are empty: the corpus has nothing like that, or
// hardly. Words of one document alone are never drawn, except by DrawRun. Not thread-safe.
class GameQueryMaker {
 public:
  // Both must outlive this.
  GameQueryMaker(const GameModel& model, const StopWords& stop_words, StableRandom random)
      : model_(model), stop_words_(stop_words), random_(random) {}

  StableRandom* random() { return &random_; }

  // Different words of one document, one for each band, in any order.
  std::optional<DrawnWords> DrawTogether(std::span<const Band> bands);
  // Different words, each of a document of its own.
  std::optional<DrawnWords> DrawApart(std::span<const Band> bands);
  // Adjacent words of a document, the rarest of them of the given band.
  std::optional<DrawnWords> DrawPhrase(size_t size, Band rarest);
  // Adjacent words of a document as they come; all of it if it has fewer. At least `at_least`.
  std::optional<DrawnWords> DrawRun(size_t size, size_t at_least);
  // Different or (`adjacent`) adjacent words of one document, two thirds of them stop words.
  std::optional<DrawnWords> DrawStopWords(size_t size, bool adjacent);
  // A word of the band that stands in `document`, but is none of `others`.
  std::optional<uint32_t> DrawOther(size_t document, Band band, std::span<const uint32_t> others);
  // A word of the band that does not stand in `document`, but in another one; if `beside` is not
  // null, in one where that word stands.
  std::optional<uint32_t> DrawAbsent(size_t document, Band band, const uint32_t* beside);

 private:
  size_t DrawDocument() { return random_.Below(model_.documents()); }
  std::optional<size_t> FindDocumentWith(uint32_t word, size_t except);
  bool TakeWords(size_t document, std::span<const Band> bands, std::vector<uint32_t>* words);
  std::optional<DrawnWords> TakeStopWords(size_t document, size_t size);
  void Shuffle(std::vector<uint32_t>* words);

  template <typename Fits>
  std::optional<DrawnWords> DrawWindow(size_t size, Fits fits);

  const GameModel& model_;
  const StopWords& stop_words_;
  StableRandom random_;
};

}  // namespace segue

#endif  // SEGUE_CORPUS_GAME_QUERY_MAKER_H_
