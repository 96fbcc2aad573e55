// SPDX-License-Identifier: Apache-2.0
//
// Long lists are sorted digit by digit from the last on, each time keeping the order of what is
// equal; digits in which no two documents differ are left out.
#include "engine/write/posting_sorter.h"

#include <algorithm>
#include <array>
#include <utility>

namespace segue {
namespace {

constexpr int kDigitBits = 11;
constexpr size_t kDigits = size_t{1} << kDigitBits;

// Fewer are sorted faster by comparing them.
constexpr size_t kMinForDigits = 512;

}  // namespace

void PostingSorter::Sort() {
  if (by_doc_.size() < kMinForDigits) {
    std::sort(by_doc_.begin(), by_doc_.end());
    return;
  }
  uint64_t differing = 0;
  for (const uint64_t posting : by_doc_) differing |= posting ^ by_doc_[0];
  sorted_.resize(by_doc_.size());
  for (int shift = 32; shift < 64 && differing >> shift != 0; shift += kDigitBits) {
    const auto digit = [shift](uint64_t posting) { return (posting >> shift) % kDigits; };
    if (digit(differing) == 0) continue;
    std::array<size_t, kDigits> next = {};
    for (const uint64_t posting : by_doc_) ++next[digit(posting)];
    size_t sum = 0;
    for (size_t& begin : next) sum += std::exchange(begin, sum);
    for (const uint64_t posting : by_doc_) sorted_[next[digit(posting)]++] = posting;
    std::swap(by_doc_, sorted_);
  }
}

}  // namespace segue
