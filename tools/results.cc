// SPDX-License-Identifier: Apache-2.0
#include "tools/results.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

#include "corpus/base_tools.h"
#include "tools/console.h"
#include "tools/snippet.h"
#include "tools/text_layout.h"

namespace segue {
namespace {

bool WantsAll(const std::vector<std::string>& fields) {
  return std::find(fields.begin(), fields.end(), "*") != fields.end();
}

void WriteDiagnostics(const Answer& answer, JsonWriter* json) {
  if (answer.diagnostics.empty() && answer.result.diagnostics.empty()) return;
  json->Key("diagnostics").BeginArray();
  for (const auto* list : {&answer.diagnostics, &answer.result.diagnostics}) {
    for (const Diagnostic& diagnostic : *list) {
      json->BeginObject();
      json->Key("begin").Uint(diagnostic.begin_byte);
      json->Key("end").Uint(diagnostic.end_byte);
      json->Key("message").String(diagnostic.message);
      json->EndObject();
    }
  }
  json->EndArray();
}

void WriteSuggestions(const Answer& answer, JsonWriter* json) {
  if (answer.suggestions.empty()) return;
  json->Key("suggestions").BeginArray();
  for (const Suggestion& suggestion : answer.suggestions) {
    json->BeginObject();
    json->Key("begin").Uint(suggestion.begin_byte);
    json->Key("end").Uint(suggestion.end_byte);
    json->Key("word").String(suggestion.word);
    json->Key("terms").BeginArray();
    for (const SuggestedTerm& term : suggestion.terms) {
      json->BeginObject();
      json->Key("term").String(term.term);
      json->Key("edits").Uint(term.edits);
      json->Key("doc_freq").Uint(term.doc_freq);
      json->EndObject();
    }
    json->EndArray();
    json->EndObject();
  }
  json->EndArray();
}

// "no document has davsi; did you mean davis or davies?"
std::string SuggestionText(const Suggestion& suggestion) {
  std::string text = Cat("no document has ", Clean(suggestion.word));
  for (size_t i = 0; i < suggestion.terms.size(); ++i) {
    CatTo(&text,
          i == 0                             ? "; did you mean "
          : i + 1 == suggestion.terms.size() ? " or "
                                             : ", ",
          Clean(suggestion.terms[i].term));
  }
  return suggestion.terms.empty() ? text : text + "?";
}

// A value for people and CSV: text as it is, all else in its JSON form.
std::string ValueText(const Schema& schema, const FieldValue& value) {
  const Field* field = schema.Find(value.field);
  const bool plain = std::holds_alternative<std::string>(value.value) &&
                     (field == nullptr || field->options.type != FieldType::kBytes);
  if (plain) return std::get<std::string>(value.value);
  Document one;
  one.Add(value.field, value.value);
  absl::StatusOr<JsonValue> json = ParseJson(one.ToJson(schema));
  if (!json.ok() || json->members().empty()) return {};
  const JsonValue* shown = &json->members()[0].value;
  if (shown->is_array() && !shown->elements().empty()) shown = &shown->elements()[0];
  if (shown->is_string()) return std::string(shown->string_value());
  JsonWriter writer;
  writer.Value(*shown);
  return writer.Take();
}

// All values of a field, separated by "; ".
std::string FieldText(const Schema& schema, const Document& document, std::string_view field) {
  std::string text;
  for (const FieldValue& value : document.values()) {
    if (value.field != field) continue;
    if (!text.empty()) text += "; ";
    text += ValueText(schema, value);
  }
  return text;
}

// The columns of tables and CSV: the wanted fields, or the title.
std::vector<std::string> ColumnsOf(const Schema& schema, const std::vector<std::string>& fields) {
  if (WantsAll(fields)) {
    std::vector<std::string> all;
    for (const Field& field : schema.fields()) {
      if (field.options.stored && field.name != schema.key()) all.push_back(field.name);
    }
    return all;
  }
  if (!fields.empty()) return fields;
  const std::string title = TitleField(schema);
  return title.empty() ? std::vector<std::string>() : std::vector<std::string>{title};
}

absl::StatusOr<std::string> KeyOrNumber(const Snapshot& snapshot, uint64_t doc) {
  if (snapshot.schema().key().empty()) return Cat(doc);
  return snapshot.Key(doc);
}

std::string CsvCell(std::string_view value) {
  if (value.find_first_of(",\"\r\n") == value.npos) return std::string(value);
  std::string cell = "\"";
  for (const char c : value) {
    cell += c;
    if (c == '"') cell += c;
  }
  return cell + "\"";
}

}  // namespace

absl::StatusOr<Answer> Ask(const Snapshot& snapshot, std::string_view text, Query query,
                           std::vector<Diagnostic> diagnostics, const SearchOptions& options) {
  Answer answer;
  answer.text = std::string(text);
  answer.query = std::move(query);
  answer.diagnostics = std::move(diagnostics);
  const auto begin = std::chrono::steady_clock::now();
  SEGUE_ASSIGN_OR_RETURN(answer.result, snapshot.Search(answer.query, options));
  answer.took_us = std::chrono::duration_cast<std::chrono::microseconds>(
                       std::chrono::steady_clock::now() - begin)
                       .count();
  return answer;
}

absl::Status AddSuggestions(const Snapshot& snapshot, const SearchOptions& options,
                            Answer* answer) {
  constexpr size_t kTermsPerWord = 3;
  SEGUE_ASSIGN_OR_RETURN(answer->suggestions, snapshot.Suggest(answer->query, kTermsPerWord,
                                                               {.limits = options.limits}));
  return absl::OkStatus();
}

std::string ScoreText(float score) {
  JsonWriter json;
  json.Float(score);
  return json.Take();
}

Document ChooseFields(const Document& document, const std::vector<std::string>& fields) {
  if (WantsAll(fields)) return document;
  Document chosen;
  for (const std::string& field : fields) {
    if (chosen.Find(field) != nullptr) continue;  // named twice
    for (const FieldValue& value : document.values()) {
      if (value.field == field) chosen.Add(field, value.value);
    }
  }
  return chosen;
}

absl::Status CheckFields(const Schema& schema, const std::vector<std::string>& fields) {
  std::vector<std::string> stored;
  for (const Field& field : schema.fields()) {
    if (field.options.stored || field.name == schema.key()) stored.push_back(field.name);
  }
  for (const std::string& field : fields) {
    if (field == "*" || std::find(stored.begin(), stored.end(), field) != stored.end()) continue;
    const std::string nearest = NearestName(field, stored);
    return Error(
        ErrorCode::kInvalidArgument,
        Cat(schema.Find(field) == nullptr ? "no field " : "not stored: the field ", Quoted(field),
            nearest.empty() ? std::string() : Cat("; did you mean ", nearest, "?")));
  }
  return absl::OkStatus();
}

absl::Status PrintJsonLine(const Snapshot& snapshot, const Answer& answer,
                           const PrintOptions& options) {
  JsonWriter json;
  json.BeginObject();
  json.Key("query").String(answer.text);
  if (answer.result.total) {
    json.Key("total").BeginObject();
    json.Key("value").Uint(answer.result.total->value);
    json.Key("relation");
    json.String(answer.result.total->relation == TotalRelation::kEqual ? "eq" : "gte");
    json.EndObject();
  }
  json.Key("hits").BeginArray();
  const bool has_key = !snapshot.schema().key().empty();
  for (const Hit& hit : answer.result.hits) {
    json.BeginObject();
    if (has_key) {
      SEGUE_ASSIGN_OR_RETURN(std::string key, snapshot.Key(hit.doc));
      json.Key("key").String(key);
    }
    json.Key("doc").Uint(hit.doc);
    json.Key("score").Float(hit.score);
    if (!options.fields.empty()) {
      SEGUE_ASSIGN_OR_RETURN(Document stored, snapshot.Stored(hit.doc));
      json.Key("fields").Raw(ChooseFields(stored, options.fields).ToJson(snapshot.schema()));
    }
    json.EndObject();
  }
  json.EndArray();
  if (answer.result.expansions_cut) json.Key("expansions_cut").Bool(true);
  WriteDiagnostics(answer, &json);
  WriteSuggestions(answer, &json);
  if (options.timing) json.Key("took_us").Int(answer.took_us);
  json.EndObject();
  Out().Write(json.Take() + "\n");
  return absl::OkStatus();
}

std::string Summary(const Answer& answer, bool timing) {
  const SearchResult& result = answer.result;
  std::string summary = Cat(Grouped(result.hits.size()), " shown");
  if (result.total) {
    const bool at_least = result.total->relation == TotalRelation::kGreaterOrEqual;
    summary =
        Cat(result.hits.size(), " of ", at_least ? "at least " : "", Grouped(result.total->value),
            result.total->value == 1 && !at_least ? " document" : " documents");
    if (result.total->value == 0 && !at_least) summary = "no documents";
  }
  if (timing) summary += " in " + Duration(answer.took_us);
  return summary;
}

absl::Status PrintHits(const Snapshot& snapshot, const Answer& answer,
                       const PrintOptions& options) {
  const Style& style = StyleFor(STDOUT_FILENO);
  const size_t width = TerminalWidth(STDOUT_FILENO);
  const Schema& schema = snapshot.schema();
  const std::string title_field = TitleField(schema);
  SnippetMaker snippets(schema, answer.query);
  SEGUE_ASSIGN_OR_RETURN(const Statistics terms, snapshot.CollectStatistics(answer.query));
  snippets.AddTerms(terms);
  size_t rank = 0;
  for (const Hit& hit : answer.result.hits) {
    SEGUE_ASSIGN_OR_RETURN(Document stored, snapshot.Stored(hit.doc));
    SEGUE_ASSIGN_OR_RETURN(std::string key, KeyOrNumber(snapshot, hit.doc));
    char score[32];
    std::snprintf(score, sizeof score, "%3zu %9.4f", ++rank, static_cast<double>(hit.score));
    std::string title = Fit(Clean(FieldText(schema, stored, title_field)), width / 2);
    key = Fit(Clean(key), width > 40 ? width - 20 - DisplayWidth(title) : width);
    // Matches within the bold title are marked, too.
    const std::string back_to_bold = Cat(style.reset, style.bold);
    Style in_title = style;
    in_title.reset = back_to_bold;
    Out().Write(Cat(style.dim, score, style.reset, "  ", style.bold,
                    snippets.Highlight(title_field, title, in_title), style.reset));
    if (key != title) Out().Write(Cat(title.empty() ? "" : "  ", style.dim, key, style.reset));
    Out().Write("\n");
    if (options.fields.empty()) {
      const std::string snippet = snippets.Snippet(stored, title_field, width - 15, style);
      if (!snippet.empty()) Out().Write(Cat("               ", snippet, "\n"));
    }
    const Document chosen = ChooseFields(stored, options.fields);
    for (const FieldValue& value : chosen.values()) {
      const std::string text = ValueText(schema, value);
      Out().Write(Cat("    ", style.dim, value.field, ":", style.reset, " ",
                      snippets.Highlight(value.field, text, style), "\n"));
    }
  }
  Out().Write(Cat(style.dim, Summary(answer, options.timing), style.reset, "\n"));
  return absl::OkStatus();
}

absl::Status PrintTable(const Snapshot& snapshot, const Answer& answer,
                        const PrintOptions& options) {
  using Align = TextTable::Align;
  const Schema& schema = snapshot.schema();
  const std::vector<std::string> columns = ColumnsOf(schema, options.fields);
  std::vector<Align> aligns = {Align::kRight, Align::kRight, Align::kLeft};
  std::vector<std::string> header = {"#", "score", schema.key().empty() ? "doc" : schema.key()};
  for (const std::string& column : columns) {
    const Field* field = schema.Find(column);
    const bool number = field != nullptr && (field->options.type == FieldType::kInt64 ||
                                             field->options.type == FieldType::kFloat64);
    aligns.push_back(number ? Align::kRight : Align::kLeft);
    header.push_back(column);
  }
  TextTable table(aligns);
  table.AddRow(header);
  for (size_t i = 0; i < answer.result.hits.size(); ++i) {
    const Hit& hit = answer.result.hits[i];
    SEGUE_ASSIGN_OR_RETURN(Document stored, snapshot.Stored(hit.doc));
    SEGUE_ASSIGN_OR_RETURN(std::string key, KeyOrNumber(snapshot, hit.doc));
    char score[32];
    std::snprintf(score, sizeof score, "%.4f", static_cast<double>(hit.score));
    std::vector<std::string> row = {Cat(i + 1), score, key};
    for (const std::string& column : columns) row.push_back(FieldText(schema, stored, column));
    table.AddRow(std::move(row));
  }
  const Style& style = StyleFor(STDOUT_FILENO);
  const std::string text = table.ToText(TerminalWidth(STDOUT_FILENO));
  const size_t header_end = text.find('\n');
  if (!answer.result.hits.empty()) {
    Out().Write(Cat(style.bold, text.substr(0, header_end), style.reset, text.substr(header_end)));
  }
  Out().Write(Cat(style.dim, Summary(answer, options.timing), style.reset, "\n"));
  return absl::OkStatus();
}

absl::Status PrintCsv(const Snapshot& snapshot, const Answer& answer, const PrintOptions& options) {
  const Schema& schema = snapshot.schema();
  const std::vector<std::string> columns = ColumnsOf(schema, options.fields);
  std::string line = Cat("rank,score,", CsvCell(schema.key().empty() ? "doc" : schema.key()));
  for (const std::string& column : columns) line += "," + CsvCell(column);
  Out().Write(line + "\r\n");
  for (size_t i = 0; i < answer.result.hits.size(); ++i) {
    const Hit& hit = answer.result.hits[i];
    SEGUE_ASSIGN_OR_RETURN(Document stored, snapshot.Stored(hit.doc));
    SEGUE_ASSIGN_OR_RETURN(std::string key, KeyOrNumber(snapshot, hit.doc));
    line = Cat(i + 1, ",", ScoreText(hit.score), ",", CsvCell(key));
    for (const std::string& column : columns) {
      line += "," + CsvCell(FieldText(schema, stored, column));
    }
    Out().Write(line + "\r\n");
  }
  return absl::OkStatus();
}

absl::Status PrintTrecRun(const Snapshot& snapshot, std::string_view number, const Answer& answer,
                          std::string_view tag) {
  size_t rank = 0;
  for (const Hit& hit : answer.result.hits) {
    SEGUE_ASSIGN_OR_RETURN(std::string key, KeyOrNumber(snapshot, hit.doc));
    Out().Write(Cat(number, " Q0 ", key, " ", ++rank, " ", ScoreText(hit.score), " ", tag, "\n"));
  }
  return absl::OkStatus();
}

void PrintDiagnostics(const Answer& answer) {
  for (const auto* list : {&answer.diagnostics, &answer.result.diagnostics}) {
    for (const Diagnostic& diagnostic : *list) {
      std::string place;
      if (diagnostic.end_byte > 0) place = Cat(" (at byte ", diagnostic.begin_byte, ")");
      Warn(Cat(diagnostic.message, place));
    }
  }
  for (const Suggestion& suggestion : answer.suggestions) Warn(SuggestionText(suggestion));
}

}  // namespace segue
