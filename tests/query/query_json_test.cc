// SPDX-License-Identifier: Apache-2.0
//
// Mistakes in a query's JSON: each member of each kind, and of the lists in them, is refused where
// it is of the wrong type, and the message names it.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "segue/query.h"
#include "segue/status.h"

namespace segue {
namespace {

struct Kind {
  std::string name;
  std::vector<std::pair<std::string_view, std::string_view>> members;  // and their values, as JSON
};

constexpr std::string_view kAll = R"({"kind":"match_all"})";
constexpr std::string_view kWord = R"({"kind":"term","term":"a"})";

// With all members that a kind may have.
const Kind kKinds[] = {
    {"match_all", {}},
    {"match_none", {}},
    {"term", {{"field", R"("f")"}, {"term", R"("a")"}}},
    {"match", {{"field", R"("f")"}, {"text", R"("a")"}}},
    {"match_phrase", {{"field", R"("f")"}, {"text", R"("a")"}, {"slop", "1"}}},
    {"phrase", {{"field", R"("f")"}, {"terms", R"(["a"])"}, {"positions", "[1]"}}},
    {"equals", {{"field", R"("f")"}, {"value", "1"}}},
    {"prefix", {{"field", R"("f")"}, {"prefix", R"("a")"}}},
    {"wildcard", {{"field", R"("f")"}, {"pattern", R"("a?")"}}},
    {"regexp", {{"field", R"("f")"}, {"pattern", R"("a.")"}}},
    {"fuzzy", {{"field", R"("f")"}, {"term", R"("a")"}, {"edits", "1"}, {"prefix_length", "1"}}},
    {"term_range",
     {{"field", R"("f")"},
      {"from", R"("a")"},
      {"to", R"("b")"},
      {"include_from", "false"},
      {"include_to", "false"}}},
    {"range",
     {{"field", R"("f")"},
      {"from", "1"},
      {"to", "2.5"},
      {"include_from", "false"},
      {"include_to", "false"}}},
    {"in", {{"field", R"("f")"}, {"values", R"(["a",1,true])"}}},
    {"exists", {{"field", R"("f")"}}},
    {"geo_box",
     {{"field", R"("f")"}, {"south", "1"}, {"west", "2"}, {"north", "3.5"}, {"east", "-4"}}},
    {"geo_distance", {{"field", R"("f")"}, {"lat", "1"}, {"lon", "2.5"}, {"meters", "3"}}},
    {"ids", {{"ids", R"(["a"])"}}},
    {"near",
     {{"field", R"("f")"},
      {"parts", R"([{"kind":"term","term":"a"},{"kind":"term","term":"b"}])"},
      {"order", R"("any")"},
      {"slop", "3"},
      {"at_least", "1"}}},
    {"near",
     {{"parts", R"([{"kind":"term","term":"a"}])"},
      {"order", R"("phrase")"},
      {"positions", "[0]"}}},
    {"near_related",
     {{"field", R"("f")"}, {"relation", R"("within")"}, {"near", kWord}, {"other", kWord}}},
    {"boolean",
     {{"clauses", R"([{"occur":"must","kind":"match_all"}])"}, {"min_should_match", "0"}}},
    {"boost", {{"boost", "2"}, {"query", kAll}}},
    {"constant_score", {{"score", "2"}, {"query", kAll}}},
    {"disjunction_max", {{"queries", "[]"}, {"tie", "0.5"}}},
    {"combined", {{"fields", R"([{"field":"f","weight":2}])"}, {"text", R"("a")"}}},
    {"combined_terms", {{"terms", R"([{"field":"f","term":"a","weight":2}])"}}},
    {"function_score",
     {{"function", R"("gauss")"},
      {"field", R"("f")"},
      {"factor", "1"},
      {"pivot", "1"},
      {"origin", "1"},
      {"offset", "1"},
      {"scale", "1"},
      {"decay", "0.5"},
      {"weight", "1"},
      {"bias", "0"},
      {"missing", "1"},
      {"combine", R"("add")"},
      {"query", kAll}}},
    {"demote", {{"factor", "0.5"}, {"query", kAll}, {"negative", kAll}}},
    {"like",
     {{"field", R"("f")"},
      {"text", R"("a")"},
      {"max_terms", "1"},
      {"min_term_freq", "1"},
      {"min_doc_freq", "1"},
      {"max_doc_freq", "1"},
      {"min_match_percent", "1"}}},
    {"like_terms", {{"terms", R"([{"field":"f","term":"a"}])"}, {"max_terms", "1"}}},
};

// `spoilt`: the member that is null.
std::string JsonOf(const Kind& kind, std::string_view spoilt) {
  std::string json = Cat(R"({"kind":")", kind.name, "\"");
  for (const auto& [name, value] : kind.members) {
    CatTo(&json, ",\"", name, "\":", name == spoilt ? "null" : value);
  }
  return json + "}";
}

void ExpectRefused(std::string_view json, const std::string& message) {
  const absl::Status status = Query::FromJson(json).status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << json;
  EXPECT_NE(status.message().find(message), std::string::npos) << json << "\n" << status;
}

TEST(QueryJsonMistakesTest, EveryMemberOfTheWrongTypeIsNamed) {
  std::set<std::string> seen;
  for (const Kind& kind : kKinds) {
    const std::string sound = JsonOf(kind, "");
    EXPECT_TRUE(Query::FromJson(sound).ok()) << sound << "\n" << Query::FromJson(sound).status();
    seen.insert(kind.name);
    for (const auto& [name, value] : kind.members) {
      const bool is_query = value == kAll || value == kWord;
      ExpectRefused(JsonOf(kind, name),
                    is_query ? "a query must be an object, not null" : Cat("\"", name, "\""));
    }
  }
  EXPECT_EQ(seen.size(), static_cast<size_t>(QueryKind::kLikeTerms) + 1);
}

TEST(QueryJsonMistakesTest, InLists) {
  const std::pair<const char*, const char*> kTexts[] = {
      {R"({"kind":"near","parts":[null]})", "a query must be an object, not null"},
      {R"({"kind":"near","parts":[],"positions":[-1]})", "\"positions\" must be a whole number"},
      {R"({"kind":"in","values":[{"base64":"","base64":""}]})", "\"base64\" stands twice"},
      {R"({"kind":"in","values":[{"base46":""}]})", "did you mean \"base64\"?"},
      {R"({"kind":"in","values":[{"base64":1}]})", "\"base64\" must be a string"},
      {R"({"kind":"in","values":[{"base64":"Y"}]})", "not base64"},
      {R"({"kind":"in","values":[null]})", "strings, numbers and truth values, not null"},
      {R"({"kind":"ids","ids":[1]})", "\"ids\" takes strings"},
      {R"({"kind":"combined","fields":[null],"text":"a"})", "a field must be an object"},
      {R"({"kind":"combined","fields":[{"feild":"f"}],"text":"a"})", "did you mean \"field\"?"},
      {R"({"kind":"combined","fields":[{"field":"f","weight":"2"}],"text":"a"})",
       "a field: \"weight\" must be a number"},
      {R"({"kind":"combined_terms","terms":[null]})", "a term must be an object"},
      {R"({"kind":"combined_terms","terms":[{"field":1,"term":"a"}]})",
       "a term: \"field\" must be a string"},
      {R"({"kind":"combined_terms","terms":[{"field":"f","term":1}]})",
       "a term: \"term\" must be a string"},
      {R"({"kind":"combined_terms","terms":[{"field":"f"}]})", "a term: needs a \"term\""},
      {R"({"kind":"like_terms","terms":[{"field":"f","term":"a","weight":[]}]})",
       "a term: \"weight\" must be a number"}};
  for (const auto& [json, message] : kTexts) ExpectRefused(json, message);
}

TEST(QueryJsonMistakesTest, TooMuchIsNotRead) {
  const std::string spaces(kMaxQueryJsonBytes - kAll.size(), ' ');
  EXPECT_EQ(*Query::FromJson(Cat(kAll, spaces)), Query::All());
  const absl::Status status = Query::FromJson(Cat(kAll, spaces, " ")).status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kResourceExhausted);
  EXPECT_NE(status.message().find("2097153 bytes of JSON; the limit is 2097152"), std::string::npos)
      << status;
}

}  // namespace
}  // namespace segue
