// SPDX-License-Identifier: Apache-2.0
//
// Documents: named values, built in code or read from JSON.
//
//   segue::Document doc;
//   doc.Add("id", "42").Add("title", "Kind of Blue").Add("year", int64_t{1959});
#ifndef SEGUE_DOCUMENT_H_
#define SEGUE_DOCUMENT_H_

#include <compare>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "segue/export.h"
#include "segue/schema.h"

namespace segue {

// One token of a field that the host program analysed itself.
struct PreToken {
  std::string term;
  uint32_t position_increment = 1;  // 0: at the place of the token before
  uint32_t start_byte = 0;          // in the value that the token came from
  uint32_t end_byte = 0;

  friend bool operator==(const PreToken&, const PreToken&) = default;
};

// A place on the earth.
struct GeoPoint {
  double latitude = 0;   // degrees, from -90 in the south to 90
  double longitude = 0;  // degrees, from -180 in the west to 180

  // Whether it is one: within these bounds, no NaN.
  bool IsValid() const {
    return latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180;
  }
  friend bool operator==(const GeoPoint&, const GeoPoint&) = default;
  friend auto operator<=>(const GeoPoint&, const GeoPoint&) = default;
};

// Text, keyword and bytes: std::string. Timestamps: int64_t microseconds since 1970 UTC.
using Value = std::variant<std::string, int64_t, double, bool, GeoPoint>;

// Integers that a Value holds without loss, and bool.
template <typename T>
concept FieldInteger = std::signed_integral<T> || std::same_as<T, bool> ||
    (std::unsigned_integral<T> && sizeof(T) < sizeof(int64_t));

template <FieldInteger T>
Value ValueOfInteger(T value) {
  if constexpr (std::same_as<T, bool>) {
    return Value(value);
  } else {
    return Value(static_cast<int64_t>(value));
  }
}

struct FieldValue {
  std::string field;
  Value value = {};
  // Not empty: these are the tokens of the value, which is then not analysed.
  std::vector<PreToken> tokens = {};

  friend bool operator==(const FieldValue&, const FieldValue&) = default;
};

// A value: copy and move freely.
class SEGUE_EXPORT Document {
 public:
  Document& Add(std::string_view field, Value value);
  Document& Add(std::string_view field, std::string value) {
    return Add(field, Value(std::move(value)));
  }
  Document& Add(std::string_view field, const char* value) {
    return Add(field, Value(std::string(value)));
  }
  Document& Add(std::string_view field, std::string_view value) {
    return Add(field, Value(std::string(value)));
  }
  // So that a plain 0 is a number and no null pointer.
  template <FieldInteger T>
  Document& Add(std::string_view field, T value) {
    return Add(field, ValueOfInteger(value));
  }
  Document& AddTokens(std::string_view field, std::string value, std::vector<PreToken> tokens);

  // Reads one JSON object. Members are taken by the schema's types: timestamps from RFC 3339 text
  // or integers (microseconds), bytes from base64, points from {"lat":48.1,"lon":11.6} or
  // "48.1,11.6", integers for a keyword become decimal text,
  // arrays give several values, null gives none. Members that the schema does not know (neither
  // as a field nor in a `from`) are kept under their names: the writer ignores them.
  // Errors (kInvalidArgument): not a JSON object, or a value that its field cannot hold; the
  // message names the member.
  static absl::StatusOr<Document> FromJson(std::string_view json, const Schema& schema);

  // The values as one JSON object, in the schema's forms (inverse of FromJson).
  std::string ToJson(const Schema& schema) const;

  const std::vector<FieldValue>& values() const { return values_; }
  // The first value of a field, or nullptr.
  const Value* Find(std::string_view field) const;
  void Clear() { values_.clear(); }

  friend bool operator==(const Document&, const Document&) = default;

 private:
  std::vector<FieldValue> values_;
};

}  // namespace segue

#endif  // SEGUE_DOCUMENT_H_
