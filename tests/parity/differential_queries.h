// SPDX-License-Identifier: Apache-2.0
//
// Kinds of random queries that segue and Lucene both have, and how far their answers agree.
// README.md has the same as a table, with the reasons.
#ifndef SEGUE_TESTS_PARITY_DIFFERENTIAL_QUERIES_H_
#define SEGUE_TESTS_PARITY_DIFFERENTIAL_QUERIES_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "segue/query.h"
#include "tests/parity/differential_world.h"
#include "tests/support/seeded_random.h"

namespace segue {

// Words and runs of words of a world's documents, most of them in many documents.
class WordSource {
 public:
  WordSource(const DifferentialWorld& world, SeededRandom* random)
      : world_(world), random_(*random) {}

  SeededRandom& random() { return random_; }
  bool OneIn(uint64_t n) { return random_.OneIn(n); }
  uint64_t Between(uint64_t low, uint64_t high) { return random_.Between(low, high); }

  // "title", "body", or one of those whose length does not count.
  std::string Field();
  std::string PlainField() { return OneIn(3) ? "title" : "body"; }
  // A word of the field; now and then one that no document has.
  std::string Word(std::string_view field);
  std::vector<std::string> Words(std::string_view field, size_t count);
  // The same without equal ones; fewer if there are not so many.
  std::vector<std::string> DistinctWords(std::string_view field, size_t count);
  // Some of the words from `span` in a row, in their order, so that they do stand near each other.
  std::vector<std::string> NearWords(std::string_view field, size_t count, size_t span);
  // The same without equal ones, now and then in the other order.
  std::vector<std::string> DistinctNearWords(std::string_view field, size_t count, size_t span);
  std::string Tag();
  const DifferentialDocument& AnyDocument();
  const DifferentialWorld& world() const { return world_; }
  std::string AnyKey();

 private:
  const DifferentialWorld& world_;
  SeededRandom& random_;
};

// The words between spaces.
std::string Joined(const std::vector<std::string>& words);

std::vector<Query> Terms(std::string_view field, const std::vector<std::string>& words);

// What is said of the scores of the documents, which are the same ones.
enum class SameScores {
  kBits,      // the same bits, so the same order
  kOneUlp,    // at most one unit in the last place between them
  kNotAbove,  // the same bits for most documents; Lucene's may be greater
  kNothing,
};

// "bits", "1 ulp", "not above", "documents only": as README.md has it.
std::string_view SameScoresName(SameScores same);

struct DifferentialKind {
  const char* name;
  SameScores scores;
  Query (*make)(WordSource& words);
};

std::span<const DifferentialKind> DifferentialKinds();

}  // namespace segue

#endif  // SEGUE_TESTS_PARITY_DIFFERENTIAL_QUERIES_H_
