// SPDX-License-Identifier: Apache-2.0
#include "tools/memory_flag.h"

#include <charconv>
#include <string_view>
#include <system_error>

#include "corpus/base_tools.h"
#include "tools/usable_memory.h"

namespace segue {
namespace {

// "512M", "2G", "64MiB", "1000000".
absl::StatusOr<uint64_t> ParseSize(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
  const bool binary = unit.ends_with("iB");
  if (binary)
    unit.remove_suffix(2);
  else if (unit.ends_with("B"))
    unit.remove_suffix(1);
  const std::string_view units = "KMGT";
  uint64_t factor = 1;
  bool known = error == std::errc() && unit.size() <= 1 && (!binary || unit.size() == 1);
  if (known && !unit.empty()) {
    const size_t power = units.find(unit[0] >= 'a' ? static_cast<char>(unit[0] - 32) : unit[0]);
    known = power != units.npos;
    for (size_t i = 0; known && i <= power; ++i) factor *= binary ? 1024 : 1000;
  }
  if (!known || number == 0 || number > (uint64_t{1} << 50) / factor) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("--memory takes a size such as 512M or 2GiB, not ", Quoted(text)));
  }
  return number * factor;
}

}  // namespace

absl::StatusOr<uint64_t> MemoryFlag::Read() const {
  if (size.empty()) return DefaultMemoryBytes(UsableMemoryBytes());
  return ParseSize(size);
}

}  // namespace segue
