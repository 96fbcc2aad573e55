// SPDX-License-Identifier: Apache-2.0
//
// What a word that no document has may have been meant for (Snapshot::Suggest).
#ifndef SEGUE_SUGGESTION_H_
#define SEGUE_SUGGESTION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace segue {

struct SuggestedTerm {
  std::string term;       // searched for in place of the word, it is found
  uint32_t edits = 0;     // how far it is from the word, as for Query::Fuzzy
  uint64_t doc_freq = 0;  // of the field where most documents have it, deleted ones among them

  friend bool operator==(const SuggestedTerm&, const SuggestedTerm&) = default;
};

struct Suggestion {
  // Where the word stands in the text of the query, or the phrase or text that it is in; 0, 0 if
  // the query was not parsed.
  size_t begin_byte = 0;
  size_t end_byte = 0;
  std::string word;  // as it was asked for
  // The terms nearest to it that documents have where it was looked for, the most frequent ones
  // first, then in the order of their bytes. All are equally far; empty if none is near.
  std::vector<SuggestedTerm> terms;

  friend bool operator==(const Suggestion&, const Suggestion&) = default;
};

}  // namespace segue

#endif  // SEGUE_SUGGESTION_H_
