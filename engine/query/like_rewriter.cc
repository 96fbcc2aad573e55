// SPDX-License-Identifier: Apache-2.0
//
// LeafRewriter's part for documents like a text: its terms and how often each is in it. Which of
// them stand for the text best is for the planner to say, who knows in how many documents they are.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/query/leaf_rewriter.h"
#include "engine/query/query_node.h"

namespace segue {
namespace {

// By term, so that equal texts give equal queries.
using Frequencies = std::map<std::string, float, std::less<>>;

void CountTerm(std::string_view term, Frequencies* frequencies) {
  if (term.size() > kMaxTermBytes) return;
  const auto known = frequencies->lower_bound(term);
  if (known != frequencies->end() && known->first == term) {
    ++known->second;
  } else {
    frequencies->emplace_hint(known, term, 1.0f);
  }
}

absl::Status CountTokens(std::string_view text, AnalysisStream* stream, Frequencies* frequencies) {
  SEGUE_RETURN_IF_ERROR(stream->Start(text));
  size_t tokens = 0;
  while (const TokenBatch* batch = stream->Next()) {
    for (size_t i = 0; i < batch->size(); ++i) {
      if (++tokens > kMaxLikeTokens) return absl::OkStatus();
      CountTerm(batch->term(i), frequencies);
    }
  }
  return absl::OkStatus();
}

}  // namespace

Rewritten LeafRewriter::LikeIn(const Field& field, const Query& leaf) {
  Frequencies frequencies;
  if (!HasTerms(field)) {
    if (leaf.field().empty()) return std::optional<Query>();  // others may hold words
    WarnOfType(leaf, field, "has no words that could be like others");
    return Query::None();
  }
  if (field.options.type == FieldType::kKeyword) {
    CountTerm(leaf.text(), &frequencies);
  } else {
    SEGUE_ASSIGN_OR_RETURN(AnalysisStream* const stream, StreamOf(field));
    SEGUE_RETURN_IF_ERROR(CountTokens(leaf.text(), stream, &frequencies));
  }
  if (frequencies.empty()) return std::optional<Query>();
  std::vector<CombinedTerm> terms;
  terms.reserve(frequencies.size());
  for (const auto& [term, freq] : frequencies) {
    if (freq < static_cast<float>(leaf.like().min_term_freq)) continue;
    terms.push_back({field.name, term, BoostProduct(freq, field.options.boost)});
  }
  if (terms.empty()) {
    Warn(leaf, Cat("no word stands ", leaf.like().min_term_freq,
                   " times in the text, as min_term_freq asks; nothing is like it"));
    return Query::None();
  }
  return Query::LikeTerms(std::move(terms), leaf.like())
      .WithSource(leaf.source_begin(), leaf.source_end());
}

Rewritten LeafRewriter::TermsLike(const Query& leaf) {
  std::map<std::pair<std::string_view, std::string_view>, float> weights;
  const Field* field = nullptr;
  for (const CombinedTerm& term : leaf.combined_terms()) {
    if (field == nullptr || field->name != term.field) field = SearchableField(leaf, term.field);
    if (field == nullptr) continue;
    if (!HasTerms(*field)) {
      WarnOfType(leaf, *field, "has no words that could be like others");
      continue;
    }
    const float weight = BoostProduct(term.weight, field->options.boost);
    weights[{field->name, term.term}] += weight;
  }
  std::vector<CombinedTerm> terms;
  terms.reserve(weights.size());
  for (const auto& [term, weight] : weights) {
    terms.push_back({std::string(term.first), std::string(term.second), BoostProduct(weight, 1)});
  }
  if (terms.empty()) return Query::None();
  return Query::LikeTerms(std::move(terms), leaf.like())
      .WithSource(leaf.source_begin(), leaf.source_end());
}

}  // namespace segue
