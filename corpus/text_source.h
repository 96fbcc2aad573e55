// SPDX-License-Identifier: Apache-2.0
//
// Lines from a byte stream, counted.
#ifndef SEGUE_CORPUS_TEXT_SOURCE_H_
#define SEGUE_CORPUS_TEXT_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "corpus/byte_stream.h"

namespace segue {

// Not thread-safe.
class TextSource {
 public:
  // So many readable bytes follow every line (a JSON parser wants them); what they hold is
  // undefined.
  static constexpr size_t kPaddingBytes = 64;

  // `name` is what errors call the input.
  TextSource(std::string name, std::unique_ptr<ByteStream> stream);

  // The next line, without its end (\n or \r\n), valid until the next call. False at the end. A
  // byte order mark at the start of the input is dropped. Of a line longer than kMaxRecordBytes
  // (corpus/record.h) only the beginning comes, and line_too_long() is true.
  absl::StatusOr<bool> NextLine(std::string_view* line);
  bool line_too_long() const { return line_too_long_; }
  // The number of the line that NextLine gave last, from 1.
  uint64_t line_number() const { return line_number_; }

  // The first bytes of the input, at most `wanted` (fewer at its end). Only before NextLine.
  absl::StatusOr<std::string_view> Peek(size_t wanted);

  // All that is left, or kInvalidArgument if that is more than kMaxRecordBytes.
  absl::StatusOr<std::string> ReadAll();

  // "name:line: what" with the given line.
  absl::Status BadRecord(uint64_t line, std::string_view what) const;

  const std::string& name() const { return name_; }
  uint64_t text_bytes() const { return text_bytes_; }
  uint64_t input_bytes() const { return stream_->input_bytes(); }

 private:
  // Makes room and reads once more. False at the end of the input.
  absl::StatusOr<bool> Fill();
  absl::Status SkipRestOfLine();
  void DropByteOrderMark();

  const std::string name_;
  const std::unique_ptr<ByteStream> stream_;
  std::vector<char> buffer_;
  size_t begin_ = 0;  // unread bytes are [begin_, end_)
  size_t end_ = 0;
  bool at_end_ = false;
  bool started_ = false;
  bool line_too_long_ = false;
  uint64_t line_number_ = 0;
  uint64_t text_bytes_ = 0;
};

}  // namespace segue

#endif  // SEGUE_CORPUS_TEXT_SOURCE_H_
