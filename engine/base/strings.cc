// SPDX-License-Identifier: Apache-2.0
#include "engine/base/strings.h"

#include <charconv>

namespace segue {
namespace strings_internal {
namespace {

template <typename T>
void AppendNumber(std::string* out, T value) {
  char digits[40];  // the longest shortest-form double has 24
  *out += std::string_view(
      digits,
      static_cast<size_t>(std::to_chars(digits, digits + sizeof(digits), value).ptr - digits));
}

}  // namespace

void AppendInt(std::string* out, int64_t value) { AppendNumber(out, value); }
void AppendUint(std::string* out, uint64_t value) { AppendNumber(out, value); }
void AppendDouble(std::string* out, double value) { AppendNumber(out, value); }
void AppendFloat(std::string* out, float value) { AppendNumber(out, value); }

}  // namespace strings_internal

std::string Hex(uint64_t value, int width) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string reversed;
  while (value != 0 || width > 0) {
    reversed += kDigits[value & 15];
    value >>= 4;
    --width;
  }
  return std::string(reversed.rbegin(), reversed.rend());
}

std::string Quoted(std::string_view bytes, size_t max_bytes) {
  std::string out = "\"";
  for (size_t i = 0; i < bytes.size() && i < max_bytes; ++i) {
    const unsigned char byte = static_cast<unsigned char>(bytes[i]);
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += static_cast<char>(byte);
    } else if (byte < 0x20 || byte >= 0x7f) {
      out += "\\x" + Hex(byte, 2);
    } else {
      out += static_cast<char>(byte);
    }
  }
  out += bytes.size() > max_bytes ? "\"…" : "\"";
  return out;
}

}  // namespace segue
