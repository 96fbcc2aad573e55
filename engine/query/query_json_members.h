// SPDX-License-Identifier: Apache-2.0
//
// The members of queries in JSON: which of them a kind may have, and how each is read. `where`
// names the query in messages: "a term query". All errors are kInvalidArgument.
#ifndef SEGUE_QUERY_QUERY_JSON_MEMBERS_H_
#define SEGUE_QUERY_QUERY_JSON_MEMBERS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/json.h"
#include "engine/base/nearest_name.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/schema/json_object.h"
#include "engine/schema/value.h"
#include "segue/query.h"

namespace segue {

absl::Status InvalidQuery(std::string message);

// Whether the kind may have all members of `json`; `is_clause`: and an "occur".
absl::Status CheckQueryMembers(const JsonValue& json, std::string_view where, QueryKind kind,
                               bool is_clause);

// Reads NAME or NAME_base64.
absl::Status ReadBytes(const JsonValue& object, std::string_view where, std::string_view name,
                       bool required, std::string* bytes);
// Whether there is a member NAME or NAME_base64.
bool HasBytes(const JsonValue& object, std::string_view name);

// `json`, of the member `name`, as a number.
absl::Status ReadCount(const JsonValue& json, std::string_view where, std::string_view name,
                       uint32_t* value);

// "terms" or "terms_base64", and their "positions".
absl::Status ReadPhraseTerms(const JsonValue& object, std::string_view where,
                             std::vector<PhraseTerm>* phrase);

// The value under NAME or NAME_base64.
absl::Status ReadAnyValue(const JsonValue& json, std::string_view where, std::string_view name,
                          Value* value);
// A list of them; bytes are objects with a "base64".
absl::Status ReadValues(const JsonValue& json, std::string_view where, std::string_view name,
                        std::vector<Value>* values);

// The member `name`: a list of objects, each with a "field" and perhaps a "weight".
absl::StatusOr<std::span<const JsonValue>> ReadList(const JsonValue& json, std::string_view where,
                                                    std::string_view name);
// "terms", as such a list.
absl::StatusOr<std::vector<CombinedTerm>> ReadCombinedTerms(const JsonValue& json,
                                                            std::string_view where);

// The constant of `values` that has the name which the member `name` holds.
template <typename Enum, size_t N>
absl::Status ReadEnum(const JsonValue& object, std::string_view where, std::string_view name,
                      const Enum (&values)[N], std::string_view (*name_of)(Enum), Enum* value) {
  if (object.Find(name) == nullptr) {
    return InvalidQuery(Cat(where, ": needs a \"", name, "\""));
  }
  std::string text;
  SEGUE_RETURN_IF_ERROR(ReadString(object, where, name, &text));
  std::vector<std::string_view> names;
  for (Enum candidate : values) {
    names.push_back(name_of(candidate));
    if (names.back() == text) {
      *value = candidate;
      return absl::OkStatus();
    }
  }
  return InvalidQuery(Cat(where, ": unknown ", name, " ", Quoted(text), "; did you mean \"",
                          NearestName(text, names), "\"?"));
}

}  // namespace segue

#endif  // SEGUE_QUERY_QUERY_JSON_MEMBERS_H_
