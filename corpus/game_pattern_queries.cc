// SPDX-License-Identifier: Apache-2.0
//
// A pattern is made of a word that it matches. A turn says which band, length and form come
// next.
#include "corpus/game_pattern_queries.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "corpus/game_line.h"
#include "corpus/game_query_classes.h"
#include "corpus/game_query_maker.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

using Sign = GameClause::Sign;
using MaybeQuery = std::optional<GameQuery>;

// Shorter words have so many neighbours that nobody asks for them; below 1 letter more than edits
// engines also differ in what a neighbour is.
constexpr size_t kFuzzyLetters[] = {4, 6};  // for 1 and 2 edits
constexpr size_t kRegexpLetters = 5;

struct Share {
  std::string_view percent;
  uint64_t numbers;
};
constexpr std::array<Share, 4> kShares = {{{"0.1", kGameNumbers / 1000},
                                           {"1", kGameNumbers / 100},
                                           {"10", kGameNumbers / 10},
                                           {"50", kGameNumbers / 2}}};

// One query being drawn.
class PatternDraw {
 public:
  PatternDraw(const GameModel& model, const StopWords& stop_words, StableRandom random)
      : model_(model), maker_(model, stop_words, random) {}

  MaybeQuery Prefix(uint64_t turn) { return Alone(turn, &PatternDraw::PrefixOf); }
  MaybeQuery PrefixAnd(uint64_t turn) { return BesideWord(turn, &PatternDraw::PrefixOf); }
  MaybeQuery Fuzzy1(uint64_t turn) { return Alone(turn, &PatternDraw::OneEdit); }
  MaybeQuery Fuzzy2(uint64_t turn) { return Alone(turn, &PatternDraw::TwoEdits); }
  MaybeQuery FuzzyAnd(uint64_t turn) {
    return BesideWord(turn / 2, turn % 2 == 0 ? &PatternDraw::OneEdit : &PatternDraw::TwoEdits);
  }
  MaybeQuery Regexp(uint64_t turn) { return Alone(turn, &PatternDraw::RegexpOf); }
  MaybeQuery RegexpAnd(uint64_t turn) { return BesideWord(turn, &PatternDraw::RegexpOf); }

  MaybeQuery Range(uint64_t turn) {
    GameQuery query;
    const Share& share = kShares[turn % kShares.size()];
    query.clauses.push_back({.sign = Sign::kMay, .words = {}, .pattern = RangeOf(share)});
    query.tags.push_back(Cat("percent:", share.percent));
    return query;
  }

  MaybeQuery RangeFilter(uint64_t turn) {
    const std::array<Band, 1> band = {BandOfTurn(turn / kShares.size())};
    const std::optional<DrawnWords> drawn = maker_.DrawTogether(band);
    if (!drawn) return std::nullopt;
    GameQuery query;
    const Share& share = kShares[turn % kShares.size()];
    query.clauses.push_back({.sign = Sign::kMay, .words = {Word(drawn->words[0])}, .pattern = {}});
    query.filter = RangeOf(share);
    query.tags = {BandsTag(model_, drawn->words), Cat("percent:", share.percent)};
    return query;
  }

 private:
  struct Pattern {
    std::string text;
    std::string tag;
  };
  // Nothing if the word is too short. `turn`: which form.
  using Maker = std::optional<Pattern> (PatternDraw::*)(const std::string& word, uint64_t turn);

  static Band BandOfTurn(uint64_t turn) { return static_cast<Band>(turn % kBands); }
  std::string Word(uint32_t word) const { return std::string(model_.words().Word(word)); }

  MaybeQuery Alone(uint64_t turn, Maker maker) {
    const std::array<Band, 1> band = {BandOfTurn(turn)};
    return WithPattern(band, turn / kBands, maker);
  }

  MaybeQuery BesideWord(uint64_t turn, Maker maker) {
    const std::array<Band, 2> bands = {BandOfTurn(turn), BandOfTurn(turn / kBands)};
    return WithPattern(bands, turn / (kBands * kBands), maker);
  }

  // The last of the words becomes a pattern. Drawn again where it is too short.
  MaybeQuery WithPattern(std::span<const Band> bands, uint64_t turn, Maker maker) {
    constexpr int kTries = 20;
    for (int i = 0; i < kTries; ++i) {
      const std::optional<DrawnWords> drawn = maker_.DrawTogether(bands);
      if (!drawn) return std::nullopt;
      std::optional<Pattern> pattern = (this->*maker)(Word(drawn->words.back()), turn);
      if (!pattern) continue;
      GameQuery query;
      const Sign sign = bands.size() > 1 ? Sign::kMust : Sign::kMay;
      for (size_t word = 0; word + 1 < drawn->words.size(); ++word) {
        query.clauses.push_back({.sign = sign, .words = {Word(drawn->words[word])}, .pattern = {}});
      }
      query.clauses.push_back({.sign = sign, .words = {}, .pattern = std::move(pattern->text)});
      query.tags = {BandsTag(model_, drawn->words), std::move(pattern->tag)};
      return query;
    }
    return std::nullopt;
  }

  std::optional<Pattern> PrefixOf(const std::string& word, uint64_t turn) {
    const size_t letters = 2 + turn % 4;
    if (word.size() <= letters) return std::nullopt;
    return Pattern{Cat(word.substr(0, letters), "*"), Cat("letters:", letters)};
  }

  std::optional<Pattern> OneEdit(const std::string& word, uint64_t turn) {
    return FuzzyOf(word, 1, turn % 2 == 1);
  }
  std::optional<Pattern> TwoEdits(const std::string& word, uint64_t turn) {
    return FuzzyOf(word, 2, turn % 2 == 1);
  }
  std::optional<Pattern> FuzzyOf(const std::string& word, size_t edits, bool misspelt) {
    const size_t letters = kFuzzyLetters[edits - 1];
    if (word.size() < letters) return std::nullopt;
    const std::string typed = misspelt ? Misspelt(word) : word;
    if (typed.size() < letters) return std::nullopt;
    return Pattern{Cat(typed, "~", edits), Cat("edits:", edits, misspelt ? " misspelt" : "")};
  }

  char AnyLetter() { return static_cast<char>('a' + maker_.random()->Below(26)); }

  std::string Misspelt(std::string word) {
    const size_t at = maker_.random()->Below(word.size() - 1);
    switch (maker_.random()->Below(4)) {
      case 0:
        return word.erase(at, 1);
      case 1:
        return word.insert(at, 1, AnyLetter());
      case 2:
        word[at] = AnyLetter();
        return word;
      default:
        std::swap(word[at], word[at + 1]);
        return word;
    }
  }

  std::optional<Pattern> RegexpOf(const std::string& word, uint64_t turn) {
    if (word.size() < kRegexpLetters) return std::nullopt;
    const size_t middle = 1 + maker_.random()->Below(word.size() - 2);
    const std::string before = word.substr(0, middle), behind = word.substr(middle + 1);
    const char letter = word[middle];
    switch (turn % 6) {
      case 0:
        return Pattern{Cat("/", before, ".", behind, "/"), "any"};
      case 1: {
        const std::string_view set = letter <= '9' ? "[0-9]" : letter < 'n' ? "[a-m]" : "[n-z]";
        return Pattern{Cat("/", before, set, behind, "/"), "set"};
      }
      case 2:
        return Pattern{Cat("/", word.substr(0, 3), ".*", word.substr(word.size() - 2), "/"), "gap"};
      case 3:
        return Pattern{Cat("/.*", word.substr(word.size() - 4), "/"), "ending"};
      case 4:
        return Pattern{
            Cat("/(", word.substr(0, 3), "|", word.substr(word.size() - 3), ")[a-z0-9]*/"),
            "either"};
      default:
        return Pattern{Cat("/", word.substr(0, 2), "[a-z0-9]{", word.size() - 2, "}/"), "length"};
    }
  }

  std::string RangeOf(const Share& share) {
    const uint64_t from = maker_.random()->Below(kGameNumbers - share.numbers + 1);
    return Cat("number:[", from, " TO ", from + share.numbers - 1, "]");
  }

  const GameModel& model_;
  GameQueryMaker maker_;
};

constexpr std::array<GameQueryClass<PatternDraw>, 9> kClasses = {{
    {"prefix", &PatternDraw::Prefix},
    {"prefix_and", &PatternDraw::PrefixAnd},
    {"fuzzy1", &PatternDraw::Fuzzy1},
    {"fuzzy2", &PatternDraw::Fuzzy2},
    {"fuzzy_and", &PatternDraw::FuzzyAnd},
    {"regexp", &PatternDraw::Regexp},
    {"regexp_and", &PatternDraw::RegexpAnd},
    {"range", &PatternDraw::Range},
    {"range_filter", &PatternDraw::RangeFilter},
}};

}  // namespace

std::vector<GameQuery> DrawPatternQueries(const GameModel& model, const GameQueryOptions& options) {
  return DrawByClass<PatternDraw>(kClasses, model, options);
}

}  // namespace segue
