// SPDX-License-Identifier: Apache-2.0
//
// Reading JSON objects of a fixed grammar: unknown and repeated members are
// errors, and every message says where.
#ifndef SEGUE_SCHEMA_JSON_OBJECT_H_
#define SEGUE_SCHEMA_JSON_OBJECT_H_

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "engine/base/json.h"

namespace segue {

// Checks that `json` is an object whose members are among `known`, each at most
// once. `where` names it in messages: "the schema", "field \"title\"".
absl::Status CheckObject(const JsonValue& json, std::string_view where,
                         std::initializer_list<std::string_view> known);

// The same for names known only at run time.
absl::Status CheckKnown(const JsonValue& json, std::string_view where,
                        const std::vector<std::string_view>& known);

// As above, with any names: only repeated ones are errors.
absl::Status CheckUniqueMembers(const JsonValue& json, std::string_view where);

// Each reads the member `name` into *value, or leaves *value if there is none.
// Errors: kInvalidArgument for a value of another type.
absl::Status ReadString(const JsonValue& object, std::string_view where, std::string_view name,
                        std::string* value);
absl::Status ReadBool(const JsonValue& object, std::string_view where, std::string_view name,
                      bool* value);
// Any number, rounded to the nearest float; beyond its range an error.
absl::Status ReadFloat(const JsonValue& object, std::string_view where, std::string_view name,
                       float* value);
absl::Status ReadDouble(const JsonValue& object, std::string_view where, std::string_view name,
                        double* value);
absl::Status ReadStrings(const JsonValue& object, std::string_view where, std::string_view name,
                         std::vector<std::string>* value);

// kInvalidArgument: WHERE: "NAME" must be WANTED, not FOUND.
absl::Status WrongType(std::string_view where, std::string_view name, std::string_view wanted,
                       const JsonValue& found);

}  // namespace segue

#endif  // SEGUE_SCHEMA_JSON_OBJECT_H_
