// SPDX-License-Identifier: Apache-2.0
//
// Dictionaries for the automata's tests, and the terms that a walk finds in them.
#ifndef SEGUE_TESTS_AUTOMATA_WALK_TEST_UTIL_H_
#define SEGUE_TESTS_AUTOMATA_WALK_TEST_UTIL_H_

#include <string>
#include <utility>
#include <vector>

#include "engine/automata/dictionary_walk.h"
#include "gtest/gtest.h"
#include "tests/format/dictionary_test_util.h"

namespace segue {

// Owns what a dictionary reads.
struct TestDictionary {
  explicit TestDictionary(const std::vector<std::string>& terms) {
    SeededRandom random(1);
    vocabulary = WithMetas(terms, MetaShape::kNatural, &random);
    built = Build(vocabulary);
    dictionary.emplace(*Dictionary::Open(built.terms, built.meta));
  }

  Vocabulary vocabulary;
  BuiltDictionary built;
  std::optional<Dictionary> dictionary;
};

struct Walked {
  std::vector<std::pair<std::string, float>> found;  // with closeness
  uint64_t terms_seen = 0;
  absl::Status status;
};

inline Walked WalkAll(const TestDictionary& terms, TermMatcher* matcher) {
  Walked walked;
  DictionaryWalk walk(*terms.dictionary, matcher);
  while (true) {
    const DictionaryWalk::Outcome outcome = walk.Next();
    if (outcome == DictionaryWalk::Outcome::kEnd) break;
    if (outcome == DictionaryWalk::Outcome::kPaused) continue;
    walked.found.emplace_back(std::string(walk.term()), walk.closeness());
    EXPECT_TRUE(SameMeta(walk.meta(), terms.vocabulary.at(std::string(walk.term()))));
  }
  walked.status = walk.status();
  walked.terms_seen = walk.terms_seen();
  return walked;
}

inline std::vector<std::string> TermsOf(const Walked& walked) {
  std::vector<std::string> terms;
  for (const auto& [term, closeness] : walked.found) terms.push_back(term);
  return terms;
}

// Short terms over a few characters, ill-formed pieces among them.
inline std::vector<std::string> RandomTerms(SeededRandom& random, size_t count) {
  static const std::vector<std::string> kPieces = {"a",
                                                   "b",
                                                   "c",
                                                   "a",
                                                   "b",
                                                   "é",
                                                   "ß",
                                                   "日",
                                                   "😀",
                                                   "\xf4\x8f\xbf\xbf",
                                                   "\xff",
                                                   "\x80",
                                                   "\xe6\x97",
                                                   "\xf0\x9f",
                                                   "\xc3",
                                                   "\xef\xbf\xbd",
                                                   std::string(1, '\0'),
                                                   "\x7f"};
  std::vector<std::string> terms;
  for (size_t i = 0; i < count; ++i) {
    std::string term;
    const size_t choices = random.OneIn(3) ? kPieces.size() : 6;
    for (uint64_t length = random.Below(7); length > 0; --length) {
      term += kPieces[random.Below(choices)];
    }
    terms.push_back(std::move(term));
  }
  return terms;
}

}  // namespace segue

#endif  // SEGUE_TESTS_AUTOMATA_WALK_TEST_UTIL_H_
