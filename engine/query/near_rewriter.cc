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

Rewritten LeafRewriter::NearIn(const Field& field, const Query& leaf) {
  if (field.options.type != FieldType::kText) {
    if (leaf.field().empty()) return std::optional<Query>();  // others may hold words
    WarnOfType(leaf, field, "has no words that are near each other");
    return Query::None();
  }
  std::map<uint64_t, std::vector<Query>> places;
  SEGUE_RETURN_IF_ERROR(AddParts(field, leaf, &places));
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
  if (parts.size() == 1) return WithFieldBoost(field, std::move(parts[0]));
  if (!field.options.positions) {
    Warn(leaf, Cat("the field ", ShownText(field.name),
                   " keeps no positions; the words are searched anywhere in it"));
    return WithFieldBoost(field, Query::And(std::move(parts)));
  }
  NearOptions near = leaf.near();
  near.positions.clear();
  if (near.order == NearOrder::kPhrase) {
    const bool is_plain =
        near.slop == 0 && std::all_of(parts.begin(), parts.end(),
                                      [](const Query& p) { return p.kind() == QueryKind::kTerm; });
    if (is_plain) return WithFieldBoost(field, PlainPhrase(field, parts, positions));
    if (has_gaps) near.positions = std::move(positions);
  }
  return WithFieldBoost(field, Query::Near(field.name, std::move(parts), std::move(near)));
}

Query LeafRewriter::PlainPhrase(const Field& field, const std::vector<Query>& parts,
                                const std::vector<uint32_t>& positions) {
  std::vector<PhraseTerm> phrase;
  for (size_t i = 0; i < parts.size(); ++i) phrase.push_back({parts[i].text(), positions[i]});
  return Query::Phrase(field.name, std::move(phrase));
}

}  // namespace segue
