// SPDX-License-Identifier: Apache-2.0
//
// Reading: simdjson's DOM parser does the work and its tape is copied into our
// tree, whose depth is bounded, so recursion is safe. When it refuses a text, a
// slow scanner (json_error.h) finds the place for the message.
#include "engine/base/json.h"

#include <algorithm>
#include <utility>

#include "engine/base/json_error.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "simdjson.h"

namespace segue {

static_assert(kMaxJsonDepth <= 160, "Convert recurses this deep");

JsonValue::JsonValue(uint64_t value) {
  if (value <= INT64_MAX) {
    value_ = static_cast<int64_t>(value);
  } else {
    value_ = value;
  }
}
JsonValue::JsonValue(std::vector<JsonValue> elements)
    : value_(std::make_shared<const std::vector<JsonValue>>(std::move(elements))) {}
JsonValue::JsonValue(std::vector<JsonMember> members)
    : value_(std::make_shared<const std::vector<JsonMember>>(std::move(members))) {}

double JsonValue::AsDouble() const {
  if (is_int64()) return static_cast<double>(int64_value());
  if (is_uint64()) return static_cast<double>(uint64_value());
  return double_value();
}

std::span<const JsonValue> JsonValue::elements() const {
  if (!is_array()) return {};
  return *std::get<6>(value_);
}

std::span<const JsonMember> JsonValue::members() const {
  if (!is_object()) return {};
  return *std::get<7>(value_);
}

const JsonValue* JsonValue::Find(std::string_view name) const {
  for (const JsonMember& member : members()) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

std::string_view JsonValue::NameOf(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return "a boolean";
    case Kind::kInt64:
    case Kind::kUint64:
      return "an integer";
    case Kind::kDouble:
      return "a number";
    case Kind::kString:
      return "a string";
    case Kind::kArray:
      return "an array";
    case Kind::kObject:
      return "an object";
  }
  return "nothing";
}

bool operator==(const JsonValue& a, const JsonValue& b) {
  if (a.is_array() && b.is_array()) {
    return std::ranges::equal(a.elements(), b.elements());
  }
  if (a.is_object() && b.is_object()) {
    return std::ranges::equal(a.members(), b.members());
  }
  return a.value_ == b.value_;
}

struct JsonParser::State {
  simdjson::dom::parser parser{kMaxJsonBytes};
};

JsonParser::JsonParser() : state_(std::make_unique<State>()) {}
JsonParser::~JsonParser() = default;
JsonParser::JsonParser(JsonParser&&) noexcept = default;
JsonParser& JsonParser::operator=(JsonParser&&) noexcept = default;

namespace {

// False if `depth` brackets are open already and another one comes.
bool Convert(simdjson::dom::element element, uint32_t depth, JsonValue* out) {
  using simdjson::dom::element_type;
  switch (element.type()) {
    case element_type::NULL_VALUE:
      *out = JsonValue();
      return true;
    case element_type::BOOL:
      *out = JsonValue(bool{element});
      return true;
    case element_type::INT64:
      *out = JsonValue(int64_t{element});
      return true;
    case element_type::UINT64:
      *out = JsonValue(uint64_t{element});
      return true;
    case element_type::DOUBLE:
      *out = JsonValue(double{element});
      return true;
    case element_type::STRING: {
      const std::string_view text = element;
      *out = JsonValue(std::string(text));
      return true;
    }
    case element_type::ARRAY: {
      if (depth == kMaxJsonDepth) return false;
      const simdjson::dom::array array(element);
      std::vector<JsonValue> elements;
      elements.reserve(array.size());
      for (simdjson::dom::element child : array) {
        if (!Convert(child, depth + 1, &elements.emplace_back())) return false;
      }
      *out = JsonValue(std::move(elements));
      return true;
    }
    case element_type::OBJECT: {
      if (depth == kMaxJsonDepth) return false;
      const simdjson::dom::object object(element);
      std::vector<JsonMember> members;
      members.reserve(object.size());
      for (const auto& field : object) {
        JsonMember& member = members.emplace_back();
        member.name = std::string(field.key);
        if (!Convert(field.value, depth + 1, &member.value)) return false;
      }
      *out = JsonValue(std::move(members));
      return true;
    }
  }
  return false;
}

absl::Status FaultOf(std::string_view text, std::string_view parser_message) {
  const JsonFault fault = FindJsonFault(text);
  if (!fault.found) {
    return Error(ErrorCode::kInvalidArgument, Cat("JSON: ", parser_message));
  }
  return Error(fault.too_deep ? ErrorCode::kResourceExhausted : ErrorCode::kInvalidArgument,
               Cat("JSON: ", fault.what, " at byte ", fault.offset));
}

}  // namespace

absl::StatusOr<JsonValue> JsonParser::Parse(std::string_view text) {
  if (text.size() > kMaxJsonBytes) {
    return Error(ErrorCode::kResourceExhausted,
                 Cat("JSON of ", text.size(), " bytes; the limit is ", kMaxJsonBytes));
  }
  simdjson::dom::element root;
  const char* const bytes = text.data() != nullptr ? text.data() : "";  // memcpy wants a pointer
  const simdjson::error_code error = state_->parser.parse(bytes, text.size(), true).get(root);
  if (error == simdjson::MEMALLOC) {
    return Error(ErrorCode::kResourceExhausted, "JSON: no memory to parse it");
  }
  JsonValue value;
  if (error != simdjson::SUCCESS || !Convert(root, 0, &value)) {
    return FaultOf(text, simdjson::error_message(error));
  }
  return value;
}

absl::StatusOr<JsonValue> ParseJson(std::string_view text) { return JsonParser().Parse(text); }

}  // namespace segue
