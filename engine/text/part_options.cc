// SPDX-License-Identifier: Apache-2.0
//
// Options are checked by being read: what a maker asked for is known, the rest is a mistake.
#include "engine/base/nearest_name.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "segue/analysis.h"

namespace segue {

PartOptions::PartOptions(std::map<std::string, PartOption> given) : given_(std::move(given)) {}

const PartOption* PartOptions::Find(std::string_view name) const {
  const auto found = given_.find(std::string(name));
  return found == given_.end() ? nullptr : &found->second;
}

bool PartOptions::Has(std::string_view name) const { return Find(name) != nullptr; }

void PartOptions::Complain(std::string_view name, std::string_view wanted) {
  if (complaint_.empty()) complaint_ = Cat("option \"", name, "\" must be ", wanted);
}

bool PartOptions::Bool(std::string_view name, bool default_value) {
  bool value = default_value;
  if (const PartOption* given = Find(name)) {
    if (const bool* as_bool = std::get_if<bool>(given)) {
      value = *as_bool;
    } else {
      Complain(name, "true or false");
    }
  }
  noted_[std::string(name)] = value;
  return value;
}

int64_t PartOptions::Int(std::string_view name, int64_t default_value, int64_t min, int64_t max) {
  int64_t value = default_value;
  if (const PartOption* given = Find(name)) {
    const int64_t* as_int = std::get_if<int64_t>(given);
    if (as_int != nullptr && *as_int >= min && *as_int <= max) {
      value = *as_int;
    } else {
      Complain(name, Cat("an integer from ", min, " to ", max));
    }
  }
  noted_[std::string(name)] = value;
  return value;
}

double PartOptions::Float(std::string_view name, double default_value) {
  double value = default_value;
  if (const PartOption* given = Find(name)) {
    if (const double* as_double = std::get_if<double>(given)) {
      value = *as_double;
    } else if (const int64_t* as_int = std::get_if<int64_t>(given)) {
      value = static_cast<double>(*as_int);
    } else {
      Complain(name, "a number");
    }
  }
  noted_[std::string(name)] = value;
  return value;
}

std::string PartOptions::String(std::string_view name, std::string_view default_value) {
  std::string value(default_value);
  if (const PartOption* given = Find(name)) {
    if (const std::string* as_string = std::get_if<std::string>(given)) {
      value = *as_string;
    } else {
      Complain(name, "a string");
    }
  }
  noted_[std::string(name)] = value;
  return value;
}

std::string PartOptions::OptionalString(std::string_view name) {
  if (Has(name)) return String(name, {});
  not_given_.emplace_back(name);
  return {};
}

std::vector<std::string> PartOptions::StringList(std::string_view name,
                                                 std::vector<std::string> default_value) {
  std::vector<std::string> value = std::move(default_value);
  if (const PartOption* given = Find(name)) {
    if (const auto* as_list = std::get_if<std::vector<std::string>>(given)) {
      value = *as_list;
    } else if (const std::string* as_string = std::get_if<std::string>(given)) {
      value = {*as_string};
    } else {
      Complain(name, "a string or an array of strings");
    }
  }
  noted_[std::string(name)] = value;
  return value;
}

void PartOptions::DependsOn(std::string_view data, std::string_view version) {
  versions_[std::string(data)] = std::string(version);
}

absl::Status PartOptions::Check(std::string_view part) const {
  if (!complaint_.empty()) {
    return Error(ErrorCode::kInvalidArgument, Cat("\"", part, "\": ", complaint_));
  }
  for (const auto& [name, value] : given_) {
    if (noted_.contains(name)) continue;
    std::vector<std::string> known = not_given_;
    for (const auto& [option, noted] : noted_) known.push_back(option);
    const std::string nearest = NearestName(name, known);
    return Error(ErrorCode::kInvalidArgument,
                 Cat("\"", part, "\" has no option ", Quoted(name),
                     nearest.empty() ? "; it has none" : Cat("; did you mean \"", nearest, "\"?")));
  }
  return absl::OkStatus();
}

}  // namespace segue
