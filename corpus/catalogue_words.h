// SPDX-License-Identifier: Apache-2.0
//
// The made-up language of the made-up catalogue: words by rank, drawn by Zipf's law. Integers
// only, so that every machine draws the same words.
#ifndef SEGUE_CORPUS_CATALOGUE_WORDS_H_
#define SEGUE_CORPUS_CATALOGUE_WORDS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace segue {

// splitmix64: a stream per seed, the same everywhere.
class StableRandom {
 public:
  explicit StableRandom(uint64_t seed) : state_(seed) {}
  // A stream that depends on all of its arguments.
  StableRandom(uint64_t seed, uint64_t stream, uint64_t number);

  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  // Below `limit`, which is not 0.
  uint64_t Below(uint64_t limit) { return Next() % limit; }
  // In [low, high].
  uint64_t Between(uint64_t low, uint64_t high) { return low + Below(high - low + 1); }
  bool OneIn(uint64_t n) { return Below(n) == 0; }

 private:
  uint64_t state_;
};

// Immutable; thread-safe.
class CatalogueWords {
 public:
  static constexpr uint32_t kWords = 60'000;

  CatalogueWords();

  // The word of a rank; short for frequent ones, all different. REQUIRES: rank < kWords.
  const std::string& Word(uint32_t rank) const { return words_[rank]; }
  // A rank with a probability of about 1 / (rank + 3).
  uint32_t DrawRank(StableRandom* random) const;

  // `count` words of running text on a topic (any number): commas, full stops, words that like to
  // stand together, and a quarter of its words from the topic's own two hundred.
  void AppendProse(uint64_t topic, uint64_t count, StableRandom* random, std::string* out) const;
  // `count` words of a title or name, capitalised.
  std::string Title(uint64_t count, StableRandom* random) const;

 private:
  std::vector<std::string> words_;
  std::vector<uint64_t> cumulative_weights_;
};

}  // namespace segue

#endif  // SEGUE_CORPUS_CATALOGUE_WORDS_H_
