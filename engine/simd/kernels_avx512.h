// SPDX-License-Identifier: Apache-2.0
//
// Parts of the AVX-512 table, by subject; kernels_avx512.cc puts them together.

#ifndef SEGUE_SIMD_KERNELS_AVX512_H_
#define SEGUE_SIMD_KERNELS_AVX512_H_

#include "engine/simd/kernels_avx2.h"

#if defined(SEGUE_HAVE_AVX2_KERNELS)

// gcc 12 warns of the deliberately undefined vectors in its own intrinsics.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

// The extensions of Ice Lake and Zen 4.
#define SEGUE_AVX512                                                                      \
  __attribute__((                                                                         \
      target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,avx512vpopcntdq," \
             "avx2,bmi,bmi2,popcnt,lzcnt")))

namespace segue {

// Each sets its kernels in a table that starts as a copy of the AVX2 one.
void FillAvx512Positions(Kernels* table);
void FillAvx512Tokens(Kernels* table);

}  // namespace segue

#endif  // SEGUE_HAVE_AVX2_KERNELS

#endif  // SEGUE_SIMD_KERNELS_AVX512_H_
