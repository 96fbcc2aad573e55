// SPDX-License-Identifier: Apache-2.0
#include "engine/io/section.h"

#include <cstring>
#include <new>

#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

// What empty pins point into: nothing but slack.
alignas(64) constexpr uint8_t kNothing[2 * kPinSlackBytes] = {};

class BytesSource final : public SectionSource {
 public:
  BytesSource(std::string_view bytes, std::string name) : name_(std::move(name)) {
    uint8_t* out = nullptr;
    bytes_ = Buffer(bytes.size(), 0, &out);
    if (out == nullptr) throw std::bad_alloc();  // as a string of that size would
    if (!bytes.empty()) std::memcpy(out, bytes.data(), bytes.size());
  }

  absl::StatusOr<PinnedBytes> Pin(uint64_t offset, size_t length) const override {
    return View(bytes_.data() + offset, length);
  }
  const std::string& name() const override { return name_; }
  bool mapped() const override { return true; }

 private:
  std::string name_;
  PinnedBytes bytes_;
};

}  // namespace

PinnedBytes SectionSource::View(const uint8_t* data, size_t size) {
  PinnedBytes bytes;
  bytes.data_ = data;
  bytes.size_ = size;
  return bytes;
}

PinnedBytes SectionSource::Buffer(size_t size, size_t misalignment, uint8_t** out) {
  SEGUE_DCHECK_LT(misalignment, 64);
  PinnedBytes bytes;
  *out = nullptr;
  constexpr size_t kExtra = 2 * kPinSlackBytes + 128;  // slack, alignment, misalignment
  SEGUE_DCHECK_LE(size, SIZE_MAX - kExtra);            // so many bytes are in a file, or in memory
  bytes.owned_.reset(new (std::nothrow) uint8_t[size + kExtra]);
  if (bytes.owned_ == nullptr) return bytes;
  uint8_t* start = bytes.owned_.get() + kPinSlackBytes;
  start += (64 - reinterpret_cast<uintptr_t>(start) % 64) % 64 + misalignment;
  // Slack has any value, but one that does not change from run to run.
  std::memset(bytes.owned_.get(), 0, static_cast<size_t>(start - bytes.owned_.get()));
  std::memset(start + size, 0, kPinSlackBytes);
  *out = start;
  bytes.data_ = start;
  bytes.size_ = size;
  return bytes;
}

Section Section::FromBytes(std::string_view bytes, std::string name) {
  const uint64_t size = bytes.size();
  return Section(std::make_shared<const BytesSource>(bytes, std::move(name)), 0, size);
}

const std::string& Section::name() const {
  static const std::string& empty = *new std::string("empty section");
  return source_ == nullptr ? empty : source_->name();
}

absl::Status Section::OutOfRange(uint64_t offset, uint64_t length) const {
  return Error(ErrorCode::kDataLoss,
               Cat(name(), ": ", length, " bytes wanted at byte ", offset_ + offset,
                   " of the body, but the section ends at ", offset_ + size_));
}

absl::StatusOr<Section> Section::Sub(uint64_t offset, uint64_t length) const {
  if (offset > size_ || length > size_ - offset) return OutOfRange(offset, length);
  return Section(source_, offset_ + offset, length);
}

absl::StatusOr<PinnedBytes> Section::Pin(uint64_t offset, size_t length) const {
  if (offset > size_ || length > size_ - offset) [[unlikely]] {
    return OutOfRange(offset, length);
  }
  if (length == 0) [[unlikely]] {
    return SectionSource::Empty(kNothing + kPinSlackBytes);
  }
  return source_->Pin(offset_ + offset, length);
}

absl::StatusOr<PinnedBytes> Section::PinAll() const {
  if (size_ > SIZE_MAX) return OutOfRange(0, size_);
  return Pin(0, static_cast<size_t>(size_));
}

absl::Status Section::Corrupt(uint64_t offset, std::string_view what) const {
  return Error(ErrorCode::kDataLoss,
               Cat(name(), ": ", what, " at byte ", offset_ + offset, " of the body"));
}

}  // namespace segue
