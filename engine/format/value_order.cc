// SPDX-License-Identifier: Apache-2.0
#include "engine/format/value_order.h"

#include <algorithm>
#include <bit>

#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {

uint32_t ValueOrderWidth(DocId doc_count) {
  SEGUE_DCHECK(doc_count > 0);
  return static_cast<uint32_t>(std::bit_width(doc_count - 1));
}

absl::StatusOr<ValueOrder> ValueOrder::Open(const Section& columns, uint64_t offset,
                                            DocId doc_count, uint64_t value_count) {
  ValueOrder order;
  order.columns_ = columns;
  order.offset_ = offset;
  SEGUE_ASSIGN_OR_RETURN(const PinnedBytes head, columns.Pin(offset, 1));
  if (head.data()[0] == 0) return order;
  if (head.data()[0] != 1 || value_count == 0) {
    return order.Corrupt(
        Cat("found a value order of kind ", head.data()[0], " for ", value_count, " values"));
  }
  const uint64_t entry_bytes = (value_count * ValueOrderWidth(doc_count) + 7) / 8;
  const uint64_t leaves = (value_count + kValueLeafEntries - 1) / kValueLeafEntries;
  SEGUE_RETURN_IF_ERROR(columns.Sub(offset + 1, entry_bytes).status());
  SEGUE_ASSIGN_OR_RETURN(order.directory_,
                         columns.Pin(offset + 1 + entry_bytes, leaves * sizeof(int64_t)));
  order.doc_count_ = doc_count;
  order.entry_count_ = value_count;
  order.bytes_ = 1 + entry_bytes + leaves * sizeof(int64_t);
  for (uint64_t leaf = 1; leaf < leaves; ++leaf) {
    if (order.FirstValue(leaf - 1) > order.FirstValue(leaf)) {
      return order.Corrupt(Cat("a value order with leaf ", leaf, " out of order"));
    }
  }
  return order;
}

int64_t ValueOrder::FirstValue(uint64_t leaf) const {
  SEGUE_DCHECK(leaf < leaf_count());
  return static_cast<int64_t>(LoadU64(directory_.data() + leaf * sizeof(int64_t)));
}

EntryRun ValueOrder::AroundLowerBound(int64_t value) const {
  uint64_t begin = 0, end = leaf_count();  // leaves before begin are less, those from end on not
  while (begin < end) {
    const uint64_t middle = begin + (end - begin) / 2;
    if (FirstValue(middle) < value) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  if (begin == 0) return {0, 0};
  return {(begin - 1) * kValueLeafEntries + 1, std::min(begin * kValueLeafEntries, entry_count_)};
}

absl::StatusOr<EntryDocs> ValueOrder::Pin(const EntryRun& run) const {
  SEGUE_DCHECK(run.begin <= run.end && run.end <= entry_count_);
  const uint32_t width = ValueOrderWidth(doc_count_);
  const uint64_t first_bit = run.begin * width;
  const uint64_t end_byte = (run.end * width + 7) / 8;
  SEGUE_ASSIGN_OR_RETURN(PinnedBytes bytes,
                         columns_.Pin(offset_ + 1 + first_bit / 8, end_byte - first_bit / 8));
  return EntryDocs(std::move(bytes), static_cast<uint32_t>(first_bit % 8), width);
}

}  // namespace segue
