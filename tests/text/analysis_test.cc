// SPDX-License-Identifier: Apache-2.0
//
// Analyzers as a whole: built-in ones, definitions, the registry, streams.
#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/json.h"
#include "segue/status.h"
#include "tests/text/text_test_util.h"

namespace segue {
namespace {

std::string MistakeOf(std::string_view definition) {
  const auto made = AnalyzerRegistry::BuiltIn().Make(definition);
  EXPECT_FALSE(made.ok()) << definition;
  if (made.ok()) return "";
  EXPECT_EQ(CodeOf(made.status()), ErrorCode::kInvalidArgument) << made.status();
  return std::string(made.status().message());
}

TEST(AnalyzerTest, BuiltInAnalyzers) {
  constexpr std::string_view kText = "The Dog's dens, RUNNING 3.5km";
  EXPECT_EQ(Terms("standard", kText), (Strings{"the", "dog's", "dens", "running", "3.5km"}));
  EXPECT_EQ(Terms("english", kText), (Strings{"dog", "den", "run", "3.5km"}));
  EXPECT_EQ(Terms("simple", kText), (Strings{"the", "dog", "s", "dens", "running", "km"}));
  EXPECT_EQ(Terms("whitespace", kText), (Strings{"The", "Dog's", "dens,", "RUNNING", "3.5km"}));
  EXPECT_EQ(Terms("keyword", kText), (Strings{std::string(kText)}));
}

TEST(AnalyzerTest, BuiltInAnalyzersAreValidAndMadeOnce) {
  const AnalyzerRegistry& registry = AnalyzerRegistry::BuiltIn();
  EXPECT_GE(registry.AnalyzerNames().size(), 5u);
  const AnalyzerRegistry copy = registry;
  for (const std::string& name : registry.AnalyzerNames()) {
    const auto analyzer = registry.Get(name);
    ASSERT_TRUE(analyzer.ok()) << name << ": " << analyzer.status();
    EXPECT_EQ(*copy.Get(name), *analyzer) << name;
  }
}

TEST(RegistryTest, CopiesDoNotSeeWhatIsRegisteredLater) {
  AnalyzerRegistry registry = AnalyzerRegistry::BuiltIn();
  const AnalyzerRegistry before = registry;
  ASSERT_TRUE(registry.RegisterAnalyzer("mine", R"({"tokenizer":"keyword"})").ok());
  EXPECT_TRUE(registry.Get("mine").ok());
  EXPECT_FALSE(before.Get("mine").ok());
  EXPECT_FALSE(AnalyzerRegistry::BuiltIn().Get("mine").ok());
}

TEST(AnalyzerTest, EmptyValuesHaveNoTokens) {
  for (const std::string& name : AnalyzerRegistry::BuiltIn().AnalyzerNames()) {
    EXPECT_TRUE(Analyze(name, "").empty()) << name;
  }
}

TEST(AnalyzerTest, SimpleAndWhitespaceCutLongRuns) {
  EXPECT_EQ(Terms("whitespace", std::string(300, '-')),
            (Strings{std::string(255, '-'), std::string(45, '-')}));
  EXPECT_EQ(Terms("simple", std::string(256, 'X')), (Strings{std::string(255, 'x'), "x"}));
  // Characters beyond the first plane count twice, and are never cut.
  EXPECT_EQ(Terms("whitespace", std::string(254, 'x') + "𝐀b"),
            (Strings{std::string(254, 'x'), "𝐀b"}));
  EXPECT_EQ(Terms(R"({"tokenizer":{"type":"whitespace","max_token_length":1}})", "𝐀bc d"),
            (Strings{"𝐀", "b", "c", "d"}));
  EXPECT_EQ(Terms("simple", "Ärger, ÉTÉ_x"), (Strings{"ärger", "été", "x"}));
  EXPECT_EQ(Terms("whitespace", "a\u00a0b\u2003c \xff d"), (Strings{"a\u00a0b", "c", "d"}));
}

TEST(AnalyzerTest, OffsetsPointToTheTerms) {
  SeededRandom random(4);
  const auto standard = MakeAnalyzer(R"({"tokenizer":"standard"})");
  const auto whitespace = MakeAnalyzer("whitespace");
  for (int round = 0; round < 200; ++round) {
    const std::string text = RandomText(&random, random.Between(1, 500), 5);
    for (const auto& analyzer : {standard, whitespace}) {
      uint32_t end = 0;
      const auto tokens = analyzer->Analyze(text);
      ASSERT_TRUE(tokens.ok());
      for (const AnalyzedToken& token : *tokens) {
        ASSERT_EQ(text.substr(token.start_byte, token.end_byte - token.start_byte), token.term);
        ASSERT_GE(token.start_byte, end);
        end = token.end_byte;
      }
    }
  }
}

TEST(AnalyzerTest, StreamsAreReusableAndMayStopHalfWay) {
  const auto analyzer = MakeAnalyzer("english");
  const auto stream = analyzer->NewStream();
  std::string long_text;
  for (int i = 0; i < 5000; ++i) long_text += "word" + std::to_string(i) + " the ";
  ASSERT_TRUE(stream->Start(long_text).ok());
  ASSERT_NE(stream->Next(), nullptr);
  ASSERT_TRUE(stream->Start("foxes").ok());
  const TokenBatch* batch = stream->Next();
  ASSERT_NE(batch, nullptr);
  ASSERT_EQ(batch->size(), 1u);
  EXPECT_EQ(batch->term(0), "fox");
  EXPECT_EQ((*batch)[0].position_increment, 1u);
  EXPECT_EQ(stream->Next(), nullptr);
  EXPECT_EQ(stream->Next(), nullptr);
}

TEST(AnalyzerTest, StreamsOutliveAnalyzerAndRegistry) {
  std::unique_ptr<AnalysisStream> stream;
  {
    AnalyzerRegistry registry = AnalyzerRegistry::BuiltIn();
    ASSERT_TRUE(
        registry
            .RegisterAnalyzer(
                "mine", R"({"tokenizer":"standard","filters":[{"type":"stop","words":["x"]}]})")
            .ok());
    stream = (*registry.Get("mine"))->NewStream();
  }
  ASSERT_TRUE(stream->Start("x y").ok());
  EXPECT_EQ(stream->Next()->term(0), "y");
}

TEST(AnalyzerTest, ThreadsShareAnAnalyzer) {
  const auto analyzer = MakeAnalyzer("english");
  SeededRandom random(5);
  const std::string text = RandomText(&random, 2000, 8);
  const auto expected = analyzer->Analyze(text);
  ASSERT_TRUE(expected.ok());
  std::vector<std::thread> threads;
  std::vector<int> same(4, 0);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5; ++i) {
        const auto tokens = analyzer->Analyze(text);
        same[t] += tokens.ok() && *tokens == *expected;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(same, (std::vector<int>{5, 5, 5, 5}));
}

TEST(AnalyzerTest, SlackAroundTermsIsReadable) {
  const auto stream = MakeAnalyzer("english")->NewStream();
  ASSERT_TRUE(stream->Start("running foxes").ok());
  const TokenBatch* batch = stream->Next();
  unsigned sum = 0;
  for (size_t i = 0; i < batch->size(); ++i) {
    const std::string_view term = batch->term(i);
    for (size_t k = 1; k <= TokenBatch::kSlackBytes; ++k) {
      sum += static_cast<uint8_t>(term.data()[-static_cast<ptrdiff_t>(k)]);
      sum += static_cast<uint8_t>(term.data()[term.size() + k - 1]);
    }
  }
  EXPECT_GE(sum, 0u);  // under AddressSanitizer the loads themselves are the test
  EXPECT_EQ(batch->size(), 2u);
}

// --- Definitions ---

TEST(DefinitionTest, IsCanonicalAndReadsBack) {
  const AnalyzerRegistry& registry = AnalyzerRegistry::BuiltIn();
  const auto standard = registry.Get("standard");
  EXPECT_EQ((*standard)->Definition(),
            R"({"char_filters":[],"tokenizer":{"type":"standard","max_token_length":255},)"
            R"("filters":[{"type":"lowercase"}],"versions":{"unicode":"15.0.0"}})");
  for (const std::string& name : registry.AnalyzerNames()) {
    const auto analyzer = *registry.Get(name);
    const auto again = registry.Make(analyzer->Definition());
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ((*again)->Definition(), analyzer->Definition());
    EXPECT_EQ((*again)->Fingerprint(), analyzer->Fingerprint());
    EXPECT_TRUE(ParseJson(analyzer->Definition()).ok());
  }
}

TEST(DefinitionTest, SpellingsOfOneAnalyzerHaveOneFingerprint) {
  const auto a = MakeAnalyzer(R"({"filters":["stop"],"tokenizer":"standard"})");
  const auto b = MakeAnalyzer(R"({"tokenizer":{"max_token_length":255,"type":"standard"},
      "char_filters":[],"filters":[{"words":"_english_","type":"stop"}]})");
  EXPECT_EQ(a->Definition(), b->Definition());
  EXPECT_EQ(a->Fingerprint(), b->Fingerprint());
  EXPECT_NE(a->Fingerprint(), MakeAnalyzer("standard")->Fingerprint());
  const auto other = MakeAnalyzer(R"({"tokenizer":"standard","filters":[
      {"type":"stop","words":["_english_","x"]}]})");
  EXPECT_NE(a->Fingerprint(), other->Fingerprint());
}

TEST(DefinitionTest, FingerprintIsTheSameEverywhere) {
  // A change here changes every index on disk: see decision D22 before touching it.
  EXPECT_EQ(MakeAnalyzer("keyword")->Definition(),
            R"({"char_filters":[],"tokenizer":{"type":"keyword"},"filters":[]})");
  EXPECT_EQ(MakeAnalyzer("keyword")->Fingerprint(), 12721476037704288226u);
}

TEST(DefinitionTest, NamesTheVersionsOfItsData) {
  const auto analyzer = MakeAnalyzer(R"({"tokenizer":"standard","filters":["snowball"]})");
  EXPECT_NE(analyzer->Definition().find(R"("versions":{"snowball":"2)"), std::string::npos)
      << analyzer->Definition();
}

TEST(DefinitionTest, Mistakes) {
  EXPECT_NE(MistakeOf(R"({"tokenizer":"standart"})").find("did you mean \"standard\""),
            std::string::npos);
  // Of names that are like none, some that there are.
  const std::string far = MistakeOf(R"({"tokenizer":"microscope"})");
  EXPECT_EQ(far.find("did you mean"), std::string::npos) << far;
  EXPECT_NE(far.find("\"microscope\"; there are "), std::string::npos) << far;
  EXPECT_NE(far.find("keyword, "), std::string::npos) << far;
  EXPECT_NE(MistakeOf(R"({"tokenizer":"standard","filters":["microscope"]})").find(" more"),
            std::string::npos);
  EXPECT_NE(MistakeOf(R"({"tokenizer":"standard","filters":["lowercas"]})")
                .find("did you mean \"lowercase\""),
            std::string::npos);
  EXPECT_NE(MistakeOf(R"({"tokenizer":"standard","filter":[]})").find("did you mean \"filters\""),
            std::string::npos);
  EXPECT_NE(MistakeOf(R"({"tokenizer":{"type":"standard","max_token_lenght":3}})")
                .find("did you mean \"max_token_length\""),
            std::string::npos);
  EXPECT_NE(MistakeOf(R"({"tokenizer":{"type":"standard","max_token_length":0}})")
                .find("an integer from 1"),
            std::string::npos);
  EXPECT_NE(MistakeOf(R"({"tokenizer":"standard","filters":[{"type":"snowball",
                          "language":"englisch"}]})")
                .find("did you mean \"english\""),
            std::string::npos);
  EXPECT_NE(MistakeOf(R"({"tokenizer":{"type":"keyword","x":1}})").find("it has none"),
            std::string::npos);
  for (std::string_view wrong :
       {"", "{}", "[]", "\"standard\"", "{\"tokenizer\":3}", "{\"tokenizer\":{}}",
        R"({"tokenizer":"standard","tokenizer":"keyword"})",
        R"({"tokenizer":"standard","filters":"lowercase"})",
        R"({"tokenizer":"standard","filters":[{"type":"stop","words":[1]}]})",
        R"({"tokenizer":"standard","filters":[{"type":"stop","words":{}}]})",
        R"({"tokenizer":"standard","filters":[{"type":"stop","words":3}]})",
        R"({"tokenizer":"standard","filters":[{"type":"length","min":3,"max":2}]})",
        R"({"tokenizer":"standard","filters":[{"type":"length","min":1,"min":2}]})",
        R"({"tokenizer":"keyword","char_filters":[{"type":"mapping","mappings":["a"]}]})",
        R"({"tokenizer":"keyword","char_filters":[{"type":"mapping","mappings":["=> a"]}]})",
        R"({"tokenizer":"keyword","char_filters":[{"type":"mapping","mappings":["a=>\\x"]}]})"}) {
    EXPECT_NE(MistakeOf(wrong), "") << wrong;
  }
  EXPECT_FALSE(AnalyzerRegistry::BuiltIn().Get("englsh").ok());
  EXPECT_NE(AnalyzerRegistry::BuiltIn().Get("englsh").status().message().find("\"english\""),
            std::string::npos);
}

// --- Parts of the host program ---

class ReverseFilter final : public TokenFilter {
 public:
  void Start() override {}
  void Filter(TokenBatch* batch, bool) override {
    for (size_t i = 0; i < batch->size(); ++i) {
      std::reverse(batch->bytes() + (*batch)[i].term_begin,
                   batch->bytes() + (*batch)[i].term_end());
    }
  }
};

// Each token twice, the second longer and on top of the first.
class DoubleFilter final : public TokenFilter {
 public:
  explicit DoubleFilter(std::string suffix) : suffix_(std::move(suffix)) {}
  void Start() override {}
  void Filter(TokenBatch* batch, bool) override {
    out_.Clear();
    for (size_t i = 0; i < batch->size(); ++i) {
      out_.AppendFrom(*batch, i);
      Token& copy = out_.AppendFrom(*batch, i);
      copy.position_increment = 0;
      out_.SetTerm(out_.size() - 1, std::string(batch->term(i)) + suffix_);
    }
    std::swap(*batch, out_);
  }

 private:
  const std::string suffix_;
  TokenBatch out_;
};

TEST(RegistryTest, HostPartsByName) {
  AnalyzerRegistry registry = AnalyzerRegistry::BuiltIn();
  registry.RegisterTokenFilter(
      "reverse", [](PartOptions&) -> absl::StatusOr<PartSource<TokenFilter>> {
        return PartSource<TokenFilter>([] { return std::make_unique<ReverseFilter>(); });
      });
  registry.RegisterTokenFilter(
      "double", [](PartOptions& options) -> absl::StatusOr<PartSource<TokenFilter>> {
        const std::string suffix = options.String("suffix", "!");
        return PartSource<TokenFilter>([suffix] { return std::make_unique<DoubleFilter>(suffix); });
      });
  const auto analyzer = registry.Make(
      R"({"tokenizer":"standard","filters":["reverse",{"type":"double","suffix":"é"},"lowercase"]})");
  ASSERT_TRUE(analyzer.ok()) << analyzer.status();
  EXPECT_NE((*analyzer)->Definition().find(R"({"type":"double","suffix":"é"})"), std::string::npos);
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "Ab Cd ";
  const auto tokens = (*analyzer)->Analyze(text);
  ASSERT_TRUE(tokens.ok());
  ASSERT_EQ(tokens->size(), 4000u);
  for (size_t i = 0; i < 4000; i += 4) {
    EXPECT_EQ((*tokens)[i].term, "ba");
    EXPECT_EQ((*tokens)[i + 1].term, "baé");
    EXPECT_EQ((*tokens)[i + 3].term, "dcé");
    EXPECT_EQ((*tokens)[i + 1].position, i / 2);
    EXPECT_EQ((*tokens)[i + 3].position, i / 2 + 1);
  }
  // The built-in registry knows nothing of it.
  EXPECT_FALSE(
      AnalyzerRegistry::BuiltIn().Make(R"({"tokenizer":"standard","filters":["reverse"]})").ok());
}

TEST(RegistryTest, UselessMakersAreRefused) {
  AnalyzerRegistry registry;
  registry.RegisterTokenizer("none", [](PartOptions&) -> absl::StatusOr<PartSource<Tokenizer>> {
    return PartSource<Tokenizer>();
  });
  registry.RegisterTokenizer("null", [](PartOptions&) -> absl::StatusOr<PartSource<Tokenizer>> {
    return PartSource<Tokenizer>([] { return std::unique_ptr<Tokenizer>(); });
  });
  EXPECT_FALSE(registry.Make(R"({"tokenizer":"none"})").ok());
  EXPECT_FALSE(registry.Make(R"({"tokenizer":"null"})").ok());
  EXPECT_FALSE(AnalyzerRegistry().Get("standard").ok());
}

TEST(PartOptionsTest, TypesAndDefaults) {
  PartOptions options({{"b", true}, {"i", int64_t{3}}, {"f", 2.5}, {"s", std::string("x")}});
  EXPECT_TRUE(options.Bool("b", false));
  EXPECT_EQ(options.Int("i", 1, 0, 10), 3);
  EXPECT_EQ(options.Float("f", 1), 2.5);
  EXPECT_EQ(options.Float("absent", 1.5), 1.5);
  EXPECT_EQ(options.StringList("s", {}), (Strings{"x"}));
  EXPECT_TRUE(options.Has("b"));
  EXPECT_FALSE(options.Has("absent"));
  EXPECT_TRUE(options.Check("part").ok());
  EXPECT_FALSE(options.Bool("i", false));
  EXPECT_NE(options.Check("part").message().find("true or false"), std::string_view::npos);
}

// --- Batches ---

TEST(TokenBatchTest, SetTermGrowsAndShrinks) {
  TokenBatch batch;
  for (int i = 0; i < 2000; ++i) batch.Append("ab", 0, 2);
  SeededRandom random(6);
  std::vector<std::string> expected(2000, "ab");
  for (int i = 0; i < 5000; ++i) {
    const size_t at = random.Below(2000);
    const std::string term(random.Below(60), static_cast<char>('a' + random.Below(26)));
    batch.SetTerm(at, term);
    expected[at] = term;
  }
  for (size_t i = 0; i < 2000; ++i) ASSERT_EQ(batch.term(i), expected[i]);
  // A term may come from the batch itself.
  batch.SetTerm(0, "0123456789");
  for (int i = 0; i < 2000; ++i) batch.SetTerm(1, batch.term(0));
  EXPECT_EQ(batch.term(1), "0123456789");
  TokenBatch other = std::move(batch);
  EXPECT_EQ(other.term(1), "0123456789");
  batch = TokenBatch();
  EXPECT_TRUE(batch.empty());
}

TEST(TokenTypeTest, Names) {
  EXPECT_EQ(TokenTypeName(TokenType::kEmoji), "EMOJI");
  EXPECT_EQ(TokenTypeName(static_cast<TokenType>(99)), "UNKNOWN");
}

}  // namespace
}  // namespace segue
