// SPDX-License-Identifier: Apache-2.0
//
// Parts of the AVX2 table, by subject; kernels_avx2.cc puts them together.
// Instruction sets are enabled function by function: a whole file compiled with
// -mavx2 would leak such code into inline functions of shared headers.

#ifndef SEGUE_SIMD_KERNELS_AVX2_H_
#define SEGUE_SIMD_KERNELS_AVX2_H_

#include "engine/simd/kernels.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define SEGUE_HAVE_AVX2_KERNELS 1
#define SEGUE_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt")))

namespace segue {

// Each sets its kernels in a table that starts as a copy of the scalar one.
void FillAvx2Blocks(Kernels* table);
void FillAvx2BitFields(Kernels* table);
void FillAvx2Bitmaps(Kernels* table);
void FillAvx2FrontCodes(Kernels* table);
void FillAvx2Positions(Kernels* table);
void FillAvx2Scores(Kernels* table);

SEGUE_AVX2 inline __m256i Load(const void* p) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}
SEGUE_AVX2 inline void Store(void* p, __m256i v) {
  _mm256_storeu_si256(static_cast<__m256i*>(p), v);
}

}  // namespace segue

#endif  // x86-64

#endif  // SEGUE_SIMD_KERNELS_AVX2_H_
