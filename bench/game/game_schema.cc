// SPDX-License-Identifier: Apache-2.0
#include "bench/game/game_schema.h"

#include "engine/base/status.h"

namespace segue::game {

absl::StatusOr<Schema> GameSchema(bool with_key) {
  Schema schema;
  const FieldOptions id{.type = FieldType::kKeyword, .stored = true, .indexed = with_key};
  SEGUE_RETURN_IF_ERROR(schema.AddField("id", id));
  SEGUE_RETURN_IF_ERROR(
      schema.AddField("text", {.type = FieldType::kText, .analyzer = "whitespace"}));
  SEGUE_RETURN_IF_ERROR(schema.AddField("filter", {.type = FieldType::kKeyword, .multi = true}));
  SEGUE_RETURN_IF_ERROR(schema.SetDefaultFields({"text"}));
  if (with_key) SEGUE_RETURN_IF_ERROR(schema.SetKey("id"));
  return schema;
}

void Fill(const CorpusDocument& from, Document* to) {
  to->Clear();
  to->Add("id", from.id).Add("text", from.text);
  for (const std::string_view word : Words(from.filter)) to->Add("filter", word);
}

}  // namespace segue::game
