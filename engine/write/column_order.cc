// SPDX-License-Identifier: Apache-2.0
//
// Columns keep values in a form that orders as integers do, whatever their type.
#include "engine/write/column_order.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "engine/base/bitset.h"
#include "engine/base/status.h"
#include "engine/format/column_reader.h"
#include "engine/write/gentle_vector.h"

namespace segue {
namespace {

struct Keyed {
  int64_t value;
  DocId doc;
};

// Adds the input's live documents that have a value.
absl::Status AddKeyed(const Segment& segment, size_t input, const MergeMap& map, FieldId field,
                      bool descending, GentleVector<Keyed>* keyed) {
  const SegmentField* const in = segment.field(field);
  if (in == nullptr || in->column() == nullptr) return absl::OkStatus();
  ColumnBlock block;
  for (uint32_t b = 0; b < in->column()->block_count(); ++b) {
    SEGUE_RETURN_IF_ERROR(in->column()->DecodeBlock(b, &block));
    for (uint32_t d = 0; d < block.doc_count; ++d) {
      const auto begin = block.values.begin() + block.value_starts[d];
      const auto end = block.values.begin() + block.value_starts[d + 1];
      if (begin == end) continue;
      SEGUE_RETURN_IF_ERROR(map.CheckDoc(input, block.first_doc + d, in->name()));
      const DocId doc = map.Map(input, block.first_doc + d);
      if (doc == kEndOfDocs) continue;
      keyed->push_back(
          {descending ? *std::max_element(begin, end) : *std::min_element(begin, end), doc});
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<HugeArray<DocId>> ColumnOrder(std::span<const std::shared_ptr<const Segment>> inputs,
                                             const MergeMap& map, FieldId field, bool descending) {
  GentleVector<Keyed> keyed;
  for (size_t i = 0; i < inputs.size(); ++i) {
    SEGUE_RETURN_IF_ERROR(AddKeyed(*inputs[i], i, map, field, descending, &keyed));
  }
  const auto is_before = [descending](const Keyed& a, const Keyed& b) {
    if (a.value != b.value) return (a.value < b.value) != descending;
    return a.doc < b.doc;
  };
  if (!keyed.empty()) std::sort(&keyed[0], &keyed[0] + keyed.size(), is_before);
  HugeArray<DocId> order(map.doc_count());
  DocId* next = order.begin();
  Bitset with_value(map.doc_count());
  for (const Keyed& document : keyed) {
    *next++ = document.doc;
    with_value.Set(document.doc);
  }
  for (DocId doc = 0; doc < map.doc_count(); ++doc) {
    if (!with_value.Test(doc)) *next++ = doc;
  }
  return order;
}

}  // namespace segue
