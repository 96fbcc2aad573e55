// SPDX-License-Identifier: Apache-2.0
//
// Objects here have a dozen members; linear look-ups are right for them.
#include "engine/schema/json_object.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "engine/base/nearest_name.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {

absl::Status WrongType(std::string_view where, std::string_view name, std::string_view wanted,
                       const JsonValue& found) {
  return Error(ErrorCode::kInvalidArgument,
               Cat(where, ": \"", name, "\" must be ", wanted, ", not ", found.kind_name()));
}

absl::Status CheckUniqueMembers(const JsonValue& json, std::string_view where) {
  if (!json.is_object()) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat(where, " must be an object, not ", json.kind_name()));
  }
  std::set<std::string_view> seen;
  for (const JsonMember& member : json.members()) {
    if (!seen.insert(member.name).second) {
      return Error(ErrorCode::kInvalidArgument,
                   Cat(where, ": ", Quoted(member.name), " stands twice"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckObject(const JsonValue& json, std::string_view where,
                         std::initializer_list<std::string_view> known) {
  return CheckKnown(json, where, std::vector<std::string_view>(known));
}

absl::Status CheckKnown(const JsonValue& json, std::string_view where,
                        const std::vector<std::string_view>& known) {
  SEGUE_RETURN_IF_ERROR(CheckUniqueMembers(json, where));
  for (const JsonMember& member : json.members()) {
    bool is_known = false;
    for (std::string_view name : known) is_known |= name == member.name;
    if (!is_known) {
      return Error(ErrorCode::kInvalidArgument,
                   Cat(where, ": unknown member ", Quoted(member.name), "; did you mean \"",
                       NearestName(member.name, known), "\"?"));
    }
  }
  return absl::OkStatus();
}

absl::Status ReadString(const JsonValue& object, std::string_view where, std::string_view name,
                        std::string* value) {
  const JsonValue* found = object.Find(name);
  if (found == nullptr) return absl::OkStatus();
  if (!found->is_string()) return WrongType(where, name, "a string", *found);
  *value = std::string(found->string_value());
  return absl::OkStatus();
}

absl::Status ReadBool(const JsonValue& object, std::string_view where, std::string_view name,
                      bool* value) {
  const JsonValue* found = object.Find(name);
  if (found == nullptr) return absl::OkStatus();
  if (!found->is_bool()) {
    return WrongType(where, name, "true or false", *found);
  }
  *value = found->bool_value();
  return absl::OkStatus();
}

absl::Status ReadFloat(const JsonValue& object, std::string_view where, std::string_view name,
                       float* value) {
  const JsonValue* found = object.Find(name);
  if (found == nullptr) return absl::OkStatus();
  if (!found->is_number()) return WrongType(where, name, "a number", *found);
  double number = found->AsDouble();
  // What lies half a step beyond the greatest float rounds to it: so does its shortest text.
  if (!(std::abs(number) < 0x1.ffffffp127)) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat(where, ": \"", name, "\" is too large: ", number));
  }
  // The cast is defined in the range of floats only.
  constexpr double kGreatest = std::numeric_limits<float>::max();
  *value = static_cast<float>(std::clamp(number, -kGreatest, kGreatest));
  return absl::OkStatus();
}

absl::Status ReadDouble(const JsonValue& object, std::string_view where, std::string_view name,
                        double* value) {
  const JsonValue* found = object.Find(name);
  if (found == nullptr) return absl::OkStatus();
  if (!found->is_number()) return WrongType(where, name, "a number", *found);
  *value = found->AsDouble();
  return absl::OkStatus();
}

absl::Status ReadStrings(const JsonValue& object, std::string_view where, std::string_view name,
                         std::vector<std::string>* value) {
  const JsonValue* found = object.Find(name);
  if (found == nullptr) return absl::OkStatus();
  if (!found->is_array()) {
    return WrongType(where, name, "a list of strings", *found);
  }
  value->clear();
  for (const JsonValue& element : found->elements()) {
    if (!element.is_string()) {
      return WrongType(where, name, "a list of strings only", element);
    }
    value->emplace_back(element.string_value());
  }
  return absl::OkStatus();
}

}  // namespace segue
