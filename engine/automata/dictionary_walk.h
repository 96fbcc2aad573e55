// SPDX-License-Identifier: Apache-2.0
//
// DictionaryWalk: the terms of a dictionary that a matcher wants, in ascending order, without
// looking at all of them: where no term can go on, the walk seeks the next place where one can.
//
//   DictionaryWalk walk(dictionary, &matcher);
//   while (walk.Next() != DictionaryWalk::Outcome::kEnd) {
//     if (found) … walk.term(), walk.meta() …; else look at the clock
//   }
//   return walk.status();
#ifndef SEGUE_AUTOMATA_DICTIONARY_WALK_H_
#define SEGUE_AUTOMATA_DICTIONARY_WALK_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "engine/automata/term_matcher.h"
#include "engine/format/dictionary_reader.h"

namespace segue {

class DictionaryWalk {
 public:
  enum class Outcome : uint8_t {
    kFound,   // term() is wanted
    kPaused,  // kTermsPerStep terms have been looked at; call again
    kEnd,     // no more terms, or an error
  };
  static constexpr uint32_t kTermsPerStep = 1024;

  // `matcher`, fresh, outlives the walk.
  DictionaryWalk(const Dictionary& dictionary, TermMatcher* matcher);

  Outcome Next();

  // REQUIRES for all below: Next() gave kFound. Views last until the next call.
  std::string_view term() const { return it_.term(); }
  const TermMeta& meta() const { return it_.meta(); }
  float closeness() const { return matcher_->Closeness(); }

  // kDataLoss of the dictionary, kResourceExhausted of the matcher.
  const absl::Status& status() const { return status_; }
  // Terms brought into view; for tests.
  uint64_t terms_seen() const { return terms_seen_; }

 private:
  struct Character {
    size_t end = 0;  // bytes of the term up to behind it
    bool ill_formed = false;
  };

  bool Take();
  void Leave();
  void Advance();
  void Skip(std::string_view key);

  Dictionary::Iterator it_;
  TermMatcher* matcher_;
  absl::Status status_;
  bool started_ = false;
  uint64_t terms_seen_ = 0;
  // Of the path that the matcher has taken.
  std::string path_;
  std::vector<Character> characters_;
  // The character that it did not take.
  size_t refused_end_ = 0;
  char32_t refused_ = 0;
  bool refused_ill_formed_ = false;
};

}  // namespace segue

#endif  // SEGUE_AUTOMATA_DICTIONARY_WALK_H_
