// SPDX-License-Identifier: Apache-2.0
//
// A control group is held by the limits of all groups around it, too. In a container its path may
// be that of the host, and only the outermost folder be there; what is not there limits nothing.
#include "tools/usable_memory.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <fstream>
#include <initializer_list>
#include <string_view>

namespace segue {
namespace {

// The number that a text starts with; "max" and all other words are none at all.
uint64_t LimitOf(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() ? number : UINT64_MAX;
}

uint64_t LimitInFile(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  return std::getline(file, line) ? LimitOf(line) : UINT64_MAX;
}

uint64_t MachineBytes(const std::string& root) {
  constexpr std::string_view kTotal = "MemTotal:";
  std::ifstream file(root + "/proc/meminfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(kTotal)) continue;
    const size_t number = line.find_first_not_of(' ', kTotal.size());
    const uint64_t kilobytes =
        number == line.npos ? UINT64_MAX : LimitOf(std::string_view(line).substr(number));
    return kilobytes > UINT64_MAX / 1024 ? UINT64_MAX : kilobytes * 1024;
  }
  return UINT64_MAX;
}

// The least limit of the group and of all around it.
uint64_t GroupBytes(const std::string& mount, std::string path,
                    std::initializer_list<std::string_view> names) {
  uint64_t least = UINT64_MAX;
  for (;;) {
    while (path.ends_with('/')) path.pop_back();
    for (const std::string_view name : names) {
      least = std::min(least, LimitInFile(mount + path + "/" + std::string(name)));
    }
    if (path.empty()) return least;
    path.erase(path.rfind('/') == path.npos ? 0 : path.rfind('/'));
  }
}

bool Lists(std::string_view controllers, std::string_view wanted) {
  for (;;) {
    const size_t comma = controllers.find(',');
    if (controllers.substr(0, comma) == wanted) return true;
    if (comma == controllers.npos) return false;
    controllers.remove_prefix(comma + 1);
  }
}

// Of lines "number:controllers:path"; version 2 has number 0 and names no controllers.
uint64_t GroupsBytes(const std::string& root) {
  const std::string mount = root + "/sys/fs/cgroup";
  uint64_t least = UINT64_MAX;
  std::ifstream file(root + "/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const size_t first = line.find(':');
    const size_t second = first == line.npos ? line.npos : line.find(':', first + 1);
    if (second == line.npos) continue;
    const std::string_view controllers =
        std::string_view(line).substr(first + 1, second - first - 1);
    const std::string path = line.substr(second + 1);
    if (controllers.empty()) {
      least = std::min(least, GroupBytes(mount, path, {"memory.max", "memory.high"}));
    } else if (Lists(controllers, "memory")) {
      least = std::min(least, GroupBytes(mount + "/memory", path, {"memory.limit_in_bytes"}));
    }
  }
  return least;
}

}  // namespace

uint64_t UsableMemoryBytes(const std::string& root) {
  const uint64_t bytes = std::min(MachineBytes(root), GroupsBytes(root));
  return bytes == UINT64_MAX ? 0 : bytes;
}

uint64_t DefaultMemoryBytes(uint64_t usable_bytes) {
  constexpr uint64_t kMiB = uint64_t{1} << 20;
  if (usable_bytes == 0) return 256 * kMiB;
  return std::bit_floor(std::clamp(usable_bytes / 4, kMiB, 1024 * kMiB));
}

}  // namespace segue
