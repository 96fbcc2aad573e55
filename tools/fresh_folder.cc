// SPDX-License-Identifier: Apache-2.0
#include "tools/fresh_folder.h"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace segue {

namespace fs = std::filesystem;

FreshFolder::FreshFolder(std::string path) : path_(std::move(path)) {
  std::error_code error;
  existed_ = fs::exists(path_, error) || error;
  for (fs::directory_iterator it(path_, error), end; !error && it != end; it.increment(error)) {
    before_.insert(it->path().filename().string());
  }
}

void FreshFolder::Wipe() {
  if (keep_) return;
  std::error_code error;
  std::vector<fs::path> newcomers;
  for (fs::directory_iterator it(path_, error), end; !error && it != end; it.increment(error)) {
    // An index has no folders inside, so one that appeared is somebody else's.
    std::error_code ignored;
    const bool file = it->is_regular_file(ignored) && !it->is_symlink(ignored);
    if (file && !before_.contains(it->path().filename().string())) newcomers.push_back(it->path());
  }
  for (const fs::path& path : newcomers) fs::remove(path, error);
  if (!existed_) fs::remove(path_, error);  // only if it is empty
}

}  // namespace segue
