// SPDX-License-Identifier: Apache-2.0
#include "engine/query/pattern_rewriter.h"

#include <optional>
#include <string>
#include <utility>

#include "engine/pattern/wildcard.h"
#include "engine/query/term_pattern.h"

namespace segue {
namespace {

std::string Normalized(std::string_view part, const Analyzer* analyzer) {
  return analyzer != nullptr ? analyzer->Normalize(part) : std::string(part);
}

Query Wildcards(std::string_view given, std::string_view field, const Analyzer* analyzer) {
  std::string pattern;
  std::string literal;  // since the last wildcard
  std::string first;    // before the first one
  size_t wildcards = 0;
  const auto end_literal = [&] {
    const std::string normalized = Normalized(literal, analyzer);
    if (wildcards == 0) first = normalized;
    pattern += EscapeWildcard(normalized);
    literal.clear();
  };
  for (size_t i = 0; i < given.size(); ++i) {
    if (given[i] == '*' || given[i] == '?') {
      end_literal();
      ++wildcards;
      pattern += given[i];
      continue;
    }
    if (given[i] == '\\' && i + 1 < given.size()) ++i;
    literal += given[i];
  }
  const bool ends_in_star = wildcards == 1 && literal.empty() && pattern.back() == '*';
  end_literal();
  if (wildcards == 0) return Query::Term(field, first);
  if (ends_in_star) return Query::Prefix(field, first);
  return Query::Wildcard(field, pattern);
}

Query FuzzyWord(const Query& leaf, std::string_view field, const Analyzer* analyzer) {
  const std::string word = Normalized(leaf.text(), analyzer);
  FuzzyOptions options = leaf.fuzzy();
  options.edits = EditsOf(word, options);
  if (*options.edits == 0) return Query::Term(field, word);
  return Query::Fuzzy(field, word, options);
}

}  // namespace

Query PatternOfField(const Query& leaf, std::string_view field, const Analyzer* analyzer) {
  switch (leaf.kind()) {
    case QueryKind::kPrefix:
      return Query::Prefix(field, Normalized(leaf.text(), analyzer));
    case QueryKind::kWildcard:
      return Wildcards(leaf.text(), field, analyzer);
    case QueryKind::kRegexp:
      return Query::Regexp(field, leaf.text());
    case QueryKind::kFuzzy:
      return FuzzyWord(leaf, field, analyzer);
    default: {
      TermBounds bounds = leaf.bounds();
      for (std::optional<std::string>* bound : {&bounds.from, &bounds.to}) {
        if (bound->has_value()) *bound = Normalized(**bound, analyzer);
      }
      return Query::TermRange(field, std::move(bounds));
    }
  }
}

}  // namespace segue
