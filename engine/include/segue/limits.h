// SPDX-License-Identifier: Apache-2.0
//
// Limits that a program may lower: one that serves strangers sets what its own users need.
//
//   segue::SearchOptions options;
//   options.limits.clauses = 100;
//   options.limits.patterns = 4;
//
// Each can be from 1 to the number that it has here. docs/limits.md says why it is that much, and
// lists the limits that are fixed.
#ifndef SEGUE_LIMITS_H_
#define SEGUE_LIMITS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "segue/export.h"

namespace segue {

// What a query may be. Past one of them a search fails with kResourceExhausted, but for expansions.
struct QueryLimits {
  uint64_t query_bytes = 65536;     // of a query's text, and of each text in a query
  uint64_t depth = 64;              // queries within queries (Query::depth)
  uint64_t clauses = 1024;          // Query::leaf_count, before and after rewriting
  uint64_t patterns = 64;           // Query::pattern_count, before and after rewriting
  uint64_t phrase_terms = 256;      // words of a phrase, parts near each other, fields as one
  uint64_t text_tokens = 4096;      // of one text of a query
  uint64_t set_values = 65536;      // of one set
  uint64_t pattern_bytes = 1000;    // of a wildcard pattern or regular expression
  uint64_t pattern_states = 10000;  // of its automaton
  uint64_t pattern_work = 4194304;  // to build the automata of all patterns of a query
  uint64_t expansions = 1024;       // terms that a pattern is scored by: the nearest ones
  uint64_t hits = 10000;            // SearchOptions::k

  // kInvalidArgument, which names it: one of them is 0 or above what it is here.
  SEGUE_EXPORT absl::Status Validate() const;
  friend bool operator==(const QueryLimits&, const QueryLimits&) = default;
};

// What a document may be. One that passes a limit is refused with kResourceExhausted.
struct DocumentLimits {
  uint64_t field_bytes = 16777216;     // all values of a field together
  uint64_t document_bytes = 67108864;  // all fields together
  uint64_t fields = 4096;              // of the schema: Writer::AddField adds none beyond

  // As QueryLimits::Validate.
  SEGUE_EXPORT absl::Status Validate() const;
  friend bool operator==(const DocumentLimits&, const DocumentLimits&) = default;
};

}  // namespace segue

#endif  // SEGUE_LIMITS_H_
