// SPDX-License-Identifier: Apache-2.0
//
// LeafRewriter's part for words that follow each other: a graph of tokens becomes a phrase for each
// path through it.
#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/query/leaf_rewriter.h"
#include "engine/query/query_text.h"

namespace segue {
namespace {

// Phrases with several words at a place are multiplied out up to this many.
constexpr size_t kMaxPhraseVariants = 16;

}  // namespace

// Tokens of one knot: each for itself, but where one of them stands for several, as a synonym does,
// those are a phrase.
void LeafRewriter::AddClauses(const Field& field, std::span<const Word> tokens, const Query& leaf,
                              std::vector<QueryClause>* clauses) {
  const bool has_synonyms = std::any_of(tokens.begin(), tokens.end(), [](const Word& token) {
    return token.type == TokenType::kSynonym;
  });
  bool has_more = true;
  std::vector<std::vector<PhraseTerm>> readings;
  if (has_synonyms && tokens.front().position != tokens.back().position) {
    readings = ReadingsOf(tokens, kMaxSynonymsOfOne + 1, &has_more);
  }
  if (has_more) {
    for (const Word& token : tokens) {
      clauses->push_back({Occur::kShould, TermOf(field, token.term, leaf)});
    }
    return;
  }
  for (std::vector<PhraseTerm>& reading : readings) {
    std::vector<Query> words;
    for (const PhraseTerm& term : reading) words.push_back(TermOf(field, term.term, leaf));
    const bool is_phrase = words.size() > 1 && field.options.positions &&
                           std::all_of(words.begin(), words.end(), [](const Query& word) {
                             return word.kind() != QueryKind::kMatchNone;
                           });
    clauses->push_back(
        {Occur::kShould,
         is_phrase ? WithFieldBoost(field, Query::Phrase(field.name, std::move(reading)))
                   : (words.size() == 1 ? std::move(words[0]) : Query::And(std::move(words)))});
  }
}

Rewritten LeafRewriter::PhraseIn(const Field& field, const Query& leaf) {
  std::vector<PhraseTerm> phrase = leaf.phrase();
  if (phrase.empty()) return std::optional<Query>();
  if (phrase.size() == 1) return TermOf(field, phrase[0].term, leaf);
  if (field.options.type != FieldType::kText) {
    WarnOfType(leaf, field, "holds no phrases");
    return Query::None();
  }
  uint32_t first = phrase[0].position;
  for (const PhraseTerm& term : phrase) first = std::min(first, term.position);
  for (PhraseTerm& term : phrase) term.position -= first;
  return WithFieldBoost(field, Query::Phrase(field.name, std::move(phrase)));
}

// One phrase for each way to read the words.
Query LeafRewriter::PhraseOfTokens(const Field& field, std::span<const Word> tokens,
                                   const Query& leaf) {
  const bool is_graph = std::any_of(tokens.begin(), tokens.end(),
                                    [](const Word& token) { return token.position_length != 1; });
  const bool one_each =
      std::adjacent_find(tokens.begin(), tokens.end(), [](const Word& a, const Word& b) {
        return a.position >= b.position;
      }) == tokens.end();
  if (!is_graph && one_each && tokens.size() > 1) {
    std::vector<PhraseTerm> phrase;
    phrase.reserve(tokens.size());
    for (const Word& token : tokens) {
      phrase.push_back({token.term, token.position - tokens.front().position});
    }
    return WithFieldBoost(field, Query::Phrase(field.name, std::move(phrase)));
  }
  bool has_more = false;
  std::vector<std::vector<PhraseTerm>> readings = ReadingsOf(tokens, kMaxPhraseVariants, &has_more);
  if (has_more) {
    Warn(leaf, Cat("the phrase ", ShownText(leaf.text()),
                   " has too many readings; only the first is searched"));
    readings.resize(1);
  }
  std::vector<Query> phrases;
  for (std::vector<PhraseTerm>& reading : readings) {
    phrases.push_back(reading.size() == 1
                          ? TermOf(field, reading[0].term, leaf)
                          : WithFieldBoost(field, Query::Phrase(field.name, std::move(reading))));
  }
  return phrases.size() == 1 ? phrases[0] : Query::Or(std::move(phrases));
}

Rewritten LeafRewriter::PhraseTextIn(const Field& field, const Query& leaf) {
  if (field.options.type != FieldType::kText) return TextIn(field, leaf);
  if (leaf.near().slop != 0) {
    return NearIn(field, Query::Near({}, {Query::Match({}, leaf.text())}, leaf.near())
                             .WithSource(leaf.source_begin(), leaf.source_end()));
  }
  SEGUE_ASSIGN_OR_RETURN(const std::span<const Word> tokens, Analyze(field, leaf.text()));
  if (tokens.empty()) return std::optional<Query>();
  for (const Word& token : tokens) {
    if (token.term.size() > kMaxTermBytes) {
      return TermOf(field, token.term, leaf);
    }
  }
  if (field.options.positions || tokens.size() == 1) {
    return PhraseOfTokens(field, tokens, leaf);
  }
  Warn(leaf, Cat("the field ", ShownText(field.name),
                 " keeps no positions; the words of the phrase are searched "
                 "anywhere in it"));
  std::vector<Query> words;
  for (const Word& token : tokens) {
    words.push_back(TermOf(field, token.term, leaf));
  }
  return Query::And(std::move(words));
}

}  // namespace segue
