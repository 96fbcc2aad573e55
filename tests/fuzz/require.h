// SPDX-License-Identifier: Apache-2.0
#ifndef SEGUE_TESTS_FUZZ_REQUIRE_H_
#define SEGUE_TESTS_FUZZ_REQUIRE_H_

#include <cstdio>
#include <cstdlib>

namespace segue {

// Ends the program where a promise is broken, so that the fuzzer keeps the input.
inline void Require(bool promise, const char* what) {
  if (promise) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

}  // namespace segue

#endif  // SEGUE_TESTS_FUZZ_REQUIRE_H_
