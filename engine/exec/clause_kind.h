// SPDX-License-Identifier: Apache-2.0
//
// How a clause of a boolean query takes part in it.
#ifndef SEGUE_EXEC_CLAUSE_KIND_H_
#define SEGUE_EXEC_CLAUSE_KIND_H_

#include <cstdint>

namespace segue::exec {

enum class ClauseKind : uint8_t { kMust, kShould, kMustNot, kFilter };

inline bool IsRequired(ClauseKind kind) {
  return kind == ClauseKind::kMust || kind == ClauseKind::kFilter;
}
inline bool IsScored(ClauseKind kind) {
  return kind == ClauseKind::kMust || kind == ClauseKind::kShould;
}

}  // namespace segue::exec

#endif  // SEGUE_EXEC_CLAUSE_KIND_H_
