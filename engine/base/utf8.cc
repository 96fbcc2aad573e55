// SPDX-License-Identifier: Apache-2.0
//
// The lead byte fixes the length and the range of the second byte; that range
// excludes overlong forms, surrogates and values above U+10FFFF, so a sequence
// is well formed as soon as its bytes lie in their ranges.
#include "engine/base/utf8.h"

#include <algorithm>
#include <cstring>

namespace segue {
namespace {

// 0 if `lead` cannot start a multibyte sequence.
struct LeadRule {
  uint8_t length;
  uint8_t second_min;
  uint8_t second_max;
};

LeadRule RuleOf(uint8_t lead) {
  if (lead < 0xc2) return {0, 0, 0};
  if (lead < 0xe0) return {2, 0x80, 0xbf};
  if (lead == 0xe0) return {3, 0xa0, 0xbf};
  if (lead == 0xed) return {3, 0x80, 0x9f};
  if (lead < 0xf0) return {3, 0x80, 0xbf};
  if (lead == 0xf0) return {4, 0x90, 0xbf};
  if (lead < 0xf4) return {4, 0x80, 0xbf};
  if (lead == 0xf4) return {4, 0x80, 0x8f};
  return {0, 0, 0};
}

// Length of the sequence at `p`, or 0 with *bad_bytes set to the length of the
// maximal subpart.
size_t SequenceLength(const uint8_t* p, const uint8_t* end, size_t* bad_bytes) {
  const LeadRule rule = RuleOf(*p);
  *bad_bytes = 1;
  if (rule.length == 0 || end - p < 2) return 0;
  if (p[1] < rule.second_min || p[1] > rule.second_max) return 0;
  for (size_t i = 2; i < rule.length; ++i) {
    if (p + i >= end || (p[i] & 0xc0) != 0x80) {
      *bad_bytes = i;
      return 0;
    }
  }
  return rule.length;
}

const uint8_t* SkipAscii(const uint8_t* p, const uint8_t* end) {
  while (end - p >= 8) {
    uint64_t word;
    std::memcpy(&word, p, 8);
    if ((word & 0x8080808080808080u) != 0) break;
    p += 8;
  }
  while (p < end && *p < 0x80) ++p;
  return p;
}

}  // namespace

namespace utf8_internal {

size_t DecodeMultibyte(const uint8_t* p, const uint8_t* end, char32_t* cp) {
  size_t bad_bytes = 0;
  switch (SequenceLength(p, end, &bad_bytes)) {
    case 2:
      *cp = static_cast<char32_t>((p[0] & 0x1f) << 6 | (p[1] & 0x3f));
      return 2;
    case 3:
      *cp = static_cast<char32_t>((p[0] & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f));
      return 3;
    case 4:
      *cp = static_cast<char32_t>((p[0] & 0x07) << 18 | (p[1] & 0x3f) << 12 | (p[2] & 0x3f) << 6 |
                                  (p[3] & 0x3f));
      return 4;
    default:
      *cp = kReplacementCharacter;
      return bad_bytes;
  }
}

}  // namespace utf8_internal

void AppendUtf8(char32_t cp, std::string* out) {
  if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff)) {
    cp = kReplacementCharacter;
  }
  if (cp < 0x80) {
    out->push_back(static_cast<char>(cp));
  } else if (cp < 0x800) {
    out->push_back(static_cast<char>(0xc0 | cp >> 6));
    out->push_back(static_cast<char>(0x80 | (cp & 0x3f)));
  } else if (cp < 0x10000) {
    out->push_back(static_cast<char>(0xe0 | cp >> 12));
    out->push_back(static_cast<char>(0x80 | (cp >> 6 & 0x3f)));
    out->push_back(static_cast<char>(0x80 | (cp & 0x3f)));
  } else {
    out->push_back(static_cast<char>(0xf0 | cp >> 18));
    out->push_back(static_cast<char>(0x80 | (cp >> 12 & 0x3f)));
    out->push_back(static_cast<char>(0x80 | (cp >> 6 & 0x3f)));
    out->push_back(static_cast<char>(0x80 | (cp & 0x3f)));
  }
}

bool IsValidUtf8(std::string_view bytes) {
  const uint8_t* p = reinterpret_cast<const uint8_t*>(bytes.data());
  const uint8_t* end = p + bytes.size();
  size_t bad_bytes = 0;
  while ((p = SkipAscii(p, end)) < end) {
    const size_t length = SequenceLength(p, end, &bad_bytes);
    if (length == 0) return false;
    p += length;
  }
  return true;
}

std::string ToValidUtf8(std::string_view bytes) {
  if (IsValidUtf8(bytes)) return std::string(bytes);
  std::string out;
  out.reserve(bytes.size() + 16);
  const uint8_t* p = reinterpret_cast<const uint8_t*>(bytes.data());
  const uint8_t* end = p + bytes.size();
  while (p < end) {
    char32_t cp;
    p += DecodeUtf8(p, end, &cp);
    AppendUtf8(cp, &out);
  }
  return out;
}

size_t CountCharacters(std::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<uint8_t>(c) & 0xc0) != 0x80; }));
}

}  // namespace segue
