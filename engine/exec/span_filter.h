// SPDX-License-Identifier: Apache-2.0
//
// SpanFilter: which spans of places of a document contain, or lie within, others.
#ifndef SEGUE_EXEC_SPAN_FILTER_H_
#define SEGUE_EXEC_SPAN_FILTER_H_

#include <cstdint>
#include <utility>
#include <vector>

namespace segue::exec {

// Places of a document from begin up to, not including, end.
using Spans = std::vector<std::pair<uint32_t, uint32_t>>;

enum class SpanRelation : uint8_t {
  kContaining,     // some other one begins and ends in it
  kNotContaining,  // none does
  kWithin,         // it begins and ends in some other one
  kNotWithin,      // in none
};

class SpanFilter {
 public:
  explicit SpanFilter(SpanRelation relation) : relation_(relation) {}

  // Whether only documents with others can have any that is accepted.
  bool needs_others() const {
    return relation_ == SpanRelation::kContaining || relation_ == SpanRelation::kWithin;
  }
  // The others of a document, in any order: filled by the caller between these two. Cost of
  // Arrange: that of sorting them, mostly of finding that they are sorted.
  Spans* Clear();
  void Arrange();

  // Cost: a binary search.
  bool Accepts(uint32_t begin, uint32_t end) const;

 private:
  bool IsContainer() const {
    return relation_ == SpanRelation::kContaining || relation_ == SpanRelation::kNotContaining;
  }

  SpanRelation relation_;
  // By begin. Once arranged, a span's end is the least of those from it on, or, for what lies
  // within, the greatest of those up to it.
  Spans others_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_SPAN_FILTER_H_
