// SPDX-License-Identifier: Apache-2.0
//
// Regular expressions for whole terms, or for pieces of a text. docs/query-language.md has the
// syntax: characters, `.`,
// `[a-z]`, `[^a-z]`, `\d \w \s` and their opposites (of ASCII), `(…)`, `|`, `* + ?`, `{n,m}`.
#ifndef SEGUE_PATTERN_REGEXP_H_
#define SEGUE_PATTERN_REGEXP_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "engine/base/limits.h"
#include "engine/pattern/pattern_program.h"

namespace segue {

// What is matched; it is said where `^` or `$` has no meaning. At the ends of an expression for
// whole terms they are allowed.
enum class RegexpUse : uint8_t { kWholeTerms, kPieces };

// kInvalidArgument: not a regular expression; the message says where and why. kResourceExhausted:
// written out, it has more than `max_states` instructions. Time: linear in what comes out, and
// in the square of what goes in. REQUIRES: pattern.size() <= kMaxPatternBytes.
absl::StatusOr<PatternProgram> CompileRegexp(std::string_view pattern,
                                             uint64_t max_states = kMaxPatternStates,
                                             RegexpUse use = RegexpUse::kWholeTerms);

}  // namespace segue

#endif  // SEGUE_PATTERN_REGEXP_H_
