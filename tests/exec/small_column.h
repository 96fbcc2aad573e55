// SPDX-License-Identifier: Apache-2.0
//
// SmallColumn: a column in memory, beside the values that it was written from.
#ifndef SEGUE_TESTS_EXEC_SMALL_COLUMN_H_
#define SEGUE_TESTS_EXEC_SMALL_COLUMN_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/format/column_reader.h"
#include "engine/format/column_writer.h"
#include "tests/format/format_test_util.h"

namespace segue::exec {

class SmallColumn {
 public:
  using Values = std::vector<std::vector<int64_t>>;  // of each document, in ordered form

  SmallColumn(Values values, ValueType type, bool multi) : values_(std::move(values)) {
    TestFile file;
    ColumnWriter writer(file.file(), type, multi);
    const auto again = [&](AddColumnValue add) -> absl::Status {
      for (DocId doc = 0; doc < values_.size(); ++doc) {
        for (const int64_t value : values_[doc]) SEGUE_RETURN_IF_ERROR(add(doc, value));
      }
      return absl::OkStatus();
    };
    EXPECT_TRUE(again([&](DocId doc, int64_t value) { return writer.Add(doc, value); }).ok());
    const auto meta = writer.Finish(static_cast<DocId>(values_.size()), again);
    EXPECT_TRUE(meta.ok()) << meta.status();
    auto column = Column::Open(file.Body(), *meta);
    EXPECT_TRUE(column.ok()) << column.status();
    if (column.ok()) column_ = *std::move(column);
  }

  const Column* column() const { return &*column_; }
  const std::vector<int64_t>& of(DocId doc) const { return values_[doc]; }
  uint32_t doc_count() const { return static_cast<uint32_t>(values_.size()); }

 private:
  Values values_;
  std::optional<Column> column_;
};

}  // namespace segue::exec

#endif  // SEGUE_TESTS_EXEC_SMALL_COLUMN_H_
