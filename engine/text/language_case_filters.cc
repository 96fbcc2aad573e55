// SPDX-License-Identifier: Apache-2.0
#include "engine/text/language_case_filters.h"

#include <algorithm>
#include <cstdint>

#include "engine/text/term_mapping.h"
#include "engine/text/unicode.h"

namespace segue {
namespace {

constexpr std::string_view kDotAbove = "\u0307";
constexpr std::string_view kDotlessI = "ı";

// Changes nothing that is in lower case already.
bool NeedsTurkishLowering(std::string_view term) {
  return std::any_of(term.begin(), term.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (static_cast<uint8_t>(c) & 0x80) != 0;
  });
}

bool IsIrishVowel(char32_t cp) {
  return std::u32string_view(U"AEIOUÁÉÍÓÚ").find(cp) != std::u32string_view::npos;
}

}  // namespace

void TurkishLowercaseFilter::Filter(TokenBatch* batch, bool) {
  for (size_t i = 0; i < batch->size(); ++i) {
    std::string_view term = batch->term(i);
    if (!NeedsTurkishLowering(term)) continue;
    buffer_.clear();
    // From one capital I to the next; the dot behind it decides what it is.
    while (true) {
      const size_t at = std::min(term.find('I'), term.size());
      MapTerm(term.substr(0, at), &mapped_,
              [](char32_t cp, std::string* out) { AppendUtf8(ToLower(cp), out); });
      buffer_ += mapped_;
      if (at == term.size()) break;
      term.remove_prefix(at + 1);
      if (term.starts_with(kDotAbove)) {
        buffer_ += 'i';
        term.remove_prefix(kDotAbove.size());
      } else {
        buffer_ += kDotlessI;
      }
    }
    SetMappedTerm(batch, i, buffer_);
  }
}

void IrishLowercaseFilter::Filter(TokenBatch* batch, bool end_of_value) {
  for (size_t i = 0; i < batch->size(); ++i) {
    const std::string_view term = batch->term(i);
    if (term.size() < 2 || (term[0] != 'n' && term[0] != 't')) continue;
    char32_t second;
    DecodeUtf8(reinterpret_cast<const uint8_t*>(term.data()) + 1,
               reinterpret_cast<const uint8_t*>(term.data()) + term.size(), &second);
    if (!IsIrishVowel(second)) continue;
    buffer_.assign(1, term[0]);
    buffer_ += '-';
    buffer_ += term.substr(1);
    SetMappedTerm(batch, i, buffer_);
  }
  lowercase_.Filter(batch, end_of_value);
}

}  // namespace segue
