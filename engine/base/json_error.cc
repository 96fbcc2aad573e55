// SPDX-License-Identifier: Apache-2.0
//
// A validating scanner: one loop over values with a stack of open brackets. It
// alternates between two states, "a value must come" and "a value has ended";
// everything else is a helper that scans one scalar.
#include "engine/base/json_error.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"

namespace segue {
namespace {

// Of the number's first significant digit, given that it is far from zero; saturates.
int64_t DecimalExponent(std::string_view number) {
  const size_t e = std::min(number.find_first_of("eE"), number.size());
  int64_t exponent = 0;
  if (e < number.size()) {
    std::string_view digits = number.substr(e + 1);
    const bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) digits.remove_prefix(1);
    const std::errc error =
        std::from_chars(digits.data(), digits.data() + digits.size(), exponent).ec;
    if (error != std::errc{} || exponent > INT64_MAX / 2) exponent = INT64_MAX / 2;
    if (negative) exponent = -exponent;
  }
  const std::string_view mantissa = number.substr(0, e);
  const size_t point = std::min(mantissa.find('.'), mantissa.size());
  const size_t first = std::min(mantissa.find_first_of("123456789"), mantissa.size());
  return exponent + static_cast<int64_t>(point) - static_cast<int64_t>(first);
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  JsonFault Run() {
    bool ok = true;
    while (ok && !finished_) ok = value_next_ ? ScanValue() : ScanAfterValue();
    return fault_;
  }

 private:
  bool Fail(std::string what) { return FailAt(next_, std::move(what)); }
  bool FailAt(size_t offset, std::string what) {
    fault_ = JsonFault{true, false, offset, std::move(what)};
    return false;
  }
  // '\0' stands for the end; a real NUL is no legal character anywhere it is
  // looked at.
  char Peek() const { return next_ < text_.size() ? text_[next_] : '\0'; }
  void SkipSpace() {
    while (next_ < text_.size() &&
           (Peek() == ' ' || Peek() == '\t' || Peek() == '\n' || Peek() == '\r')) {
      ++next_;
    }
  }
  std::string Found() const {
    if (next_ >= text_.size()) return "the end of the text";
    return Quoted(text_.substr(next_, 1));
  }

  bool ScanValue() {
    SkipSpace();
    const char c = Peek();
    if (c == '{' || c == '[') return OpenBracket(c);
    if (c == '"') {
      value_next_ = false;
      return ScanString();
    }
    value_next_ = false;
    if (c == '-' || (c >= '0' && c <= '9')) return ScanNumber();
    for (std::string_view word : {"true", "false", "null"}) {
      if (c != word[0]) continue;
      if (text_.substr(next_, word.size()) != word) {
        return Fail(Cat("expected ", word));
      }
      next_ += word.size();
      return true;
    }
    return Fail(Cat("expected a value, found ", Found()));
  }

  bool OpenBracket(char c) {
    if (open_.size() == kMaxJsonDepth) {
      Fail(Cat("nested deeper than ", kMaxJsonDepth));
      fault_.too_deep = true;
      return false;
    }
    ++next_;
    open_ += c;
    SkipSpace();
    if (Peek() == (c == '{' ? '}' : ']')) {
      ++next_;
      open_.pop_back();
      value_next_ = false;
      return true;
    }
    return c == '[' || ScanKey();
  }

  bool ScanKey() {
    SkipSpace();
    if (Peek() != '"') {
      return Fail(Cat("expected a member name in quotes, found ", Found()));
    }
    if (!ScanString()) return false;
    SkipSpace();
    if (Peek() != ':') {
      return Fail(Cat("expected ':' after a member name, found ", Found()));
    }
    ++next_;
    value_next_ = true;
    return true;
  }

  bool ScanAfterValue() {
    SkipSpace();
    if (open_.empty()) {
      finished_ = true;
      if (next_ == text_.size()) return true;
      return Fail(Cat("expected the end of the text, found ", Found()));
    }
    const bool in_object = open_.back() == '{';
    if (Peek() == (in_object ? '}' : ']')) {
      ++next_;
      open_.pop_back();
      return true;
    }
    if (Peek() != ',') {
      return Fail(Cat("expected ',' or '", in_object ? '}' : ']', "' in an ",
                      in_object ? "object" : "array", ", found ", Found()));
    }
    ++next_;
    value_next_ = true;
    return !in_object || ScanKey();
  }

  bool ScanString() {
    const size_t start = next_++;
    for (;;) {
      if (next_ >= text_.size()) return FailAt(start, "string has no end");
      const unsigned char c = static_cast<unsigned char>(text_[next_]);
      if (c == '"') {
        ++next_;
        return true;
      }
      if (c < 0x20) return Fail("control character in a string, escape it");
      if (c == '\\') {
        if (!ScanEscape()) return false;
      } else if (c < 0x80) {
        ++next_;
      } else if (!ScanMultibyte()) {
        return false;
      }
    }
  }

  bool ScanMultibyte() {
    const uint8_t* begin = reinterpret_cast<const uint8_t*>(text_.data());
    char32_t cp;
    const size_t bytes = DecodeUtf8(begin + next_, begin + text_.size(), &cp);
    if (!IsValidUtf8(text_.substr(next_, bytes))) return Fail("invalid UTF-8");
    next_ += bytes;
    return true;
  }

  bool ScanEscape() {
    const size_t start = next_++;
    const char c = Peek();
    if (c != 'u') {
      if (std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos) {
        return FailAt(start, "unknown escape in a string");
      }
      ++next_;
      return true;
    }
    uint32_t unit = 0;
    if (!ScanHex4(&unit)) return FailAt(start, "\\u wants four hex digits");
    if (unit >= 0xdc00 && unit <= 0xdfff) {
      return FailAt(start, "low surrogate without a high one");
    }
    if (unit < 0xd800 || unit > 0xdbff) return true;
    uint32_t low = 0;
    if (Peek() != '\\' || (++next_, Peek() != 'u') || !ScanHex4(&low) || low < 0xdc00 ||
        low > 0xdfff) {
      return FailAt(start, "high surrogate without a low one");
    }
    return true;
  }

  // At the 'u'; passes the digits.
  bool ScanHex4(uint32_t* unit) {
    ++next_;
    if (text_.size() - next_ < 4) return false;
    const char* digits = text_.data() + next_;
    const auto result = std::from_chars(digits, digits + 4, *unit, 16);
    next_ += 4;
    return result.ptr == digits + 4;
  }

  size_t SkipDigits() {
    const size_t start = next_;
    while (Peek() >= '0' && Peek() <= '9') ++next_;
    return next_ - start;
  }

  bool ScanNumber() {
    const size_t start = next_;
    const bool negative = Peek() == '-';
    if (negative) ++next_;
    const size_t first_digit = next_;
    const size_t digits = SkipDigits();
    if (digits == 0) return Fail("expected a digit");
    if (digits > 1 && text_[first_digit] == '0') {
      return FailAt(start, "number with a leading zero");
    }
    bool integer = true;
    if (Peek() == '.') {
      ++next_;
      integer = false;
      if (SkipDigits() == 0) return Fail("expected a digit after '.'");
    }
    if (Peek() == 'e' || Peek() == 'E') {
      ++next_;
      integer = false;
      if (Peek() == '+' || Peek() == '-') ++next_;
      if (SkipDigits() == 0) return Fail("expected a digit in the exponent");
    }
    return CheckRange(start, negative, integer);
  }

  bool CheckRange(size_t start, bool negative, bool integer) {
    const char* begin = text_.data() + start;
    const char* end = text_.data() + next_;
    std::errc error{};
    if (!integer) {
      double value = 0;
      const auto result = std::from_chars(begin, end, value);
      // Underflow is rounded to zero by every parser; only overflow is an error.
      if (result.ec == std::errc::result_out_of_range &&
          DecimalExponent(std::string_view(begin, static_cast<size_t>(end - begin))) > 0) {
        error = result.ec;
      }
    } else if (negative) {
      int64_t value = 0;
      error = std::from_chars(begin, end, value).ec;
    } else {
      uint64_t value = 0;
      error = std::from_chars(begin, end, value).ec;
    }
    if (error == std::errc{}) return true;
    return FailAt(start, integer ? "integer does not fit 64 bits" : "number out of range");
  }

  std::string_view text_;
  size_t next_ = 0;
  std::string open_;  // the brackets that are open, outermost first
  bool value_next_ = true;
  bool finished_ = false;
  JsonFault fault_;
};

}  // namespace

JsonFault FindJsonFault(std::string_view text) { return Scanner(text).Run(); }

}  // namespace segue
