// SPDX-License-Identifier: Apache-2.0
//
// LeafRewriter's part for fields that are searched as if they were one. Each word is analysed in
// each field; the first tokens of all fields are one term, the second ones another, so that fields
// which stem differently still add up.
#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/query/leaf_rewriter.h"
#include "engine/query/query_node.h"
#include "engine/query/query_scanner.h"
#include "engine/query/query_text.h"

namespace segue {
namespace {

// One term that counts as often as it stands is that term.
Query Together(std::vector<CombinedTerm> terms) {
  if (terms.empty()) return Query::None();
  if (terms.size() == 1 && terms[0].weight == 1) return Query::Term(terms[0].field, terms[0].term);
  return Query::CombinedTerms(std::move(terms));
}

}  // namespace

void LeafRewriter::AddTogether(const Field& field, std::string_view term, float weight,
                               const Query& leaf, std::vector<CombinedTerm>* terms) {
  if (term.size() > kMaxTermBytes) {
    Warn(leaf, Cat("a word of ", term.size(), " bytes is in no index; at most ", kMaxTermBytes,
                   " are kept"));
    return;
  }
  weight = BoostProduct(weight, field.options.boost);
  for (CombinedTerm& known : *terms) {
    if (known.field != field.name || known.term != term) continue;
    known.weight = std::min(known.weight + weight, std::numeric_limits<float>::max());
    return;
  }
  terms->push_back({.field = field.name, .term = std::string(term), .weight = weight});
}

Rewritten LeafRewriter::TermsTogether(const Query& leaf) {
  std::vector<CombinedTerm> terms;
  for (const CombinedTerm& term : leaf.combined_terms()) {
    const Field* field = SearchableField(leaf, term.field);
    if (field == nullptr) continue;
    if (HasTerms(*field)) {
      AddTogether(*field, term.term, term.weight, leaf, &terms);
    } else {
      WarnOfType(leaf, *field, "has no terms to be combined");
    }
  }
  return Together(std::move(terms));
}

absl::Status LeafRewriter::AddWord(const Field& field, float weight, std::string_view word,
                                   const Query& leaf,
                                   std::vector<std::vector<CombinedTerm>>* tokens) {
  const auto add = [&](size_t i, std::string_view term) {
    if (tokens->size() <= i) tokens->resize(i + 1);
    AddTogether(field, term, weight, leaf, &(*tokens)[i]);
  };
  if (field.options.type == FieldType::kKeyword) {
    add(0, word);
    return absl::OkStatus();
  }
  SEGUE_ASSIGN_OR_RETURN(const std::span<const Word> words, Analyze(field, word));
  for (size_t i = 0; i < words.size(); ++i) add(i, words[i].term);
  return absl::OkStatus();
}

Rewritten LeafRewriter::FieldsTogether(const Query& leaf) {
  std::vector<std::pair<const Field*, float>> fields;
  const auto add_field = [&](const Field* field, float weight) {
    if (field == nullptr) return;
    if (HasTerms(*field)) {
      fields.emplace_back(field, weight);
    } else if (!leaf.weighted_fields().empty()) {
      WarnOfType(leaf, *field, "has no words to be combined");
    }
  };
  for (const WeightedField& wanted : leaf.weighted_fields()) {
    add_field(SearchableField(leaf, wanted.field), wanted.weight);
  }
  if (leaf.weighted_fields().empty()) {
    for (const Field* field : default_fields_) add_field(field, 1);
  }
  if (fields.empty()) {
    Warn(leaf, "there is no field with words to search in");
    return Query::None();
  }
  std::vector<QueryClause> clauses;
  for (const std::string_view word : SplitWords(leaf.text())) {
    std::vector<std::vector<CombinedTerm>> tokens;
    for (const auto& [field, weight] : fields) {
      SEGUE_RETURN_IF_ERROR(AddWord(*field, weight, word, leaf, &tokens));
    }
    for (std::vector<CombinedTerm>& terms : tokens) {
      clauses.push_back({Occur::kShould, Together(std::move(terms))});
    }
    SEGUE_RETURN_IF_ERROR(CheckTokens(clauses.size()));
  }
  if (clauses.empty()) {
    Warn(leaf, Cat(ShownText(leaf.text()), " has no searchable words; left out"));
    return std::optional<Query>();
  }
  return Query::Boolean(std::move(clauses));
}

}  // namespace segue
