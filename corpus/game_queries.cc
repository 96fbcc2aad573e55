// SPDX-License-Identifier: Apache-2.0
//
// A turn says which length, bands and form come next.
#include "corpus/game_queries.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "corpus/game_query_classes.h"
#include "corpus/game_query_maker.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

using Sign = GameClause::Sign;
using MaybeQuery = std::optional<GameQuery>;

// One query being drawn.
class QueryDraw {
 public:
  QueryDraw(const GameModel& model, const StopWords& stop_words, StableRandom random)
      : model_(model), maker_(model, stop_words, random) {}

  MaybeQuery Term(uint64_t turn) { return Words(1, turn, Sign::kMay, /*together=*/true); }
  MaybeQuery And2(uint64_t turn) { return Words(2, turn, Sign::kMust, true); }
  MaybeQuery And3(uint64_t turn) { return Words(3, turn, Sign::kMust, true); }
  MaybeQuery AndMore(uint64_t turn) { return Words(4 + turn % 3, kAny, Sign::kMust, true); }
  MaybeQuery Or2(uint64_t turn) { return Words(2, turn / 2, Sign::kMay, turn % 2 == 0); }
  MaybeQuery Or3(uint64_t turn) { return Words(3, turn / 2, Sign::kMay, turn % 2 == 0); }
  MaybeQuery OrMore(uint64_t turn) {
    return Words(4 + turn / 2 % 5, kAny, Sign::kMay, turn % 2 == 0);
  }

  MaybeQuery Phrase(uint64_t turn) {
    const std::optional<DrawnWords> drawn =
        maker_.DrawPhrase(2 + turn % 4, static_cast<Band>(turn / 4 % kBands));
    if (!drawn) return std::nullopt;
    GameQuery query;
    AddPhrase(drawn->words, Sign::kMay, &query);
    query.tags.push_back(BandsTag(model_, drawn->words));
    return query;
  }

  MaybeQuery MustShould(uint64_t turn) {
    MaybeQuery query = Words(2 + turn % 3, kAny, Sign::kMay, true);
    if (query) query->clauses[maker_.random()->Below(query->clauses.size())].sign = Sign::kMust;
    return query;
  }

  // One or two words that must occur, one that must not: beside the first, or anywhere.
  MaybeQuery Negated(uint64_t turn) {
    const std::optional<DrawnWords> drawn = maker_.DrawTogether(AnyBands(1 + turn % 2));
    if (!drawn) return std::nullopt;
    const bool beside = turn / 2 % 2 == 0;
    const std::optional<uint32_t> absent =
        maker_.DrawAbsent(drawn->document, AnyBands(1)[0], beside ? drawn->words.data() : nullptr);
    if (!absent) return std::nullopt;
    std::vector<uint32_t> words = drawn->words;
    GameQuery query;
    for (const uint32_t word : words) AddWord(word, Sign::kMust, &query);
    AddWord(*absent, Sign::kMustNot, &query);
    words.push_back(*absent);
    query.tags = {BandsTag(model_, words), beside ? "beside" : "anywhere"};
    return query;
  }

  MaybeQuery TwoPhase(uint64_t turn) {
    const std::optional<DrawnWords> drawn = maker_.DrawPhrase(2, static_cast<Band>(turn % kBands));
    if (!drawn) return std::nullopt;
    const std::optional<uint32_t> other =
        maker_.DrawOther(drawn->document, static_cast<Band>(turn / kBands % kBands), drawn->words);
    if (!other) return std::nullopt;
    GameQuery query;
    AddPhrase(drawn->words, Sign::kMust, &query);
    AddWord(*other, Sign::kMust, &query);
    std::vector<uint32_t> words = drawn->words;
    words.push_back(*other);
    query.tags.push_back(BandsTag(model_, words));
    return query;
  }

  MaybeQuery StopWordHeavy(uint64_t turn) {
    static constexpr std::array<std::string_view, 3> kForms = {"and", "or", "phrase"};
    const size_t form = turn / 6 % kForms.size();
    const std::optional<DrawnWords> drawn = maker_.DrawStopWords(3 + turn % 6, form == 2);
    if (!drawn) return std::nullopt;
    GameQuery query;
    if (form == 2) AddPhrase(drawn->words, Sign::kMay, &query);
    for (const uint32_t word : drawn->words) {
      if (form < 2) AddWord(word, form == 0 ? Sign::kMust : Sign::kMay, &query);
    }
    query.tags.emplace_back(kForms[form]);
    return query;
  }

  MaybeQuery LongOr(uint64_t) {
    const std::optional<DrawnWords> drawn = maker_.DrawRun(maker_.random()->Between(10, 30), 10);
    if (!drawn) return std::nullopt;
    GameQuery query;
    for (const uint32_t word : drawn->words) AddWord(word, Sign::kMay, &query);
    query.tags.push_back(Cat("words:", drawn->words.size()));
    return query;
  }

  MaybeQuery FilteredHalf(uint64_t turn) { return Filtered(turn, "half"); }
  MaybeQuery FilteredTwentieth(uint64_t turn) { return Filtered(turn, "twentieth"); }
  MaybeQuery FilteredRare(uint64_t turn) { return Filtered(turn, "rare"); }

 private:
  static constexpr uint64_t kAny = UINT64_MAX;  // bands: no turn, any of them

  std::vector<Band> AnyBands(size_t size) {
    std::vector<Band> bands;
    for (size_t i = 0; i < size; ++i) {
      bands.push_back(static_cast<Band>(maker_.random()->Below(kBands)));
    }
    return bands;
  }

  MaybeQuery Words(size_t size, uint64_t turn, Sign sign, bool together) {
    std::vector<Band> bands;
    if (turn == kAny) {
      bands = AnyBands(size);
    } else {
      const std::vector<std::vector<Band>> all = BandCombinations(size);
      bands = all[turn % all.size()];
    }
    const std::optional<DrawnWords> drawn =
        together ? maker_.DrawTogether(bands) : maker_.DrawApart(bands);
    if (!drawn) return std::nullopt;
    GameQuery query;
    for (const uint32_t word : drawn->words) AddWord(word, sign, &query);
    query.tags.push_back(BandsTag(model_, drawn->words));
    if (!together) query.tags.emplace_back("apart");
    return query;
  }

  MaybeQuery Filtered(uint64_t turn, std::string_view filter) {
    const bool both = turn % 2 == 0;
    MaybeQuery query = both ? And2(turn / 2) : Or2(turn / 2);
    if (!query) return query;
    query->filter = filter;
    query->tags.insert(query->tags.begin(), both ? "and2" : "or2");
    return query;
  }

  void AddWord(uint32_t word, Sign sign, GameQuery* query) { AddPhrase({&word, 1}, sign, query); }
  void AddPhrase(std::span<const uint32_t> words, Sign sign, GameQuery* query) {
    GameClause& clause = query->clauses.emplace_back();
    clause.sign = sign;
    for (const uint32_t word : words) clause.words.emplace_back(model_.words().Word(word));
  }

  const GameModel& model_;
  GameQueryMaker maker_;
};

constexpr std::array<GameQueryClass<QueryDraw>, 16> kClasses = {{
    {"term", &QueryDraw::Term},
    {"and2", &QueryDraw::And2},
    {"and3", &QueryDraw::And3},
    {"and_more", &QueryDraw::AndMore},
    {"or2", &QueryDraw::Or2},
    {"or3", &QueryDraw::Or3},
    {"or_more", &QueryDraw::OrMore},
    {"phrase", &QueryDraw::Phrase},
    {"must_should", &QueryDraw::MustShould},
    {"negated", &QueryDraw::Negated},
    {"two_phase", &QueryDraw::TwoPhase},
    {"stop_words", &QueryDraw::StopWordHeavy},
    {"long_or", &QueryDraw::LongOr},
    {"filtered_half", &QueryDraw::FilteredHalf},
    {"filtered_twentieth", &QueryDraw::FilteredTwentieth},
    {"filtered_rare", &QueryDraw::FilteredRare},
}};

}  // namespace

std::vector<GameQuery> DrawGameQueries(const GameModel& model, const GameQueryOptions& options) {
  return DrawByClass<QueryDraw>(kClasses, model, options);
}

}  // namespace segue
