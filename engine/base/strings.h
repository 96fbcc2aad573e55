// SPDX-License-Identifier: Apache-2.0
//
// The few string helpers that std lacks. (absl::StrCat of older Abseil refuses
// std::string_view.)
#ifndef SEGUE_BASE_STRINGS_H_
#define SEGUE_BASE_STRINGS_H_

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace segue {

namespace strings_internal {

void AppendInt(std::string* out, int64_t value);
void AppendUint(std::string* out, uint64_t value);
void AppendDouble(std::string* out, double value);
void AppendFloat(std::string* out, float value);

inline void Append(std::string* out, std::string_view text) { *out += text; }
inline void Append(std::string* out, const char* text) { *out += text; }
inline void Append(std::string* out, const std::string& text) { *out += text; }
inline void Append(std::string* out, char character) { *out += character; }
inline void Append(std::string* out, bool value) { *out += value ? "true" : "false"; }
inline void Append(std::string* out, double value) { AppendDouble(out, value); }
inline void Append(std::string* out, float value) { AppendFloat(out, value); }
template <std::signed_integral T>
requires(!std::same_as<T, char>) void Append(std::string* out, T value) { AppendInt(out, value); }
template <std::unsigned_integral T>
requires(!std::same_as<T, bool>) void Append(std::string* out, T value) { AppendUint(out, value); }

}  // namespace strings_internal

// Joins its arguments: views, strings, characters, integers of any width (in
// decimal; uint8_t is a number, char a character), bool as true/false, floating
// point in the fewest digits that read back to the same value.
template <typename... Args>
std::string Cat(const Args&... args) {
  std::string out;
  (strings_internal::Append(&out, args), ...);
  return out;
}

// Appends like Cat.
template <typename... Args>
void CatTo(std::string* out, const Args&... args) {
  (strings_internal::Append(out, args), ...);
}

// Lower-case hexadecimal without prefix, at least `width` digits.
std::string Hex(uint64_t value, int width = 1);

// Printable form of any bytes for messages: ASCII as it is, the rest as \xhh, cut
// after `max_bytes` bytes with "…".
std::string Quoted(std::string_view bytes, size_t max_bytes = 64);

}  // namespace segue

#endif  // SEGUE_BASE_STRINGS_H_
