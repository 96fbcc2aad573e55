// SPDX-License-Identifier: Apache-2.0
#include "engine/query/query_operand.h"

#include <utility>
#include <vector>

namespace segue {
namespace {

Query NearOf(const Query& near, std::string_view field) {
  if (near.kind() == QueryKind::kNear) return Query::Near(field, near.children(), near.near());
  return Query::NearRelated(field, near.children()[0], near.relation(), near.children()[1]);
}

Query AreaOf(const Query& area, std::string_view field) {
  if (area.kind() == QueryKind::kGeoBox) return Query::GeoBox(field, area.geo_bounds());
  return Query::GeoDistance(field, area.geo_circle());
}

// With a star behind the quotes the last word is a prefix.
Query PhraseOf(const QueryToken& phrase, std::string_view field) {
  if (!phrase.ends_in_prefix || IsBlankText(phrase.text)) {
    return Query::MatchPhrase(field, phrase.text, phrase.slop);
  }
  size_t end = 0, begin = 0;  // of the last word
  size_t end_before = 0;      // of the one before
  for (size_t at = 0; at < phrase.text.size();) {
    const size_t space = QuerySpaceBytes(phrase.text, at);
    if (space == 0) {
      if (at > end) {
        begin = at;
        end_before = end;
      }
      end = ++at;
    } else {
      at += space;
    }
  }
  std::vector<Query> parts;
  const std::string_view before = phrase.text.substr(0, end_before);
  if (!before.empty()) parts.push_back(Query::Match({}, before));
  parts.push_back(Query::Prefix({}, phrase.text.substr(begin, end - begin)));
  return Query::Near(field, std::move(parts), {.order = NearOrder::kPhrase, .slop = phrase.slop});
}

}  // namespace

bool IsBlankText(std::string_view text) {
  size_t at = 0;
  while (size_t bytes = QuerySpaceBytes(text, at)) at += bytes;
  return at == text.size();
}

Query QueryOfOperand(const QueryToken& operand, const QueryScanner& scanner,
                     std::string_view field) {
  using Kind = QueryToken::Kind;
  switch (operand.kind) {
    case Kind::kWord:
      return Query::Match(field, operand.text);
    case Kind::kPrefix:
      return Query::Prefix(field, operand.text);
    case Kind::kWildcard:
      return Query::Wildcard(field, operand.text);
    case Kind::kRegexp:
      return Query::Regexp(field, operand.text);
    case Kind::kFuzzy:
      return Query::Fuzzy(field, operand.text, {.edits = operand.edits});
    case Kind::kRange:
      return Query::TermRange(field, scanner.bounds());
    case Kind::kIn:
      return Query::In(field, scanner.values());
    case Kind::kArea:
      return AreaOf(scanner.area(), field);
    case Kind::kExists:
      return Query::Exists(field);
    case Kind::kPhrase:
      return PhraseOf(operand, field);
    case Kind::kNear:
      return NearOf(scanner.near(), field);
    case Kind::kLike:
      return Query::Like(field, scanner.like_text(), scanner.like_options());
    default:
      return Query::All();
  }
}

}  // namespace segue
