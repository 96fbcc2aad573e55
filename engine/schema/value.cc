// SPDX-License-Identifier: Apache-2.0
//
// JSON and text both come down to ConvertValue; only what the forms themselves
// say differently (base64, digits) is read before.
#include "engine/schema/value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/schema/base64.h"
#include "engine/schema/json_object.h"
#include "engine/schema/timestamp.h"

namespace segue {

namespace {

std::string_view Wanted(FieldType type) {
  switch (type) {
    case FieldType::kText:
    case FieldType::kKeyword:
      return "text, a number or a truth value";
    case FieldType::kInt64:
      return "a 64-bit integer";
    case FieldType::kFloat64:
      return "a number";
    case FieldType::kBool:
      return "true or false";
    case FieldType::kTimestamp:
      return "an RFC 3339 time or integer microseconds since 1970";
    case FieldType::kBytes:
      return "base64 text";
    case FieldType::kGeoPoint:
      return "a latitude from -90 to 90 and a longitude from -180 to 180, as "
             "{\"lat\":48.1,\"lon\":11.6} or \"48.1,11.6\"";
  }
  return "a value";
}

absl::Status CannotHold(FieldType type, std::string_view found) {
  return Error(ErrorCode::kInvalidArgument, Cat("a field of type ", FieldTypeName(type), " takes ",
                                                Wanted(type), ", found ", found));
}

std::string Describe(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    return Quoted(*text);
  }
  return TextOfValue(value);
}

absl::StatusOr<Value> Integer(const Value& value, FieldType type) {
  if (std::holds_alternative<int64_t>(value)) return value;
  if (const auto* number = std::get_if<double>(&value)) {
    // 2^63 itself does not fit, the double just below does.
    if (*number == std::floor(*number) && *number >= -0x1p63 && *number < 0x1p63) {
      return Value(static_cast<int64_t>(*number));
    }
  }
  return CannotHold(type, Describe(value));
}

// The whole of `text` as a number, nothing around it.
template <typename Number>
bool ParseNumber(std::string_view text, Number* number) {
  const char* end = text.data() + text.size();
  auto [parsed, error] = std::from_chars(text.data(), end, *number);
  return error == std::errc() && parsed == end;
}

struct Text {
  std::string operator()(const GeoPoint& point) const {
    return Cat(point.latitude, ",", point.longitude);
  }
  template <typename Held>
  std::string operator()(const Held& held) const {
    return Cat(held);
  }
};

// LATITUDE,LONGITUDE, maybe with spaces behind the comma.
bool ParsePoint(std::string_view text, GeoPoint* point) {
  const size_t comma = text.find(',');
  if (comma == text.npos || !ParseNumber(text.substr(0, comma), &point->latitude)) return false;
  text.remove_prefix(std::min(text.find_first_not_of(' ', comma + 1), text.size()));
  return ParseNumber(text, &point->longitude) && point->IsValid();
}

absl::StatusOr<Value> PointOfJson(const JsonValue& json) {
  constexpr std::string_view kWhere = "a point";
  SEGUE_RETURN_IF_ERROR(CheckObject(json, kWhere, {"lat", "lon"}));
  GeoPoint point;
  const std::pair<std::string_view, double*> parts[] = {{"lat", &point.latitude},
                                                        {"lon", &point.longitude}};
  for (const auto& [name, degrees] : parts) {
    if (json.Find(name) == nullptr) {
      return Error(ErrorCode::kInvalidArgument, Cat(kWhere, " needs a \"", name, "\""));
    }
    SEGUE_RETURN_IF_ERROR(ReadDouble(json, kWhere, name, degrees));
  }
  return ConvertValue(Value(point), FieldType::kGeoPoint);
}

}  // namespace

absl::StatusOr<Value> ConvertValue(const Value& value, FieldType type) {
  const auto* text = std::get_if<std::string>(&value);
  switch (type) {
    case FieldType::kText:
    case FieldType::kKeyword:
      return text != nullptr ? value : Value(TextOfValue(value));
    case FieldType::kInt64:
      return Integer(value, type);
    case FieldType::kFloat64:
      if (const auto* integer = std::get_if<int64_t>(&value)) {
        return Value(static_cast<double>(*integer));
      }
      if (std::holds_alternative<double>(value)) return value;
      break;
    case FieldType::kBool:
      if (std::holds_alternative<bool>(value)) return value;
      break;
    case FieldType::kTimestamp: {
      if (text == nullptr) return Integer(value, type);
      SEGUE_ASSIGN_OR_RETURN(int64_t micros, ParseTimestamp(*text));
      return Value(micros);
    }
    case FieldType::kBytes:
      if (text != nullptr) return value;
      break;
    case FieldType::kGeoPoint: {
      GeoPoint read;
      if (text != nullptr && ParsePoint(*text, &read)) return Value(read);
      const auto* point = std::get_if<GeoPoint>(&value);
      if (point != nullptr && point->IsValid()) return value;
      break;
    }
  }
  return CannotHold(type, Describe(value));
}

Value NaturalValue(const JsonValue& json) {
  switch (json.kind()) {
    case JsonValue::Kind::kBool:
      return json.bool_value();
    case JsonValue::Kind::kInt64:
      return json.int64_value();
    case JsonValue::Kind::kDouble:
    case JsonValue::Kind::kUint64:
      return json.AsDouble();
    case JsonValue::Kind::kString:
      return std::string(json.string_value());
    default:
      return ToJson(json);
  }
}

absl::StatusOr<Value> ValueOfJson(const JsonValue& json, FieldType type) {
  bool is_text = type == FieldType::kText || type == FieldType::kKeyword;
  if (json.is_uint64()) {
    // Above the range of int64: exact as text, the nearest double as a number.
    if (is_text) return Value(Cat(json.uint64_value()));
    if (type == FieldType::kFloat64) return Value(json.AsDouble());
    return CannotHold(type, Cat(json.uint64_value()));
  }
  if (type == FieldType::kGeoPoint && json.is_object()) return PointOfJson(json);
  if (json.is_null() || json.is_array() || json.is_object()) {
    return CannotHold(type, json.kind_name());
  }
  if (type == FieldType::kBytes && json.is_string()) {
    SEGUE_ASSIGN_OR_RETURN(std::string bytes, DecodeBase64(json.string_value()));
    return Value(std::move(bytes));
  }
  return ConvertValue(NaturalValue(json), type);
}

absl::StatusOr<Value> ValueOfText(std::string_view text, FieldType type) {
  switch (type) {
    case FieldType::kInt64: {
      int64_t number = 0;
      if (ParseNumber(text, &number)) return Value(number);
      break;
    }
    case FieldType::kFloat64: {
      double number = 0;
      if (ParseNumber(text, &number) && std::isfinite(number)) {
        return Value(number);
      }
      break;
    }
    case FieldType::kBool:
      if (text == "true") return Value(true);
      if (text == "false") return Value(false);
      break;
    case FieldType::kTimestamp: {
      int64_t micros = 0;
      if (ParseNumber(text, &micros)) return Value(micros);
      return ConvertValue(Value(std::string(text)), type);
    }
    case FieldType::kBytes: {
      SEGUE_ASSIGN_OR_RETURN(std::string bytes, DecodeBase64(text));
      return Value(std::move(bytes));
    }
    case FieldType::kText:
    case FieldType::kKeyword:
      return Value(std::string(text));
    case FieldType::kGeoPoint:
      return ConvertValue(Value(std::string(text)), type);
  }
  return CannotHold(type, Quoted(text));
}

std::string TextOfValue(const Value& value) { return std::visit(Text(), value); }

void WriteNaturalValue(const Value& value, JsonWriter* json) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    json->String(*text);
  } else if (const auto* integer = std::get_if<int64_t>(&value)) {
    json->Int(*integer);
  } else if (const auto* number = std::get_if<double>(&value)) {
    json->Double(*number);
  } else if (const auto* point = std::get_if<GeoPoint>(&value)) {
    json->BeginObject();
    json->Key("lat").Double(point->latitude).Key("lon").Double(point->longitude);
    json->EndObject();
  } else {
    json->Bool(std::get<bool>(value));
  }
}

void WriteValue(const Value& value, FieldType type, JsonWriter* json) {
  const auto* text = std::get_if<std::string>(&value);
  const auto* integer = std::get_if<int64_t>(&value);
  if (type == FieldType::kBytes && text != nullptr) {
    json->String(EncodeBase64(*text));
  } else if (type == FieldType::kTimestamp && integer != nullptr) {
    std::string formatted = FormatTimestamp(*integer);
    // Years that RFC 3339 cannot write stay numbers.
    if (formatted.back() == 'Z') {
      json->String(formatted);
    } else {
      json->Int(*integer);
    }
  } else {
    WriteNaturalValue(value, json);
  }
}

}  // namespace segue
