// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "tests/hostile/query_families.h"

namespace segue {
namespace {

constexpr float kHuge = std::numeric_limits<float>::max();

size_t DepthOf(uint64_t number) {
  constexpr size_t kDepths[] = {10, 62, 63, 64, 65, 127, 128, 129, 1000, 30000};
  return kDepths[number % std::size(kDepths)];
}

Query DrawLeaf(SeededRandom& random) {
  switch (random.Below(7)) {
    case 0:
      return Query::Term("body", "same");
    case 1:
      return Query::Text("common a b c");
    case 2:
      return Query::Phrase("body", {"same", "same"});
    case 3:
      return Query::Wildcard("body", "*a*b*");
    case 4:
      return Query::Fuzzy("body", "abcabc", {.edits = 2});
    case 5:
      return Query::Equals("n", int64_t{7});
    default:
      return Query::All();
  }
}

Query DrawDeep(SeededRandom& random, uint64_t number) {
  Query query = DrawLeaf(random);
  const bool shared = random.OneIn(3);  // both sides are the same: 2^depth leaves
  for (size_t depth = DepthOf(number); depth > 0; --depth) {
    const Query beside = shared ? query : Query::Term("body", "a");
    switch (random.Below(5)) {
      case 0:
        query = Query::And({query, beside});
        break;
      case 1:
        query = Query::Boolean({{Occur::kMustNot, query}, {Occur::kFilter, Query::All()}});
        break;
      case 2:
        query = Query::DisjunctionMax({query, beside}, 1);
        break;
      case 3:
        query = Query::Boost(query, 1.5f);
        break;
      default:
        query = Query::Or({beside, query});
        break;
    }
  }
  return query;
}

Query DrawWide(SeededRandom& random, uint64_t number) {
  constexpr size_t kWidths[] = {30, 64, 65, 1000, 1024, 1025, 40000};
  std::vector<QueryClause> clauses;
  for (size_t i = kWidths[number % std::size(kWidths)]; i > 0; --i) {
    clauses.push_back({static_cast<Occur>(random.Below(4)), DrawLeaf(random)});
  }
  return Query::Boolean(std::move(clauses), random.OneIn(2) ? 0 : random.U32());
}

Query DrawNumbers(SeededRandom& random, uint64_t) {
  const float numbers[] = {kHuge,
                           std::numeric_limits<float>::infinity(),
                           std::numeric_limits<float>::quiet_NaN(),
                           std::numeric_limits<float>::denorm_min(),
                           0,
                           -0.0f,
                           -1,
                           1e30f};
  const auto number = [&] { return numbers[random.Below(std::size(numbers))]; };
  Query query = Query::Boost(Query::Or({Query::Term("body", "a"), Query::Term("body", "b")}), 2);
  for (uint64_t i = random.Between(1, 6); i > 0; --i) {
    switch (random.Below(3)) {
      case 0:
        query = Query::Boost(query, number());
        break;
      case 1:
        query = Query::Or({query, Query::ConstantScore(Query::Term("body", "common"), number())});
        break;
      default:
        query = Query::DisjunctionMax({query, Query::Term("title", "a")}, number());
        break;
    }
  }
  return query;
}

Query DrawPhraseIn(std::string_view field, SeededRandom& random, uint64_t number) {
  constexpr size_t kWords[] = {2, 3, 16, 255, 256, 257, 60000};
  std::vector<PhraseTerm> words;
  const uint32_t step = static_cast<uint32_t>(random.Below(3));
  for (uint32_t i = 0; i < kWords[number % std::size(kWords)]; ++i) {
    const uint32_t far = random.OneIn(50) ? UINT32_MAX - i : i * step;
    words.push_back({random.OneIn(4) ? "other" : "same", far});
  }
  return Query::Phrase(field, std::move(words));
}

Query DrawPhrase(SeededRandom& random, uint64_t number) {
  return DrawPhraseIn(random.OneIn(4) ? "bare" : "body", random, number);
}

Query DrawManyPhrases(SeededRandom& random, uint64_t number) {
  std::vector<Query> phrases;
  for (size_t i = 0; i <= number * 2; ++i) {
    phrases.push_back(DrawPhraseIn("body", random, random.Below(number < 6 ? 5 : 3)));
  }
  return random.OneIn(2) ? Query::Or(std::move(phrases)) : Query::And(std::move(phrases));
}

Query DrawExpression(SeededRandom& random, uint64_t number) {
  constexpr const char* kPatterns[] = {
      "(a|b|c)*a(a|b|c){12}",
      "((a{1,20}){1,20}){1,20}",
      "(.*a){20}",
      "(a?){300}a{300}",
      "[^\\u{0}-\\u{ffff}]*",
      "(((((((((((((((((((a*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*",
      "(a*b*c*)*{50}",
      ".{0,999}",
      "(aa|aaa|aaaa|aaaaa)*b",
      "(.*.*.*.*.*.*)*c"};
  std::vector<Query> patterns;
  for (size_t i = 0; i <= number * 3; ++i) {
    const char* pattern = kPatterns[random.Below(std::size(kPatterns))];
    const Query query = Query::Regexp(random.OneIn(2) ? "body" : "tag", pattern);
    // One that is refused has all of them refused.
    if (query.Validate().ok() || number % 5 == 0) patterns.push_back(query);
  }
  return Query::Or(std::move(patterns));
}

Query DrawLongPattern(SeededRandom& random, uint64_t number) {
  std::string pattern;
  for (size_t i = 0; i < 20 + number * 41; ++i) {
    pattern += Pick(random, {"*", "?", "a", "b", "\\", "\xe4\xb8\xad", "\xff"});
  }
  return random.OneIn(2) ? Query::Wildcard("body", pattern) : Query::Wildcard("tag", pattern);
}

Query DrawFuzzy(SeededRandom& random, uint64_t number) {
  std::vector<Query> words;
  const size_t bytes = number < 10 ? 8 : random.Between(1, 40000);
  for (size_t i = 0; i < (number < 10 ? kMaxQueryPatterns : 4); ++i) {
    std::string word = bytes > 12 ? Repeat("t", bytes) : "";
    while (word.size() < bytes) word += static_cast<char>('a' + random.Below(3));
    FuzzyOptions options{.edits = static_cast<uint32_t>(random.Below(number % 8 == 7 ? 4 : 3)),
                         .prefix_length = random.OneIn(3) ? random.U32() : 0};
    words.push_back(Query::Fuzzy(random.OneIn(3) ? "tag" : "body", word, options));
  }
  return Query::Or(std::move(words));
}

Query DrawTerm(SeededRandom& random, uint64_t) {
  constexpr size_t kBytes[] = {0, 1, kMaxTermBytes, kMaxTermBytes + 1, 1 << 20};
  const std::string term = DrawBytes(random, kBytes[random.Below(std::size(kBytes))]);
  const std::string field = Pick(random, {"body", "tag", "n", "blob", "", "absent", term});
  switch (random.Below(4)) {
    case 0:
      return Query::Term(field, term);
    case 1:
      return Query::MatchPhrase(field, term);
    case 2:
      return Query::Prefix(field, term);
    default:
      return Query::TermRange(
          field, {.from = term, .to = random.OneIn(2) ? std::nullopt : std::optional(term)});
  }
}

Query DrawEquals(SeededRandom& random, uint64_t) {
  const Value values[] = {std::numeric_limits<int64_t>::min(),
                          std::numeric_limits<int64_t>::max(),
                          std::numeric_limits<double>::quiet_NaN(),
                          -std::numeric_limits<double>::infinity(),
                          -0.0,
                          1e300,
                          true,
                          std::string("1e999"),
                          Repeat("9", 50000),
                          std::string("\0", 1)};
  const std::string field =
      Pick(random, {"n", "x", "flag", "at", "blob", "body", "tag", "id", "absent", ""});
  return Query::Equals(field, values[random.Below(std::size(values))]);
}

Query DrawText(SeededRandom& random, uint64_t number) {
  const size_t bytes = number % 5 == 0 ? kMaxQueryBytes : random.Between(1, 3000);
  const std::string piece =
      Pick(random, {"\xe4\xb8\xad", "a ", "a-", "\xff", "same ", "x\xcc\x81"});
  const std::string text = Repeat(piece, bytes / piece.size());
  return random.OneIn(2) ? Query::Text(text) : Query::MatchPhrase("body", text);
}

Query DrawPart(SeededRandom& random) {
  switch (random.Below(6)) {
    case 0:
      return Query::Term("", "same");
    case 1:
      return Query::Match("", "same other a");
    case 2:
      return Query::Prefix("", Pick(random, {"", "a", "s"}));
    case 3:
      return Query::Wildcard("", "*a*b*");
    case 4:
      return Query::Fuzzy("", "abcabc", {.edits = 2});
    default:
      return Query::Or({Query::Term("", "same"), Query::Term("", "other"), Query::Prefix("", "a")});
  }
}

// Half of them of one frequent word, whose places are all near each other.
Query DrawNear(SeededRandom& random, uint64_t number) {
  const size_t count = number % 5 == 0 ? kMaxPhraseTerms + number % 2 : random.Between(1, 30);
  const bool same = random.OneIn(2);
  std::vector<Query> parts;
  NearOptions options{.order = static_cast<NearOrder>(random.Below(3))};
  options.slop = random.OneIn(3) ? UINT32_MAX : static_cast<uint32_t>(random.Below(20));
  for (size_t i = 0; i < count; ++i) {
    parts.push_back(same ? Query::Term("", "same") : DrawPart(random));
    if (options.order == NearOrder::kPhrase && number % 3 == 0) {
      options.positions.push_back(static_cast<uint32_t>(random.Below(kMaxPosition)));
    }
  }
  if (options.order == NearOrder::kAny && random.OneIn(2)) {
    options.at_least =
        random.OneIn(9) ? random.U32() : 1 + static_cast<uint32_t>(random.Below(count));
  }
  return Query::Near("body", std::move(parts), std::move(options));
}

Query DrawRelated(SeededRandom& random, uint64_t number) {
  Query near = random.OneIn(4) ? DrawPart(random) : DrawNear(random, number);
  Query other = random.OneIn(4) ? DrawPart(random) : DrawNear(random, random.Below(30));
  return Query::NearRelated("body", std::move(near), static_cast<NearRelation>(random.Below(4)),
                            std::move(other));
}

Query DrawSet(SeededRandom& random, uint64_t number) {
  const size_t count = number % 5 == 0 ? kMaxSetValues + number % 2 : random.Between(0, 3000);
  if (random.OneIn(3)) {
    std::vector<std::string> keys;
    for (size_t i = 0; i < count; ++i) keys.push_back(Cat("k", random.Below(100000)));
    return random.OneIn(2) ? Query::Ids(keys) : Query::Ids({Repeat("k", 1 << 16)});
  }
  const double limit = std::numeric_limits<double>::infinity();
  if (random.OneIn(3)) {
    const double from = Pick(random, {"a", "b"}) == "a" ? -limit : std::nan("");
    return Query::Range("x", {.from = Value(from), .to = Value(limit)});
  }
  std::vector<Value> values;
  for (size_t i = 0; i < count; ++i) values.emplace_back(static_cast<int64_t>(2 * i));
  return Query::In(Pick(random, {"n", "x", "at", "flag", "tag", "body", "absent"}), values);
}

// As many lists as may be, weights of every size.
Query DrawCombined(SeededRandom& random, uint64_t number) {
  const float weights[] = {1, 1, kHuge, std::numeric_limits<float>::denorm_min(), 0.5f};
  const size_t count = number % 5 == 0 ? kMaxPhraseTerms + number % 2 : random.Between(1, 40);
  if (random.OneIn(3)) {
    std::vector<WeightedField> fields;
    for (size_t i = 0; i < count; ++i) {
      fields.push_back({Pick(random, {"body", "title", "tag", "bare", "n", "absent"}),
                        weights[random.Below(std::size(weights))]});
    }
    return Query::Combined(std::move(fields), Repeat("common a b c ", number + 1));
  }
  std::vector<Query> queries;
  for (size_t i = 0; i < 1 + number % 4; ++i) {
    std::vector<CombinedTerm> terms;
    for (size_t j = 0; j < count; ++j) {
      std::string term(random.Between(1, 3), static_cast<char>('a' + random.Below(3)));
      terms.push_back({Pick(random, {"body", "body", "title", "tag"}), std::move(term),
                       weights[random.Below(std::size(weights))]});
    }
    queries.push_back(Query::CombinedTerms(std::move(terms)));
  }
  return queries.size() == 1 ? std::move(queries[0]) : Query::Or(std::move(queries));
}

// Long texts of many words, as many as may be; numbers of every size.
Query DrawLike(SeededRandom& random, uint64_t number) {
  const uint64_t numbers[] = {0, 1, 2, 100, 101, 1024, 1025, uint64_t{1} << 63, UINT64_MAX};
  const auto draw = [&](uint64_t usual) {
    return random.OneIn(6) ? numbers[random.Below(std::size(numbers))] : usual;
  };
  std::vector<Query> queries;
  const size_t count = number % 4 == 0 ? 64 : random.Between(1, 8);
  for (size_t i = 0; i < count; ++i) {
    LikeOptions options{.max_terms = std::max<size_t>(512 / count, 1),
                        .min_doc_freq = random.Below(3),
                        .min_match_percent = random.Below(101)};
    if (number % 3 == 1) {
      options = {draw(25), draw(1), draw(2), draw(UINT64_MAX), draw(30)};
    }
    std::string text;
    const size_t bytes = random.OneIn(4) ? kMaxQueryBytes : random.Between(0, 9000);
    while (text.size() + 8 < bytes) {
      text += Pick(random, {"same ", "a ", "\xe4\xb8\xad", "\xff", Cat(random.Below(100000), " ")});
    }
    const std::string field = Pick(random, {"body", "body", "title", "tag", "bare", "n"});
    const bool everywhere = count < 8 && random.OneIn(8);
    queries.push_back(Query::Like(everywhere ? "" : field, text, options));
  }
  return queries.size() == 1 ? std::move(queries[0]) : Query::Or(std::move(queries));
}

double DrawNumber(SeededRandom& random) {
  const double numbers[] = {0,
                            1,
                            -1,
                            0.5,
                            1e300,
                            std::numeric_limits<double>::max(),
                            std::numeric_limits<double>::denorm_min(),
                            std::numeric_limits<double>::infinity(),
                            std::numeric_limits<double>::quiet_NaN()};
  // Mostly sound ones: a query is refused as a whole.
  return numbers[random.OneIn(30) ? random.Below(std::size(numbers)) : 1 + 2 * random.Below(2)];
}

// As deep as may be, or as wide; and numbers of every size.
Query DrawFunctions(SeededRandom& random, uint64_t number) {
  const size_t depth = number % 3 == 0 ? 61 : random.Between(1, 6);
  std::vector<Query> queries;
  for (size_t width = number % 3 == 1 ? 10 * number : 1; width > 0; --width) {
    Query query = random.OneIn(2) ? Query::All() : DrawLeaf(random);
    for (size_t i = 0; i < depth; ++i) {
      if (random.OneIn(5)) {
        query = Query::Demote(std::move(query), DrawLeaf(random),
                              static_cast<float>(DrawNumber(random)));
        continue;
      }
      ScoreFunction function{.kind = static_cast<ScoreFunctionKind>(random.Below(8)), .field = {}};
      function.field = Pick(random, {"n", "x", "at", "flag", "n", "x", "body", "absent", ""});
      function.factor = random.OneIn(9) ? 1e300 : DrawNumber(random);
      function.scale = random.OneIn(9) ? 1e-300 : DrawNumber(random);
      function.weight = DrawNumber(random);
      function.bias = DrawNumber(random);
      function.combination = static_cast<ScoreCombination>(random.Below(5));
      function.origin = random.OneIn(2) ? Value(int64_t{1} << 40) : Value(std::string("1"));
      if (random.OneIn(2)) function.missing = Value(int64_t{1});
      query = Query::FunctionScore(std::move(query), std::move(function));
    }
    queries.push_back(std::move(query));
  }
  return queries.size() == 1 ? std::move(queries[0]) : Query::Or(std::move(queries));
}

}  // namespace

std::string Mutated(SeededRandom& random, std::string text) {
  for (uint64_t i = random.Between(1, 8); i > 0; --i) {
    const size_t at = random.Below(text.size());
    if (random.OneIn(2)) {
      text[at] = static_cast<char>(random.Below(256));
    } else {
      text.insert(at, text.substr(random.Below(text.size()), random.Below(90)));
    }
  }
  return text;
}

std::string Repeat(std::string_view piece, size_t count) {
  std::string text;
  text.reserve(piece.size() * count);
  for (; count > 0; --count) text += piece;
  return text;
}

std::string DrawBytes(SeededRandom& random, size_t count) {
  std::string bytes(count, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random.Below(256));
  return bytes;
}

std::string Pick(SeededRandom& random, const std::vector<std::string>& of) {
  return of[random.Below(of.size())];
}

std::vector<QueryFamily> BuiltQueryFamilies() {
  return {
      {"deep trees", "recursion over queries; trees that share what they repeat", DrawDeep},
      {"wide trees", "everything in one query", DrawWide},
      {"numbers", "scores that overflow or are none", DrawNumbers},
      {"built phrases", "words at the same place, or four billion places apart", DrawPhrase},
      {"many phrases", "positions decoded again and again", DrawManyPhrases},
      {"built expressions", "automata that double with each character", DrawExpression},
      {"long patterns", "the longest pattern against the longest terms", DrawLongPattern},
      {"built fuzzy words", "edits of the longest terms, and of all", DrawFuzzy},
      {"terms", "lengths, bytes and fields that do not fit", DrawTerm},
      {"values", "types and numbers that do not fit", DrawEquals},
      {"texts", "thousands of tokens at once", DrawText},
      {"like texts", "thousands of words to choose from, again and again", DrawLike},
      {"built near queries", "places that are all near each other; patterns in them", DrawNear},
      {"built related queries", "thousands of places within thousands of others", DrawRelated},
      {"combined fields", "as many lists as may be, weights of every size", DrawCombined},
      {"functions", "numbers that overflow, or meet a zero, at every level", DrawFunctions},
      {"sets and ranges", "as many values as may be, of any kind, and numbers that are none",
       DrawSet},
  };
}

}  // namespace segue
