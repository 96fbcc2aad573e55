// SPDX-License-Identifier: Apache-2.0
//
// Replaces the global operators new and delete of a program by two functions that its test defines.
// To be included by one file of the program.
#ifndef SEGUE_TESTS_SUPPORT_REPLACED_NEW_H_
#define SEGUE_TESTS_SUPPORT_REPLACED_NEW_H_

#include <cstddef>
#include <cstdlib>
#include <new>

namespace segue::replaced_new {

// nullptr: there is no memory. `bytes` may be 0, which is to give memory all the same.
void* Allocate(size_t bytes, size_t alignment);
// May be called with nullptr.
void Free(void* memory);

// What Allocate comes down to in the end.
inline void* AllocateFromSystem(size_t bytes, size_t alignment) {
  if (bytes == 0) bytes = 1;
  if (alignment <= alignof(std::max_align_t)) return std::malloc(bytes);
  return std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
}

inline void* AllocateOrThrow(size_t bytes, size_t alignment) {
  void* memory = Allocate(bytes, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace segue::replaced_new

// noinline: else the compiler sees malloc and delete meet, and warns.
#define SEGUE_NOINLINE __attribute__((noinline))
SEGUE_NOINLINE void* operator new(size_t bytes) {
  return segue::replaced_new::AllocateOrThrow(bytes, 1);
}
SEGUE_NOINLINE void* operator new[](size_t bytes) {
  return segue::replaced_new::AllocateOrThrow(bytes, 1);
}
SEGUE_NOINLINE void* operator new(size_t bytes, std::align_val_t alignment) {
  return segue::replaced_new::AllocateOrThrow(bytes, static_cast<size_t>(alignment));
}
SEGUE_NOINLINE void* operator new[](size_t bytes, std::align_val_t alignment) {
  return segue::replaced_new::AllocateOrThrow(bytes, static_cast<size_t>(alignment));
}
SEGUE_NOINLINE void* operator new(size_t bytes, const std::nothrow_t&) noexcept {
  return segue::replaced_new::Allocate(bytes, 1);
}
SEGUE_NOINLINE void* operator new[](size_t bytes, const std::nothrow_t&) noexcept {
  return segue::replaced_new::Allocate(bytes, 1);
}
SEGUE_NOINLINE void* operator new(size_t bytes, std::align_val_t alignment,
                                  const std::nothrow_t&) noexcept {
  return segue::replaced_new::Allocate(bytes, static_cast<size_t>(alignment));
}
SEGUE_NOINLINE void* operator new[](size_t bytes, std::align_val_t alignment,
                                    const std::nothrow_t&) noexcept {
  return segue::replaced_new::Allocate(bytes, static_cast<size_t>(alignment));
}
SEGUE_NOINLINE void operator delete(void* memory) noexcept { segue::replaced_new::Free(memory); }
SEGUE_NOINLINE void operator delete[](void* memory) noexcept { segue::replaced_new::Free(memory); }
SEGUE_NOINLINE void operator delete(void* memory, size_t) noexcept {
  segue::replaced_new::Free(memory);
}
SEGUE_NOINLINE void operator delete[](void* memory, size_t) noexcept {
  segue::replaced_new::Free(memory);
}
SEGUE_NOINLINE void operator delete(void* memory, std::align_val_t) noexcept {
  segue::replaced_new::Free(memory);
}
SEGUE_NOINLINE void operator delete[](void* memory, std::align_val_t) noexcept {
  segue::replaced_new::Free(memory);
}
SEGUE_NOINLINE void operator delete(void* memory, size_t, std::align_val_t) noexcept {
  segue::replaced_new::Free(memory);
}
SEGUE_NOINLINE void operator delete[](void* memory, size_t, std::align_val_t) noexcept {
  segue::replaced_new::Free(memory);
}

#endif  // SEGUE_TESTS_SUPPORT_REPLACED_NEW_H_
