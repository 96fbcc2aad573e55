// SPDX-License-Identifier: Apache-2.0
//
// TermTable: numbers the distinct terms of one field of the memory index in the
// order in which they first come (0, 1, 2, …).
//
// An open-addressing table of 16-byte entries. Terms of up to 12 bytes lie in
// the entry itself, so that the usual look-up touches one cache line; longer
// ones are compared in the arena, after a 32-bit hash. Look-ups come in batches:
// all hashes first, with a prefetch each, then all probes, so that the misses of
// a batch overlap.
//
// The hash is seeded per table. Numbers do not depend on it.
// One thread at a time.
#ifndef SEGUE_WRITE_TERM_TABLE_H_
#define SEGUE_WRITE_TERM_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/write/gentle_vector.h"
#include "engine/write/huge_array.h"
#include "segue/analysis.h"

namespace segue {

class TermTable {
 public:
  // 28 bits of an entry are the number.
  static constexpr uint32_t kMaxTerms = (1u << 28) - 2;
  static constexpr uint32_t kNoTerm = 0xffffffff;

  TermTable();
  TermTable(TermTable&&) noexcept = default;
  TermTable& operator=(TermTable&&) noexcept = default;

  uint32_t size() const { return static_cast<uint32_t>(offsets_.size()); }

  // The numbers of tokens [begin, end) of the batch, adding terms that are new.
  // REQUIRES: end - begin <= kBatch; room for as many new terms (CanHold).
  static constexpr size_t kBatch = 64;
  void Number(const TokenBatch& batch, size_t begin, size_t end, uint32_t* numbers);
  // The same for one term anywhere in memory.
  uint32_t NumberOne(std::string_view term);
  // kNoTerm if the table does not have it.
  uint32_t Find(std::string_view term) const;

  // REQUIRES: number < size(). The view lives until Clear.
  std::string_view term(uint32_t number) const;

  // Brings the term nearer, in two steps: the first should come well before the
  // second, the second well before term(). (Always inline: gcc 12 takes a
  // function that only prefetches for one without effect and drops its calls.)
  [[gnu::always_inline]] void PrefetchOffset(uint32_t number) const {
    __builtin_prefetch(&offsets_[number]);
  }
  [[gnu::always_inline]] void PrefetchTerm(uint32_t number) const {
    __builtin_prefetch(At(offsets_[number]));
  }

  // Whether `more` new terms fit what 32-bit numbers and offsets can address.
  bool CanHold(size_t more) const;
  // Memory in use, and the most that it could be while adding `more` terms of
  // `bytes` bytes in all (a table that grows is in memory twice).
  size_t memory_bytes() const;
  size_t MemoryBytesToAdd(size_t more, size_t bytes) const;

  // One slot of 16 bytes. After SortInPlace: `head` is the first eight bytes of
  // the term and `rest` the next four, big endian and zero-padded, and `tail`
  // the term's number.
  struct Entry {
    uint64_t head;  // short terms: bytes 0-7, zero-padded; long ones: the hash
                    // and where the bytes lie, 32 bits each
    uint32_t rest;  // short terms: bytes 8-11; long ones: the length
    uint32_t tail;  // length (4 bits; kLong if over 12) << 28 | number
  };
  static_assert(sizeof(Entry) == 16);

  // The numbers of all terms, in byte order of the terms; the caller may put `head` and `rest` to
  // other uses. Takes the slots themselves as work space: until Clear or Rebuild only term() and
  // size() may be called.
  std::span<Entry> SortInPlace();
  // Makes the table whole again after SortInPlace.
  void Rebuild();
  // Forgets all terms; frees the memory.
  void Clear();

 private:
  // What a term looks like in a slot, and its hash.
  struct Probe {
    uint64_t head;
    uint64_t rest_and_length;  // rest | length class << 60
    uint64_t hash;
  };
  static constexpr uint32_t kLong = 13;
  static constexpr uint32_t kEmpty = 0xffffffff;
  static constexpr size_t kMaxShort = 12;

  uint64_t HashShort(uint64_t head, uint64_t rest_and_length) const;
  uint64_t HashLong(std::string_view term) const;
  // kPadded: 64 readable bytes follow the term.
  template <bool kPadded>
  Probe MakeProbe(std::string_view term) const;
  uint32_t FindOrAdd(const Probe& probe, std::string_view term);
  bool Matches(const Entry& entry, const Probe& probe, std::string_view term) const;
  [[gnu::always_inline]] void PrefetchLong(const Probe& probe) const {
    // The probe's slot is in the cache already.
    if (probe.rest_and_length >> 60 != kLong) [[likely]]
      return;
    const Entry& entry = entries_[probe.hash & (capacity_ - 1)];
    if (entry.tail >> 28 == kLong) {
      __builtin_prefetch(At(static_cast<uint32_t>(entry.head)));
    }
  }
  const char* At(uint32_t offset) const {
    return chunks_[offset >> kChunkBits].get() + (offset & ((1u << kChunkBits) - 1));
  }
  uint64_t HashOf(const Entry& entry) const;
  // REQUIRES: the term has been appended under that number.
  Entry EntryOf(const Probe& probe, uint32_t number) const;
  uint32_t Append(std::string_view term);
  void Insert(const Entry& entry, uint64_t hash);
  void Resize(size_t capacity);

  HugeArray<Entry> entries_;
  size_t capacity_ = 0;  // a power of two
  size_t grow_at_ = 0;
  uint64_t seed_ = 0;
  // Terms one after the other, in chunks that never move; a term never crosses
  // a chunk. offsets_[number] is chunk << kChunkBits | offset; lengths lie in
  // front of the bytes (two bytes, little endian).
  static constexpr size_t kChunkBits = 16;
  static constexpr size_t kChunkBytes = size_t{1} << kChunkBits;
  std::vector<std::unique_ptr<char[]>> chunks_;
  size_t chunk_used_ = 0;
  size_t chunk_size_ = 0;
  size_t chunk_bytes_ = 0;  // of all chunks
  GentleVector<uint32_t> offsets_;
};

}  // namespace segue

#endif  // SEGUE_WRITE_TERM_TABLE_H_
