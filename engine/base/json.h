// SPDX-License-Identifier: Apache-2.0
//
// JSON in and out.
//
// JsonValue is an immutable tree; a copy shares it. Integers keep their exact value (int64, or
// uint64 above its range) apart from doubles; object members keep their order.
// JsonWriter appends JSON text; what it writes, ParseJson reads back to the same
// values.
#ifndef SEGUE_BASE_JSON_H_
#define SEGUE_BASE_JSON_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "segue/status.h"

namespace segue {

struct JsonMember;

class JsonValue {
 public:
  enum class Kind { kNull, kBool, kInt64, kUint64, kDouble, kString, kArray, kObject };

  JsonValue() = default;  // null
  explicit JsonValue(bool value) : value_(value) {}
  explicit JsonValue(int64_t value) : value_(value) {}
  // Becomes an int64 where it fits, so that equal numbers compare equal.
  explicit JsonValue(uint64_t value);
  explicit JsonValue(double value) : value_(value) {}
  explicit JsonValue(std::string value) : value_(std::move(value)) {}
  explicit JsonValue(std::vector<JsonValue> elements);
  explicit JsonValue(std::vector<JsonMember> members);

  Kind kind() const { return static_cast<Kind>(value_.index()); }
  bool is_null() const { return kind() == Kind::kNull; }
  bool is_bool() const { return kind() == Kind::kBool; }
  bool is_int64() const { return kind() == Kind::kInt64; }
  bool is_uint64() const { return kind() == Kind::kUint64; }
  bool is_double() const { return kind() == Kind::kDouble; }
  bool is_number() const { return is_int64() || is_uint64() || is_double(); }
  bool is_string() const { return kind() == Kind::kString; }
  bool is_array() const { return kind() == Kind::kArray; }
  bool is_object() const { return kind() == Kind::kObject; }

  // REQUIRES: the kind of the same name.
  bool bool_value() const { return std::get<bool>(value_); }
  int64_t int64_value() const { return std::get<int64_t>(value_); }
  uint64_t uint64_value() const { return std::get<uint64_t>(value_); }
  double double_value() const { return std::get<double>(value_); }
  std::string_view string_value() const { return std::get<std::string>(value_); }
  // Any number as the nearest double. REQUIRES: is_number().
  double AsDouble() const;

  // Elements of an array; empty for every other kind.
  std::span<const JsonValue> elements() const;
  // Members of an object in their order, repeated names included; empty for
  // every other kind.
  std::span<const JsonMember> members() const;
  // The first member of that name, or nullptr; nullptr for other kinds. Linear.
  const JsonValue* Find(std::string_view name) const;

  // "a string", "an object", … for messages.
  static std::string_view NameOf(Kind kind);
  std::string_view kind_name() const { return NameOf(kind()); }

  // Deep equality; 1 and 1.0 differ, the order of members matters.
  friend bool operator==(const JsonValue& a, const JsonValue& b);

 private:
  // In the order of Kind.
  std::variant<std::monostate, bool, int64_t, uint64_t, double, std::string,
               std::shared_ptr<const std::vector<JsonValue>>,
               std::shared_ptr<const std::vector<JsonMember>>>
      value_;
};

struct JsonMember {
  std::string name;
  JsonValue value;

  friend bool operator==(const JsonMember& a, const JsonMember& b) = default;
};

// Parses one JSON text, whitespace around it allowed. Fails with
// kInvalidArgument, naming the byte offset and what was found there; depth over
// kMaxJsonDepth or text over kMaxJsonBytes is kResourceExhausted.
absl::StatusOr<JsonValue> ParseJson(std::string_view text);

// The same, keeping its buffers between texts. One thread at a time.
class JsonParser {
 public:
  JsonParser();
  ~JsonParser();
  JsonParser(JsonParser&&) noexcept;
  JsonParser& operator=(JsonParser&&) noexcept;

  absl::StatusOr<JsonValue> Parse(std::string_view text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Appends a JSON text piece by piece:
//   JsonWriter json;
//   json.BeginObject();
//   json.Key("total"); json.Int(3);
//   json.EndObject();
//   out << json.Take();
class JsonWriter {
 public:
  // 0: all on one line. Otherwise members and elements go on their own lines,
  // indented by so many spaces a level.
  explicit JsonWriter(int indent_spaces = 0) : indent_spaces_(indent_spaces) {}

  JsonWriter& BeginObject() { return Open('{'); }
  JsonWriter& EndObject() { return CloseWith('}'); }
  JsonWriter& BeginArray() { return Open('['); }
  JsonWriter& EndArray() { return CloseWith(']'); }
  JsonWriter& Key(std::string_view name);

  // Malformed UTF-8 becomes U+FFFD, so that the result is always valid JSON.
  JsonWriter& String(std::string_view value);
  JsonWriter& Int(int64_t value);
  JsonWriter& Uint(uint64_t value);
  // The fewest digits that read back to the same value, always with a '.' or an
  // exponent. JSON has no infinity and no NaN: both become null.
  JsonWriter& Double(double value);
  JsonWriter& Float(float value);
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  JsonWriter& Value(const JsonValue& value);
  // A JSON text that the caller vouches for.
  JsonWriter& Raw(std::string_view json);

  std::string_view view() const { return out_; }
  // The text; the writer is as new afterwards.
  std::string Take();

 private:
  JsonWriter& Open(char bracket);
  JsonWriter& CloseWith(char bracket);
  void BeforeValue();
  void NewLine();

  int indent_spaces_;
  int depth_ = 0;
  bool needs_comma_ = false;
  bool after_key_ = false;
  std::string out_;
};

// `value` as one line of JSON.
std::string ToJson(const JsonValue& value);

}  // namespace segue

#endif  // SEGUE_BASE_JSON_H_
