// SPDX-License-Identifier: Apache-2.0
#include "bench/game/query_set.h"

#include <fstream>
#include <utility>

#include "engine/base/json.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue::game {
namespace {

// Tags that say where a query came from rather than what it asks.
bool IsClass(std::string_view tag) { return tag != "global"; }

}  // namespace

absl::StatusOr<std::vector<GameQuery>> ReadQueries(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Error(ErrorCode::kNotFound, Cat("cannot read the query file ", path));
  std::vector<GameQuery> queries;
  std::string line;
  while (std::getline(file, line)) {
    if (line.empty()) continue;
    GameQuery query;
    if (line[0] != '{') {
      query.text = line;
    } else {
      SEGUE_ASSIGN_OR_RETURN(const JsonValue object, ParseJson(line));
      const JsonValue* text = object.Find("query");
      if (text == nullptr || !text->is_string()) {
        return Error(ErrorCode::kInvalidArgument,
                     Cat(path, ":", queries.size() + 1, ": no \"query\" in ", line));
      }
      query.text = std::string(text->string_value());
      if (const JsonValue* filter = object.Find("filter");
          filter != nullptr && filter->is_string()) {
        query.filter = std::string(filter->string_value());
      }
      if (const JsonValue* tags = object.Find("tags"); tags != nullptr) {
        for (const JsonValue& tag : tags->elements()) {
          if (tag.is_string() && IsClass(tag.string_value())) {
            query.classes.emplace_back(tag.string_value());
          }
        }
      }
    }
    query.classes.emplace_back("ALL");
    queries.push_back(std::move(query));
  }
  return queries;
}

}  // namespace segue::game
