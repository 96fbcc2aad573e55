// SPDX-License-Identifier: Apache-2.0
//
// Times: microseconds since 1970-01-01 00:00 UTC inside, RFC 3339 outside.
#ifndef SEGUE_SCHEMA_TIMESTAMP_H_
#define SEGUE_SCHEMA_TIMESTAMP_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace segue {

// Reads RFC 3339: "2024-02-29T13:45:00.25+01:00", "2024-02-29 12:45:00Z", or a
// date alone, which is its midnight in UTC. Digits beyond microseconds are cut
// off; a leap second is the first microsecond after it. Years 0000 to 9999.
// Errors: kInvalidArgument that says what is wrong.
absl::StatusOr<int64_t> ParseTimestamp(std::string_view text);

// "2024-02-29T12:45:00.25Z"; outside the years 0000 to 9999 the number itself.
std::string FormatTimestamp(int64_t micros);

}  // namespace segue

#endif  // SEGUE_SCHEMA_TIMESTAMP_H_
