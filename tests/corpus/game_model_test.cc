// SPDX-License-Identifier: Apache-2.0
//
// Models of corpora, and the imitations made of them.
#include "corpus/game_model.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "corpus/game_imitation.h"
#include "corpus/game_text.h"
#include "tests/corpus/game_testing.h"

namespace segue {
namespace {

using Strings = std::vector<std::string>;
using Words = std::vector<uint32_t>;

TEST(WordNumbers, AreTheOrderOfFirstOccurrence) {
  WordNumbers words;
  for (uint32_t i = 0; i < 100'000; ++i) ASSERT_EQ(words.Add("w" + std::to_string(i)), i);
  for (uint32_t i = 0; i < 100'000; ++i) {
    ASSERT_EQ(words.Add("w" + std::to_string(i)), i);
    ASSERT_EQ(words.Find("w" + std::to_string(i)), i);
    ASSERT_EQ(words.Word(i), "w" + std::to_string(i));
  }
  EXPECT_EQ(words.Find("w"), WordNumbers::kNone);
  EXPECT_EQ(words.size(), 100'000u);
}

TEST(GameModel, CountsDocumentsNotOccurrences) {
  const GameModel model = ModelOf({"a b a", "b", "c a"});
  ASSERT_EQ(model.documents(), 3u);
  EXPECT_EQ(Words(model.tokens().begin(), model.tokens().end()),
            (Words{0, 1, 0, GameModel::kEnd, 1, GameModel::kEnd, 2, 0, GameModel::kEnd}));
  EXPECT_EQ(Words(model.Document(2).begin(), model.Document(2).end()), (Words{2, 0}));
  EXPECT_EQ(model.words().Word(2), "c");
  EXPECT_EQ(model.DocumentFrequency(0), 2u);
  EXPECT_EQ(model.DocumentFrequency(1), 2u);
  EXPECT_EQ(model.DocumentFrequency(2), 1u);
}

TEST(GameModel, TakesNothingElse) {
  const TempFolder folder;
  const auto message = [&folder](std::string_view content) {
    const auto model = GameModel::Read({folder.Write("m.jsonl", content)});
    EXPECT_EQ(CodeOf(model.status()), ErrorCode::kInvalidArgument);
    return std::string(MessageOf(model.status()));
  };
  EXPECT_EQ(message(""), "the corpus has no documents");
  EXPECT_NE(message("{\"text\":\"a\"}\n{\"text\":\"The Sea\"}\n").find(":2: `text` is not norm"),
            std::string::npos);
  EXPECT_NE(message("{\"id\":\"1\"}\n").find(":1: `text`"), std::string::npos);
  EXPECT_NE(message("{\"text\":\"a\"}\n{\"text\":\n").find(":2: not JSON"), std::string::npos);
}

// Sentences over a few hundred words, in themes that share only frequent words.
Strings Themes(size_t documents) {
  Strings texts;
  StableRandom random(4);
  for (size_t i = 0; i < documents; ++i) {
    const uint64_t theme = random.Below(20);
    std::string text;
    for (uint64_t left = random.Between(3, 60); left > 0; --left) {
      if (!text.empty()) text += ' ';
      const bool common = random.OneIn(2);
      const uint64_t number = random.Below(30);
      text += common ? "the" + std::to_string(random.Below(number + 1) / 3)
                     : "t" + std::to_string(theme) + "w" + std::to_string(number);
    }
    texts.push_back(text);
  }
  return texts;
}

std::string Imitate(const GameModel& model, uint64_t documents, uint64_t seed) {
  const Imitation imitation(model, seed);
  return Captured([&](std::FILE* out) {
    EXPECT_TRUE(WriteImitation(imitation, model, documents, false, out).ok());
  });
}

TEST(Imitation, DependsOnItsSeedAndNumberOnly) {
  const GameModel model = ModelOf(Themes(300));
  const std::string some = Imitate(model, 50, 7);
  EXPECT_EQ(some, Imitate(model, 50, 7));
  EXPECT_NE(some, Imitate(model, 50, 8));
  EXPECT_TRUE(Imitate(model, 200, 7).starts_with(some));
  EXPECT_EQ(Imitate(model, 0, 7), "");
  EXPECT_TRUE(some.starts_with("{\"id\":\"0\",\"text\":\""));
  const TempFolder folder;
  const absl::StatusOr<GameModel> again = GameModel::Read({folder.Write("i.jsonl", some)});
  ASSERT_TRUE(again.ok()) << again.status();  // so it is a corpus itself
  EXPECT_EQ(again->documents(), 50u);
}

// More than all cores take in one round.
TEST(Imitation, ManyDocumentsComeInOrder) {
  const GameModel model = ModelOf({"a b c d e f", "c d a b", "f a c"});
  const Imitation imitation(model, 1);
  const Strings lines = LinesOf(Imitate(model, 100'000, 1));
  ASSERT_EQ(lines.size(), 100'000u);
  Words words;
  for (uint64_t number = 0; number < lines.size(); number += 99) {
    imitation.Make(number, &words);
    std::string text;
    for (const uint32_t word : words) text += std::string(model.words().Word(word)) + " ";
    text.pop_back();
    const std::string wanted =
        "{\"id\":\"" + std::to_string(number) + "\",\"text\":\"" + text + "\",";
    ASSERT_TRUE(lines[number].starts_with(wanted)) << lines[number] << " not " << wanted;
  }
}

TEST(Imitation, TheSameOnEveryMachine) {
  const GameModel model = ModelOf({"a b c d e f", "c d a b", "f a c"});
  EXPECT_EQ(LinesOf(Imitate(model, 3, 1)),
            (Strings{R"({"id":"0","text":"b c d e","filter":""})",
                     R"({"id":"1","text":"f a c d e f","filter":""})",
                     R"({"id":"2","text":"a b c d","filter":"half"})"}));
}

TEST(Imitation, NeverADocumentOfTheModel) {
  for (const Strings& texts :
       {Strings{"a"}, Strings{"a", "a a", "a a a"}, Strings{"a b", "b a"}, Themes(40),
        Strings{"a b c d e f g h i j k l m n o p q r s t u v w x y z"}}) {
    const GameModel model = ModelOf(texts);
    std::set<Words> documents;
    for (size_t i = 0; i < model.documents(); ++i) {
      documents.emplace(model.Document(i).begin(), model.Document(i).end());
    }
    const Imitation imitation(model, 1);
    Words words;
    for (uint64_t number = 0; number < 2000; ++number) {
      imitation.Make(number, &words);
      ASSERT_FALSE(words.empty());
      ASSERT_FALSE(documents.contains(words)) << number;
    }
  }
}

struct Shape {
  double words = 0, pairs = 0, within_theme = 0;
  std::map<uint32_t, double> frequencies;
};

// Lengths, shares of words, the share of neighbours that the model has as neighbours, and the share
// of documents whose themed words are mostly of one theme.
Shape ShapeOf(const GameModel& model, const std::vector<Words>& documents) {
  std::set<std::pair<uint32_t, uint32_t>> neighbours;
  for (size_t i = 0; i + 1 < model.tokens().size(); ++i) {
    neighbours.emplace(model.tokens()[i], model.tokens()[i + 1]);
  }
  Shape shape;
  double pairs = 0;
  for (const Words& words : documents) {
    std::map<std::string_view, size_t> themes;
    size_t most = 0, themed = 0;
    for (size_t i = 0; i < words.size(); ++i) {
      ++shape.frequencies[words[i]];
      const std::string_view word = model.words().Word(words[i]);
      if (word.starts_with("the")) continue;
      ++themed;
      most = std::max(most, ++themes[word.substr(0, word.find('w'))]);
    }
    for (size_t i = 0; i + 1 < words.size(); ++i, ++pairs) {
      shape.pairs += neighbours.contains({words[i], words[i + 1]});
    }
    shape.words += static_cast<double>(words.size());
    shape.within_theme += 2 * most > themed;
  }
  for (auto& [word, count] : shape.frequencies) count /= shape.words;
  shape.pairs /= pairs;
  shape.words /= static_cast<double>(documents.size());
  shape.within_theme /= static_cast<double>(documents.size());
  return shape;
}

TEST(Imitation, KeepsLengthsFrequenciesNeighboursAndThemes) {
  const GameModel model = ModelOf(Themes(2000));
  const Imitation imitation(model, 5);
  std::vector<Words> originals, imitations(4000);
  for (size_t i = 0; i < model.documents(); ++i) {
    originals.emplace_back(model.Document(i).begin(), model.Document(i).end());
  }
  for (uint64_t i = 0; i < imitations.size(); ++i) imitation.Make(i, &imitations[i]);
  const Shape wanted = ShapeOf(model, originals), found = ShapeOf(model, imitations);
  EXPECT_NEAR(found.words / wanted.words, 1, .05);
  EXPECT_GT(found.pairs, .97);
  EXPECT_GT(found.within_theme, .8);  // with 20 themes, words drawn alone give next to none
  for (const auto& [word, share] : wanted.frequencies) {
    const auto it = found.frequencies.find(word);
    const double ratio = it == found.frequencies.end() ? 0 : it->second / share;
    EXPECT_NEAR(ratio, 1, share > .005 ? .15 : .6) << model.words().Word(word);
  }
}

TEST(Imitation, AFullDiskIsSaid) {
  const GameModel model = ModelOf(Themes(20));
  std::FILE* const full = std::fopen("/dev/full", "w");
  ASSERT_NE(full, nullptr);
  std::setvbuf(full, nullptr, _IONBF, 0);
  EXPECT_EQ(CodeOf(WriteImitation(Imitation(model, 1), model, 10, false, full)), ErrorCode::kIo);
  std::fclose(full);
}

}  // namespace
}  // namespace segue
