// SPDX-License-Identifier: Apache-2.0
#include "tests/query/random_query.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace segue {
namespace {

std::string RandomText(SeededRandom* random) {
  static const std::string kTexts[] = {
      "a",       "jazz", "so what", "größe", "日本", "",     "\"",   "\\",
      "a\nb",    "*",    "AND",     "x:y",   "😀",    "\xff", "\x80", std::string(1, '\0'),
      "\xe3\x80"};
  return kTexts[random->Below(std::size(kTexts))];
}

// Often none: the default fields.
std::string RandomField(SeededRandom* random) {
  return random->OneIn(3) ? std::string() : RandomText(random);
}

// At least 0; the edges, too.
float RandomFactor(SeededRandom* random) {
  static const float kFactors[] = {0, 1, 0.5f, 1.1f, 3, 1e-30f, std::numeric_limits<float>::max()};
  return kFactors[random->Below(std::size(kFactors))];
}

float RandomWeight(SeededRandom* random) { return RandomFactor(random) + 0.25f; }

uint32_t RandomCount(SeededRandom* random) {
  return random->OneIn(2) ? 0
                          : static_cast<uint32_t>(random->Below(random->OneIn(8) ? 1000000 : 5));
}

double RandomNumber(SeededRandom* random) {
  while (true) {
    const double number = random->OneIn(2) ? static_cast<double>(random->Below(100)) / 8
                                           : std::bit_cast<double>(random->Next());
    if (std::isfinite(number)) return number;
  }
}

Value RandomValue(SeededRandom* random) {
  switch (random->Below(4)) {
    case 0:
      return RandomText(random);
    case 1:
      return static_cast<int64_t>(random->Next() >> random->Below(64));
    case 2:
      return RandomNumber(random);
    default:
      return random->OneIn(2);
  }
}

template <typename T>
std::optional<T> Maybe(SeededRandom* random, T value) {
  return random->OneIn(3) ? std::nullopt : std::optional(std::move(value));
}

FuzzyOptions RandomFuzzy(SeededRandom* random) {
  return {.edits = Maybe(random, static_cast<uint32_t>(random->Below(3))),
          .prefix_length = RandomCount(random)};
}

std::string RandomRegexpText(SeededRandom* random) {
  static const char* const kPatterns[] = {"",        "a",      "ja(zz|ck)", "\\d+",
                                          "[^a-z]?", ".*\\/x", "é{2}"};
  return kPatterns[random->Below(std::size(kPatterns))];
}

// A term, text, pattern, or any of such.
Query RandomPart(SeededRandom* random, bool may_be_group) {
  switch (random->Below(may_be_group ? 7 : 6)) {
    case 0:
      return Query::Term(RandomField(random), RandomText(random));
    case 1:
      return Query::Match(RandomField(random), RandomText(random));
    case 2:
      return Query::Prefix(RandomField(random), RandomText(random));
    case 3:
      return Query::Wildcard(RandomField(random), RandomText(random));
    case 4:
      return Query::Regexp(RandomField(random), RandomRegexpText(random));
    case 5:
      return Query::Fuzzy(RandomField(random), RandomText(random), RandomFuzzy(random));
    default: {
      std::vector<Query> any;
      for (uint64_t left = random->Between(1, 3); left > 0; --left) {
        any.push_back(RandomPart(random, false));
      }
      return Query::Or(std::move(any));
    }
  }
}

Query RandomNear(SeededRandom* random) {
  std::vector<Query> parts;
  for (uint64_t left = random->Below(4); left > 0; --left) {
    parts.push_back(RandomPart(random, true));
  }
  NearOptions options;
  options.order = static_cast<NearOrder>(random->Below(3));
  options.slop = RandomCount(random);
  if (options.order == NearOrder::kAny) options.at_least = RandomCount(random);
  if (options.order == NearOrder::kPhrase && random->OneIn(2)) {
    for (size_t i = 0; i < parts.size(); ++i) options.positions.push_back(RandomCount(random));
  }
  return Query::Near(RandomField(random), std::move(parts), std::move(options));
}

Query RandomRelated(SeededRandom* random) {
  const auto side = [random] {
    return random->OneIn(2) ? RandomNear(random) : RandomPart(random, true);
  };
  Query near = side();
  return Query::NearRelated(RandomField(random), std::move(near),
                            static_cast<NearRelation>(random->Below(4)), side());
}

LikeOptions RandomLike(SeededRandom* random) {
  LikeOptions options;
  if (random->OneIn(2)) options.max_terms = random->Between(1, 40);
  if (random->OneIn(3)) options.min_term_freq = random->Below(4);
  if (random->OneIn(3)) options.min_doc_freq = random->Below(9);
  if (random->OneIn(3)) options.max_doc_freq = random->Next() >> random->Between(1, 60);
  if (random->OneIn(3)) options.min_match_percent = random->Below(101);
  return options;
}

std::vector<CombinedTerm> RandomTerms(SeededRandom* random) {
  std::vector<CombinedTerm> terms;
  for (uint64_t left = random->Below(4); left > 0; --left) {
    terms.push_back({RandomText(random), RandomText(random), 1});
    if (random->OneIn(2)) terms.back().weight = RandomWeight(random);
  }
  return terms;
}

ScoreFunction RandomFunction(SeededRandom* random) {
  ScoreFunction function;
  function.kind = static_cast<ScoreFunctionKind>(random->Below(8));
  function.field = RandomText(random);
  const auto positive = [random] { return static_cast<double>(random->Between(1, 50)) / 16; };
  if (random->OneIn(2)) function.factor = positive();
  if (random->OneIn(2)) function.pivot = positive();
  if (IsDecay(function.kind) || random->OneIn(4)) function.origin = RandomValue(random);
  if (random->OneIn(2)) function.offset = positive();
  if (random->OneIn(2)) function.scale = positive();
  if (random->OneIn(2)) function.decay = static_cast<double>(random->Between(1, 63)) / 64;
  if (random->OneIn(2)) function.weight = positive();
  if (random->OneIn(2)) function.bias = positive();
  function.combination = static_cast<ScoreCombination>(random->Below(5));
  if (random->OneIn(3)) function.missing = RandomValue(random);
  return function;
}

Query RandomLeafOfValues(SeededRandom* random) {
  const std::string field = RandomField(random);
  switch (random->Below(5)) {
    case 0:
      return Query::Equals(field, RandomValue(random));
    case 1:
      return Query::Range(field, {.from = Maybe(random, RandomValue(random)),
                                  .to = Maybe(random, RandomValue(random)),
                                  .include_from = random->OneIn(2),
                                  .include_to = random->OneIn(2)});
    case 2: {
      std::vector<Value> values;
      for (uint64_t left = random->Below(4); left > 0; --left)
        values.push_back(RandomValue(random));
      return Query::In(field, std::move(values));
    }
    case 3:
      return Query::Exists(field);
    default: {
      std::vector<std::string> keys;
      for (uint64_t left = random->Below(4); left > 0; --left) keys.push_back(RandomText(random));
      return Query::Ids(std::move(keys));
    }
  }
}

Query RandomLeafOfText(SeededRandom* random) {
  const std::string field = RandomField(random);
  switch (random->Below(7)) {
    case 0: {
      std::vector<PhraseTerm> terms;
      for (uint64_t left = random->Below(4); left > 0; --left) {
        const auto place = static_cast<uint32_t>(terms.size());
        terms.push_back({RandomText(random), random->OneIn(3) ? RandomCount(random) : place});
      }
      return Query::Phrase(field, std::move(terms));
    }
    case 1:
      return Query::MatchPhrase(field, RandomText(random), RandomCount(random));
    case 2:
      return Query::TermRange(field, {.from = Maybe(random, RandomText(random)),
                                      .to = Maybe(random, RandomText(random)),
                                      .include_from = random->OneIn(2),
                                      .include_to = random->OneIn(2)});
    case 3: {
      std::vector<WeightedField> fields;
      for (uint64_t left = random->Below(3); left > 0; --left) {
        fields.push_back({RandomText(random), random->OneIn(2) ? 1 : RandomWeight(random)});
      }
      return Query::Combined(std::move(fields), RandomText(random));
    }
    case 4:
      return Query::CombinedTerms(RandomTerms(random));
    case 5:
      return Query::Like(field, RandomText(random), RandomLike(random));
    default:
      return Query::LikeTerms(RandomTerms(random), RandomLike(random));
  }
}

Query RandomLeaf(SeededRandom* random) {
  switch (random->Below(6)) {
    case 0:
      return random->OneIn(2) ? Query::All() : Query::None();
    case 1:
      return RandomNear(random);
    case 2:
      return RandomRelated(random);
    case 3:
      return RandomLeafOfValues(random);
    case 4:
      return RandomLeafOfText(random);
    default:
      return RandomPart(random, false);
  }
}

}  // namespace

Query RandomQuery(SeededRandom* random, uint32_t depth) {
  // Relations have three levels below them.
  if (depth <= 4 || random->OneIn(5)) return RandomLeaf(random);
  const auto inner = [&] { return RandomQuery(random, depth - 1); };
  switch (random->Below(7)) {
    case 0:
      return Query::Boost(inner(), RandomFactor(random));
    case 1:
      return Query::ConstantScore(inner(), RandomFactor(random));
    case 2: {
      std::vector<Query> queries;
      for (uint64_t left = random->Below(4); left > 0; --left) queries.push_back(inner());
      return Query::DisjunctionMax(std::move(queries), static_cast<float>(random->Below(5)) / 4);
    }
    case 3:
      return Query::FunctionScore(inner(), RandomFunction(random));
    case 4: {
      Query query = inner();
      return Query::Demote(std::move(query), inner(), static_cast<float>(random->Below(5)) / 4);
    }
    default: {
      std::vector<QueryClause> clauses;
      for (uint64_t left = random->Below(4); left > 0; --left) {
        clauses.push_back({static_cast<Occur>(random->Below(4)), inner()});
      }
      return Query::Boolean(std::move(clauses), RandomCount(random));
    }
  }
}

}  // namespace segue
