// SPDX-License-Identifier: Apache-2.0
//
// LeafRewriter's part for words near each other. Each part becomes the alternatives for one place:
// terms and patterns of the field. Text of several words becomes as many parts.
#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/query/leaf_rewriter.h"
#include "engine/query/pattern_rewriter.h"
#include "engine/query/query_node.h"
#include "engine/query/query_scanner.h"
#include "engine/query/query_text.h"

namespace segue {
namespace {

// Words of a text, however they are analysed: so many places it takes at least.
uint32_t CountWords(std::string_view text) {
  uint32_t words = 0;
  bool is_inside = false;
  for (size_t at = 0; at < text.size();) {
    const size_t space = QuerySpaceBytes(text, at);
    words += space == 0 && !is_inside ? 1 : 0;
    is_inside = space == 0;
    at += std::max<size_t>(space, 1);
  }
  return words;
}

Query AnyOf(std::vector<Query> alternatives) {
  return alternatives.size() == 1 ? std::move(alternatives[0]) : Query::Or(std::move(alternatives));
}

void AddAlternative(Query query, std::vector<Query>* alternatives) {
  if (std::find(alternatives->begin(), alternatives->end(), query) == alternatives->end()) {
    alternatives->push_back(std::move(query));
  }
}

}  // namespace

// What stands for one place: a term, a pattern, or the terms of an alternative's text.
absl::Status LeafRewriter::AddAlternatives(const Field& field, const Query& part,
                                           std::vector<Query>* alternatives) {
  if (part.kind() == QueryKind::kBoolean) {
    for (const QueryClause& clause : part.clauses()) {
      SEGUE_RETURN_IF_ERROR(AddAlternatives(field, clause.query, alternatives));
    }
    return absl::OkStatus();
  }
  if (part.kind() == QueryKind::kTerm) {
    AddAlternative(Query::Term(field.name, part.text()), alternatives);
    return absl::OkStatus();
  }
  if (part.kind() == QueryKind::kMatch) {
    SEGUE_ASSIGN_OR_RETURN(const std::span<const Word> tokens, Analyze(field, part.text()));
    for (const Word& token : tokens) {
      AddAlternative(Query::Term(field.name, token.term), alternatives);
    }
    return absl::OkStatus();
  }
  SEGUE_ASSIGN_OR_RETURN(const Analyzer* const analyzer, AnalyzerOf(field));
  AddAlternative(PatternOfField(part, field.name, analyzer), alternatives);
  return absl::OkStatus();
}

// The parts at their places: a place of the phrase has its alternatives.
absl::Status LeafRewriter::AddParts(const Field& field, const Query& leaf,
                                    std::map<uint64_t, std::vector<Query>>* places) {
  const NearOptions& near = leaf.near();
  uint64_t shift = 0;
  for (size_t i = 0; i < leaf.children().size(); ++i) {
    const Query& part = leaf.children()[i];
    const uint64_t place = near.positions.empty() ? i + shift : near.positions[i];
    if (part.kind() != QueryKind::kMatch) {
      std::vector<Query> alternatives;
      SEGUE_RETURN_IF_ERROR(AddAlternatives(field, part, &alternatives));
      for (Query& query : alternatives) AddAlternative(std::move(query), &(*places)[place]);
      continue;
    }
    SEGUE_ASSIGN_OR_RETURN(const std::span<const Word> tokens, Analyze(field, part.text()));
    uint32_t last = std::max(CountWords(part.text()), 1u) - 1;
    const auto add = [&](const std::string& term, uint32_t position) {
      AddAlternative(Query::Term(field.name, term), &(*places)[place + position]);
      last = std::max(last, position);
    };
    if (std::all_of(tokens.begin(), tokens.end(),
                    [](const Word& token) { return token.position_length == 1; })) {
      for (const Word& token : tokens) add(token.term, token.position);
    } else {
      // Of a graph one path: its words stand as far apart as in a text. The others would take
      // parts of other numbers of words.
      bool has_more = false;
      const auto readings = ReadingsOf(tokens, 1, &has_more);
      for (const PhraseTerm& term : readings.front()) {
        add(term.term, tokens.front().position + term.position);
      }
    }
    shift += last;
  }
  std::erase_if(*places, [](const auto& place) { return place.second.empty(); });
  return absl::OkStatus();
}

// False: nothing can stand near there. Words without a field may be in other fields.
bool LeafRewriter::HasWordsNear(const Field& field, const Query& leaf) {
  if (field.options.type == FieldType::kText) return true;
  if (!leaf.field().empty()) WarnOfType(leaf, field, "has no words that are near each other");
  return false;
}

// A kNear of terms and patterns, or none; nothing if the analyzer leaves no word. Of a single part
// the phrase.
Rewritten LeafRewriter::NearOfParts(const Field& field, const Query& leaf) {
  NearOptions near{.order = NearOrder::kPhrase};
  std::map<uint64_t, std::vector<Query>> places;
  size_t asked = 1;
  if (leaf.kind() == QueryKind::kNear) {
    near = leaf.near();
    asked = leaf.children().size();
    SEGUE_RETURN_IF_ERROR(AddParts(field, leaf, &places));
  } else {
    SEGUE_RETURN_IF_ERROR(AddParts(field, Query::Near({}, {leaf}, near), &places));
  }
  if (places.empty()) return std::optional<Query>();
  std::vector<Query> parts;
  std::vector<uint32_t> positions;
  bool has_gaps = false;
  const uint64_t first = places.begin()->first;
  for (auto& [place, alternatives] : places) {
    has_gaps |= place - first != parts.size();
    positions.push_back(static_cast<uint32_t>(std::min<uint64_t>(place - first, kMaxPosition)));
    parts.push_back(AnyOf(std::move(alternatives)));
  }
  near.positions.clear();
  if (near.order == NearOrder::kPhrase && has_gaps) near.positions = std::move(positions);
  if (near.at_least > std::max(asked, parts.size())) {
    Warn(leaf, Cat("at least ", near.at_least, " of ", parts.size(),
                   " words cannot be near each other; nothing matches"));
    return Query::None();
  }
  // Words that were left out cannot be asked for.
  if (near.at_least >= parts.size()) near.at_least = 0;
  return Query::Near(field.name, std::move(parts), std::move(near));
}

// The same documents and scores of a simpler kind, where there is one.
Query LeafRewriter::SimplestOf(const Field& field, const Query& near, const Query& leaf) {
  if (near.kind() != QueryKind::kNear) return near;
  const std::vector<Query>& parts = near.children();
  const NearOptions& options = near.near();
  if (parts.size() == 1) return parts[0];
  if (!field.options.positions) {
    Warn(leaf, Cat("the field ", ShownText(field.name),
                   " keeps no positions; the words are searched anywhere in it"));
    if (options.at_least == 0) return Query::And(parts);
    std::vector<QueryClause> clauses;
    for (const Query& part : parts) clauses.push_back({Occur::kShould, part});
    return Query::Boolean(std::move(clauses), options.at_least);
  }
  const bool is_plain = options.order == NearOrder::kPhrase && options.slop == 0 &&
                        std::all_of(parts.begin(), parts.end(),
                                    [](const Query& p) { return p.kind() == QueryKind::kTerm; });
  if (!is_plain) return near;
  std::vector<PhraseTerm> phrase;
  for (uint32_t i = 0; i < parts.size(); ++i) {
    phrase.push_back({parts[i].text(), options.positions.empty() ? i : options.positions[i]});
  }
  return Query::Phrase(field.name, std::move(phrase));
}

Rewritten LeafRewriter::NearIn(const Field& field, const Query& leaf) {
  if (!HasWordsNear(field, leaf)) {
    return leaf.field().empty() ? std::optional<Query>() : Query::None();
  }
  SEGUE_ASSIGN_OR_RETURN(const std::optional<Query> near, NearOfParts(field, leaf));
  if (!near.has_value()) return near;
  return WithFieldBoost(field, SimplestOf(field, *near, leaf));
}

// Without the other part, or without positions, as much of the relation as can be told.
Rewritten LeafRewriter::RelatedIn(const Field& field, const Query& leaf) {
  if (!HasWordsNear(field, leaf)) {
    return leaf.field().empty() ? std::optional<Query>() : Query::None();
  }
  SEGUE_ASSIGN_OR_RETURN(std::optional<Query> near, NearOfParts(field, leaf.children()[0]));
  if (!near.has_value() || near->kind() == QueryKind::kMatchNone) return near;
  SEGUE_ASSIGN_OR_RETURN(std::optional<Query> other, NearOfParts(field, leaf.children()[1]));
  const bool needs_other = NeedsOther(leaf.relation());
  if (!other.has_value()) {
    Warn(leaf, Cat(ShownText(leaf.children()[1].ToString()),
                   " has no searchable words in the field ", ShownText(field.name), "; left out"));
  } else if (other->kind() == QueryKind::kMatchNone) {
    if (needs_other) return other;
    other.reset();
  }
  if (!other.has_value()) return WithFieldBoost(field, SimplestOf(field, *near, leaf));
  if (!field.options.positions) {
    Warn(leaf, Cat("the field ", ShownText(field.name),
                   " keeps no positions; the words are searched anywhere in it"));
    std::vector<Query> both = {SimplestOf(field, *near, leaf)};
    if (needs_other) both.push_back(SimplestOf(field, *other, leaf));
    return WithFieldBoost(field, Query::And(std::move(both)));
  }
  return WithFieldBoost(
      field, Query::NearRelated(field.name, *std::move(near), leaf.relation(), *std::move(other)));
}

}  // namespace segue
