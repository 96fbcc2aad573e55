// SPDX-License-Identifier: Apache-2.0
//
// What the readers of one source have in common.
#ifndef SEGUE_CORPUS_SOURCE_READER_H_
#define SEGUE_CORPUS_SOURCE_READER_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "corpus/record.h"
#include "corpus/text_source.h"

namespace segue {

class SourceReader : public RecordReader {
 public:
  explicit SourceReader(std::unique_ptr<TextSource> source) : source_(std::move(source)) {}

  uint64_t text_bytes() const override { return source_->text_bytes(); }
  uint64_t input_bytes() const override { return source_->input_bytes(); }
  uint64_t input_bytes_total() const override { return 0; }

 protected:
  void StartRecord(Record* record, bool typed) {
    record->Clear();
    record->typed = typed;
    record->file = source_->name();
  }
  absl::Status TooLong(uint64_t line) const {
    return source_->BadRecord(
        line, "longer than a record may be (" + std::to_string(kMaxRecordBytes >> 20) + " MiB)");
  }

  const std::unique_ptr<TextSource> source_;
};

std::string_view TrimBlanks(std::string_view text);

}  // namespace segue

#endif  // SEGUE_CORPUS_SOURCE_READER_H_
