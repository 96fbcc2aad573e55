// SPDX-License-Identifier: Apache-2.0
//
// Says where a JSON text is wrong. Slow and exact; used only after the fast
// parser has refused a text, because that one does not tell the place.
#ifndef SEGUE_BASE_JSON_ERROR_H_
#define SEGUE_BASE_JSON_ERROR_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace segue {

struct JsonFault {
  bool found = false;
  bool too_deep = false;  // the only fault is depth over kMaxJsonDepth
  size_t offset = 0;      // in bytes
  std::string what;       // "expected ',' or '}' in an object"
};

// The first fault of `text` by RFC 8259, with integers bounded to 64 bits.
// Linear time, no recursion.
JsonFault FindJsonFault(std::string_view text);

}  // namespace segue

#endif  // SEGUE_BASE_JSON_ERROR_H_
