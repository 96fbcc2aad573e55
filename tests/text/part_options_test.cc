// SPDX-License-Identifier: Apache-2.0
//
// Each option of each built-in part: its default is written down, a value of the wrong type or out
// of its range is refused by its name, and so is a name that is like it.
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "segue/status.h"
#include "tests/text/text_test_util.h"

namespace segue {
namespace {

enum class Place { kCharFilter, kTokenizer, kFilter };

struct Option {
  Place place;
  const char* part;
  const char* name;
  const char* standard;  // as JSON; nullptr: it is not written if it is not given
  const char* other;     // another good value
  Strings bad;           // as JSON
  const char* wanted;    // what the message says it must be
};

const Strings kNoTruth = {"1", "\"true\"", "null", "[]"};
const Strings kNoList = {"1", "true", "{}", "[1]", "[\"a\",null]"};
constexpr char kTruth[] = "true or false";
constexpr char kList[] = "a string or an array of strings";

Strings OutsideOf(int64_t least, int64_t most) {
  return {Cat(least - 1), Cat(most + 1), "1.5", "\"1\"", "true", "-9223372036854775808", "1e30"};
}

std::vector<Option> OptionsOfTokenizers() {
  using enum Place;
  return {
      {kTokenizer, "standard", "max_token_length", "255", "10922", OutsideOf(1, 10922),
       "an integer from 1 to 10922"},
      {kTokenizer, "simple", "max_token_length", "255", "1", OutsideOf(1, 10922),
       "an integer from 1 to 10922"},
      {kTokenizer, "whitespace", "max_token_length", "255", "7", OutsideOf(1, 10922),
       "an integer from 1 to 10922"},
      {kTokenizer, "char_group", "max_token_length", "255", "7", OutsideOf(1, 10922),
       "an integer from 1 to 10922"},
      {kTokenizer, "pattern", "max_token_length", "255", "7", OutsideOf(1, 10922),
       "an integer from 1 to 10922"},
      {kTokenizer, "char_group", "separators", R"(["whitespace"])", R"(["digit","|"])", kNoList,
       kList},
      {kTokenizer,
       "pattern",
       "pattern",
       R"("\\W+")",
       R"("[,;]")",
       {"1", "true", "[\"a\"]"},
       "a string"},
      {kTokenizer, "pattern", "split", "true", "false", kNoTruth, kTruth},
      {kTokenizer,
       "ngram",
       "min",
       "2",
       "3",
       {"0", "33", "1.5", "\"2\""},
       "an integer from 1 to 32"},
      {kTokenizer, "ngram", "max", "3", "32", {"0", "33", "true"}, "an integer from 1 to 32"},
      {kTokenizer, "edge_ngram", "min", "1", "10", {"0", "33", "[]"}, "an integer from 1 to 32"},
      {kTokenizer, "edge_ngram", "max", "10", "1", {"0", "33", "\"x\""}, "an integer from 1 to 32"},
      {kTokenizer, "path_hierarchy", "delimiter", R"("/")", R"(".")", {"1", "true"}, "a string"},
      {kTokenizer, "path_hierarchy", "reverse", "false", "true", kNoTruth, kTruth},
      {kCharFilter, "mapping", "mappings", "[]", R"(["a => b"])", kNoList, kList},
  };
}

std::vector<Option> OptionsOfFilters() {
  using enum Place;
  return {
      {kFilter, "cjk_bigram", "unigrams", "false", "true", kNoTruth, kTruth},
      {kFilter, "cjk_bigram", "scripts", R"(["han","hangul","hiragana","katakana"])", R"(["han"])",
       kNoList, kList},
      {kFilter, "compound", "words", "[]", R"(["a"])", kNoList, kList},
      {kFilter, "compound", "min_word", "5", "1", OutsideOf(1, 32), "an integer from 1 to 32"},
      {kFilter, "compound", "min_part", "3", "32", OutsideOf(1, 32), "an integer from 1 to 32"},
      {kFilter, "compound", "only_longest", "false", "true", kNoTruth, kTruth},
      {kFilter, "edge_ngram", "preserve_original", "false", "true", kNoTruth, kTruth},
      {kFilter, "ngram", "preserve_original", "false", "true", kNoTruth, kTruth},
      {kFilter, "elision", "articles", R"(["_french_"])", R"(["_catalan_","x"])", kNoList, kList},
      {kFilter, "keep", "words", "[]", R"(["a","b"])", kNoList, kList},
      {kFilter, "keyword_marker", "words", "[]", R"(["a"])", kNoList, kList},
  };
}

std::vector<Option> OptionsOfMoreFilters() {
  using enum Place;
  return {
      {kFilter, "language_stem", "languages", R"(["english"])", R"(["german","french"])", kNoList,
       kList},
      {kFilter, "language_stem", "guess", "true", "false", kNoTruth, kTruth},
      {kFilter,
       "length",
       "min",
       "1",
       "0",
       {"-1", "2147483648", "1.5", "\"1\""},
       "an integer from 0 to 2147483647"},
      {kFilter,
       "length",
       "max",
       "2147483647",
       "5",
       {"-1", "2147483648", "false"},
       "an integer from 0 to 2147483647"},
      {kFilter,
       "lowercase",
       "language",
       nullptr,
       R"("turkish")",
       {"1", "true", "[\"turkish\"]"},
       "a string"},
      {kFilter, "metaphone", "preserve_original", "true", "false", kNoTruth, kTruth},
      {kFilter, "shingle", "min", "2", "2", OutsideOf(2, 8), "an integer from 2 to 8"},
      {kFilter, "shingle", "max", "2", "8", OutsideOf(2, 8), "an integer from 2 to 8"},
      {kFilter, "shingle", "unigrams", "true", "false", kNoTruth, kTruth},
      {kFilter, "shingle", "separator", R"(" ")", R"("")", {"1", "null", "[]"}, "a string"},
      {kFilter, "shingle", "filler", R"("_")", R"("x")", {"1", "true"}, "a string"},
      {kFilter,
       "snowball",
       "language",
       R"("english")",
       R"("finnish")",
       {"1", "[\"finnish\"]"},
       "a string"},
      {kFilter, "stop", "words", R"(["_english_"])", R"(["a"])", kNoList, kList},
      {kFilter, "synonym", "rules", "[]", R"(["a, b"])", kNoList, kList},
      {kFilter,
       "synonym",
       "format",
       R"("solr")",
       R"("wordnet")",
       {"1", "true", "[\"solr\"]"},
       "a string"},
      {kFilter, "synonym", "expand", "true", "false", kNoTruth, kTruth},
      {kFilter, "word_delimiter", "split_case", "true", "false", kNoTruth, kTruth},
      {kFilter, "word_delimiter", "split_numbers", "true", "false", kNoTruth, kTruth},
      {kFilter, "word_delimiter", "parts", "true", "false", kNoTruth, kTruth},
      {kFilter, "word_delimiter", "joined", "true", "false", kNoTruth, kTruth},
      {kFilter, "word_delimiter", "preserve_original", "false", "true", kNoTruth, kTruth},
  };
}

const std::vector<Option>& Options() {
  static const std::vector<Option> options = [] {
    std::vector<Option> all = OptionsOfTokenizers();
    for (const auto& more : {OptionsOfFilters(), OptionsOfMoreFilters()}) {
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }();
  return options;
}

// An analyzer with the part in its place.
std::string Definition(Place place, std::string_view part) {
  switch (place) {
    case Place::kCharFilter:
      return Cat(R"({"char_filters":[)", part, R"(],"tokenizer":"keyword"})");
    case Place::kTokenizer:
      return Cat(R"({"tokenizer":)", part, "}");
    case Place::kFilter:
      return WithFilter(part);
  }
  return {};
}

std::string WithOption(const Option& option, std::string_view name, std::string_view value) {
  return Definition(option.place,
                    Cat(R"({"type":")", option.part, "\",\"", name, "\":", value, "}"));
}

// The part as the definition of the analyzer has it.
JsonValue CanonicalPart(Place place, std::string_view definition) {
  const auto analyzer = MakeAnalyzer(definition);
  if (analyzer == nullptr) return JsonValue();
  const JsonValue json = ParseJson(analyzer->Definition()).value();
  switch (place) {
    case Place::kCharFilter:
      return json.Find("char_filters")->elements()[0];
    case Place::kTokenizer:
      return *json.Find("tokenizer");
    case Place::kFilter:
      return json.Find("filters")->elements()[0];
  }
  return JsonValue();
}

TEST(PartOptionsTableTest, DefaultsAreWrittenDown) {
  for (const Option& option : Options()) {
    const JsonValue part =
        CanonicalPart(option.place, Definition(option.place, Cat("\"", option.part, "\"")));
    const JsonValue* const value = part.Find(option.name);
    if (option.standard == nullptr) {
      EXPECT_EQ(value, nullptr) << option.part << "." << option.name;
      continue;
    }
    ASSERT_NE(value, nullptr) << option.part << "." << option.name;
    EXPECT_EQ(*value, ParseJson(option.standard).value()) << option.part << "." << option.name;
    // To give the default is to say nothing.
    EXPECT_EQ(CanonicalPart(option.place, WithOption(option, option.name, option.standard)), part);
  }
}

TEST(PartOptionsTableTest, OtherValuesAreWrittenDownAndComeBack) {
  for (const Option& option : Options()) {
    // What lies above the default of the other end needs that one, too.
    std::string value = option.other;
    if (std::string_view(option.name) == "min" && std::string_view(option.part) == "ngram") {
      value += R"(,"max":9)";
    }
    const std::string definition = WithOption(option, option.name, value);
    const JsonValue part = CanonicalPart(option.place, definition);
    ASSERT_NE(part.Find(option.name), nullptr) << definition;
    EXPECT_EQ(*part.Find(option.name), ParseJson(option.other).value()) << definition;
    const auto analyzer = MakeAnalyzer(definition);
    const auto again = MakeAnalyzer(analyzer->Definition());
    EXPECT_EQ(again->Fingerprint(), analyzer->Fingerprint()) << definition;
    if (std::string_view(option.other) != (option.standard == nullptr ? "" : option.standard)) {
      // An index that was made with the one is not read as if it were made with the other.
      const auto plain = MakeAnalyzer(Definition(option.place, Cat("\"", option.part, "\"")));
      EXPECT_NE(plain->Fingerprint(), analyzer->Fingerprint()) << definition;
    }
  }
}

TEST(PartOptionsTableTest, BadValuesAreRefusedByName) {
  for (const Option& option : Options()) {
    for (const std::string& bad : option.bad) {
      const std::string definition = WithOption(option, option.name, bad);
      const absl::Status status = AnalyzerRegistry::BuiltIn().Make(definition).status();
      EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << definition;
      const std::string message(status.message());
      const bool is_said = message.find(Cat("\"", option.part, "\"")) != std::string::npos &&
                           message.find(option.name) != std::string::npos;
      EXPECT_TRUE(is_said) << definition << "\n" << message;
      const JsonValue json = ParseJson(bad).value();
      const bool has_a_type =
          !json.is_null() && !json.is_object() &&
          !(json.is_array() && !json.elements().empty() && !json.elements().back().is_string());
      if (has_a_type && message.find("is above") == std::string::npos) {
        EXPECT_NE(message.find(Cat("must be ", option.wanted)), std::string::npos)
            << definition << "\n"
            << message;
      }
    }
  }
}

TEST(PartOptionsTableTest, MistypedNamesAreTold) {
  for (const Option& option : Options()) {
    const std::string name = option.name;
    if (name.size() < 5) continue;
    std::string swapped = name;
    std::swap(swapped[1], swapped[2]);
    for (const std::string& mistyped : {name + "x", name.substr(1), swapped}) {
      if (mistyped == name) continue;
      const std::string mistake = MistakeOf(WithOption(option, mistyped, option.other));
      EXPECT_EQ(mistake, Cat("\"", option.part, "\" has no option \"", mistyped,
                             "\"; did you mean \"", name, "\"?"));
    }
  }
}

// A part without options says so.
TEST(PartOptionsTableTest, TheOthersHaveNone) {
  const AnalyzerRegistry& registry = AnalyzerRegistry::BuiltIn();
  std::set<std::pair<Place, std::string>> have;
  for (const Option& option : Options()) have.emplace(option.place, option.part);
  const auto check = [&](Place place, const Strings& names) {
    for (const std::string& name : names) {
      const std::string mistake =
          MistakeOf(Definition(place, Cat(R"({"type":")", name, R"(","nonsense":1})")));
      const bool has_none = have.count({place, name}) == 0;
      EXPECT_NE(mistake.find(Cat("\"", name, "\" has no option \"nonsense\"")), std::string::npos)
          << mistake;
      EXPECT_EQ(mistake.ends_with("; it has none"), has_none) << mistake;
      // Without any it is what its name says.
      EXPECT_EQ(CanonicalPart(place, Definition(place, Cat("\"", name, "\""))),
                CanonicalPart(place, Definition(place, Cat(R"({"type":")", name, "\"}"))));
    }
  };
  check(Place::kCharFilter, registry.CharFilterNames());
  check(Place::kTokenizer, registry.TokenizerNames());
  check(Place::kFilter, registry.TokenFilterNames());
}

// One string stands for a list of one, wherever there are lists.
TEST(PartOptionsTableTest, OneStringIsAListOfOne) {
  for (const Option& option : Options()) {
    const JsonValue other = ParseJson(option.other).value();
    if (!other.is_array()) continue;
    const std::string first = ToJson(other.elements()[0]);
    EXPECT_EQ(CanonicalPart(option.place, WithOption(option, option.name, first)),
              CanonicalPart(option.place, WithOption(option, option.name, Cat("[", first, "]"))))
        << option.part << "." << option.name;
  }
}

TEST(PartOptionsTest, TheFirstMistakeIsTheOneThatIsTold) {
  PartOptions options({{"a", int64_t{1}}, {"b", true}, {"c", 2.5}});
  EXPECT_EQ(options.Int("b", 7, 0, 9), 7) << "the default, so that its maker goes on";
  EXPECT_EQ(options.Int("a", 7, 2, 9), 7);
  EXPECT_EQ(options.Int("c", 7, 2, 9), 7) << "2.5 is no integer";
  EXPECT_EQ(options.Check("part").message(),
            "\"part\": option \"b\" must be an integer from 0 to 9");
}

TEST(PartOptionsTest, WhatWasNotReadIsUnknown) {
  PartOptions options({{"limit", int64_t{1}}});
  EXPECT_EQ(options.Check("part").message(), "\"part\" has no option \"limit\"; it has none");
  options.OptionalString("limits");
  EXPECT_EQ(options.Check("part").message(),
            "\"part\" has no option \"limit\"; did you mean \"limits\"?");
  EXPECT_TRUE(options.noted().empty()) << "it was not given, and is not written";
  options.Float("limit", 0);
  EXPECT_TRUE(options.Check("part").ok());
  EXPECT_EQ(options.noted().at("limit"), PartOption(1.0)) << "an integer is a number";
  options.DependsOn("data", "1");
  options.DependsOn("data", "2");
  EXPECT_EQ(options.versions().at("data"), "2");
}

}  // namespace
}  // namespace segue
