// SPDX-License-Identifier: Apache-2.0
//
// Three bytes are four characters of six bits each; a last group of one or two
// bytes is filled up with '='.
#include "engine/schema/base64.h"

#include <array>
#include <cstdint>

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {

namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr int8_t kNoDigit = -1;

constexpr std::array<int8_t, 256> MakeDigits() {
  std::array<int8_t, 256> digits{};
  for (int8_t& digit : digits) digit = kNoDigit;
  for (size_t i = 0; i < kAlphabet.size(); ++i) {
    digits[static_cast<uint8_t>(kAlphabet[i])] = static_cast<int8_t>(i);
  }
  return digits;
}

constexpr std::array<int8_t, 256> kDigits = MakeDigits();

absl::Status BadBase64(size_t offset, std::string_view what) {
  return Error(ErrorCode::kInvalidArgument, Cat("not base64: ", what, " at byte ", offset));
}

}  // namespace

std::string EncodeBase64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j) {
      group <<= 8;
      if (i + j < bytes.size()) group |= static_cast<uint8_t>(bytes[i + j]);
    }
    size_t digits = std::min<size_t>(bytes.size() - i, 3) + 1;
    for (size_t j = 0; j < 4; ++j) {
      out += j < digits ? kAlphabet[(group >> (18 - 6 * j)) & 63] : '=';
    }
  }
  return out;
}

absl::StatusOr<std::string> DecodeBase64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return BadBase64(text.size(), "the length is no multiple of 4: end");
  }
  size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') {
    ++padding;
  }
  std::string out;
  out.reserve(text.size() / 4 * 3);
  const size_t digits = text.size() - padding;
  uint32_t group = 0;
  for (size_t i = 0; i < digits; ++i) {
    int8_t digit = kDigits[static_cast<uint8_t>(text[i])];
    if (digit == kNoDigit) {
      return BadBase64(i, Cat("found ", Quoted(text.substr(i, 1))));
    }
    group = (group << 6 | static_cast<uint32_t>(digit)) & 0xffffff;
    // Each digit but the first of a group completes a byte.
    if (i % 4 != 0) {
      out += static_cast<char>(group >> (4 - 2 * (i % 4 - 1)) & 0xff);
    }
  }
  uint32_t unused = padding == 0 ? 0 : group & (padding == 1 ? 3 : 15);
  if (unused != 0) return BadBase64(digits - 1, "bits left over");
  return out;
}

}  // namespace segue
