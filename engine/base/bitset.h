// SPDX-License-Identifier: Apache-2.0
//
// Bitset: a fixed number of bits in 64-byte aligned 64-bit words, padded with
// zero bits to whole 64-byte lines so that kernels need no tail loop. Bit i is
// bit i % 64 of word i / 64. Bits past size() are always zero.
//
// Reading from several threads is safe while nobody writes.
#ifndef SEGUE_BASE_BITSET_H_
#define SEGUE_BASE_BITSET_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "engine/base/check.h"

namespace segue {

class Bitset {
 public:
  Bitset() = default;
  // All bits zero, or all one.
  explicit Bitset(size_t size, bool value = false);
  Bitset(const Bitset& other);
  Bitset& operator=(const Bitset& other);
  Bitset(Bitset&& other) noexcept;
  Bitset& operator=(Bitset&& other) noexcept;

  size_t size() const { return size_; }
  // Words that hold size() bits; the storage goes on to a multiple of 8 words.
  size_t word_count() const { return (size_ + 63) / 64; }
  std::span<const uint64_t> words() const { return {words_.get(), word_count()}; }
  // REQUIRES of the caller: bits past size() stay zero.
  std::span<uint64_t> mutable_words() { return {words_.get(), word_count()}; }

  bool Test(size_t bit) const {
    SEGUE_DCHECK_LT(bit, size_);
    return (words_.get()[bit / 64] >> (bit % 64) & 1) != 0;
  }
  void Set(size_t bit) {
    SEGUE_DCHECK_LT(bit, size_);
    words_.get()[bit / 64] |= uint64_t{1} << (bit % 64);
  }
  void Clear(size_t bit) {
    SEGUE_DCHECK_LT(bit, size_);
    words_.get()[bit / 64] &= ~(uint64_t{1} << (bit % 64));
  }

  // Number of one bits, in all or in [begin, end).
  size_t Count() const;
  size_t CountRange(size_t begin, size_t end) const;
  // The first one bit at or after `from`; size() if there is none.
  size_t FindNext(size_t from) const;

  // REQUIRES: other.size() == size().
  void And(const Bitset& other);
  void Or(const Bitset& other);
  void AndNot(const Bitset& other);

  friend bool operator==(const Bitset& a, const Bitset& b);

 private:
  struct AlignedDelete {
    void operator()(uint64_t* words) const;
  };

  size_t size_ = 0;
  std::unique_ptr<uint64_t, AlignedDelete> words_;
};

}  // namespace segue

#endif  // SEGUE_BASE_BITSET_H_
