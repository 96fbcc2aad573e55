// SPDX-License-Identifier: Apache-2.0
#include "corpus/game_given.h"

#include <memory>

#include "corpus/game_bands.h"
#include "corpus/game_line.h"
#include "corpus/readers.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

absl::StatusOr<GameQuery> QueryOf(const Record& record) {
  GameQuery query;
  SEGUE_ASSIGN_OR_RETURN(query.clauses, ParseGameQuery(record.Text("query")));
  const std::string_view class_name = ClassOf(query.clauses);
  if (class_name.empty()) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("no class has this form: ", Quoted(record.Text("query"), 80)));
  }
  query.filter = record.Text("filter");
  if (!query.filter.empty()) {
    if (!IsFilterWord(query.filter)) {
      return Error(ErrorCode::kInvalidArgument,
                   Cat("no filter of a corpus (half, twentieth, rare): ", Quoted(query.filter)));
    }
    query.tags.push_back(Cat("filtered_", query.filter));
  }
  query.tags.emplace_back(class_name);
  for (const RecordField& field : record.fields) {
    const auto* tag = std::get_if<std::string>(&field.value);
    if (field.name == "tags" && tag != nullptr && *tag != class_name) query.tags.push_back(*tag);
  }
  return query;
}

}  // namespace

absl::StatusOr<GivenQueries> ReadGivenQueries(
    const std::vector<std::string>& inputs,
    const std::function<void(const absl::Status&)>& on_dropped) {
  SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<RecordReader> reader,
                         OpenRecords(inputs, {.format = Format::kJsonl, .columns = {}}));
  GivenQueries given;
  const auto drop = [&given, &on_dropped](const absl::Status& why) {
    ++given.dropped;
    on_dropped(why);
  };
  Record record;
  while (true) {
    absl::StatusOr<bool> more = reader->Next(&record);
    if (!more.ok() && !IsBadRecord(more.status())) return more.status();
    if (!more.ok()) {
      drop(more.status());
      continue;
    }
    if (!*more) return given;
    absl::StatusOr<GameQuery> query = QueryOf(record);
    if (query.ok()) {
      given.queries.push_back(*std::move(query));
    } else {
      drop(Annotate(query.status(), record.Where()));
    }
  }
}

void AddBandsTag(const GameModel& corpus, GameQuery* query) {
  std::vector<uint32_t> words;
  for (const GameClause& clause : query->clauses) {
    for (const std::string& word : clause.words) words.push_back(corpus.words().Find(word));
  }
  query->tags.push_back(BandsTag(corpus, words));
}

}  // namespace segue
