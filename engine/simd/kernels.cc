// SPDX-License-Identifier: Apache-2.0
//
// Choosing a kernel table: once per process, from what the CPU reports and
// what the environment asks for. A new instruction set adds its file
// (kernels_<name>.cc), its accessor in kernels.h and one line in kTables.

#include "engine/simd/kernels.h"

#include <cstdlib>

namespace segue {
namespace {

struct Table {
  std::string_view name;
  const Kernels* (*get)();  // null where the CPU cannot run it
};

// Best first.
constexpr Table kTables[] = {
    {"avx512", Avx512Kernels},
    {"avx2", Avx2Kernels},
    {"neon", NeonKernels},
    {"scalar", ScalarKernels},
};

const Kernels* SelectFromEnvironment() {
  const char* wish = std::getenv("SEGUE_KERNELS");
  return SelectKernels(wish == nullptr ? std::string_view() : std::string_view(wish));
}

}  // namespace

const Kernels* SelectKernels(std::string_view wish) {
  bool known = false;
  for (const Table& table : kTables) known |= table.name == wish;
  // Tables above the wish are passed over; an unknown name wishes for the best.
  bool allowed = !known;
  for (const Table& table : kTables) {
    allowed |= table.name == wish;
    if (!allowed) continue;
    if (const Kernels* kernels = table.get()) return kernels;
  }
  return ScalarKernels();
}

namespace kernels_internal {

constinit std::atomic<const Kernels*> active = nullptr;

const Kernels& ChooseActive() {
  static const Kernels* const chosen = SelectFromEnvironment();
  active.store(chosen, std::memory_order_release);
  return *chosen;
}

}  // namespace kernels_internal
}  // namespace segue
