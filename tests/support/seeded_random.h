// SPDX-License-Identifier: Apache-2.0
//
// SeededRandom: test randomness that can be replayed. The seed is printed once
// per test program and taken from the environment variable SEGUE_SEED if set.

#ifndef SEGUE_TESTS_SUPPORT_SEEDED_RANDOM_H_
#define SEGUE_TESTS_SUPPORT_SEEDED_RANDOM_H_

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace segue {

inline uint64_t TestSeed() {
  static const uint64_t seed = [] {
    const char* wish = std::getenv("SEGUE_SEED");
    const uint64_t value = wish != nullptr
                               ? std::strtoull(wish, nullptr, 0)
                               : (uint64_t{std::random_device()()} << 32 | std::random_device()());
    std::printf("SEGUE_SEED=%llu replays this run\n", static_cast<unsigned long long>(value));
    return value;
  }();
  return seed;
}

// splitmix64: every stream of a seed is independent of the order of tests.
class SeededRandom {
 public:
  // Mixed, so that no stream is another one without its first numbers.
  explicit SeededRandom(uint64_t stream) : state_(TestSeed() + Mixed(stream)) {}

  uint64_t Next() { return Mixed(state_ += 0x9e3779b97f4a7c15u); }
  uint32_t U32() { return static_cast<uint32_t>(Next()); }
  // Below `limit`, which is not 0.
  uint64_t Below(uint64_t limit) { return Next() % limit; }
  // In [low, high].
  uint64_t Between(uint64_t low, uint64_t high) { return low + Below(high - low + 1); }
  bool OneIn(uint64_t n) { return Below(n) == 0; }

 private:
  static uint64_t Mixed(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  uint64_t state_;
};

}  // namespace segue

#endif  // SEGUE_TESTS_SUPPORT_SEEDED_RANDOM_H_
