// SPDX-License-Identifier: Apache-2.0
//
// Values that are set in documents of one segment or memory index: noted one after the other, and
// looked at sorted by document when a column is written. One thread at a time.
#ifndef SEGUE_WRITE_VALUE_CHANGES_H_
#define SEGUE_WRITE_VALUE_CHANGES_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "engine/base/types.h"
#include "engine/format/column_reader.h"

namespace segue {

struct ValueChange {
  DocId doc = 0;
  bool has_value = false;  // false: the document has none any more
  int64_t value = 0;       // in a column's ordered form

  friend bool operator==(const ValueChange&, const ValueChange&) = default;
};

class ValueChanges {
 public:
  void Set(FieldId field, DocId doc, std::optional<int64_t> value);

  bool empty() const { return logs_.empty(); }
  // Ascending.
  std::vector<FieldId> fields() const;
  // By ascending document, of each the last one.
  std::vector<ValueChange> Of(FieldId field) const;

  // Of documents set again and again there is never more than twice what they need.
  size_t memory_bytes() const { return memory_bytes_; }
  // Memory that Set could take in addition: a log doubles, or begins.
  size_t BytesToSet() const { return memory_bytes_ + kFirstChanges * sizeof(ValueChange); }

 private:
  static constexpr size_t kFirstChanges = 8;

  std::map<FieldId, std::vector<ValueChange>> logs_;
  size_t memory_bytes_ = 0;
};

// The values of a single-valued column with changes, document after document.
class ChangedColumn {
 public:
  // nullptr: no document had a value. `changes`: ascending documents. Both must outlive it.
  ChangedColumn(const Column* column, std::span<const ValueChange> changes)
      : column_(column), changes_(changes) {}

  // The value of a document, or none; also after an error. REQUIRES: ascending documents below the
  // column's doc_count().
  std::optional<int64_t> Get(DocId doc);
  const absl::Status& status() const { return status_; }

 private:
  std::optional<int64_t> Before(DocId doc);

  const Column* const column_;
  std::span<const ValueChange> changes_;  // those not passed yet
  ColumnBlock block_;                     // the last one looked at, if it has documents
  absl::Status status_;
};

}  // namespace segue

#endif  // SEGUE_WRITE_VALUE_CHANGES_H_
