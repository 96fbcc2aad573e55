// SPDX-License-Identifier: Apache-2.0
//
// Queries of a comparison, one a line of a file:
//
//   {"query":"+new +york","tags":["and2","bands:middle+high"],"filter":"twentieth"}
//
// `+a` must match, `-a` must not, `a` may; a phrase stands in quotes. Words are of a-z and 0-9,
// nothing is escaped. The first tag is the class. The filter is optional. In place of a word there
// may be a pattern, `a*`, `a~1`, `/a.b/`, or a range of numbers, `number:[1 TO 9]`, which may be
// the filter, too.
#ifndef SEGUE_CORPUS_GAME_QUERY_H_
#define SEGUE_CORPUS_GAME_QUERY_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace segue {

struct GameClause {
  enum class Sign { kMay, kMust, kMustNot };
  Sign sign = Sign::kMay;
  std::vector<std::string> words;  // at least one, if there is no pattern; several are a phrase
  std::string pattern;             // or a range, as it is written

  friend bool operator==(const GameClause&, const GameClause&) = default;
};

struct GameQuery {
  std::vector<GameClause> clauses;
  std::vector<std::string> tags;  // the class first
  std::string filter;             // a word of FilterWords, a range, or empty

  friend bool operator==(const GameQuery&, const GameQuery&) = default;
};

// `+new +york`.
std::string QueryText(const GameQuery& query);
// The line, without its end.
std::string QueryLine(const GameQuery& query);

// The clauses of a query as people write them: each word is normalised (corpus/game_text.h) and
// must stay one word. kInvalidArgument says what is wrong. Patterns are not read.
absl::StatusOr<std::vector<GameClause>> ParseGameQuery(std::string_view text);

// The class that the clauses have by their form: term, phrase, and2, and3, and_more, or2, or3,
// or_more, long_or (10 words and more), must_should, negated, two_phase. Empty for any other form
// (nothing but negations, phrases that may match).
std::string_view ClassOf(const std::vector<GameClause>& clauses);

}  // namespace segue

#endif  // SEGUE_CORPUS_GAME_QUERY_H_
