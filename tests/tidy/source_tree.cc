// SPDX-License-Identifier: Apache-2.0
// Walks the tree on disk instead of asking git, so that the tests also run in an unpacked release,
// and so that a new file is checked before it is added.
#include "tests/tidy/source_tree.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace segue {
namespace {

// Folders whose content is data, output or someone else's.
bool IsSkippedFolder(const std::string& path) {
  static constexpr std::array<std::string_view, 4> kSkipped = {".git", "build", ".cache", "target"};
  const std::string name = std::filesystem::path(path).filename().string();
  return std::find(kSkipped.begin(), kSkipped.end(), name) != kSkipped.end() ||
         path.starts_with("tests/golden/") || path.starts_with("tests/fuzz/corpus/");
}

std::vector<SourceFile> ReadTree() {
  const std::filesystem::path root = SEGUE_SOURCE_DIR;
  std::vector<SourceFile> files;
  auto it = std::filesystem::recursive_directory_iterator(root);
  for (; it != std::filesystem::recursive_directory_iterator(); ++it) {
    const std::string path = it->path().lexically_relative(root).generic_string();
    if (it->is_directory() && IsSkippedFolder(path)) {
      it.disable_recursion_pending();
    } else if (it->is_regular_file()) {
      std::ifstream in(it->path(), std::ios::binary);
      std::string text((std::istreambuf_iterator<char>(in)), {});
      if (text.find('\0') == std::string::npos) files.push_back({path, std::move(text)});
    }
  }
  std::sort(files.begin(), files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

}  // namespace

const std::vector<SourceFile>& SourceTree() {
  static const std::vector<SourceFile>* files = new std::vector<SourceFile>(ReadTree());
  return *files;
}

bool IsCpp(std::string_view path) { return path.ends_with(".cc") || path.ends_with(".h"); }

bool IsCode(std::string_view path) {
  return IsCpp(path) || path.ends_with(".cmake") || path.ends_with("CMakeLists.txt") ||
         path.ends_with(".sh") || path.ends_with(".awk") || path.ends_with(".inc") ||
         path.ends_with(".py") || path == "run" || path == ".ci/run";
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

}  // namespace segue
