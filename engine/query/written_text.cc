// SPDX-License-Identifier: Apache-2.0
#include "engine/query/written_text.h"

#include <algorithm>
#include <charconv>

#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/query/query_scanner.h"
#include "segue/query_parser.h"

namespace segue {
namespace {

constexpr char32_t kIdeographicSpace = 0x3000;

// Calls fn(code point, its bytes, whether it can be shown) for each of a text.
template <typename Fn>
void VisitCharacters(std::string_view text, Fn&& fn) {
  const auto* const begin = reinterpret_cast<const uint8_t*>(text.data());
  for (size_t at = 0; at < text.size();) {
    char32_t cp = 0;
    const size_t bytes = DecodeUtf8(begin + at, begin + text.size(), &cp);
    const std::string_view piece = text.substr(at, bytes);
    const bool is_control = cp < 0x20 || (cp >= 0x7f && cp < 0xa0);
    fn(cp, piece, !is_control && IsValidUtf8(piece));
    at += bytes;
  }
}

void AppendNumbers(std::string_view bytes, std::string* out) {
  for (const char byte : bytes) CatTo(out, "\\x{", Hex(static_cast<uint8_t>(byte), 2), "}");
}

bool IsPlainText(std::string_view text) {
  bool is_plain = !text.empty() && text != "AND" && text != "OR" && text != "NOT";
  VisitCharacters(text, [&is_plain](char32_t cp, std::string_view, bool is_shown) {
    is_plain &= cp < 0x80 ? (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') ||
                                (cp >= '0' && cp <= '9') || cp == '_' || cp == '.'
                          : is_shown && cp != kIdeographicSpace;
  });
  return is_plain;
}

}  // namespace

std::string QuotedText(std::string_view text) {
  std::string out = "\"";
  VisitCharacters(text, [&out](char32_t cp, std::string_view bytes, bool is_shown) {
    if (!is_shown) return AppendNumbers(bytes, &out);
    if (cp == '"' || cp == '\\') out += '\\';
    out += bytes;
  });
  return out + '"';
}

std::string PlainOrQuoted(std::string_view text) {
  return IsPlainText(text) ? std::string(text) : QuotedText(text);
}

std::string WrittenWord(std::string_view text) {
  return IsPlainText(text) ? std::string(text) : Cat("text(", QuotedText(text), ")");
}

std::string EscapedWord(std::string_view text) {
  std::string out;
  VisitCharacters(EscapeQueryText(text),
                  [&out](char32_t cp, std::string_view bytes, bool is_shown) {
                    if (!is_shown || cp == kIdeographicSpace) return AppendNumbers(bytes, &out);
                    if (cp == ' ' || cp == ',') out += '\\';  // a comma ends words in NEAR(…)
                    out += bytes;
                  });
  return out;
}

// With its own backslashes, and those that keep it together. What is written by its number needs
// none.
std::string WrittenRegexp(std::string_view pattern) {
  std::string out = "/";
  bool is_escaped = false;
  VisitCharacters(pattern, [&](char32_t cp, std::string_view bytes, bool is_shown) {
    if (!is_shown) {
      if (is_escaped) out.pop_back();
      AppendNumbers(bytes, &out);
    } else {
      if (!is_escaped && (cp == '/' || cp == ' ' || cp == kIdeographicSpace)) out += '\\';
      out += bytes;
    }
    is_escaped = !is_escaped && cp == '\\';
  });
  return out + '/';
}

std::string WrittenField(std::string_view field) {
  std::string without(field);
  std::erase(without, '*');
  return IsPlainText(without) ? std::string(field) : EscapedWord(field);
}

std::string WrittenNumber(float number) {
  char digits[64];  // the least one above 0 has 47
  const auto [end, error] =
      std::to_chars(digits, digits + sizeof(digits), number, std::chars_format::fixed);
  return error == std::errc() ? std::string(digits, end) : Cat(number);
}

std::string WrittenNumber(double number) {
  char digits[400];  // the least one above 0 has 326
  const auto [end, error] =
      std::to_chars(digits, digits + sizeof(digits), number, std::chars_format::fixed);
  return error == std::errc() ? std::string(digits, end) : Cat(number);
}

}  // namespace segue
