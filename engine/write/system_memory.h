// SPDX-License-Identifier: Apache-2.0
//
// Memory for large arrays, straight from the system: what is freed is given back at once, so that
// what a process holds is what the writer counts. An allocator keeps much of it, in pieces.
#ifndef SEGUE_WRITE_SYSTEM_MEMORY_H_
#define SEGUE_WRITE_SYSTEM_MEMORY_H_

#include <cstddef>

namespace segue {

// Smaller arrays come from the allocator. The size of a huge page.
inline constexpr size_t kSystemMemoryFrom = size_t{2} << 20;

// Aligned to a cache line; from kSystemMemoryFrom on to a huge page, and in such where the system
// offers them: with small ones nearly every random access costs a page walk as well. Not
// initialised. Throws std::bad_alloc. REQUIRES: bytes > 0.
void* AllocateMemory(size_t bytes);
// The same contents in more room; large arrays are moved page by page, and never held twice.
// `memory` may be null, of 0 bytes.
void* GrowMemory(void* memory, size_t bytes, size_t new_bytes);
void FreeMemory(void* memory, size_t bytes);

}  // namespace segue

#endif  // SEGUE_WRITE_SYSTEM_MEMORY_H_
