// SPDX-License-Identifier: Apache-2.0
//
// Paths as plain strings with '/' between names.
#ifndef SEGUE_IO_PATH_H_
#define SEGUE_IO_PATH_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace segue {

// "dir/name"; just "name" if dir is empty.
std::string JoinPath(std::string_view dir, std::string_view name);

// What stands before the last '/', or "." if there is none; "/" for "/name".
std::string DirName(std::string_view path);

// What stands after the last '/'.
std::string BaseName(std::string_view path);

// One spelling for each place: no empty names, no "." but alone. ".." is a name like any other.
std::string NormalPath(std::string_view path);

// What an environment without a file system of its own says of a path where nothing is.
absl::Status NoSuchFile(const std::string& path);

}  // namespace segue

#endif  // SEGUE_IO_PATH_H_
