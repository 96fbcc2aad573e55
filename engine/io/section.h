// SPDX-License-Identifier: Apache-2.0
//
// Section: a range of bytes to decode from. Every reader takes one and knows
// nothing of files: it may be the body of a framed file, a part of one, or plain
// memory.
//
//   SEGUE_ASSIGN_OR_RETURN(PinnedBytes bytes, section.Pin(offset, length));
//   ByteReader reader(bytes.span());
//
// Threads: a Section may be copied and used by any number of threads.
#ifndef SEGUE_IO_SECTION_H_
#define SEGUE_IO_SECTION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/limits.h"
#include "segue/env.h"
#include "segue/status.h"

namespace segue {

class SectionSource;

// Bytes that may be read, with kPinSlackBytes readable bytes (of any value)
// before and after. Either a view of the mapped file, valid as long as a Section
// of that file lives, or a private copy.
class PinnedBytes {
 public:
  PinnedBytes() = default;

  const uint8_t* data() const { return data_; }
  size_t size() const { return size_; }
  std::span<const uint8_t> span() const { return {data_, size_}; }
  std::string_view view() const { return {reinterpret_cast<const char*>(data_), size_}; }

 private:
  friend class SectionSource;

  const uint8_t* data_ = nullptr;
  size_t size_ = 0;
  std::unique_ptr<uint8_t[]> owned_;
};

// What a Section is cut from. Implementations: FramedSource (framed_file.cc) and
// plain memory (section.cc).
class SectionSource {
 public:
  virtual ~SectionSource() = default;
  // REQUIRES: the range lies within the body.
  virtual absl::StatusOr<PinnedBytes> Pin(uint64_t offset, size_t length) const = 0;
  virtual void Advise(uint64_t /*offset*/, uint64_t /*length*/, AccessPattern /*pattern*/) const {}
  // For messages.
  virtual const std::string& name() const = 0;
  virtual bool mapped() const = 0;

  // Zero bytes, with the slack around `data`.
  static PinnedBytes Empty(const uint8_t* data) { return View(data, 0); }

 protected:
  // A view of memory that outlives the source, with the slack around it.
  static PinnedBytes View(const uint8_t* data, size_t size);
  // An uninitialised buffer with slack; *out is where its `size` bytes start,
  // aligned to 64 plus `misalignment`, or nullptr if there is no memory.
  static PinnedBytes Buffer(size_t size, size_t misalignment, uint8_t** out);
};

class Section {
 public:
  // Empty; Pin(0, 0) works.
  Section() = default;
  Section(std::shared_ptr<const SectionSource> source, uint64_t offset, uint64_t size)
      : source_(std::move(source)), offset_(offset), size_(size) {}

  // A section over a copy of `bytes`, without checksums: for tests and for
  // segments in memory. Throws std::bad_alloc.
  static Section FromBytes(std::string_view bytes, std::string name = "memory");

  uint64_t size() const { return size_; }
  // Where the section starts in the body that it was cut from.
  uint64_t offset() const { return offset_; }
  // Of the file, for messages.
  const std::string& name() const;
  // True if Pin costs no copy.
  bool mapped() const { return source_ == nullptr || source_->mapped(); }

  // The part [offset, offset + length); kDataLoss if it does not lie within this
  // section, since such numbers come from files.
  absl::StatusOr<Section> Sub(uint64_t offset, uint64_t length) const;

  // The bytes [offset, offset + length) of this section; kDataLoss if they do
  // not lie within it or fail their checksum. Bytes of a mapped file whose
  // blocks were verified before cost a few nanoseconds.
  absl::StatusOr<PinnedBytes> Pin(uint64_t offset, size_t length) const;
  absl::StatusOr<PinnedBytes> PinAll() const;

  // A hint; has no effect on results.
  void Advise(AccessPattern pattern) const {
    if (source_ != nullptr) source_->Advise(offset_, size_, pattern);
  }

  // kDataLoss at `offset` of this section:
  // "FILE: WHAT at byte OFFSET of the body".
  absl::Status Corrupt(uint64_t offset, std::string_view what) const;

 private:
  absl::Status OutOfRange(uint64_t offset, uint64_t length) const;

  std::shared_ptr<const SectionSource> source_;
  uint64_t offset_ = 0;
  uint64_t size_ = 0;
};

}  // namespace segue

#endif  // SEGUE_IO_SECTION_H_
