// SPDX-License-Identifier: Apache-2.0
#include "engine/base/bitset.h"

#include <bit>
#include <cstring>
#include <new>
#include <utility>

namespace segue {
namespace {

constexpr std::align_val_t kAlignment{64};

size_t StorageWords(size_t size) { return (size + 511) / 512 * 8; }

uint64_t* NewWords(size_t size) {
  const size_t bytes = StorageWords(size) * sizeof(uint64_t);
  if (bytes == 0) return nullptr;
  return static_cast<uint64_t*>(::operator new(bytes, kAlignment));
}

}  // namespace

void Bitset::AlignedDelete::operator()(uint64_t* words) const {
  ::operator delete(words, kAlignment);
}

Bitset::Bitset(size_t size, bool value) : size_(size), words_(NewWords(size)) {
  if (size == 0) return;
  const size_t bytes = StorageWords(size) * sizeof(uint64_t);
  std::memset(words_.get(), 0, bytes);
  if (!value) return;
  std::memset(words_.get(), 0xff, size / 64 * sizeof(uint64_t));
  if (size % 64 != 0) {
    words_.get()[size / 64] = (uint64_t{1} << (size % 64)) - 1;
  }
}

Bitset::Bitset(const Bitset& other) : size_(other.size_), words_(NewWords(other.size_)) {
  if (size_ == 0) return;
  std::memcpy(words_.get(), other.words_.get(), StorageWords(size_) * sizeof(uint64_t));
}

Bitset& Bitset::operator=(const Bitset& other) {
  if (this != &other) *this = Bitset(other);
  return *this;
}

Bitset::Bitset(Bitset&& other) noexcept
    : size_(std::exchange(other.size_, 0)), words_(std::move(other.words_)) {}

Bitset& Bitset::operator=(Bitset&& other) noexcept {
  size_ = std::exchange(other.size_, 0);
  words_ = std::move(other.words_);
  return *this;
}

size_t Bitset::Count() const {
  size_t count = 0;
  for (const uint64_t word : words()) {
    count += static_cast<size_t>(std::popcount(word));
  }
  return count;
}

size_t Bitset::CountRange(size_t begin, size_t end) const {
  SEGUE_DCHECK(begin <= end && end <= size_);
  if (begin >= end) return 0;
  const uint64_t* const words = words_.get();
  const size_t first = begin / 64;
  const size_t last = (end - 1) / 64;
  const uint64_t first_mask = ~uint64_t{0} << (begin % 64);
  const uint64_t last_mask = ~uint64_t{0} >> (63 - (end - 1) % 64);
  if (first == last) {
    return static_cast<size_t>(std::popcount(words[first] & first_mask & last_mask));
  }
  size_t count = static_cast<size_t>(std::popcount(words[first] & first_mask) +
                                     std::popcount(words[last] & last_mask));
  for (size_t i = first + 1; i < last; ++i) {
    count += static_cast<size_t>(std::popcount(words[i]));
  }
  return count;
}

size_t Bitset::FindNext(size_t from) const {
  if (from >= size_) return size_;
  const size_t count = word_count();
  size_t index = from / 64;
  uint64_t word = words_.get()[index] & (~uint64_t{0} << (from % 64));
  while (word == 0) {
    if (++index == count) return size_;
    word = words_.get()[index];
  }
  return index * 64 + static_cast<size_t>(std::countr_zero(word));
}

void Bitset::And(const Bitset& other) {
  SEGUE_DCHECK_EQ(size_, other.size_);
  const size_t count = word_count();
  for (size_t i = 0; i < count; ++i) words_.get()[i] &= other.words_.get()[i];
}

void Bitset::Or(const Bitset& other) {
  SEGUE_DCHECK_EQ(size_, other.size_);
  const size_t count = word_count();
  for (size_t i = 0; i < count; ++i) words_.get()[i] |= other.words_.get()[i];
}

void Bitset::AndNot(const Bitset& other) {
  SEGUE_DCHECK_EQ(size_, other.size_);
  const size_t count = word_count();
  for (size_t i = 0; i < count; ++i) words_.get()[i] &= ~other.words_.get()[i];
}

bool operator==(const Bitset& a, const Bitset& b) {
  if (a.size_ != b.size_) return false;
  return a.size_ == 0 ||
         std::memcmp(a.words_.get(), b.words_.get(), a.word_count() * sizeof(uint64_t)) == 0;
}

}  // namespace segue
