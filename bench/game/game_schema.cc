// SPDX-License-Identifier: Apache-2.0
#include "bench/game/game_schema.h"

#include <charconv>

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue::game {

absl::StatusOr<Schema> GameSchema(bool with_key, bool with_numbers) {
  Schema schema;
  schema.SetStoredCompression(StoredCompression::kZstd);
  const FieldOptions id{.type = FieldType::kKeyword, .stored = true, .indexed = with_key};
  SEGUE_RETURN_IF_ERROR(schema.AddField("id", id));
  SEGUE_RETURN_IF_ERROR(
      schema.AddField("text", {.type = FieldType::kText, .analyzer = "whitespace"}));
  SEGUE_RETURN_IF_ERROR(schema.AddField("filter", {.type = FieldType::kKeyword, .multi = true}));
  if (with_numbers) {
    SEGUE_RETURN_IF_ERROR(schema.AddField("number", {.type = FieldType::kInt64}));
  }
  SEGUE_RETURN_IF_ERROR(schema.SetDefaultFields({"text"}));
  if (with_key) SEGUE_RETURN_IF_ERROR(schema.SetKey("id"));
  return schema;
}

void Fill(const CorpusDocument& from, Document* to) {
  to->Clear();
  to->Add("id", from.id).Add("text", from.text);
  for (const std::string_view word : Words(from.filter)) to->Add("filter", word);
}

absl::Status AddNumber(const CorpusDocument& from, Document* to) {
  int64_t number = 0;
  const char* const end = from.number.data() + from.number.size();
  const auto [at, error] = std::from_chars(from.number.data(), end, number);
  if (error != std::errc() || at != end) {
    return Error(ErrorCode::kInvalidArgument, Cat("document ", Quoted(from.id), " has no number"));
  }
  to->Add("number", number);
  return absl::OkStatus();
}

}  // namespace segue::game
