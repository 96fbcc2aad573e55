// SPDX-License-Identifier: Apache-2.0
//
//   column = a block (column_block.h) for each 1024 documents, then a directory record for each
//            block, then an order (value_order.h)
//
// A document without a value costs nothing in a block without values, a bit elsewhere.
#include "engine/format/column_writer.h"

#include <cmath>
#include <string>

#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {

ColumnWriter::ColumnWriter(FramedWriter* file, ValueType type, bool multi) : file_(file) {
  SEGUE_DCHECK(IsColumnType(type));
  meta_.type = type;
  meta_.multi = multi;
}

absl::Status ColumnWriter::Add(DocId doc, int64_t ordered) {
  const auto bad = [&](std::string_view what) {
    return Error(ErrorCode::kInvalidArgument, Cat("column value of document ", doc, ": ", what));
  };
  if (doc >= kEndOfDocs) return bad("not a document number");
  if (doc + 1 < next_doc_) return bad(Cat("comes after document ", next_doc_ - 1));
  if (meta_.type == ValueType::kBool && (ordered < 0 || ordered > 1)) return bad("neither 0 nor 1");
  const bool first = doc + 1 != next_doc_;
  if (!first) {
    if (!meta_.multi) return bad("a second value in a single-valued column");
    if (counts_.back() == kMaxColumnValuesPerDoc) {
      return bad(Cat("more than ", kMaxColumnValuesPerDoc, " values"));
    }
  }
  SEGUE_RETURN_IF_ERROR(FlushBlocksBefore(doc / kColumnBlockDocs));
  next_doc_ = doc + 1;
  counts_.resize(doc % kColumnBlockDocs + 1);
  ++counts_.back();
  values_.push_back(ordered);
  ++meta_.value_count;
  meta_.docs_with_value += first ? 1 : 0;
  return absl::OkStatus();
}

absl::Status ColumnWriter::AddDouble(DocId doc, double value) {
  SEGUE_DCHECK(meta_.type == ValueType::kFloat64);
  if (std::isnan(value)) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("column value of document ", doc, ": not a number (NaN)"));
  }
  return Add(doc, OrderedFromDouble(value));
}

absl::Status ColumnWriter::FlushBlocksBefore(uint32_t block) {
  while (blocks_.size() < block) SEGUE_RETURN_IF_ERROR(FlushBlock(kColumnBlockDocs));
  return absl::OkStatus();
}

absl::Status ColumnWriter::FlushBlock(uint32_t docs_in_block) {
  if (!started_) {
    meta_.offset = file_->offset();
    started_ = true;
  }
  counts_.resize(docs_in_block);
  std::string bytes;
  ColumnBlockRecord record;
  EncodeColumnBlock(counts_, values_, &bytes, &record);
  SEGUE_RETURN_IF_ERROR(file_->Append(bytes));
  record.end = file_->offset() - meta_.offset;
  blocks_.push_back(record);
  counts_.clear();
  values_.clear();
  return absl::OkStatus();
}

absl::Status ColumnWriter::FinishBlocks(DocId doc_count) {
  if (doc_count < next_doc_ || doc_count > kEndOfDocs) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("a column with document ", next_doc_, " - 1 for ", doc_count, " documents"));
  }
  const uint32_t last_docs = doc_count % kColumnBlockDocs;
  SEGUE_RETURN_IF_ERROR(FlushBlocksBefore(doc_count / kColumnBlockDocs));
  if (last_docs != 0) SEGUE_RETURN_IF_ERROR(FlushBlock(last_docs));
  if (!started_) meta_.offset = file_->offset();
  meta_.doc_count = doc_count;
  meta_.blocks_bytes = file_->offset() - meta_.offset;
  ByteWriter directory;
  for (const ColumnBlockRecord& record : blocks_) record.Encode(&directory);
  meta_.directory_bytes = directory.size();
  return file_->Append(directory.view());
}

absl::StatusOr<ColumnMeta> ColumnWriter::Finish(DocId doc_count, ColumnValues values) {
  SEGUE_RETURN_IF_ERROR(FinishBlocks(doc_count));
  SEGUE_RETURN_IF_ERROR(WantsValueOrder(meta_.type, blocks_)
                            ? WriteValueOrder(values, doc_count, meta_.value_count, file_)
                            : WriteNoValueOrder(file_));
  return meta_;
}

absl::StatusOr<ColumnMeta> ColumnWriter::FinishWithoutOrder(DocId doc_count) {
  SEGUE_RETURN_IF_ERROR(FinishBlocks(doc_count));
  SEGUE_RETURN_IF_ERROR(WriteNoValueOrder(file_));
  return meta_;
}

}  // namespace segue
