// SPDX-License-Identifier: Apache-2.0
//
// The shared corpora and reference results that some tests compare with. They lie in the folder
// that SEGUE_DATA names (default: ../shared/data beside the checkout); where it is absent, such
// tests skip and say so.
#ifndef SEGUE_TESTS_SUPPORT_SHARED_DATA_H_
#define SEGUE_TESTS_SUPPORT_SHARED_DATA_H_

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace segue {

// Empty if there is no such folder.
inline std::string SharedDataDir() {
  const char* wish = std::getenv("SEGUE_DATA");
  const std::filesystem::path dir =
      wish != nullptr ? std::filesystem::path(wish)
                      : std::filesystem::path(SEGUE_SOURCE_DIR) / ".." / "shared" / "data";
  std::error_code ignored;
  return std::filesystem::is_directory(dir, ignored) ? dir.string() : std::string();
}

inline constexpr const char* kNoSharedData =
    "no shared data: set SEGUE_DATA to its folder to run this test";

// Calls fn for each line of a file, `.xz` ones unpacked. Returns the number of lines, 0 if the
// file cannot be read whole.
inline size_t ForEachLine(const std::string& path,
                          const std::function<void(std::string_view)>& fn) {
  const std::string command =
      path.ends_with(".xz") ? "xz -dc '" + path + "'" : "cat '" + path + "'";
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return 0;
  char* line = nullptr;
  size_t capacity = 0;
  size_t lines = 0;
  for (ssize_t length; (length = getline(&line, &capacity, pipe)) > 0; ++lines) {
    if (line[length - 1] == '\n') --length;
    fn(std::string_view(line, static_cast<size_t>(length)));
  }
  std::free(line);
  return pclose(pipe) == 0 ? lines : 0;
}

}  // namespace segue

#endif  // SEGUE_TESTS_SUPPORT_SHARED_DATA_H_
