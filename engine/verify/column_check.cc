// SPDX-License-Identifier: Apache-2.0
#include "engine/verify/column_check.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/column_reader.h"
#include "engine/format/value_order_writer.h"

namespace segue {
namespace {

struct Totals {
  uint64_t values = 0;
  uint64_t documents = 0;
};

// Counts, minimum and maximum of a decoded block against its record.
void CheckRecord(const ColumnBlock& block, const ColumnBlockRecord& record, bool multi,
                 ValueType type, std::string_view place, Problems* problems, Totals* totals) {
  uint32_t documents = 0;
  bool several = false;
  for (uint32_t i = 0; i < block.doc_count; ++i) {
    const uint32_t values = block.value_starts[i + 1] - block.value_starts[i];
    documents += values > 0;
    several |= values > 1;
  }
  int64_t min = 0, max = 0;
  if (!block.values.empty()) {
    const auto [low, high] = std::minmax_element(block.values.begin(), block.values.end());
    min = *low;
    max = *high;
  }
  if (several && !multi) problems->Add(Cat(place, ": several values in a single-valued column"));
  if (record.docs_with_value != documents || record.value_count != block.values.size()) {
    problems->Add(Cat(place, ": its record counts other values than it has"));
  }
  if (record.min != min || record.max != max) {
    problems->Add(Cat(place, ": values from ", min, " to ", max, ", its record says ", record.min,
                      " to ", record.max));
  }
  if (type == ValueType::kBool && (min < 0 || max > 1)) {
    problems->Add(Cat(place, ": a truth value that is neither 0 nor 1"));
  }
  totals->values += block.values.size();
  totals->documents += documents;
}

absl::Status RunThrough(const Column& column, AddColumnValue add) {
  ColumnBlock block;
  for (uint32_t number = 0; number < column.block_count(); ++number) {
    SEGUE_RETURN_IF_ERROR(column.DecodeBlock(number, &block));
    for (uint32_t i = 0; i < block.doc_count; ++i) {
      for (uint32_t at = block.value_starts[i]; at < block.value_starts[i + 1]; ++at) {
        SEGUE_RETURN_IF_ERROR(add(block.first_doc + i, block.values[at]));
      }
    }
  }
  return absl::OkStatus();
}

// Entry for entry against the values, sorted again. REQUIRES: the blocks are in order.
void CheckOrder(const Column& column, const std::string& name, Problems* problems) {
  const ValueOrder& order = column.order();
  if (order.empty()) return;
  std::optional<EntryDocs> leaf;
  uint64_t at = 0;
  const auto compare = [&](DocId doc, int64_t value) -> absl::Status {
    const uint64_t in_leaf = at % kValueLeafEntries;
    if (in_leaf == 0) {
      const uint64_t end = std::min(at + kValueLeafEntries, order.entry_count());
      SEGUE_ASSIGN_OR_RETURN(leaf, order.Pin({at, end}));
      if (order.FirstValue(at / kValueLeafEntries) != value) {
        return order.Corrupt(Cat("leaf ", at / kValueLeafEntries, " begins with another value"));
      }
    }
    if ((*leaf)[in_leaf] != doc) {
      return order.Corrupt(
          Cat("entry ", at, " is document ", (*leaf)[in_leaf], ", by the values ", doc));
    }
    ++at;
    return absl::OkStatus();
  };
  const auto values = [&](AddColumnValue add) { return RunThrough(column, add); };
  problems->Take(Annotate(SortColumnValues(values, column.value_count(), compare),
                          Cat(name, ", order by value")));
}

}  // namespace

void CheckColumn(const Segment& segment, const SegmentField& field, uint64_t salt, Balance* balance,
                 Problems* problems) {
  const Column& column = *field.column();
  const std::string name = Cat("column ", Quoted(field.name()));
  if (column.doc_count() != segment.doc_count()) {
    problems->Add(Cat(name, ": is for ", column.doc_count(), " documents"));
    return;
  }
  Totals totals;
  const uint64_t known = problems->report().problem_count;
  ColumnBlock block;
  for (uint32_t number = 0; number < column.block_count() && !problems->stop(); ++number) {
    const std::string place = Cat(name, ", block ", number);
    if (problems->Take(Annotate(column.DecodeBlock(number, &block), place))) continue;
    CheckRecord(block, column.BlockBounds(number), column.multi(), column.type(), place, problems,
                &totals);
    for (uint32_t i = 0; i < block.doc_count; ++i) {
      const DocId doc = block.first_doc + i;
      const uint32_t begin = block.value_starts[i], end = block.value_starts[i + 1];
      const absl::StatusOr<std::optional<int64_t>> one = column.Get(doc);
      if (problems->Take(Annotate(one.status(), place))) break;
      if (one->has_value() != (end > begin) || (end > begin && **one != block.values[begin])) {
        problems->Add(Cat(place, ": document ", doc, " has another value by random access"));
        break;
      }
      if (balance == nullptr) continue;
      for (uint32_t at = begin; at < end; ++at) {
        (*balance)[doc] += ValuePrint(salt, block.values[at], at - begin);
      }
    }
  }
  if (!problems->stop() &&
      (totals.values != column.value_count() || totals.documents != column.docs_with_value())) {
    problems->Add(Cat(name, ": ", totals.values, " values of ", totals.documents,
                      " documents, the metadata says ", column.value_count(), " of ",
                      column.docs_with_value()));
  }
  if (problems->report().problem_count == known) CheckOrder(column, name, problems);
}

}  // namespace segue
