// SPDX-License-Identifier: Apache-2.0
//
// Random chains of all parts over random text, well-formed and not: what RunAndCheck() lists, and
// that tokens depend on nothing but the definition and the value.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/simd/ascii_words.h"
#include "engine/text/case_filters.h"
#include "engine/text/standard_tokenizer.h"
#include "tests/text/random_chain.h"
#include "tests/text/text_test_util.h"

namespace segue {
namespace {

Chain RandomChain(SeededRandom* random) {
  return ChooseChain([random](uint64_t n) { return random->Below(n); });
}

std::string RandomValue(SeededRandom* random) {
  if (random->OneIn(20)) return RandomText(random, random->Between(500, 3000), 6);
  return RandomText(random, random->Between(0, 60), 5);
}

std::set<std::string> TypesOf(const std::vector<std::string_view>& choices) {
  std::set<std::string> types;
  for (const std::string_view choice : choices) {
    const auto json = ParseJson(choice);
    EXPECT_TRUE(json.ok()) << choice;
    types.emplace(json->is_string() ? json->string_value() : json->Find("type")->string_value());
  }
  return types;
}

TEST(ChainsTest, EveryPartIsAmongTheChoices) {
  const AnalyzerRegistry& registry = AnalyzerRegistry::BuiltIn();
  const auto expect = [](const std::vector<std::string>& names,
                         const std::set<std::string>& types) {
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()), types);
  };
  expect(registry.CharFilterNames(), TypesOf(CharFilterChoices()));
  expect(registry.TokenizerNames(), TypesOf(TokenizerChoices()));
  expect(registry.TokenFilterNames(), TypesOf(TokenFilterChoices()));
}

TEST(ChainsTest, EveryChoiceIsValidAlone) {
  for (const std::string_view part : CharFilterChoices()) {
    EXPECT_NE(MakeAnalyzer(Chain{{part}, R"("standard")", {}}.ToJson()), nullptr) << part;
  }
  for (const std::string_view part : TokenizerChoices()) {
    EXPECT_NE(MakeAnalyzer(Chain{{}, part, {}}.ToJson()), nullptr) << part;
  }
  for (const std::string_view part : TokenFilterChoices()) {
    EXPECT_NE(MakeAnalyzer(Chain{{}, R"("standard")", {part}}.ToJson()), nullptr) << part;
  }
}

TEST(ChainsTest, PromisesHoldAndStreamsAreReusable) {
  SeededRandom random(21);
  for (int round = 0; round < 150; ++round) {
    const std::string definition = RandomChain(&random).ToJson();
    const auto analyzer = MakeAnalyzer(definition);
    ASSERT_NE(analyzer, nullptr) << definition;
    const auto stream = analyzer->NewStream();
    for (int value = 0; value < 6; ++value) {
      const std::string text = RandomValue(&random);
      std::vector<AnalyzedToken> tokens, again;
      ASSERT_EQ(RunAndCheck(stream.get(), text, &tokens), "") << definition;
      ASSERT_EQ(RunAndCheck(analyzer->NewStream().get(), text, &again), "") << definition;
      ASSERT_EQ(tokens, again) << definition << "\n" << testing::PrintToString(text);
      if (random.OneIn(2)) continue;
      // Left half way.
      const std::string other = RandomValue(&random);
      ASSERT_TRUE(stream->Start(other).ok());
      stream->Next();
    }
  }
}

TEST(ChainsTest, BatchesDoNotChangeTokens) {
  SeededRandom random(22);
  AnalyzerRegistry registry = AnalyzerRegistry::BuiltIn();
  RegisterSlicedTokenizer(&registry);
  for (int round = 0; round < 150; ++round) {
    const Chain chain = RandomChain(&random);
    JsonWriter sliced;
    sliced.BeginObject();
    sliced.Key("type").String("sliced");
    sliced.Key("analyzer").String(Chain{{}, chain.tokenizer, {}}.ToJson());
    sliced.Key("tokens").Uint(random.OneIn(2) ? 1 : random.Between(2, 100));
    sliced.EndObject();
    const std::string definition = chain.ToJson(sliced.Take());
    const auto expected = registry.Make(chain.ToJson());
    const auto actual = registry.Make(definition);
    ASSERT_TRUE(expected.ok() && actual.ok()) << expected.status() << actual.status();
    for (int value = 0; value < 5; ++value) {
      const std::string text = RandomValue(&random);
      ASSERT_EQ(*(*actual)->Analyze(text), *(*expected)->Analyze(text))
          << definition << "\n"
          << testing::PrintToString(text);
    }
  }
}

// The parts that have kernels, with the scalar ones.
AnalyzerRegistry ScalarRegistry() {
  AnalyzerRegistry registry = AnalyzerRegistry::BuiltIn();
  registry.RegisterTokenizer(
      "standard", [](PartOptions& options) -> absl::StatusOr<PartSource<Tokenizer>> {
        const auto units = static_cast<size_t>(options.Int("max_token_length", 255, 1, 10922));
        return PartSource<Tokenizer>([units] {
          return std::make_unique<StandardTokenizer>(units, ScalarAsciiWordKernels());
        });
      });
  registry.RegisterTokenFilter(
      "casefold", [](PartOptions&) -> absl::StatusOr<PartSource<TokenFilter>> {
        return PartSource<TokenFilter>(
            [] { return std::make_unique<CaseFoldFilter>(ScalarAsciiWordKernels()); });
      });
  return registry;
}

TEST(ChainsTest, KernelsDoNotChangeTokens) {
  SeededRandom random(23);
  const AnalyzerRegistry scalar = ScalarRegistry();
  for (int round = 0; round < 100; ++round) {
    const std::string definition = RandomChain(&random).ToJson();
    const auto expected = scalar.Make(definition);
    ASSERT_TRUE(expected.ok()) << expected.status();
    const auto actual = MakeAnalyzer(definition);
    for (int value = 0; value < 5; ++value) {
      const std::string text = RandomValue(&random);
      ASSERT_EQ(*actual->Analyze(text), *(*expected)->Analyze(text))
          << definition << "\n"
          << testing::PrintToString(text);
    }
  }
}

TEST(ChainsTest, StagesEndWithTheTokens) {
  SeededRandom random(24);
  for (int round = 0; round < 100; ++round) {
    const Chain chain = RandomChain(&random);
    const auto analyzer = MakeAnalyzer(chain.ToJson());
    const std::string text = RandomValue(&random);
    const auto stages = analyzer->AnalyzeStages(text);
    ASSERT_TRUE(stages.ok());
    ASSERT_EQ(stages->size(), chain.char_filters.size() + 1 + chain.filters.size());
    ASSERT_EQ(stages->back().tokens, *analyzer->Analyze(text));
    // Each is what the chain up to it makes.
    Chain prefix = chain;
    for (size_t i = stages->size(); i-- > chain.char_filters.size();) {
      ASSERT_EQ((*stages)[i].tokens, *MakeAnalyzer(prefix.ToJson())->Analyze(text));
      if (!prefix.filters.empty()) prefix.filters.pop_back();
    }
  }
}

}  // namespace
}  // namespace segue
