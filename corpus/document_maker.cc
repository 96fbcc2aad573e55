// SPDX-License-Identifier: Apache-2.0
//
// Most values already have the type of their field and are moved. The simple conversions are made
// here; for times, bytes and points, and for whatever does not fit, the value goes through the
// library's own JSON rules, which know the forms and make the messages.
#include "corpus/document_maker.h"

#include <charconv>
#include <utility>

#include "corpus/schema_inference.h"
#include "engine/base/json.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

void WriteValue(const Value& value, JsonWriter* json) {
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

std::string ToText(const Value& value) {
  JsonWriter json;
  WriteValue(value, &json);
  return json.Take();
}

// Cells of the usual form only, so that nothing is read that inference would call text.
bool CellToNumber(FieldType type, Value* value) {
  const std::string cell = std::get<std::string>(*value);
  const CellKind kind = KindOfCell(cell);
  const char* end = cell.data() + cell.size();
  if (type == FieldType::kBool && kind == CellKind::kBool) {
    *value = cell == "true";
    return true;
  }
  if (type == FieldType::kInt64 && kind == CellKind::kInt64) {
    int64_t integer = 0;
    std::from_chars(cell.data(), end, integer);
    *value = integer;
    return true;
  }
  double number = 0;
  if (type == FieldType::kFloat64) {
    const auto [stop, error] = std::from_chars(cell.data(), end, number);
    if (error != std::errc() || stop != end) return false;
    *value = number;
    return true;
  }
  return false;
}

}  // namespace

void DroppedValues::Count(const std::string& name) {
  if (const auto found = by_name.find(name); found != by_name.end()) {
    ++found->second;
  } else if (by_name.size() < kMaxNames) {
    by_name.emplace(name, 1);
  } else {
    ++of_others;
  }
}

DocumentMaker::DocumentMaker(const Schema& schema, DroppedValues dropped)
    : schema_(schema), dropped_(std::move(dropped)) {
  for (const Field& field : schema.fields()) {
    for (const std::string& source : field.options.from) fields_.emplace(source, nullptr);
  }
  for (const Field& field : schema.fields()) fields_[field.name] = &field;
  for (const Field& field : schema.fields()) {
    if (field.options.type != FieldType::kGeoPoint) continue;
    for (const bool is_latitude : {true, false}) {
      const std::string name = Cat(field.name, is_latitude ? ".lat" : ".lon");
      if (!fields_.contains(name)) point_parts_[name] = {&field, is_latitude};
    }
  }
}

absl::Status DocumentMaker::Convert(const Field& field, bool typed, Value* value) const {
  const FieldType type = field.options.type;
  const bool is_text = std::holds_alternative<std::string>(*value);
  switch (type) {
    case FieldType::kText:
      if (!is_text) *value = ToText(*value);
      return absl::OkStatus();
    case FieldType::kKeyword:
      if (is_text) return absl::OkStatus();
      if (std::holds_alternative<int64_t>(*value)) {
        *value = ToText(*value);
        return absl::OkStatus();
      }
      break;
    case FieldType::kInt64:
    case FieldType::kTimestamp:
      if (std::holds_alternative<int64_t>(*value)) return absl::OkStatus();
      break;
    case FieldType::kFloat64:
      if (std::holds_alternative<double>(*value)) return absl::OkStatus();
      if (const auto* integer = std::get_if<int64_t>(value)) {
        *value = static_cast<double>(*integer);
        return absl::OkStatus();
      }
      break;
    case FieldType::kBool:
      if (std::holds_alternative<bool>(*value)) return absl::OkStatus();
      break;
    case FieldType::kBytes:
    case FieldType::kGeoPoint:
      break;
  }
  if (!typed && is_text && CellToNumber(type, value)) return absl::OkStatus();
  JsonWriter json;
  json.BeginObject();
  json.Key(field.name);
  WriteValue(*value, &json);
  json.EndObject();
  SEGUE_ASSIGN_OR_RETURN(Document converted, Document::FromJson(json.view(), schema_));
  if (const Value* result = converted.Find(field.name)) *value = *result;
  return absl::OkStatus();
}

// Adds the point once both of its parts are there.
absl::Status DocumentMaker::AddPart(const PointPart& part, bool typed, Value value,
                                    Document* document) {
  const std::string& name = part.field->name;
  if (!typed && std::holds_alternative<std::string>(value)) {
    CellToNumber(FieldType::kFloat64, &value);
  }
  const auto* integer = std::get_if<int64_t>(&value);
  const auto* number = std::get_if<double>(&value);
  Parts& parts = open_points_[name];
  std::optional<double>& degrees = part.is_latitude ? parts.latitude : parts.longitude;
  if ((integer == nullptr && number == nullptr) || degrees.has_value()) {
    return Error(
        ErrorCode::kInvalidArgument,
        Cat("member ", Quoted(name), ": a point has a number \"lat\" and a number \"lon\""));
  }
  degrees = integer != nullptr ? static_cast<double>(*integer) : *number;
  if (!parts.latitude.has_value() || !parts.longitude.has_value()) return absl::OkStatus();
  Value point = GeoPoint{.latitude = *parts.latitude, .longitude = *parts.longitude};
  open_points_.erase(name);
  SEGUE_RETURN_IF_ERROR(Convert(*part.field, typed, &point));
  document->Add(name, std::move(point));
  return absl::OkStatus();
}

absl::Status DocumentMaker::Make(Record* record, Document* document) {
  document->Clear();
  open_points_.clear();
  for (RecordField& field : record->fields) {
    const auto found = fields_.find(field.name);
    if (found == fields_.end()) {
      if (const auto part = point_parts_.find(field.name); part != point_parts_.end()) {
        if (absl::Status status =
                AddPart(part->second, record->typed, std::move(field.value), document);
            !status.ok()) {
          return Annotate(status, record->Where());
        }
        continue;
      }
      dropped_.Count(field.name);
      continue;
    }
    if (found->second != nullptr) {
      if (absl::Status status = Convert(*found->second, record->typed, &field.value);
          !status.ok()) {
        return Annotate(status, record->Where());
      }
    }
    document->Add(field.name, std::move(field.value));
  }
  if (open_points_.empty()) return absl::OkStatus();
  return Annotate(
      Error(ErrorCode::kInvalidArgument, Cat("member ", Quoted(open_points_.begin()->first),
                                             ": a point needs a \"lat\" and a \"lon\"")),
      record->Where());
}

}  // namespace segue
