// SPDX-License-Identifier: Apache-2.0
#include "tests/parity/near_queries.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace segue {
namespace {

// A pattern that stands for some words of which this is one, but not for too many.
Query PatternOf(WordSource& words, std::string_view field, const std::string& word) {
  switch (words.random().Below(4)) {
    case 0:
      // Lucene refuses a prefix of more than 1,024 terms here.
      return word.size() < 4
                 ? Query::Term(field, word)
                 : Query::Prefix(field, word.substr(0, std::max<size_t>(word.size() - 1, 4)));
    case 1: {
      std::string pattern = word;
      pattern[words.random().Below(pattern.size())] = pattern.size() > 5 ? '*' : '?';
      return Query::Wildcard(field, pattern.size() < 3 ? word : pattern);
    }
    case 2: {
      std::string pattern = word;
      const size_t at = words.random().Below(pattern.size());
      static constexpr const char* kParts[] = {".", "[a-m0-5]", "[^a-m]", ".?", "\\d", "(e|a|1)+"};
      pattern.replace(at, 1, kParts[words.random().Below(std::size(kParts))]);
      return Query::Regexp(field, pattern);
    }
    default: {
      FuzzyOptions options;
      if (words.OneIn(2)) options.edits = static_cast<uint32_t>(words.Between(0, 1));
      options.prefix_length = static_cast<uint32_t>(words.random().Below(3));
      return Query::Fuzzy(field, word, options);
    }
  }
}

// Two words, or one and one of two others: no word is two parts, which Lucene then finds in one
// place (NEAR) or does not find (PHRASE with a slop).
std::vector<Query> PartsApart(WordSource& words, std::string_view field) {
  const std::vector<std::string> near = words.DistinctNearWords(field, 4, 9);
  std::vector<Query> parts = Terms("", near);
  if (near.size() < 3) return parts;
  parts.pop_back();
  parts.back() = Query::Or({Query::Term("", near[near.size() - 2]), Query::Term("", near.back())});
  if (words.OneIn(2)) std::reverse(parts.begin(), parts.end());
  return parts;
}

}  // namespace

Query SloppyPair(WordSource& words) {
  const std::string field = words.Field();
  return Query::MatchPhrase(field, Joined(words.DistinctNearWords(field, 2, 6)),
                            static_cast<uint32_t>(words.Between(1, 8)));
}

Query SloppyPhrase(WordSource& words) {
  const std::string field = words.PlainField();
  return Query::MatchPhrase(field, Joined(words.DistinctNearWords(field, words.Between(3, 4), 8)),
                            static_cast<uint32_t>(words.Between(1, 8)));
}

Query NearAnyOrder(WordSource& words) {
  const std::string field = words.Field();
  return Query::Near(field, Terms("", words.NearWords(field, words.Between(2, 4), 12)),
                     {.slop = static_cast<uint32_t>(words.random().Below(10))});
}

Query NearInOrder(WordSource& words) {
  const std::string field = words.Field();
  return Query::Near(
      field, Terms("", words.NearWords(field, words.Between(2, 4), 12)),
      {.order = NearOrder::kOrdered, .slop = static_cast<uint32_t>(words.random().Below(10))});
}

Query AtLeast(WordSource& words) {
  const std::string field = words.PlainField();
  std::vector<Query> parts = Terms("", words.DistinctNearWords(field, words.Between(2, 5), 20));
  const auto least = static_cast<uint32_t>(words.Between(1, parts.size()));
  return Query::Near(field, std::move(parts),
                     {.slop = static_cast<uint32_t>(words.random().Below(12)), .at_least = least});
}

Query NearParts(WordSource& words) {
  const std::string field = words.PlainField();
  const std::vector<std::string> near = words.DistinctNearWords(field, 3, 9);
  std::vector<Query> parts = Terms("", near);
  parts.back() = PatternOf(words, "", near.back());
  return Query::Near(
      field, std::move(parts),
      {.order = NearOrder::kOrdered, .slop = static_cast<uint32_t>(words.random().Below(8))});
}

Query NearAlternatives(WordSource& words) {
  const std::string field = words.PlainField();
  return Query::Near(field, PartsApart(words, field),
                     {.slop = static_cast<uint32_t>(words.random().Below(8))});
}

Query PhraseParts(WordSource& words) {
  const std::string field = words.PlainField();
  if (words.OneIn(2)) {
    return Query::Near(
        field, PartsApart(words, field),
        {.order = NearOrder::kPhrase, .slop = static_cast<uint32_t>(words.Between(0, 4))});
  }
  const std::vector<std::string> near = words.NearWords(field, 3, 3);
  std::vector<Query> parts = Terms("", near);
  const size_t at = words.random().Below(parts.size());
  parts[at] = PatternOf(words, "", near[at]);
  return Query::Near(field, std::move(parts), {.order = NearOrder::kPhrase});
}

Query Related(WordSource& words) {
  const std::string field = words.PlainField();
  std::vector<std::string> near;
  while (near.size() < 2) near = words.DistinctNearWords(field, 4, 14);
  const auto side = [&](size_t begin, size_t end) {
    std::vector<std::string> part(near.begin() + static_cast<ptrdiff_t>(begin),
                                  near.begin() + static_cast<ptrdiff_t>(end));
    if (part.size() < 2) return Query::Match("", Joined(part));
    return Query::Near("", Terms("", part),
                       {.order = words.OneIn(2) ? NearOrder::kAny : NearOrder::kOrdered,
                        .slop = static_cast<uint32_t>(words.Between(2, 16))});
  };
  const auto relation = static_cast<NearRelation>(words.Between(0, 3));
  // Lucene's NOT_CONTAINING leaves out what overlaps with a match of the other side, too.
  const bool of_one = relation == NearRelation::kNotContaining;
  const size_t cut = of_one ? near.size() - 1 : words.Between(1, near.size() - 1);
  return Query::NearRelated(field, side(0, cut), relation, side(cut, near.size()));
}

}  // namespace segue
