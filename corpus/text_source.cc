// SPDX-License-Identifier: Apache-2.0
//
// One buffer that holds the current line and what was read behind it. It starts small and doubles
// while a line does not fit, up to the record limit; lines are views into it.
#include "corpus/text_source.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "corpus/record.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

constexpr size_t kFirstBufferBytes = size_t{256} << 10;

}  // namespace

TextSource::TextSource(std::string name, std::unique_ptr<ByteStream> stream)
    : name_(std::move(name)),
      stream_(std::move(stream)),
      buffer_(kFirstBufferBytes + kPaddingBytes) {}

absl::StatusOr<bool> TextSource::Fill() {
  if (at_end_) return false;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ + kPaddingBytes == buffer_.size()) {
    const size_t most = kMaxRecordBytes + kFirstBufferBytes;
    buffer_.resize(std::min(2 * end_, most) + kPaddingBytes);
  }
  SEGUE_ASSIGN_OR_RETURN(
      size_t bytes, stream_->Read(buffer_.data() + end_, buffer_.size() - kPaddingBytes - end_));
  at_end_ = bytes == 0;
  end_ += bytes;
  text_bytes_ += bytes;
  return !at_end_;
}

void TextSource::DropByteOrderMark() {
  started_ = true;
  if (end_ - begin_ >= 3 && std::memcmp(buffer_.data() + begin_, "\xef\xbb\xbf", 3) == 0) {
    begin_ += 3;
  }
}

absl::StatusOr<std::string_view> TextSource::Peek(size_t wanted) {
  wanted = std::min(wanted, kFirstBufferBytes);
  while (end_ - begin_ < wanted) {
    SEGUE_ASSIGN_OR_RETURN(bool more, Fill());
    if (!more) break;
  }
  if (!started_) DropByteOrderMark();
  return std::string_view(buffer_.data() + begin_, std::min(wanted, end_ - begin_));
}

absl::StatusOr<bool> TextSource::NextLine(std::string_view* line) {
  if (!started_) {
    SEGUE_RETURN_IF_ERROR(Peek(3).status());
  }
  line_too_long_ = false;
  size_t searched = 0;
  while (true) {
    const char* start = buffer_.data() + begin_;
    const size_t available = end_ - begin_;
    if (const void* found = available == searched
                                ? nullptr
                                : std::memchr(start + searched, '\n', available - searched)) {
      size_t bytes = static_cast<size_t>(static_cast<const char*>(found) - start);
      begin_ += bytes + 1;
      if (bytes > 0 && start[bytes - 1] == '\r') --bytes;
      *line = std::string_view(start, bytes);
      line_too_long_ = bytes > kMaxRecordBytes;
      ++line_number_;
      return true;
    }
    searched = available;
    if (available > kMaxRecordBytes) {
      ++line_number_;
      SEGUE_RETURN_IF_ERROR(SkipRestOfLine());
      line_too_long_ = true;
      *line = std::string_view();
      return true;
    }
    SEGUE_ASSIGN_OR_RETURN(bool more, Fill());
    if (!more) break;
  }
  if (begin_ == end_) return false;
  *line = std::string_view(buffer_.data() + begin_, end_ - begin_);
  if (line->back() == '\r') line->remove_suffix(1);
  begin_ = end_;
  ++line_number_;
  return true;
}

absl::Status TextSource::SkipRestOfLine() {
  while (true) {
    const char* start = buffer_.data() + begin_;
    if (const void* found = begin_ == end_ ? nullptr : std::memchr(start, '\n', end_ - begin_)) {
      begin_ += static_cast<size_t>(static_cast<const char*>(found) - start) + 1;
      return absl::OkStatus();
    }
    begin_ = end_;
    SEGUE_ASSIGN_OR_RETURN(bool more, Fill());
    if (!more) return absl::OkStatus();
  }
}

absl::StatusOr<std::string> TextSource::ReadAll() {
  if (!started_) {
    SEGUE_RETURN_IF_ERROR(Peek(3).status());
  }
  std::string all;
  while (true) {
    all.append(buffer_.data() + begin_, end_ - begin_);
    begin_ = end_;
    if (all.size() > kMaxRecordBytes) {
      return Error(ErrorCode::kInvalidArgument, Cat(name_, ": is longer than a record may be (",
                                                    kMaxRecordBytes >> 20, " MiB)"));
    }
    SEGUE_ASSIGN_OR_RETURN(bool more, Fill());
    if (!more) return all;
  }
}

absl::Status TextSource::BadRecord(uint64_t line, std::string_view what) const {
  return Error(ErrorCode::kInvalidArgument, Cat(name_, ":", line, ": ", what));
}

}  // namespace segue
