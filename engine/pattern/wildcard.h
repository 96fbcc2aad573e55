// SPDX-License-Identifier: Apache-2.0
//
// Wildcard patterns: `*` stands for any characters, also none, `?` for one; a backslash makes the
// next character stand for itself.
#ifndef SEGUE_PATTERN_WILDCARD_H_
#define SEGUE_PATTERN_WILDCARD_H_

#include <string>
#include <string_view>

#include "engine/pattern/pattern_program.h"

namespace segue {

// Every text is a pattern; a backslash at its end stands for itself.
PatternProgram CompileWildcard(std::string_view pattern);

// A pattern that only `text` matches.
std::string EscapeWildcard(std::string_view text);

}  // namespace segue

#endif  // SEGUE_PATTERN_WILDCARD_H_
