// SPDX-License-Identifier: Apache-2.0
//
// Documents from JSON. A member is read by the type of the field of its name; a
// member that only feeds other fields (`from`), or that nobody knows, keeps its
// natural type.
#include "engine/base/json.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/schema/json_object.h"
#include "engine/schema/value.h"
#include "segue/document.h"

namespace segue {

namespace {

absl::Status AddScalar(const JsonMember& member, const JsonValue& json, const Field* field,
                       Document* document) {
  if (json.is_null()) return absl::OkStatus();
  if (field == nullptr) {
    document->Add(member.name, NaturalValue(json));
    return absl::OkStatus();
  }
  absl::StatusOr<Value> value = ValueOfJson(json, field->options.type);
  if (!value.ok()) {
    return Annotate(value.status(), Cat("member ", Quoted(member.name)));
  }
  document->Add(member.name, *std::move(value));
  return absl::OkStatus();
}

absl::Status AddMember(const JsonMember& member, const Schema& schema, Document* document) {
  const Field* field = schema.Find(member.name);
  if (!member.value.is_array()) {
    return AddScalar(member, member.value, field, document);
  }
  std::span<const JsonValue> elements = member.value.elements();
  if (field != nullptr && !field->options.multi && elements.size() > 1) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("member ", Quoted(member.name), ": ", elements.size(),
                     " values for a field with one; declare it with \"multi\": "
                     "true"));
  }
  for (const JsonValue& element : elements) {
    SEGUE_RETURN_IF_ERROR(AddScalar(member, element, field, document));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Document> Document::FromJson(std::string_view json, const Schema& schema) {
  SEGUE_ASSIGN_OR_RETURN(JsonValue parsed, ParseJson(json));
  SEGUE_RETURN_IF_ERROR(CheckUniqueMembers(parsed, "a document"));
  Document document;
  for (const JsonMember& member : parsed.members()) {
    SEGUE_RETURN_IF_ERROR(AddMember(member, schema, &document));
  }
  return document;
}

}  // namespace segue
