// SPDX-License-Identifier: Apache-2.0
#include "corpus/record.h"

#include "engine/base/json.h"
#include "engine/base/strings.h"

namespace segue {

std::string_view Record::Text(std::string_view name) const {
  for (const RecordField& field : fields) {
    if (field.name != name) continue;
    const std::string* text = std::get_if<std::string>(&field.value);
    return text == nullptr ? std::string_view() : *text;
  }
  return {};
}

namespace {

void WriteValue(const Value& value, JsonWriter* json) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    json->String(*text);
  } else if (const auto* integer = std::get_if<int64_t>(&value)) {
    json->Int(*integer);
  } else if (const auto* number = std::get_if<double>(&value)) {
    json->Double(*number);
  } else {
    json->Bool(std::get<bool>(value));
  }
}

}  // namespace

std::string Record::ToJson() const {
  JsonWriter json;
  json.BeginObject();
  for (size_t i = 0; i < fields.size(); ++i) {
    const std::string& name = fields[i].name;
    size_t before = 0, values = 0;
    for (size_t j = 0; j < fields.size(); ++j) {
      before += j < i && fields[j].name == name;
      values += fields[j].name == name;
    }
    if (before > 0) continue;
    json.Key(name);
    if (values > 1) json.BeginArray();
    for (size_t j = i; j < fields.size(); ++j) {
      if (fields[j].name == name) WriteValue(fields[j].value, &json);
    }
    if (values > 1) json.EndArray();
  }
  json.EndObject();
  return json.Take();
}

std::string Record::Where() const { return line == 0 ? file : Cat(file, ":", line); }

}  // namespace segue
