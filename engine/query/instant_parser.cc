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
// Words that are read. Nobody types more before looking; further ones would only hide hits.
constexpr size_t kMaxInstantWords = 32;

struct TypedWord {
  std::string_view text;
  size_t begin = 0;
  bool is_begun = false;  // it may go on
};

std::vector<TypedWord> WordsOf(std::string_view text) {
  std::vector<TypedWord> words;
  for (size_t at = 0; at < text.size();) {
    if (const size_t space = QuerySpaceBytes(text, at); space != 0) {
      at += space;
      continue;
    }
    const size_t begin = at;
    while (at < text.size() && QuerySpaceBytes(text, at) == 0) ++at;
    words.push_back({text.substr(begin, at - begin), begin, at == text.size()});
  }
  return words;
}

uint32_t TyposIn(std::string_view word) {
  const auto characters = static_cast<size_t>(std::count_if(
      word.begin(), word.end(), [](char c) { return (static_cast<uint8_t>(c) & 0xc0) != 0x80; }));
  return characters >= kTwoTyposCharacters ? 2 : characters >= kOneTypoCharacters ? 1 : 0;
}

// `patterns`: how many more the query may have, in each field.
Query Reading(const TypedWord& word, size_t* patterns) {
  std::vector<Query> readings = {Query::Text(word.text)};
  const auto add = [&](Query query, float worth) {
    if (*patterns == 0 || !query.Validate().ok()) return;
    --*patterns;
    readings.push_back(Query::Boost(std::move(query), worth));
  };
  if (word.is_begun) add(Query::Prefix({}, word.text), kPrefixWorth);
  if (const uint32_t typos = TyposIn(word.text); typos > 0) {
    add(Query::Fuzzy({}, word.text, {.edits = typos}), kTypoWorth);
  }
  Query query =
      readings.size() == 1 ? std::move(readings[0]) : Query::DisjunctionMax(std::move(readings));
  return std::move(query).WithSource(word.begin, word.begin + word.text.size());
}

}  // namespace

std::vector<Query> ParseInstant(std::string_view text, const ParseOptions& options) {
  if (text.size() > kMaxQueryBytes) return {ParseQuery(text, options).query};
  std::vector<TypedWord> words = WordsOf(text);
  // The last one is what is being typed.
  if (words.size() > kMaxInstantWords) {
    words.erase(words.begin() + kMaxInstantWords - 1, words.end() - 1);
  }
  const size_t fields =
      options.schema != nullptr ? options.schema->EffectiveDefaultFields().size() : 1;
  size_t patterns = kMaxQueryPatterns / std::max<size_t>(fields, 1);
  std::vector<QueryClause> clauses(words.size());
  for (size_t i = words.size(); i > 0; --i) {
    clauses[i - 1] = {Occur::kShould, Reading(words[i - 1], &patterns)};
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
