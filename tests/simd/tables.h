// SPDX-License-Identifier: Apache-2.0
//
// The kernel tables that this machine can run, for tests over all of them.
#ifndef SEGUE_TESTS_SIMD_TABLES_H_
#define SEGUE_TESTS_SIMD_TABLES_H_

#include <vector>

#include "engine/simd/kernels.h"

namespace segue {

inline std::vector<const Kernels*> Tables() {
  std::vector<const Kernels*> tables;
  for (const Kernels* table : {ScalarKernels(), NeonKernels(), Avx2Kernels(), Avx512Kernels()}) {
    if (table != nullptr) tables.push_back(table);
  }
  return tables;
}

}  // namespace segue

#endif  // SEGUE_TESTS_SIMD_TABLES_H_
