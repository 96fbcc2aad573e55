// SPDX-License-Identifier: Apache-2.0
#include "engine/io/path.h"

#include <algorithm>

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {

std::string JoinPath(std::string_view dir, std::string_view name) {
  std::string path(dir);
  if (!path.empty() && path.back() != '/') path += '/';
  path += name;
  return path;
}

std::string DirName(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

std::string BaseName(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  const size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

std::string NormalPath(std::string_view path) {
  std::string normal = path.starts_with('/') ? "/" : "";
  size_t begin = 0;
  while (begin <= path.size()) {
    const size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view name = path.substr(begin, end - begin);
    if (!name.empty() && name != ".") normal = JoinPath(normal, name);
    begin = end + 1;
  }
  return normal.empty() ? "." : normal;
}

absl::Status NoSuchFile(const std::string& path) {
  return Error(ErrorCode::kNotFound, Cat(path, ": no such file or directory"));
}

}  // namespace segue
