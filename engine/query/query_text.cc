// SPDX-License-Identifier: Apache-2.0
//
// Queries for people to read, in about the syntax of the parser; text that needs
// quotes there gets them here.
#include "engine/query/query_text.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/query/function_options.h"
#include "engine/query/like_options.h"
#include "engine/query/written_text.h"
#include "engine/schema/value.h"
#include "segue/query.h"
#include "segue/query_parser.h"

namespace segue {

namespace {

// A wildcard pattern: all but its wildcards is escaped, and full stops at the end, before which
// question marks end a question.
std::string PatternText(std::string_view pattern) {
  std::string out, literal;
  const auto end_literal = [&] {
    if (!literal.empty() && literal.find_first_not_of('.') == literal.npos) out += '\\';
    if (!literal.empty()) out += EscapedWord(literal);
    literal.clear();
  };
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '*' || pattern[i] == '?') {
      end_literal();
      out += pattern[i];
      continue;
    }
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    literal += pattern[i];
  }
  end_literal();
  return out;
}

std::string FuzzyText(const Query& query) {
  const FuzzyOptions& fuzzy = query.fuzzy();
  std::string out = Cat(EscapedWord(query.text()), "~");
  if (fuzzy.edits.has_value()) CatTo(&out, *fuzzy.edits);
  if (fuzzy.prefix_length != 0) out = Cat("fuzzy(", out, ", ", fuzzy.prefix_length, ")");
  return out;
}

std::string BoundText(const std::optional<std::string>& bound) {
  return bound.has_value() ? PlainOrQuoted(*bound) : "*";
}

std::string BoundsText(const TermBounds& bounds) {
  return Cat(bounds.include_from ? "[" : "{", BoundText(bounds.from), " TO ", BoundText(bounds.to),
             bounds.include_to ? "]" : "}");
}

std::string ValueBoundsText(const ValueBounds& bounds) {
  const auto text_of = [](const std::optional<Value>& bound) {
    std::optional<std::string> text;
    if (bound.has_value()) text = TextOfValue(*bound);
    return text;
  };
  return BoundsText({.from = text_of(bounds.from),
                     .to = text_of(bounds.to),
                     .include_from = bounds.include_from,
                     .include_to = bounds.include_to});
}

std::string ValuesText(std::string_view before, const std::vector<Value>& values,
                       std::string_view behind) {
  std::string out(before);
  for (const Value& value : values) {
    CatTo(&out, out.size() > before.size() ? " " : "", PlainOrQuoted(TextOfValue(value)));
  }
  return Cat(out, behind);
}

// In quotes whatever the text is.
std::string PhraseText(const std::vector<PhraseTerm>& phrase) {
  std::multimap<uint32_t, std::string_view> by_position;
  for (const PhraseTerm& term : phrase) {
    by_position.emplace(term.position, term.term);
  }
  std::string out = "\"";
  bool is_first = true;
  uint32_t last = 0;
  for (const auto& [position, term] : by_position) {
    if (!is_first) {
      // A question mark for each place without a word; many are not printed.
      uint32_t gap = position - last;
      for (uint32_t i = 1; i < std::min(gap, 8u); ++i) out += " ?";
      out += gap == 0 ? '|' : ' ';
    }
    const std::string quoted = QuotedText(term);
    out.append(quoted, 1, quoted.size() - 2);
    is_first = false;
    last = position;
  }
  return out + "\"";
}

std::string NearText(const Query& query);

// `nested`: in a place where a list needs parentheses.
void Append(const Query& query, bool nested, std::string* out);

void AppendBoolean(const Query& query, bool nested, std::string* out) {
  bool parentheses = nested || query.min_should_match() != 0;
  if (parentheses) *out += '(';
  bool is_first = true;
  for (const QueryClause& clause : query.clauses()) {
    if (!is_first) *out += ' ';
    is_first = false;
    switch (clause.occur) {
      case Occur::kMust:
        *out += '+';
        break;
      case Occur::kShould:
        break;
      case Occur::kMustNot:
        *out += '-';
        break;
      case Occur::kFilter:
        *out += '#';
        break;
    }
    Append(clause.query, true, out);
  }
  if (parentheses) *out += ')';
  if (query.min_should_match() != 0) {
    CatTo(out, "@", query.min_should_match());
  }
}

std::string WeightText(float weight) {
  return weight == 1 ? std::string() : Cat("^", WrittenNumber(weight));
}

std::string FieldsText(const std::vector<WeightedField>& fields) {
  std::string out = "{";
  for (const WeightedField& field : fields) {
    CatTo(&out, out.size() > 1 ? " " : "", PlainOrQuoted(field.field), WeightText(field.weight));
  }
  return out + "}:";
}

void AppendLeaf(const Query& query, std::string* out);

// What the parser makes the best of several fields of: all but words, which it combines.
bool IsPerField(QueryKind kind) {
  return kind == QueryKind::kMatchPhrase || kind == QueryKind::kNear ||
         kind == QueryKind::kNearRelated || kind == QueryKind::kLike ||
         (kind >= QueryKind::kPrefix && kind <= QueryKind::kTermRange) || kind == QueryKind::kIn ||
         kind == QueryKind::kExists || kind == QueryKind::kGeoBox ||
         kind == QueryKind::kGeoDistance;
}

// The same in several fields, as {title^2 body}:"so what". False: it is not.
bool AppendFieldDisjunction(const Query& query, std::string* out) {
  if (query.number() != 0 || query.children().size() < 2) return false;
  std::vector<WeightedField> fields;
  std::string text;
  for (const Query& child : query.children()) {
    const bool is_boost = child.kind() == QueryKind::kBoost && child.number() != 1;
    const Query& leaf = is_boost ? child.children()[0] : child;
    if (!IsPerField(leaf.kind()) || leaf.field().empty()) return false;
    std::string of_leaf;
    AppendLeaf(leaf, &of_leaf);
    if (!fields.empty() && of_leaf != text) return false;
    text = std::move(of_leaf);
    fields.push_back({leaf.field(), is_boost ? child.number() : 1.0f});
  }
  CatTo(out, FieldsText(fields), text);
  return true;
}

void AppendDisjunction(const Query& query, std::string* out) {
  if (AppendFieldDisjunction(query, out)) return;
  *out += '(';
  bool is_first = true;
  for (const Query& child : query.children()) {
    if (!is_first) *out += " | ";
    is_first = false;
    Append(child, true, out);
  }
  *out += ')';
  if (query.number() != 0) CatTo(out, "~", WrittenNumber(query.number()));
}

void AppendConstantScore(const Query& query, std::string* out) {
  *out += "constant(";
  Append(query.children()[0], false, out);
  CatTo(out, ")^", WrittenNumber(query.number()));
}

// A part of words near each other, whose field has been said.
std::string NearPartText(const Query& part) {
  switch (part.kind()) {
    case QueryKind::kTerm:
    case QueryKind::kMatch:
      return PlainOrQuoted(part.text());
    case QueryKind::kPrefix:
      return Cat(EscapedWord(part.text()), "*");
    case QueryKind::kWildcard:
      return PatternText(part.text());
    case QueryKind::kRegexp:
      return WrittenRegexp(part.text());
    case QueryKind::kFuzzy:
      return FuzzyText(part);
    default: {
      std::string out = "(";
      for (const QueryClause& clause : part.clauses()) {
        CatTo(&out, out.size() > 1 ? " " : "", NearPartText(clause.query));
      }
      return out + ")";
    }
  }
}

std::string NearText(const Query& query) {
  const NearOptions& near = query.near();
  std::string out = near.at_least != 0                  ? Cat("ATLEAST(", near.at_least, ", ")
                    : near.order == NearOrder::kAny     ? "NEAR("
                    : near.order == NearOrder::kOrdered ? "ORDERED("
                                                        : "PHRASE(";
  const size_t begin = out.size();
  uint32_t place = 0;
  for (size_t i = 0; i < query.children().size(); ++i, ++place) {
    if (out.size() > begin) out += ' ';
    if (!near.positions.empty() && place < near.positions[i]) {
      // A question mark for each place without a part; many are not printed.
      for (uint32_t gap = std::min(near.positions[i] - place, 8u); gap > 0; --gap) out += "? ";
      place = near.positions[i];
    }
    out += NearPartText(query.children()[i]);
  }
  return Cat(out, ", ", near.slop, ")");
}

std::string RelatedText(const Query& query) {
  constexpr std::string_view kNames[] = {"CONTAINING(", "NOT_CONTAINING(", "WITHIN(",
                                         "NOT_WITHIN("};
  std::string out(kNames[static_cast<size_t>(query.relation())]);
  for (const Query& child : query.children()) {
    CatTo(&out, child.kind() == QueryKind::kNear ? NearText(child) : NearPartText(child),
          &child == &query.children().back() ? ")" : ", ");
  }
  return out;
}

std::string TermsText(std::string out, const std::vector<CombinedTerm>& terms) {
  const size_t begin = out.size();
  for (const CombinedTerm& term : terms) {
    CatTo(&out, out.size() > begin ? " " : "", PlainOrQuoted(term.field), ":",
          PlainOrQuoted(term.term), WeightText(term.weight));
  }
  return out;
}

std::string LikeOptionsText(const LikeOptions& options) {
  std::string out;
  VisitLikeOptions(options, [&out](std::string_view name, uint64_t value) {
    CatTo(&out, ", ", name, "=", value);
  });
  return out + ")";
}

std::string BoxText(const GeoBounds& box) {
  return Cat("BOX(", WrittenNumber(box.south), ", ", WrittenNumber(box.west), ", ",
             WrittenNumber(box.north), ", ", WrittenNumber(box.east), ")");
}

std::string CircleText(const GeoCircle& circle) {
  return Cat("AROUND(", WrittenNumber(circle.center.latitude), ", ",
             WrittenNumber(circle.center.longitude), ", ", WrittenNumber(circle.meters), "m)");
}

void AppendDemotion(const Query& query, bool nested, std::string* out) {
  if (nested) *out += '(';
  Append(query.children()[0], false, out);
  CatTo(out, " NOT^", WrittenNumber(query.number()), " ");
  Append(query.children()[1], true, out);
  if (nested) *out += ')';
}

// Of several fields, or of terms of a text.
void AppendTerms(const Query& query, std::string* out) {
  switch (query.kind()) {
    case QueryKind::kCombined:
      *out += FieldsText(query.weighted_fields());
      *out += WrittenWord(query.text());
      break;
    case QueryKind::kCombinedTerms:
      *out += TermsText("combined(", query.combined_terms()) + ")";
      break;
    case QueryKind::kLike:
      CatTo(out, "LIKE(", QuotedText(query.text()), LikeOptionsText(query.like()));
      break;
    case QueryKind::kLikeTerms:
      *out += TermsText("like(", query.combined_terms()) + LikeOptionsText(query.like());
      break;
    default:
      break;
  }
}

// What has no queries inside, without its field.
void AppendLeaf(const Query& query, std::string* out) {
  switch (query.kind()) {
    case QueryKind::kMatchAll:
      *out += "*:*";
      break;
    case QueryKind::kMatchNone:
      *out += "none()";
      break;
    case QueryKind::kTerm:
      *out += PlainOrQuoted(query.text());
      break;
    case QueryKind::kMatch:
      *out += WrittenWord(query.text());
      break;
    case QueryKind::kMatchPhrase:
      *out += QuotedText(query.text());
      if (query.near().slop != 0) CatTo(out, "~", query.near().slop);
      break;
    case QueryKind::kNear:
      *out += NearText(query);
      break;
    case QueryKind::kNearRelated:
      *out += RelatedText(query);
      break;
    case QueryKind::kPhrase:
      *out += PhraseText(query.phrase());
      break;
    case QueryKind::kEquals:
      CatTo(out, "=", PlainOrQuoted(TextOfValue(query.value())));
      break;
    case QueryKind::kPrefix:
      CatTo(out, EscapedWord(query.text()), "*");
      break;
    case QueryKind::kWildcard:
      *out += PatternText(query.text());
      break;
    case QueryKind::kRegexp:
      *out += WrittenRegexp(query.text());
      break;
    case QueryKind::kFuzzy:
      *out += FuzzyText(query);
      break;
    case QueryKind::kTermRange:
      *out += BoundsText(query.bounds());
      break;
    case QueryKind::kRange:
      *out += ValueBoundsText(query.value_bounds());
      break;
    case QueryKind::kIn:
      *out += ValuesText("IN [", query.values(), "]");
      break;
    case QueryKind::kExists:
      *out += '*';
      break;
    case QueryKind::kIds:
      *out += ValuesText("ids(", query.values(), ")");
      break;
    case QueryKind::kGeoBox:
      *out += BoxText(query.geo_bounds());
      break;
    case QueryKind::kGeoDistance:
      *out += CircleText(query.geo_circle());
      break;
    default:
      AppendTerms(query, out);
      break;
  }
}

// What is written only behind a field, which the default ones need a sign for then.
bool NeedsField(QueryKind kind) {
  return kind == QueryKind::kTermRange || kind == QueryKind::kRange || kind == QueryKind::kIn ||
         kind == QueryKind::kExists || kind == QueryKind::kGeoBox ||
         kind == QueryKind::kGeoDistance;
}

// One boost behind another would be their product.
void AppendBoost(const Query& query, std::string* out) {
  const Query& inner = query.children()[0];
  const bool is_boost = inner.kind() == QueryKind::kBoost;
  if (is_boost) *out += '(';
  Append(inner, true, out);
  if (is_boost) *out += ')';
  CatTo(out, "^", WrittenNumber(query.number()));
}

void Append(const Query& query, bool nested, std::string* out) {
  if (!query.field().empty()) {
    CatTo(out, WrittenField(query.field()), ":");
  } else if (NeedsField(query.kind())) {
    *out += "{}:";
  }
  switch (query.kind()) {
    case QueryKind::kBoolean:
      AppendBoolean(query, nested, out);
      break;
    case QueryKind::kBoost:
      AppendBoost(query, out);
      break;
    case QueryKind::kConstantScore:
      AppendConstantScore(query, out);
      break;
    case QueryKind::kDisjunctionMax:
      AppendDisjunction(query, out);
      break;
    case QueryKind::kFunctionScore:
      Append(query.children()[0], true, out);
      CatTo(out, "^", FunctionText(query.function()));
      break;
    case QueryKind::kDemote:
      AppendDemotion(query, nested, out);
      break;
    default:
      AppendLeaf(query, out);
      break;
  }
}

}  // namespace

std::string ShownText(std::string_view text) {
  constexpr size_t kMaxBytes = 60;
  const auto* at = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* end = at + text.size();
  std::string out = "'";
  while (at < end && out.size() <= kMaxBytes) {
    char32_t code_point = 0;
    at += DecodeUtf8(at, end, &code_point);
    AppendUtf8(code_point < 0x20 ? U' ' : code_point, &out);
  }
  out += at < end ? "…'" : "'";
  return out;
}

std::string FunctionText(const ScoreFunction& function) {
  std::string out = Cat(ScoreFunctionKindName(function.kind), "(", PlainOrQuoted(function.field));
  VisitFunctionOptions(
      function,
      [&out](std::string_view name, double value) { CatTo(&out, ", ", name, "=", value); },
      [&out](std::string_view name, const Value& value) {
        CatTo(&out, ", ", name, "=", PlainOrQuoted(TextOfValue(value)));
      });
  if (function.combination != ScoreCombination::kMultiply) {
    CatTo(&out, ", combine=", ScoreCombinationName(function.combination));
  }
  return out + ")";
}

std::string Query::ToString() const {
  std::string out;
  Append(*this, false, &out);
  return out;
}

}  // namespace segue
