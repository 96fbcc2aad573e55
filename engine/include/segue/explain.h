// SPDX-License-Identifier: Apache-2.0
//
// Why a document has its score: a tree whose root is the score, bit for bit.
#ifndef SEGUE_EXPLAIN_H_
#define SEGUE_EXPLAIN_H_

#include <string>
#include <vector>

#include "segue/export.h"

namespace segue {

struct SEGUE_EXPORT Explanation {
  bool match = false;       // false: the document is not a hit, and `description` says why
  float value = 0;          // root: exactly the score that a search returns
  std::string description = {};  // Lucene's wording where Lucene has one
  std::vector<Explanation> details = {};

  // Indented text, a node a line.
  std::string ToText() const;
  // {"match":...,"value":...,"description":...,"details":[...]}
  std::string ToJson() const;
};

}  // namespace segue

#endif  // SEGUE_EXPLAIN_H_
