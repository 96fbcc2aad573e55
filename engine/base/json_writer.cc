// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "engine/base/check.h"
#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"

namespace segue {
namespace {

void AppendEscaped(std::string_view text, std::string* out) {
  size_t plain_begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out->append(text.substr(plain_begin, i - plain_begin));
    plain_begin = i + 1;
    switch (c) {
      case '"':
        *out += "\\\"";
        break;
      case '\\':
        *out += "\\\\";
        break;
      case '\n':
        *out += "\\n";
        break;
      case '\r':
        *out += "\\r";
        break;
      case '\t':
        *out += "\\t";
        break;
      default:
        *out += "\\u";
        *out += Hex(c, 4);
    }
  }
  out->append(text.substr(plain_begin));
}

void AppendQuoted(std::string_view text, std::string* out) {
  *out += '"';
  if (IsValidUtf8(text)) {
    AppendEscaped(text, out);
  } else {
    AppendEscaped(ToValidUtf8(text), out);
  }
  *out += '"';
}

template <typename T>
void AppendReal(T value, std::string* out) {
  if (!std::isfinite(value)) {
    *out += "null";
    return;
  }
  const std::string digits = Cat(value);
  *out += digits;
  // "3" would read back as an integer.
  if (digits.find_first_of(".e") == std::string::npos) *out += ".0";
}

}  // namespace

void JsonWriter::NewLine() {
  if (indent_spaces_ == 0) return;
  out_ += '\n';
  out_.append(static_cast<size_t>(indent_spaces_) * static_cast<size_t>(depth_), ' ');
}

void JsonWriter::BeforeValue() {
  if (after_key_) {
    after_key_ = false;
    needs_comma_ = true;
    return;
  }
  if (needs_comma_) out_ += ',';
  if (depth_ > 0) NewLine();
  needs_comma_ = true;
}

JsonWriter& JsonWriter::Open(char bracket) {
  BeforeValue();
  out_ += bracket;
  ++depth_;
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::CloseWith(char bracket) {
  SEGUE_DCHECK(depth_ > 0 && !after_key_);
  --depth_;
  if (needs_comma_) NewLine();
  out_ += bracket;
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view name) {
  SEGUE_DCHECK(!after_key_);
  BeforeValue();
  AppendQuoted(name, &out_);
  out_ += indent_spaces_ == 0 ? ":" : ": ";
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view value) {
  BeforeValue();
  AppendQuoted(value, &out_);
  return *this;
}

JsonWriter& JsonWriter::Int(int64_t value) {
  BeforeValue();
  CatTo(&out_, value);
  return *this;
}

JsonWriter& JsonWriter::Uint(uint64_t value) {
  BeforeValue();
  CatTo(&out_, value);
  return *this;
}

JsonWriter& JsonWriter::Double(double value) {
  BeforeValue();
  AppendReal(value, &out_);
  return *this;
}

JsonWriter& JsonWriter::Float(float value) {
  BeforeValue();
  AppendReal(value, &out_);
  return *this;
}

JsonWriter& JsonWriter::Bool(bool value) {
  BeforeValue();
  CatTo(&out_, value);
  return *this;
}

JsonWriter& JsonWriter::Null() {
  BeforeValue();
  out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::Raw(std::string_view json) {
  BeforeValue();
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::Value(const JsonValue& value) {
  switch (value.kind()) {
    case JsonValue::Kind::kNull:
      return Null();
    case JsonValue::Kind::kBool:
      return Bool(value.bool_value());
    case JsonValue::Kind::kInt64:
      return Int(value.int64_value());
    case JsonValue::Kind::kUint64:
      return Uint(value.uint64_value());
    case JsonValue::Kind::kDouble:
      return Double(value.double_value());
    case JsonValue::Kind::kString:
      return String(value.string_value());
    case JsonValue::Kind::kArray:
      BeginArray();
      for (const JsonValue& element : value.elements()) Value(element);
      return EndArray();
    case JsonValue::Kind::kObject:
      BeginObject();
      for (const JsonMember& member : value.members()) {
        Key(member.name).Value(member.value);
      }
      return EndObject();
  }
  return *this;
}

std::string JsonWriter::Take() {
  depth_ = 0;
  needs_comma_ = after_key_ = false;
  return std::exchange(out_, std::string());
}

std::string ToJson(const JsonValue& value) {
  JsonWriter writer;
  writer.Value(value);
  return writer.Take();
}

}  // namespace segue
