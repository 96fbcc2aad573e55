// SPDX-License-Identifier: Apache-2.0
#include "corpus/game_query.h"

#include <algorithm>

#include "corpus/game_text.h"
#include "engine/base/json.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

using Sign = GameClause::Sign;

constexpr std::string_view kBlanks = " \t\r\n\f\v";
constexpr size_t kLongUnionWords = 10;

absl::Status AddWord(std::string_view word, GameClause* clause) {
  std::string normal;
  if (AppendGameText(word, &normal) != 1) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("does not stay one word of letters and digits: ", Quoted(word, 80)));
  }
  clause->words.push_back(std::move(normal));
  return absl::OkStatus();
}

absl::Status AddPhrase(std::string_view phrase, GameClause* clause) {
  for (size_t at = 0; (at = phrase.find_first_not_of(kBlanks, at)) != phrase.npos;) {
    const size_t end = std::min(phrase.find_first_of(kBlanks, at), phrase.size());
    SEGUE_RETURN_IF_ERROR(AddWord(phrase.substr(at, end - at), clause));
    at = end;
  }
  if (!clause->words.empty()) return absl::OkStatus();
  return Error(ErrorCode::kInvalidArgument, "an empty phrase");
}

// Takes the first clause off *text, which does not begin with a blank.
absl::Status ParseClause(std::string_view* text, GameClause* clause) {
  if (text->front() == '+' || text->front() == '-') {
    clause->sign = text->front() == '+' ? Sign::kMust : Sign::kMustNot;
    text->remove_prefix(1);
  }
  if (text->starts_with('"')) {
    const size_t end = text->find('"', 1);
    if (end == text->npos) return Error(ErrorCode::kInvalidArgument, "a quote is never closed");
    SEGUE_RETURN_IF_ERROR(AddPhrase(text->substr(1, end - 1), clause));
    text->remove_prefix(end + 1);
    return absl::OkStatus();
  }
  const size_t end = std::min(text->find_first_of(kBlanks), text->size());
  SEGUE_RETURN_IF_ERROR(AddWord(text->substr(0, end), clause));
  text->remove_prefix(end);
  return absl::OkStatus();
}

std::string_view BySize(size_t size, std::string_view two, std::string_view three,
                        std::string_view more) {
  return size == 1 ? "term" : size == 2 ? two : size == 3 ? three : more;
}

}  // namespace

std::string QueryText(const GameQuery& query) {
  std::string text;
  for (const GameClause& clause : query.clauses) {
    if (!text.empty()) text += ' ';
    if (clause.sign != Sign::kMay) text += clause.sign == Sign::kMust ? '+' : '-';
    text += clause.pattern;
    const bool phrase = clause.words.size() > 1;
    if (phrase) text += '"';
    for (size_t i = 0; i < clause.words.size(); ++i) {
      if (i > 0) text += ' ';
      text += clause.words[i];
    }
    if (phrase) text += '"';
  }
  return text;
}

std::string QueryLine(const GameQuery& query) {
  JsonWriter json;
  json.BeginObject();
  json.Key("query").String(QueryText(query));
  json.Key("tags").BeginArray();
  for (const std::string& tag : query.tags) json.String(tag);
  json.EndArray();
  if (!query.filter.empty()) json.Key("filter").String(query.filter);
  json.EndObject();
  return json.Take();
}

absl::StatusOr<std::vector<GameClause>> ParseGameQuery(std::string_view text) {
  std::vector<GameClause> clauses;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    if (text.empty()) break;
    SEGUE_RETURN_IF_ERROR(ParseClause(&text, &clauses.emplace_back()));
  }
  if (clauses.empty()) return Error(ErrorCode::kInvalidArgument, "an empty query");
  return clauses;
}

std::string_view ClassOf(const std::vector<GameClause>& clauses) {
  size_t may = 0, must = 0, must_not = 0, phrases = 0, phrases_that_may = 0;
  for (const GameClause& clause : clauses) {
    const bool phrase = clause.words.size() > 1;
    phrases += phrase;
    phrases_that_may += phrase && clause.sign == Sign::kMay;
    may += clause.sign == Sign::kMay;
    must += clause.sign == Sign::kMust;
    must_not += clause.sign == Sign::kMustNot;
  }
  if (may + must == 0) return {};
  if (must_not > 0) return "negated";
  if (clauses.size() == 1 && phrases == 1) return "phrase";
  if (phrases_that_may > 0) return {};
  if (phrases > 0) return "two_phase";
  if (may > 0 && must > 0) return "must_should";
  if (must > 0) return BySize(must, "and2", "and3", "and_more");
  return BySize(may, "or2", "or3", may < kLongUnionWords ? "or_more" : "long_or");
}

}  // namespace segue
