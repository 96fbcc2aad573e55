// SPDX-License-Identifier: Apache-2.0
//
// What a Query points to. Members that a kind does not use stay empty.
#ifndef SEGUE_QUERY_QUERY_NODE_H_
#define SEGUE_QUERY_QUERY_NODE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "segue/query.h"

namespace segue {

struct Query::Node {
  QueryKind kind = QueryKind::kMatchNone;
  bool oversized = false;  // stands for a query that was too large to build
  bool flawed = false;     // something here or below breaks a rule of Validate()
  float number = 0;
  uint32_t min_should_match = 0;
  uint32_t depth = 1;
  uint64_t node_count = 1;
  uint64_t leaf_count = 1;
  size_t source_begin = 0;
  size_t source_end = 0;
  std::string field;
  std::string text;
  std::vector<PhraseTerm> phrase;
  Value value;
  std::vector<QueryClause> clauses;
  std::vector<Query> children;
};

}  // namespace segue

#endif  // SEGUE_QUERY_QUERY_NODE_H_
