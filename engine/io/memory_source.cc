// SPDX-License-Identifier: Apache-2.0
#include "engine/io/memory_source.h"

#include <cstring>
#include <new>
#include <utility>

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

constexpr std::align_val_t kAlignment{64};

class MemorySource final : public ByteSource {
 public:
  MemorySource(std::shared_ptr<const FrozenBytes> bytes, std::string path, bool mapped)
      : bytes_(std::move(bytes)), path_(std::move(path)), mapped_(mapped) {}

  uint64_t size() const override { return bytes_->size(); }
  const uint8_t* data() const override { return mapped_ ? bytes_->data() : nullptr; }
  absl::Status Read(uint64_t offset, size_t n, uint8_t* out) const override {
    if (offset > bytes_->size() || n > bytes_->size() - offset) {
      return Error(ErrorCode::kDataLoss, Cat(path_, ": ", n, " bytes wanted at byte ", offset,
                                             ", but the file ends at ", bytes_->size()));
    }
    if (n > 0) std::memcpy(out, bytes_->data() + offset, n);
    return absl::OkStatus();
  }

 private:
  const std::shared_ptr<const FrozenBytes> bytes_;
  const std::string path_;
  const bool mapped_;
};

}  // namespace

FrozenBytes::FrozenBytes(std::string_view bytes)
    : data_(static_cast<uint8_t*>(::operator new(bytes.size() + 1, kAlignment))),
      size_(bytes.size()) {
  if (!bytes.empty()) std::memcpy(data_, bytes.data(), bytes.size());
}

FrozenBytes::~FrozenBytes() { ::operator delete(data_, kAlignment); }

std::unique_ptr<ByteSource> NewMemorySource(std::shared_ptr<const FrozenBytes> bytes,
                                            std::string path, bool mapped) {
  return std::make_unique<MemorySource>(std::move(bytes), std::move(path), mapped);
}

}  // namespace segue
