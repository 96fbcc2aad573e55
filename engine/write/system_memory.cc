// SPDX-License-Identifier: Apache-2.0
//
// Under a sanitizer, and on systems other than Linux, all of it comes from the allocator.
#include "engine/write/system_memory.h"

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

namespace segue {
namespace {

constexpr size_t kCacheLineBytes = 64;

#if defined(__linux__) && !defined(SEGUE_SANITIZED)
constexpr bool kMaps = true;

// More is asked for, and what lies before and behind a whole huge page given back.
void* Map(size_t bytes) {
  const size_t asked = bytes + kSystemMemoryFrom;
  void* const memory =
      ::mmap(nullptr, asked, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  auto* const first = static_cast<uint8_t*>(memory);
  const size_t before = -reinterpret_cast<uintptr_t>(first) % kSystemMemoryFrom;
  if (before > 0) (void)::munmap(first, before);
  const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));  // 64 KiB on some machines
  const size_t used = (bytes + page - 1) / page * page;
  if (before + used < asked) (void)::munmap(first + before + used, asked - before - used);
  // A hint; without it the array works as well, only slower.
  (void)::madvise(first + before, bytes, MADV_HUGEPAGE);
  return first + before;
}

void Unmap(void* memory, size_t bytes) { (void)::munmap(memory, bytes); }

void* Remap(void* memory, size_t bytes, size_t new_bytes) {
  void* const moved = ::mremap(memory, bytes, new_bytes, MREMAP_MAYMOVE);
  if (moved == MAP_FAILED) throw std::bad_alloc();
  return moved;
}
#else
constexpr bool kMaps = false;
void* Map(size_t) { throw std::bad_alloc(); }
void Unmap(void*, size_t) {}
void* Remap(void*, size_t, size_t) { throw std::bad_alloc(); }
#endif

bool IsMapped(size_t bytes) { return kMaps && bytes >= kSystemMemoryFrom; }

}  // namespace

void* AllocateMemory(size_t bytes) {
  if (IsMapped(bytes)) return Map(bytes);
  const size_t rounded = (bytes + kCacheLineBytes - 1) / kCacheLineBytes * kCacheLineBytes;
  void* const memory = std::aligned_alloc(kCacheLineBytes, rounded);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void* GrowMemory(void* memory, size_t bytes, size_t new_bytes) {
  if (IsMapped(bytes)) return Remap(memory, bytes, new_bytes);
  void* const grown = AllocateMemory(new_bytes);
  if (bytes > 0) std::memcpy(grown, memory, bytes);
  FreeMemory(memory, bytes);
  return grown;
}

void FreeMemory(void* memory, size_t bytes) {
  if (IsMapped(bytes)) {
    Unmap(memory, bytes);
  } else {
    std::free(memory);
  }
}

}  // namespace segue
