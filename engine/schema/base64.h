// SPDX-License-Identifier: Apache-2.0
//
// Base64 of RFC 4648, section 4: the standard alphabet, with padding.
#ifndef SEGUE_SCHEMA_BASE64_H_
#define SEGUE_SCHEMA_BASE64_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace segue {

std::string EncodeBase64(std::string_view bytes);

// Strict: no white space, padding required, unused bits zero; so every byte
// string has one form. Errors: kInvalidArgument with the offset.
absl::StatusOr<std::string> DecodeBase64(std::string_view text);

}  // namespace segue

#endif  // SEGUE_SCHEMA_BASE64_H_
