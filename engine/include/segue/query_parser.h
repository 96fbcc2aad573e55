// SPDX-License-Identifier: Apache-2.0
//
// From what a user types to a query.
//
//   segue::ParsedQuery parsed = segue::ParseQuery("+jazz \"kind of blue\"");
//   auto result = snapshot->Search(parsed.query);
//   for (const segue::Diagnostic& d : parsed.diagnostics) Show(d.message);
//
// The language is Lucene's surface: words, "phrases", prefix*, w?ldcards, fuzzy~1,
// /regular expressions/, field:word, field:(words), field:[from TO to], + - ! AND OR NOT && ||,
// parentheses, ^boost, (a b c)@2, *:*, \ before any character that shall be text. AND binds tighter
// than OR. It is described with examples in docs/query-language.md.
//
// Any text is a query. What the language has no meaning for is read as text, or
// left out, and a diagnostic says where and how. Words are not analysed here:
// that needs the schema, and happens in the search. For text in which every
// character is text use Query::Text.
//
// Time and memory are linear in the text. All functions are thread-safe.
#ifndef SEGUE_QUERY_PARSER_H_
#define SEGUE_QUERY_PARSER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "segue/export.h"
#include "segue/limits.h"
#include "segue/query.h"
#include "segue/schema.h"
#include "segue/types.h"

namespace segue {

enum class DefaultOperator : uint8_t {
  kOr,   // `a b` matches documents with either
  kAnd,  // `a b` matches documents with both
};

struct ParseOptions {
  DefaultOperator default_operator = DefaultOperator::kOr;
  // With a schema, NAME: before a word is a field only if the schema has that
  // field; 12:30 is then text. Without, it always is one, and an unknown field
  // is noticed by the search. Used during the call only.
  const Schema* schema = nullptr;
  // Of these the parser knows query_bytes, patterns and pattern_bytes; what the text makes of the
  // others is for the search to refuse (SearchOptions::limits). If they are no limits, the query
  // matches nothing and a diagnostic says why.
  QueryLimits limits = {};
};

struct ParsedQuery {
  Query query;
  // In the order of their places in the text; at most 65.
  std::vector<Diagnostic> diagnostics = {};
};

// Never fails. Text over limits.query_bytes, or with more words than limits.clauses, gives a query
// that a search with the same limits refuses with kResourceExhausted (Query::Validate).
SEGUE_EXPORT ParsedQuery ParseQuery(std::string_view text, const ParseOptions& options = {});

// The same for programs that write queries: the first diagnostic becomes an
// error (kInvalidArgument), a query over any of the limits kResourceExhausted.
SEGUE_EXPORT absl::StatusOr<Query> ParseQueryStrict(std::string_view text,
                                                    const ParseOptions& options = {});

// What to search for while `text` is still being typed, as literal text: queries from the strictest
// to the loosest, each for fewer of its words. Take the hits of the first one that has any:
//
//   for (const segue::Query& query : segue::ParseInstant(typed, {.schema = &snapshot->schema()})) {
//     result = snapshot->Search(query);
//     if (!result.ok() || !result->hits.empty()) break;
//   }
//
// The last word may be the beginning of one, unless white space follows it. In words of 5
// characters one may be wrong, in those of 9 two. A word as it is typed counts most, then one that
// begins so, then one with typos. The first asks for all words, then come two thirds, one third,
// one. At most 32 words are looked at; with a schema so many beginnings and typos as its default
// fields allow. Never fails; limits as in ParseQuery. 1 to 4 queries.
SEGUE_EXPORT std::vector<Query> ParseInstant(std::string_view text,
                                             const ParseOptions& options = {});

// A copy of `text` with a backslash before each character that has a meaning in
// the language, and operators disarmed, so that it parses as plain words.
SEGUE_EXPORT std::string EscapeQueryText(std::string_view text);

}  // namespace segue

#endif  // SEGUE_QUERY_PARSER_H_
