// SPDX-License-Identifier: Apache-2.0
//
// The NEON table, of every AArch64 CPU. Nothing of it has been timed, so what goes bit by bit or
// code by code anyway stays scalar: setting and testing single bits, patches, Rice codes.

#include "engine/simd/kernels_neon.h"

namespace segue {

#if defined(SEGUE_HAVE_NEON_KERNELS)

namespace {

Kernels MakeTable() {
  Kernels table = *ScalarKernels();
  table.name = "neon";
  FillNeonBlocks(&table);
  FillNeonBitmaps(&table);
  FillNeonFrontCodes(&table);
  FillNeonPositions(&table);
  FillNeonBounds(&table);
  FillNeonScores(&table);
  return table;
}

}  // namespace

const Kernels* NeonKernels() {
  static const Kernels table = MakeTable();
  return &table;
}

#else

const Kernels* NeonKernels() { return nullptr; }

#endif

}  // namespace segue
