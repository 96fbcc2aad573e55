// SPDX-License-Identifier: Apache-2.0
//
// The AVX2 table (with BMI1, BMI2, POPCNT and LZCNT, which every CPU with AVX2
// has had so far; a CPU that hides one of them gets the scalar table).

#include "engine/simd/kernels_avx2.h"

#include "engine/simd/kernels_internal.h"

namespace segue {

#if defined(SEGUE_HAVE_AVX2_KERNELS)

namespace {

bool CpuHasAvx2() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
         __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

Kernels MakeTable() {
  Kernels table = *ScalarKernels();
  table.name = "avx2";
  FillAvx2Blocks(&table);
  FillAvx2BitFields(&table);
  FillAvx2FrontCodes(&table);
  FillAvx2Bitmaps(&table);
  FillAvx2Positions(&table);
  FillAvx2Scores(&table);
  return table;
}

}  // namespace

const Kernels* Avx2Kernels() {
  if (!CpuHasAvx2()) return nullptr;
  static const Kernels table = MakeTable();
  return &table;
}

#else

const Kernels* Avx2Kernels() { return nullptr; }

#endif

}  // namespace segue
