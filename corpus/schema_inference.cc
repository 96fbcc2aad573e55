// SPDX-License-Identifier: Apache-2.0
#include "corpus/schema_inference.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

CellKind KindOfCell(std::string_view cell) {
  if (cell == "true" || cell == "false") return CellKind::kBool;
  std::string_view digits = cell;
  if (!digits.empty() && digits[0] == '-') digits.remove_prefix(1);
  const size_t whole = std::find_if_not(digits.begin(), digits.end(), IsDigit) - digits.begin();
  if (whole == 0 || (whole > 1 && digits[0] == '0')) return CellKind::kText;
  if (whole == digits.size()) {
    int64_t value;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    return error == std::errc() ? CellKind::kInt64 : CellKind::kText;
  }
  const std::string_view fraction = digits.substr(whole + 1);
  const bool decimal = digits[whole] == '.' && !fraction.empty() &&
                       std::all_of(fraction.begin(), fraction.end(), IsDigit);
  return decimal ? CellKind::kFloat64 : CellKind::kText;
}

SchemaInference::Kind SchemaInference::KindOf(const Value& value, bool typed) {
  switch (value.index()) {
    case 0: {
      if (typed) return Kind::kText;
      switch (KindOfCell(std::get<std::string>(value))) {
        case CellKind::kText:
          return Kind::kText;
        case CellKind::kInt64:
          return Kind::kInt64;
        case CellKind::kFloat64:
          return Kind::kFloat64;
        case CellKind::kBool:
          return Kind::kBool;
      }
      return Kind::kText;
    }
    case 1:
      return Kind::kInt64;
    case 2:
      return Kind::kFloat64;
    default:
      return Kind::kBool;
  }
}

SchemaInference::Kind SchemaInference::Wider(Kind a, Kind b) {
  if (a == b) return a;
  if (a == Kind::kBool || b == Kind::kBool) return Kind::kText;
  return std::max(a, b);
}

SchemaInference::Change SchemaInference::Observe(const Record& record) {
  Change change;
  ++records_;
  for (const RecordField& field : record.fields) {
    const Kind kind = KindOf(field.value, record.typed);
    const bool fits_key = field.value.index() <= 1;
    auto found = by_name_.find(field.name);
    if (found == by_name_.end()) {
      // What cannot be a field stays unknown, and is dropped as such; the record is still good.
      const bool possible =
          fields_.size() < kMaxFields && Schema().AddField(field.name, FieldOptions()).ok();
      if (!possible) continue;
      by_name_.emplace(field.name, fields_.size());
      fields_.push_back({.name = field.name,
                         .kind = kind,
                         .only_texts_and_integers = fits_key,
                         .records = 1,
                         .last_record = records_});
      change.new_fields.push_back(field.name);
      continue;
    }
    Seen& seen = fields_[found->second];
    const bool is_key = key_settled_ ? seen.name == key_ : seen.name == given_key_;
    const Kind wider = Wider(seen.kind, kind);
    const bool again = seen.last_record == records_;
    // A key stays a keyword; a record that does not fit it is the record's fault.
    if (!is_key && (wider != seen.kind || (again && !seen.multi))) {
      if (std::find(change.new_fields.begin(), change.new_fields.end(), seen.name) ==
          change.new_fields.end()) {
        change.widened_fields.push_back(seen.name);
      }
    }
    seen.kind = wider;
    seen.multi |= again;
    seen.only_texts_and_integers &= fits_key;
    seen.records += again ? 0 : 1;
    seen.last_record = records_;
  }
  return change;
}

void SchemaInference::SettleKey() {
  if (key_settled_) return;
  key_settled_ = true;
  key_ = given_key_;
  if (!key_.empty()) return;
  for (const char* name : {"id", "_id", "key"}) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) continue;
    const Seen& seen = fields_[found->second];
    if (seen.records == records_ && !seen.multi && seen.only_texts_and_integers) {
      key_ = name;
      return;
    }
  }
}

FieldOptions SchemaInference::OptionsOf(std::string_view field) const {
  const Seen& seen = fields_[by_name_.at(std::string(field))];
  FieldOptions options;
  options.stored = true;
  options.multi = seen.multi;
  switch (seen.kind) {
    case Kind::kBool:
      options.type = FieldType::kBool;
      break;
    case Kind::kInt64:
      options.type = FieldType::kInt64;
      break;
    case Kind::kFloat64:
      options.type = FieldType::kFloat64;
      break;
    case Kind::kText:
      options.type = FieldType::kText;
      break;
  }
  if (key_settled_ && seen.name == key_) {
    options.type = FieldType::kKeyword;
    options.multi = false;
  }
  return options;
}

absl::StatusOr<Schema> SchemaInference::ToSchema() {
  SettleKey();
  if (fields_.empty()) {
    return Error(ErrorCode::kInvalidArgument, "no record to infer a schema from");
  }
  if (!key_.empty() && !by_name_.contains(key_)) {
    return Error(ErrorCode::kInvalidArgument, Cat("no record has the key field ", Quoted(key_)));
  }
  Schema schema;
  for (const Seen& seen : fields_) {
    SEGUE_RETURN_IF_ERROR(schema.AddField(seen.name, OptionsOf(seen.name)));
  }
  if (!key_.empty()) SEGUE_RETURN_IF_ERROR(schema.SetKey(key_));
  return schema;
}

}  // namespace segue
