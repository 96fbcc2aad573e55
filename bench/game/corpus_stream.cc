// SPDX-License-Identifier: Apache-2.0
#include "bench/game/corpus_stream.h"

#include <iostream>

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue::game {
namespace {

absl::Status Take(const JsonValue& object, std::string_view name, bool needed, std::string* out) {
  out->clear();
  const JsonValue* value = object.Find(name);
  if (value == nullptr && !needed) return absl::OkStatus();
  if (value == nullptr || !value->is_string()) {
    return Error(ErrorCode::kInvalidArgument, Cat("no string ", Quoted(name)));
  }
  *out = value->string_value();
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

absl::StatusOr<bool> CorpusStream::Next(CorpusDocument* document) {
  if (!std::getline(std::cin, line_)) return false;
  ++documents_;
  const auto where = [this] { return Cat("line ", documents_, " of the corpus"); };
  const auto object = parser_.Parse(line_);
  if (!object.ok()) return Annotate(object.status(), where());
  for (absl::Status status :
       {Take(*object, "id", true, &document->id), Take(*object, "text", true, &document->text),
        Take(*object, "filter", false, &document->filter),
        Take(*object, "number", false, &document->number)}) {
    if (!status.ok()) return Annotate(status, where());
  }
  return true;
}

}  // namespace segue::game
