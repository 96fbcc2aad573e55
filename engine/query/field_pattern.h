// SPDX-License-Identifier: Apache-2.0
//
// Names of fields with stars in them: title_*.
#ifndef SEGUE_QUERY_FIELD_PATTERN_H_
#define SEGUE_QUERY_FIELD_PATTERN_H_

#include <string_view>

namespace segue {

// Whether `name` is `pattern`, a star of which stands for any bytes, also none. Time: at most the
// product of the lengths.
bool FieldNameMatches(std::string_view pattern, std::string_view name);

}  // namespace segue

#endif  // SEGUE_QUERY_FIELD_PATTERN_H_
