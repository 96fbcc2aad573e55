// SPDX-License-Identifier: Apache-2.0
//
// Why a document has its score, as a tree whose root is the score, bit for bit; and where in the
// document the clauses of the query match.
#ifndef SEGUE_EXPLAIN_H_
#define SEGUE_EXPLAIN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "segue/export.h"

namespace segue {

struct SEGUE_EXPORT Explanation {
  bool match = false;            // false: the document is not a hit, and `description` says why
  float value = 0;               // root: exactly the score that a search returns
  std::string description = {};  // Lucene's wording where Lucene has one
  std::vector<Explanation> details = {};

  // Indented text, a node a line.
  std::string ToText() const;
  // {"match":...,"value":...,"description":...,"details":[...]}
  std::string ToJson() const;
};

// One place where a clause of a query, a term or a phrase, matches a document. Positions count the
// field's tokens from 0; where they stood in the text, analysing the stored text again tells.
struct SEGUE_EXPORT MatchSpan {
  std::string field;
  std::string clause;           // title:jazz, title:"kind of blue"
  uint32_t begin_position = 0;  // of the first token
  uint32_t end_position = 0;    // behind the last token

  friend bool operator==(const MatchSpan&, const MatchSpan&) = default;
};

}  // namespace segue

#endif  // SEGUE_EXPLAIN_H_
