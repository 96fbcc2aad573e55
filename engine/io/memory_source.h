// SPDX-License-Identifier: Apache-2.0
//
// A ByteSource over bytes in memory, for MemoryEnv and FaultEnv.
#ifndef SEGUE_IO_MEMORY_SOURCE_H_
#define SEGUE_IO_MEMORY_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "segue/env.h"

namespace segue {

// An immutable copy of some bytes, 64-byte aligned.
class FrozenBytes {
 public:
  explicit FrozenBytes(std::string_view bytes);
  ~FrozenBytes();
  FrozenBytes(const FrozenBytes&) = delete;
  FrozenBytes& operator=(const FrozenBytes&) = delete;

  const uint8_t* data() const { return data_; }
  size_t size() const { return size_; }
  std::string_view view() const { return {reinterpret_cast<const char*>(data_), size_}; }

 private:
  uint8_t* data_;
  size_t size_;
};

// `mapped` false: data() is nullptr, as a pread source's.
std::unique_ptr<ByteSource> NewMemorySource(std::shared_ptr<const FrozenBytes> bytes,
                                            std::string path, bool mapped);

}  // namespace segue

#endif  // SEGUE_IO_MEMORY_SOURCE_H_
