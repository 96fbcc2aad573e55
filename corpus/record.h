// SPDX-License-Identifier: Apache-2.0
//
// Records: what the loaders read from files, before a schema says what becomes of them.
//
//   SEGUE_ASSIGN_OR_RETURN(auto reader, OpenRecords({"songs.jsonl.xz"}, {}));
//   Record record;
//   while (true) {
//     absl::StatusOr<bool> more = reader->Next(&record);
//     if (!more.ok() && IsBadRecord(more.status())) continue;  // report it, go on
//     if (!more.ok()) return more.status();                    // the input is unreadable
//     if (!*more) break;
//     Use(record);
//   }
#ifndef SEGUE_CORPUS_RECORD_H_
#define SEGUE_CORPUS_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "corpus/format.h"
#include "segue/document.h"
#include "segue/status.h"

namespace segue {

// Longer records are bad records: a missing newline must not eat the memory.
inline constexpr size_t kMaxRecordBytes = size_t{64} << 20;

struct RecordField {
  std::string name;
  Value value;

  friend bool operator==(const RecordField&, const RecordField&) = default;
};

// One record. A name that occurs twice has two values.
struct Record {
  std::vector<RecordField> fields;
  // Whether the format tells numbers from strings (JSON does, CSV does not).
  bool typed = true;
  std::string file;   // as given by the user; "-" is standard input
  uint64_t line = 0;  // of the record's first byte, counted from 1

  void Clear() {
    fields.clear();
    line = 0;
  }
  // The first value of a name as text, or an empty view if there is none or it is no string.
  std::string_view Text(std::string_view name) const;
  // "file:line", or "file" for records that are whole files.
  std::string Where() const;
  // One JSON object on one line, without its end; a name with several values becomes an array.
  std::string ToJson() const;
};

// True for an error that concerns one record only: the reader goes on behind it. Any other error
// of a reader is final.
inline bool IsBadRecord(const absl::Status& status) {
  return CodeOf(status) == ErrorCode::kInvalidArgument;
}

// A stream of records. Not thread-safe.
class RecordReader {
 public:
  virtual ~RecordReader() = default;

  // Reads the next record into *record (whose old content is lost). False at the end. Every error
  // begins with "file:line: ".
  virtual absl::StatusOr<bool> Next(Record* record) = 0;

  // Bytes of text delivered so far, after decompression.
  virtual uint64_t text_bytes() const = 0;
  // Bytes of input consumed so far and in all, before decompression; 0 if unknown.
  virtual uint64_t input_bytes() const = 0;
  virtual uint64_t input_bytes_total() const = 0;
  // The format that the last record came in, where the reader knows it.
  virtual std::optional<Format> format() const { return std::nullopt; }
};

}  // namespace segue

#endif  // SEGUE_CORPUS_RECORD_H_
