// SPDX-License-Identifier: Apache-2.0
//
// QueryScanner's part for several fields that are searched as one: {title^2 body}:blue.
#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "engine/base/limits.h"
#include "engine/query/query_scanner.h"

namespace segue {
// A name, and perhaps ^ and a weight above 0.
bool QueryScanner::ScanWeightedField(size_t* at) {
  WeightedField field;
  if (!ScanText("^}", at, &field.field)) return false;
  if (At(*at) == '^') {
    const size_t end = EndOfNumber(*at + 1);
    double weight = 0;
    std::from_chars(text_.data() + *at + 1, text_.data() + end, weight);
    field.weight = static_cast<float>(std::min(weight, 1e30));
    if (end == *at + 1 || !(field.weight > 0)) return false;
    *at = end;
  }
  fields_.push_back(std::move(field));
  return At(*at) == '}' || IsSpace(*at);
}

// A text that is none after all is read as words, and so are all behind it: no text is run through
// twice.
bool QueryScanner::ScanFields(QueryToken* token) {
  if (no_more_fields_ || At(next_) != '{') return false;
  no_more_fields_ = true;
  fields_.clear();
  size_t at = SkipSpace(next_ + 1);
  for (; At(at) != '}'; at = SkipSpace(at)) {
    if (fields_.size() == kMaxFieldsInText || !ScanWeightedField(&at)) return false;
  }
  const bool is_colon = At(at + 1) == ':' && at + 2 < text_.size() && !IsSpace(at + 2) &&
                        text_[at + 2] != ')' && text_[at + 2] != ':';
  if (!is_colon) return false;
  no_more_fields_ = false;
  *token = Make(Kind::kFields, at + 2);
  return true;
}

}  // namespace segue
