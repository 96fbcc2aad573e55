// SPDX-License-Identifier: Apache-2.0
//
// Each clause becomes a quoted string, which FTS5 reads as a phrase of its words.
#include "bench/game/peers/fts5/fts5_query.h"

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue::game {
namespace {

struct Clauses {
  std::string must, should, must_not;  // joined by AND, OR, OR
};

void Append(std::string* to, std::string_view between, std::string_view words) {
  if (!to->empty()) CatTo(to, " ", between, " ");
  CatTo(to, "\"", words, "\"");
}

absl::StatusOr<Clauses> Split(std::string_view query) {
  Clauses clauses;
  while (!query.empty()) {
    char sign = query.front();
    if (sign == '+' || sign == '-' || sign == ' ') query.remove_prefix(1);
    if (sign == ' ') continue;
    const bool quoted = query.starts_with('"');
    if (quoted) query.remove_prefix(1);
    const size_t end = query.find(quoted ? '"' : ' ');
    if (quoted && end == std::string_view::npos) {
      return Error(ErrorCode::kInvalidArgument, "a quote without an end");
    }
    const std::string_view words = query.substr(0, end);
    query.remove_prefix(std::min(query.size(), end == query.npos ? end : end + 1));
    if (sign == '+') {
      Append(&clauses.must, "AND", words);
    } else if (sign == '-') {
      Append(&clauses.must_not, "OR", words);
    } else {
      Append(&clauses.should, "OR", words);
    }
  }
  return clauses;
}

}  // namespace

absl::StatusOr<Fts5Query> TranslateQuery(std::string_view query) {
  SEGUE_ASSIGN_OR_RETURN(const Clauses clauses, Split(query));
  Fts5Query translated;
  translated.ranks = clauses.must.empty() || clauses.should.empty();
  translated.expression = clauses.must.empty() ? clauses.should : clauses.must;
  if (translated.expression.empty()) {
    return Error(ErrorCode::kInvalidArgument, Cat("nothing to look for in ", Quoted(query)));
  }
  if (!clauses.must_not.empty()) {
    translated.expression = Cat("(", translated.expression, ") NOT (", clauses.must_not, ")");
  }
  return translated;
}

}  // namespace segue::game
