// SPDX-License-Identifier: Apache-2.0
//
// A document is a list of named values in the order they were added; the values
// of one field need not stand together.
#include "segue/document.h"

#include <unordered_map>

#include "engine/base/json.h"
#include "engine/schema/value.h"

namespace segue {

Document& Document::Add(std::string_view field, Value value) {
  values_.push_back({std::string(field), std::move(value), {}});
  return *this;
}

Document& Document::AddTokens(std::string_view field, std::string value,
                              std::vector<PreToken> tokens) {
  values_.push_back({std::string(field), Value(std::move(value)), std::move(tokens)});
  return *this;
}

const Value* Document::Find(std::string_view field) const {
  for (const FieldValue& value : values_) {
    if (value.field == field) return &value.value;
  }
  return nullptr;
}

std::string Document::ToJson(const Schema& schema) const {
  // Fields in the order of their first value, each with its values.
  std::vector<std::vector<const Value*>> fields;
  std::vector<std::string_view> names;
  std::unordered_map<std::string_view, size_t> index;
  for (const FieldValue& value : values_) {
    auto [found, is_new] = index.try_emplace(value.field, names.size());
    if (is_new) {
      names.push_back(value.field);
      fields.emplace_back();
    }
    fields[found->second].push_back(&value.value);
  }

  JsonWriter json;
  json.BeginObject();
  for (size_t i = 0; i < names.size(); ++i) {
    const Field* field = schema.Find(names[i]);
    json.Key(names[i]);
    if (fields[i].size() > 1) json.BeginArray();
    for (const Value* value : fields[i]) {
      if (field == nullptr) {
        WriteNaturalValue(*value, &json);
      } else {
        WriteValue(*value, field->options.type, &json);
      }
    }
    if (fields[i].size() > 1) json.EndArray();
  }
  json.EndObject();
  return json.Take();
}

}  // namespace segue
