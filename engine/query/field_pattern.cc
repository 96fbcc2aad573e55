// SPDX-License-Identifier: Apache-2.0
//
// Only the last star met has to be tried again: what stands before it has matched as early as it
// could.
#include "engine/query/field_pattern.h"

#include <cstddef>

namespace segue {

bool FieldNameMatches(std::string_view pattern, std::string_view name) {
  size_t at = 0, in_name = 0;
  size_t star = pattern.npos, from_star = 0;
  while (in_name < name.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      from_star = in_name;
    } else if (at < pattern.size() && pattern[at] == name[in_name]) {
      ++at;
      ++in_name;
    } else if (star != pattern.npos) {
      at = star + 1;
      in_name = ++from_star;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

}  // namespace segue
