// SPDX-License-Identifier: Apache-2.0
//
// Small value types that every other public header uses.
#ifndef SEGUE_TYPES_H_
#define SEGUE_TYPES_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace segue {

// One document of a result.
struct Hit {
  // Number of the document in the snapshot that was searched: the segments' documents in
  // manifest order, counted from 0. Meaningful for that snapshot only; use the key to name a
  // document for longer.
  uint64_t doc = 0;
  float score = 0;

  friend bool operator==(const Hit&, const Hit&) = default;
};

// The order of every result: score descending, then document ascending.
inline bool RanksBefore(const Hit& a, const Hit& b) {
  return a.score != b.score ? a.score > b.score : a.doc < b.doc;
}

// What a search should say about the number of matching documents.
enum class CountMode : uint8_t {
  kNone,     // nothing: the search may skip every document that cannot enter the top k
  kAtLeast,  // count exactly up to a number, then only promise "at least"
  kExact,    // count every match
};

enum class TotalRelation : uint8_t {
  kEqual,           // exactly `value` live documents match
  kGreaterOrEqual,  // at least `value` live documents match
};

struct TotalHits {
  uint64_t value = 0;
  TotalRelation relation = TotalRelation::kEqual;

  friend bool operator==(const TotalHits&, const TotalHits&) = default;
};

// Something worth telling the user about a query that was answered all the same.
struct Diagnostic {
  size_t begin_byte = 0;  // where in the query text; begin == end: a place between bytes
  size_t end_byte = 0;
  std::string message;  // what was found and how it was read

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

}  // namespace segue

#endif  // SEGUE_TYPES_H_
