// SPDX-License-Identifier: Apache-2.0
//
// Filters that make many tokens of one, or of neighbours, against models that say what they give
// and nothing of how: n-grams, shingles, compounds.
#include <algorithm>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "tests/text/naive_tokens.h"

namespace segue {
namespace {

const Strings kCharacters = {"a", "b", "c", "é", "日", "😀", " ", " "};

std::string TruthOf(bool truth) { return truth ? "true" : "false"; }

struct Grams {
  size_t min = 1, max = 2;
  bool only_front = false, keeps_original = false;
};

// The pieces that begin at one place of a text whose characters begin at `bounds`.
void AddGramsAt(std::string_view text, const std::vector<size_t>& bounds, size_t at, size_t offset,
                size_t position, const Grams& grams, Tokens* tokens) {
  for (size_t chars = grams.min; chars <= grams.max && at + chars < bounds.size(); ++chars) {
    const size_t begin = bounds[at], end = bounds[at + chars];
    tokens->push_back(
        NaiveToken(text.substr(begin, end - begin), position, offset + begin, offset + end));
  }
}

Tokens NaiveGramsOfWords(std::string_view text, const Grams& grams) {
  Tokens tokens;
  for (const AnalyzedToken& word : NaiveWords(text)) {
    const std::vector<size_t> bounds = NaiveBounds(word.term);
    const size_t before = tokens.size(), chars = bounds.size() - 1;
    for (size_t at = 0; at < (grams.only_front ? 1 : chars); ++at) {
      AddGramsAt(word.term, bounds, at, word.start_byte, word.position, grams, &tokens);
    }
    const bool is_piece = tokens.size() > before && chars <= grams.max;
    if (grams.keeps_original && !is_piece) tokens.push_back(word);
  }
  return tokens;
}

// Each place of the text is a position, whatever stands there.
Tokens NaiveGramsOfText(std::string_view text, const Grams& grams) {
  Tokens tokens;
  const std::vector<size_t> bounds = NaiveBounds(text);
  for (size_t at = 0; at < (grams.only_front ? 1 : bounds.size() - 1); ++at) {
    AddGramsAt(text, bounds, at, 0, at, grams, &tokens);
  }
  return tokens;
}

Grams RandomGrams(SeededRandom* random) {
  Grams grams;
  grams.min = random->Between(1, 4);
  grams.max = random->Between(grams.min, 6);
  grams.only_front = random->OneIn(2);
  grams.keeps_original = random->OneIn(2);
  return grams;
}

std::string TypeOf(const Grams& grams) {
  return Cat(R"({"type":")", grams.only_front ? "edge_ngram" : "ngram", R"(","min":)", grams.min,
             R"(,"max":)", grams.max);
}

TEST(GramModelTest, FiltersGiveThePiecesOfEachWord) {
  SeededRandom random(771);
  for (int round = 0; round < 60; ++round) {
    const Grams grams = RandomGrams(&random);
    const std::string definition = WithFilter(
        Cat(TypeOf(grams), R"(,"preserve_original":)", TruthOf(grams.keeps_original), "}"));
    for (int i = 0; i < 5; ++i) {
      const std::string text = RandomOf(&random, kCharacters, 0, 40);
      ASSERT_EQ(Analyze(definition, text), NaiveGramsOfWords(text, grams)) << definition << "\n"
                                                                           << text;
    }
  }
}

TEST(GramModelTest, TokenizersGiveThePiecesOfTheWholeText) {
  SeededRandom random(772);
  for (int round = 0; round < 60; ++round) {
    const Grams grams = RandomGrams(&random);
    const std::string definition = Cat(R"({"tokenizer":)", TypeOf(grams), "}}");
    for (int i = 0; i < 5; ++i) {
      const std::string text = RandomOf(&random, kCharacters, 0, 40);
      ASSERT_EQ(Analyze(definition, text), NaiveGramsOfText(text, grams)) << definition << "\n"
                                                                          << text;
    }
  }
}

// --- Shingles ---

struct Shingles {
  size_t min = 2, max = 2;
  bool unigrams = true;
  std::string separator = " ", filler = "_";
};

// `words` ascend by position, one a position; where there is none, none was.
Tokens NaiveShingles(const Tokens& words, const Shingles& shingles) {
  Tokens tokens;
  for (size_t first = 0; first < words.size(); ++first) {
    if (shingles.unigrams) tokens.push_back(words[first]);
    std::string term = words[first].term;
    for (size_t last = first + 1; last < words.size(); ++last) {
      for (size_t gap = words[last - 1].position + 1; gap < words[last].position; ++gap) {
        term += shingles.separator + shingles.filler;
      }
      term += shingles.separator + words[last].term;
      const size_t positions = words[last].position - words[first].position + 1;
      if (positions > shingles.max) break;
      if (positions < shingles.min) continue;
      tokens.push_back(
          NaiveToken(term, words[first].position, words[first].start_byte, words[last].end_byte));
      tokens.back().position_length = static_cast<uint32_t>(positions);
      tokens.back().type = TokenType::kShingle;
    }
  }
  return tokens;
}

TEST(ShingleModelTest, NeighboursWithGaps) {
  SeededRandom random(773);
  const Strings parts = {"red ", "blue ", "the ", "é ", "日本 ", "the "};
  const Strings separators = {" ", "", "+", " – "}, fillers = {"_", "", "FILL"};
  for (int round = 0; round < 80; ++round) {
    Shingles shingles;
    shingles.min = random.Between(2, 5);
    shingles.max = random.Between(shingles.min, 8);
    shingles.unigrams = random.OneIn(2);
    shingles.separator = separators[random.Below(separators.size())];
    shingles.filler = fillers[random.Below(fillers.size())];
    const std::string definition = WithFilter(
        Cat(R"({"type":"stop","words":["the"]},{"type":"shingle","min":)", shingles.min,
            R"(,"max":)", shingles.max, R"(,"unigrams":)", TruthOf(shingles.unigrams),
            R"(,"separator":")", shingles.separator, R"(","filler":")", shingles.filler, "\"}"));
    const std::string text = RandomOf(&random, parts, 0, 20);
    Tokens words = NaiveWords(text);
    std::erase_if(words, [](const AnalyzedToken& word) { return word.term == "the"; });
    ASSERT_EQ(Analyze(definition, text), NaiveShingles(words, shingles)) << definition << "\n"
                                                                         << text;
  }
}

// Of many batches: a shingle goes across where one ends, and a gap of any length is counted.
TEST(ShingleModelTest, AcrossBatchesAndLongGaps) {
  SeededRandom random(774);
  std::string text;
  for (int i = 0; i < 2000; ++i) {
    CatTo(&text, "w", random.Below(50), " ");
    for (uint64_t gap = random.OneIn(5) ? random.Below(4) : 0; gap > 0; --gap) text += "the ";
    if (i == 1000) {
      for (int gap = 0; gap < 1500; ++gap) text += "the ";
    }
  }
  Tokens words = NaiveWords(text);
  std::erase_if(words, [](const AnalyzedToken& word) { return word.term == "the"; });
  const Shingles shingles = {.min = 2, .max = 4, .unigrams = true, .separator = " ", .filler = "_"};
  const Tokens found =
      Analyze(WithFilter(R"({"type":"stop","words":["the"]},{"type":"shingle","max":4})"), text);
  const Tokens wanted = NaiveShingles(words, shingles);
  ASSERT_EQ(found.size(), wanted.size());
  for (size_t i = 0; i < found.size(); ++i) ASSERT_EQ(found[i], wanted[i]) << i;
}

// --- Compounds ---

struct Compounds {
  Strings words;
  size_t min_word = 5, min_part = 3;
  bool only_longest = false;
};

Tokens NaiveCompounds(std::string_view text, const Compounds& compounds) {
  Tokens tokens;
  for (const AnalyzedToken& word : NaiveWords(text)) {
    tokens.push_back(word);
    const std::vector<size_t> bounds = NaiveBounds(word.term);
    const size_t chars = bounds.size() - 1;
    if (chars < compounds.min_word) continue;
    for (size_t begin = 0; begin < chars; ++begin) {
      Tokens here;
      for (size_t end = begin + compounds.min_part; end <= chars; ++end) {
        const std::string part = word.term.substr(bounds[begin], bounds[end] - bounds[begin]);
        const bool is_known = std::find(compounds.words.begin(), compounds.words.end(), part) !=
                              compounds.words.end();
        if (!is_known || part == word.term) continue;
        here.push_back(NaiveToken(part, word.position, word.start_byte + bounds[begin],
                                  word.start_byte + bounds[end]));
      }
      if (compounds.only_longest && here.size() > 1) here.erase(here.begin(), here.end() - 1);
      tokens.insert(tokens.end(), here.begin(), here.end());
    }
  }
  return tokens;
}

TEST(CompoundModelTest, WordsOfADictionaryInWords) {
  SeededRandom random(775);
  const Strings letters = {"a", "b", "é", "日"};
  size_t found = 0;
  for (int round = 0; round < 100; ++round) {
    Compounds compounds;
    std::string list;
    for (uint64_t left = random.Between(1, 12); left > 0; --left) {
      compounds.words.push_back(RandomOf(&random, letters, 1, 5));
      CatTo(&list, list.empty() ? "" : ",", "\"", compounds.words.back(), "\"");
    }
    compounds.min_word = random.Between(1, 6);
    compounds.min_part = random.Between(1, 4);
    compounds.only_longest = random.OneIn(2);
    const std::string definition =
        WithFilter(Cat(R"({"type":"compound","words":[)", list, R"(],"min_word":)",
                       compounds.min_word, R"(,"min_part":)", compounds.min_part,
                       R"(,"only_longest":)", TruthOf(compounds.only_longest), "}"));
    const std::string text = RandomOf(&random, {"a", "b", "é", "日", "a", "b", " "}, 0, 60);
    const Tokens wanted = NaiveCompounds(text, compounds);
    ASSERT_EQ(Analyze(definition, text), wanted) << definition << "\n" << text;
    found += wanted.size() - NaiveWords(text).size();
  }
  EXPECT_GT(found, 100u);
}

// What a compound is put on top of keeps its place, also where it was one of several.
TEST(CompoundModelTest, TokensOnTopAreLookedIntoEach) {
  const std::string definition = WithFilter(
      R"({"type":"synonym","rules":["ship, dampfschiff"]},
         {"type":"compound","words":["dampf","schiff"]})");
  Strings found;
  for (const AnalyzedToken& token : Analyze(definition, "my ship sails")) {
    found.push_back(
        Cat(token.term, "@", token.position, ":", token.start_byte, "-", token.end_byte));
  }
  // What stands for another word has no bytes of its own inside of that.
  EXPECT_EQ(found, (Strings{"my@0:0-2", "ship@1:3-7", "dampfschiff@1:3-7", "dampf@1:3-7",
                            "schiff@1:3-7", "sails@2:8-13"}));
}

}  // namespace
}  // namespace segue
