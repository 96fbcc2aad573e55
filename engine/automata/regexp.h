// SPDX-License-Identifier: Apache-2.0
//
// Regular expressions for whole terms. docs/query-language.md has the syntax: characters, `.`,
// `[a-z]`, `[^a-z]`, `\d \w \s` and their opposites (of ASCII), `(…)`, `|`, `* + ?`, `{n,m}`.
#ifndef SEGUE_AUTOMATA_REGEXP_H_
#define SEGUE_AUTOMATA_REGEXP_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "engine/automata/pattern_program.h"
#include "engine/base/limits.h"

namespace segue {

// kInvalidArgument: not a regular expression; the message says where and why. kResourceExhausted:
// written out, it has more than `max_states` instructions. Time: linear in what comes out, and
// in the square of what goes in. REQUIRES: pattern.size() <= kMaxPatternBytes.
absl::StatusOr<PatternProgram> CompileRegexp(std::string_view pattern,
                                             uint64_t max_states = kMaxPatternStates);

}  // namespace segue

#endif  // SEGUE_AUTOMATA_REGEXP_H_
