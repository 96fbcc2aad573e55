// SPDX-License-Identifier: Apache-2.0
//
// Every character is text, since who types has not said yet what an operator would be. A word may
// be written as it is, the last one only begun, and longer ones with typos: the best of these
// readings counts, and they are weighed so that a word beats a beginning and a beginning beats a
// typo.
#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/utf8.h"
#include "engine/query/query_scanner.h"
#include "segue/query_parser.h"

namespace segue {
namespace {

// Words in which one and two characters may be wrong: in shorter ones a typo is another word.
constexpr size_t kOneTypoCharacters = 5;
constexpr size_t kTwoTyposCharacters = 9;
// What a beginning and a word with typos are worth beside the word itself. How much of the word is
// left counts as well (Query::Prefix, Query::Fuzzy).
constexpr float kPrefixWorth = 0.8f;
constexpr float kTypoWorth = 0.5f;

uint32_t TyposIn(std::string_view word) {
  const size_t characters = CountCharacters(word);
  return characters >= kTwoTyposCharacters ? 2 : characters >= kOneTypoCharacters ? 1 : 0;
}

// `is_begun`: the word may go on. `patterns`: how many more the query may have, in each field.
Query Reading(std::string_view word, bool is_begun, size_t* patterns) {
  std::vector<Query> readings = {Query::Text(word)};
  const auto add = [&](Query query, float worth) {
    if (*patterns == 0 || !query.Validate().ok()) return;
    --*patterns;
    readings.push_back(Query::Boost(std::move(query), worth));
  };
  if (is_begun) add(Query::Prefix({}, word), kPrefixWorth);
  if (const uint32_t typos = TyposIn(word); typos > 0) {
    add(Query::Fuzzy({}, word, {.edits = typos}), kTypoWorth);
  }
  return readings.size() == 1 ? std::move(readings[0]) : Query::DisjunctionMax(std::move(readings));
}

}  // namespace

std::vector<Query> ParseInstant(std::string_view text, const ParseOptions& options) {
  if (text.size() > options.limits.query_bytes || !options.limits.Validate().ok()) {
    return {ParseQuery(text, options).query};
  }
  std::vector<std::string_view> words = SplitWords(text);
  // The last one is what is being typed.
  if (words.size() > kMaxInstantWords) {
    words.erase(words.begin() + kMaxInstantWords - 1, words.end() - 1);
  }
  const size_t fields =
      options.schema != nullptr ? options.schema->EffectiveDefaultFields().size() : 1;
  size_t patterns = options.limits.patterns / std::max<size_t>(fields, 1);
  std::vector<QueryClause> clauses(words.size());
  for (size_t i = words.size(); i > 0; --i) {
    const std::string_view word = words[i - 1];
    const auto begin = static_cast<size_t>(word.data() - text.data());
    const bool is_begun = begin + word.size() == text.size();
    clauses[i - 1] = {Occur::kShould,
                      Reading(word, is_begun, &patterns).WithSource(begin, begin + word.size())};
  }
  std::vector<Query> queries;
  size_t least = SIZE_MAX;
  for (const size_t thirds : {3, 2, 1, 0}) {
    const size_t wanted = std::max<size_t>((words.size() * thirds + 2) / 3, 1);
    if (wanted >= least) continue;
    least = wanted;
    queries.push_back(Query::Boolean(clauses, static_cast<uint32_t>(wanted)));
  }
  return queries;
}

}  // namespace segue
