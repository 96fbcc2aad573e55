// SPDX-License-Identifier: Apache-2.0
//
// Open addressing with linear probing, at most three quarters full. A short
// term's bytes, padded with zeros, and its length are compared as two words; the
// length keeps "a" and "a\0" apart. A long term's slot holds a 32-bit hash and
// the length, so that the arena is touched for the term itself and hardly ever
// for another one.
#include "engine/write/term_table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/limits.h"

namespace segue {
namespace {

constexpr size_t kFirstCapacity = 64;
constexpr size_t kFirstChunkBytes = 1024;
// One term in so many, the first ones, go into a grown table before the others.
constexpr uint32_t kFirstShare = 8;
constexpr uint64_t kMulA = 0x9e3779b97f4a7c15;
constexpr uint64_t kMulB = 0xd6e8feb86659fd93;

// Both halves of a 128-bit product, folded: every input bit reaches every
// output bit.
inline uint64_t Mix(uint64_t a, uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

inline uint64_t Load64(const char* p) {
  uint64_t v;
  std::memcpy(&v, p, 8);
  return v;
}

inline uint32_t Load32(const char* p) {
  uint32_t v;
  std::memcpy(&v, p, 4);
  return v;
}

// Whether `size` bytes are equal, 8 or more; as long terms are mostly short, a call would cost
// more.
inline bool EqualLong(const char* a, const char* b, size_t size) {
  uint64_t difference = Load64(a + size - 8) ^ Load64(b + size - 8);
  for (size_t i = 0; i + 8 < size; i += 8) difference |= Load64(a + i) ^ Load64(b + i);
  return difference == 0;
}

// What belongs to a term among its first twelve bytes, by its length: looked up, for how long a
// term is no branch could predict.
struct ShortMask {
  uint64_t head = 0;
  uint64_t rest = 0;
};
template <size_t kCount>
constexpr std::array<ShortMask, kCount> MakeShortMasks() {
  std::array<ShortMask, kCount> masks;
  for (size_t size = 1; size < kCount; ++size) {
    masks[size] = masks[size - 1];
    uint64_t& mask = size <= 8 ? masks[size].head : masks[size].rest;
    mask = mask << 8 | 0xff;
  }
  return masks;
}

}  // namespace

TermTable::TermTable() {
  // Where the table lies differs from run to run: documents made to collide
  // under one seed do not collide under the next.
  seed_ =
      Mix(reinterpret_cast<uintptr_t>(this) ^ kMulA, reinterpret_cast<uintptr_t>(&kMulA) ^ kMulB);
}

uint64_t TermTable::HashShort(uint64_t head, uint64_t rest_and_length) const {
  return Mix(head ^ seed_, rest_and_length ^ kMulB);
}

uint64_t TermTable::HashLong(std::string_view term) const {
  uint64_t hash = seed_ ^ term.size();
  const char* p = term.data();
  size_t left = term.size();
  for (; left > 8; left -= 8, p += 8) hash = Mix(hash ^ Load64(p), kMulA);
  // The last eight bytes, overlapping what came before. Long terms have 13.
  return Mix(hash ^ Load64(term.data() + term.size() - 8), kMulB);
}

template <bool kPadded>
inline TermTable::Probe TermTable::MakeProbe(std::string_view term) const {
  Probe probe;
  const size_t size = term.size();
  if (size > kMaxShort) [[unlikely]] {
    probe.hash = HashLong(term) >> 32;
    probe.head = probe.hash << 32;
    probe.rest_and_length = size | uint64_t{kLong} << 60;
    return probe;
  }
  uint64_t head, rest;
  if constexpr (kPadded) {
    static constexpr auto kMasks = MakeShortMasks<kMaxShort + 1>();
    head = Load64(term.data()) & kMasks[size].head;
    rest = Load32(term.data() + 8) & kMasks[size].rest;
  } else {
    char bytes[16] = {};
    if (size != 0) std::memcpy(bytes, term.data(), size);
    head = Load64(bytes);
    rest = Load32(bytes + 8);
  }
  probe.head = head;
  probe.rest_and_length = rest | static_cast<uint64_t>(size) << 60;
  probe.hash = HashShort(head, probe.rest_and_length);
  return probe;
}

inline bool TermTable::Matches(const Entry& entry, const Probe& probe,
                               std::string_view term) const {
  const uint64_t rest_and_length = entry.rest | static_cast<uint64_t>(entry.tail >> 28) << 60;
  if (rest_and_length != probe.rest_and_length) return false;
  if (entry.tail >> 28 != kLong) [[likely]]
    return entry.head == probe.head;
  return (entry.head ^ probe.head) >> 32 == 0 &&
         EqualLong(At(static_cast<uint32_t>(entry.head)) + 2, term.data(), term.size());
}

uint64_t TermTable::HashOf(const Entry& entry) const {
  if (entry.tail >> 28 == kLong) return entry.head >> 32;
  return HashShort(entry.head, entry.rest | static_cast<uint64_t>(entry.tail >> 28) << 60);
}

void TermTable::Number(const TokenBatch& batch, size_t begin, size_t end, uint32_t* numbers) {
  SEGUE_DCHECK_LE(end - begin, kBatch);
  SEGUE_DCHECK(CanHold(end - begin));
  // Growing ahead of the batch keeps the prefetched slots where they are.
  if (size() + (end - begin) > grow_at_) {
    Resize(std::max(kFirstCapacity, capacity_ * 2));
  }
  Probe probes[kBatch];
  const size_t mask = capacity_ - 1;
  for (size_t i = begin; i < end; ++i) {
    Probe& probe = probes[i - begin];
    probe = MakeProbe<true>(batch.term(i));
    __builtin_prefetch(&entries_[probe.hash & mask]);
  }
  constexpr size_t kAhead = 6;
  const size_t count = end - begin;
  for (size_t i = 0; i < count; ++i) {
    if (i + kAhead < count) PrefetchLong(probes[i + kAhead]);
    *numbers++ = FindOrAdd(probes[i], batch.term(begin + i));
  }
}

uint32_t TermTable::NumberOne(std::string_view term) {
  SEGUE_DCHECK(CanHold(1));
  if (size() + 1 > grow_at_) {
    Resize(std::max(kFirstCapacity, capacity_ * 2));
  }
  return FindOrAdd(MakeProbe<false>(term), term);
}

uint32_t TermTable::Find(std::string_view term) const {
  if (capacity_ == 0) return kNoTerm;
  const Probe probe = MakeProbe<false>(term);
  const size_t mask = capacity_ - 1;
  for (size_t slot = probe.hash & mask;; slot = (slot + 1) & mask) {
    const Entry& entry = entries_[slot];
    if (entry.tail == kEmpty) return kNoTerm;
    if (Matches(entry, probe, term)) return entry.tail & 0x0fffffff;
  }
}

inline uint32_t TermTable::FindOrAdd(const Probe& probe, std::string_view term) {
  const size_t mask = capacity_ - 1;
  size_t slot = probe.hash & mask;
  for (;; slot = (slot + 1) & mask) {
    const Entry& entry = entries_[slot];
    if (Matches(entry, probe, term)) return entry.tail & 0x0fffffff;
    if (entry.tail == kEmpty) break;
  }
  const uint32_t number = Append(term);
  entries_[slot] = EntryOf(probe, number);
  return number;
}

TermTable::Entry TermTable::EntryOf(const Probe& probe, uint32_t number) const {
  const auto length = static_cast<uint32_t>(probe.rest_and_length >> 60);
  Entry entry = {probe.head, static_cast<uint32_t>(probe.rest_and_length), length << 28 | number};
  if (length == kLong) entry.head |= offsets_[number];
  return entry;
}

uint32_t TermTable::Append(std::string_view term) {
  SEGUE_DCHECK_LE(term.size(), kMaxTermBytes);
  const size_t needed = term.size() + 2;
  if (chunk_used_ + needed > chunk_size_) {
    // Small fields stay small: chunks double up to their final size.
    chunk_size_ = chunks_.empty() ? kFirstChunkBytes : std::min(chunk_size_ * 2, kChunkBytes);
    chunk_size_ = std::max(chunk_size_, std::bit_ceil(needed));
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunk_size_));
    chunk_bytes_ += chunk_size_;
    chunk_used_ = 0;
  }
  char* out = chunks_.back().get() + chunk_used_;
  const auto size = static_cast<uint16_t>(term.size());
  std::memcpy(out, &size, 2);
  if (size != 0) std::memcpy(out + 2, term.data(), size);
  offsets_.push_back(static_cast<uint32_t>((chunks_.size() - 1) << kChunkBits | chunk_used_));
  chunk_used_ += needed;
  return static_cast<uint32_t>(offsets_.size() - 1);
}

std::string_view TermTable::term(uint32_t number) const {
  SEGUE_DCHECK_LT(number, size());
  const char* in = At(offsets_[number]);
  uint16_t size;
  std::memcpy(&size, in, 2);
  return {in + 2, size};
}

bool TermTable::CanHold(size_t more) const {
  // Offsets address 2^16 chunks; one is left for what the terms themselves add.
  return more <= kMaxTerms - size() && chunks_.size() + (more >> 1) + 2 < (size_t{1} << 16);
}

size_t TermTable::memory_bytes() const {
  return capacity_ * sizeof(Entry) + chunk_bytes_ + chunks_.capacity() * sizeof(chunks_[0]) +
         offsets_.memory_bytes();
}

size_t TermTable::MemoryBytesToAdd(size_t more, size_t bytes) const {
  size_t total = memory_bytes();
  size_t capacity = std::max(capacity_, kFirstCapacity);
  while (size() + more > capacity / 4 * 3) capacity *= 2;
  if (capacity != capacity_) total += capacity * sizeof(Entry);
  total += offsets_.BytesToAdd(more);
  const size_t needed = bytes + 2 * more;
  if (chunk_used_ + needed > chunk_size_) {
    // A chunk ends where the next term has no room: any two of them hold more than one could.
    total += kChunkBytes + 2 * needed;
    constexpr size_t kSmallChunks = 8;
    const size_t chunks = chunks_.size() + kSmallChunks + 2 * needed / kChunkBytes;
    if (chunks > chunks_.capacity()) total += 2 * chunks * sizeof(chunks_[0]);
  }
  return total;
}

void TermTable::Insert(const Entry& entry, uint64_t hash) {
  const size_t mask = capacity_ - 1;
  size_t slot = hash & mask;
  while (entries_[slot].tail != kEmpty) slot = (slot + 1) & mask;
  entries_[slot] = entry;
}

void TermTable::Resize(size_t capacity) {
  HugeArray<Entry> old = std::move(entries_);
  const size_t old_capacity = capacity_;
  entries_ = HugeArray<Entry>(capacity);
  capacity_ = capacity;
  grow_at_ = capacity / 4 * 3;
  std::memset(entries_.data(), 0xff, capacity * sizeof(Entry));
  // The terms that came first, and so the most frequent ones, get the slots where they are looked
  // for first.
  const uint32_t first_terms = size() / kFirstShare;
  for (const bool first : {true, false}) {
    for (size_t i = 0; i < old_capacity; ++i) {
      if (old[i].tail == kEmpty || ((old[i].tail & 0x0fffffff) < first_terms) != first) continue;
      Insert(old[i], HashOf(old[i]));
    }
  }
}

std::span<TermTable::Entry> TermTable::SortInPlace() {
  size_t kept = 0;
  for (size_t i = 0; i < capacity_; ++i) {
    const Entry entry = entries_[i];
    const uint32_t number = entry.tail & 0x0fffffff;
    if (entry.tail == kEmpty) continue;
    Entry& out = entries_[kept++];
    if (entry.tail >> 28 == kLong) {
      const char* bytes = At(static_cast<uint32_t>(entry.head)) + 2;
      out = {__builtin_bswap64(Load64(bytes)), __builtin_bswap32(Load32(bytes + 8)), number};
    } else {
      out = {__builtin_bswap64(entry.head), __builtin_bswap32(entry.rest), number};
    }
  }
  std::sort(entries_.data(), entries_.data() + kept, [this](const Entry& a, const Entry& b) {
    if (a.head != b.head) return a.head < b.head;
    if (a.rest != b.rest) return a.rest < b.rest;
    return a.tail != b.tail && term(a.tail) < term(b.tail);
  });
  return {entries_.data(), kept};
}

void TermTable::Rebuild() {
  if (capacity_ == 0) return;
  std::memset(entries_.data(), 0xff, capacity_ * sizeof(Entry));
  for (uint32_t number = 0; number < size(); ++number) {
    const Probe probe = MakeProbe<false>(term(number));
    Insert(EntryOf(probe, number), probe.hash);
  }
}

void TermTable::Clear() {
  entries_ = {};
  capacity_ = grow_at_ = 0;
  chunks_.clear();
  chunks_.shrink_to_fit();
  chunk_used_ = chunk_size_ = chunk_bytes_ = 0;
  offsets_ = {};
}

}  // namespace segue
