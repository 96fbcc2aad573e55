// SPDX-License-Identifier: Apache-2.0
#include "segue/query.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "segue/status.h"

namespace segue {
namespace {

// One of each kind, and some inside others.
std::vector<Query> Samples() {
  std::vector<Query> samples = {
      Query::All(),
      Query::None(),
      Query::Term("title", "jazz"),
      Query::Term("", std::string("\0\xff", 2)),
      Query::Match("title", "kind of blue"),
      Query::Text("\"all\" +is (text)"),
      Query::Phrase("title", {"kind", "of", "blue"}),
      Query::Phrase("title", std::vector<PhraseTerm>{{"kind", 0}, {"blue", 2}}),
      Query::Phrase("\xff", {"\xfe", "a"}),
      Query::MatchPhrase("title", "kind of blue"),
      Query::Equals("year", int64_t{1959}),
      Query::Equals("year", int64_t{9007199254740993}),
      Query::Equals("price", 10.0),
      Query::Equals("live", true),
      Query::Equals("id", "a-1"),
      Query::Equals("id", Value(std::string("\xff"))),
      Query::Prefix("title", "ja"),
      Query::Prefix("title", "\xff"),
      Query::Wildcard("title", "j?zz*"),
      Query::Regexp("title", "j?zz*"),
      Query::Fuzzy("title", "ja"),
      Query::Fuzzy("title", "ja", {.edits = 1}),
      Query::Fuzzy("title", "ja", {.edits = 1, .prefix_length = 1}),
      Query::TermRange("title", {}),
      Query::TermRange("title", {.from = "a"}),
      Query::TermRange("title", {.from = "a", .to = "\xfe"}),
      Query::TermRange("title", {.to = "b", .include_from = false, .include_to = false}),
      Query::Boolean({}),
  };
  std::vector<QueryClause> clauses;
  for (size_t i = 0; i < samples.size(); ++i) {
    clauses.push_back({static_cast<Occur>(i % 4), samples[i]});
  }
  samples.push_back(Query::Boolean(clauses));
  samples.push_back(Query::Boolean(clauses, 3));
  samples.push_back(Query::DisjunctionMax({samples[2], samples.back()}, 0.1f));
  samples.push_back(Query::Boost(samples.back(), 1.1f));
  samples.push_back(Query::ConstantScore(samples.back(), 0));
  samples.push_back(Query::Combined({}, "kind of blue"));
  samples.push_back(Query::Combined({{"title", 2.5f}, {"\xff", 1}}, "\xff"));
  samples.push_back(Query::CombinedTerms({}));
  samples.push_back(Query::CombinedTerms({{"title", "\xff", 0.5f}, {"body", "blue"}}));
  samples.push_back(Query::FunctionScore(samples[2], {.field = "plays"}));
  samples.push_back(Query::FunctionScore(samples.back(), {.kind = ScoreFunctionKind::kGauss,
                                                          .field = "\xff",
                                                          .origin = Value(int64_t{1959}),
                                                          .offset = 1,
                                                          .scale = 2.5,
                                                          .decay = 0.25,
                                                          .weight = 3,
                                                          .bias = 0.1,
                                                          .combination = ScoreCombination::kMax,
                                                          .missing = Value(std::string("\xff"))}));
  samples.push_back(Query::Demote(samples[3], samples.back(), 0.25f));
  return samples;
}

TEST(QueryTest, EqualityIsStructural) {
  std::vector<Query> a = Samples();
  std::vector<Query> b = Samples();
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < b.size(); ++j) {
      EXPECT_EQ(a[i] == b[j], i == j) << i << " " << j;
    }
  }
}

TEST(QueryTest, AccessorsAnswerEmptyForOtherKinds) {
  for (const Query& query : Samples()) {
    if (query.kind() != QueryKind::kPhrase) {
      EXPECT_TRUE(query.phrase().empty());
    }
    if (query.kind() != QueryKind::kBoolean) {
      EXPECT_TRUE(query.clauses().empty());
      EXPECT_EQ(query.min_should_match(), 0u);
    }
  }
  Query boost = Query::Boost(Query::Term("f", "t"), 2);
  EXPECT_EQ(boost.number(), 2);
  ASSERT_EQ(boost.children().size(), 1u);
  EXPECT_EQ(boost.children()[0].text(), "t");
  EXPECT_EQ(Query::Equals("y", int64_t{3}).value(), Value(int64_t{3}));
  EXPECT_EQ(Query::Equals("y", 0).value(), Value(int64_t{0}));
  EXPECT_EQ(Query::Equals("y", 7u).value(), Value(int64_t{7}));
  EXPECT_EQ(Query::Equals("y", false).value(), Value(false));
  Query phrase = Query::Phrase("f", {"a", "b"});
  ASSERT_EQ(phrase.phrase().size(), 2u);
  EXPECT_EQ(phrase.phrase()[1], (PhraseTerm{"b", 1}));
  EXPECT_EQ(Query::Phrase("f", {PhraseTerm{"a", 0}, PhraseTerm{"b", 1}}), phrase);
}

TEST(QueryTest, DefaultAndMovedFromMatchNothing) {
  EXPECT_EQ(Query(), Query::None());
  Query a = Query::Term("f", "t");
  Query b = std::move(a);
  EXPECT_EQ(b.text(), "t");
  EXPECT_EQ(a.kind(), QueryKind::kMatchNone);  // NOLINT: promised
  EXPECT_EQ(a, Query::None());
  EXPECT_TRUE(a.Validate().ok());
  EXPECT_EQ(a.ToJson(), R"({"kind":"match_none"})");
}

TEST(QueryTest, AndOr) {
  Query a = Query::Term("f", "a");
  Query b = Query::Term("f", "b");
  EXPECT_EQ(Query::And({a, b}), Query::Boolean({{Occur::kMust, a}, {Occur::kMust, b}}));
  EXPECT_EQ(Query::Or({a, b}), Query::Boolean({{Occur::kShould, a}, {Occur::kShould, b}}));
}

TEST(QueryTest, SourceIsNoPartOfTheValue) {
  Query plain = Query::Text("jazz");
  Query placed = plain.WithSource(3, 7);
  EXPECT_EQ(placed, plain);
  EXPECT_EQ(placed.source_begin(), 3u);
  EXPECT_EQ(placed.source_end(), 7u);
  EXPECT_EQ(plain.source_end(), 0u);
  EXPECT_EQ(placed.ToJson(), plain.ToJson());
}

TEST(QueryTest, VisitTermsSkipsWhatIsProhibited) {
  Query query = Query::Boolean(
      {{Occur::kMust, Query::Term("f", "a")},
       {Occur::kMustNot, Query::Term("f", "no")},
       {Occur::kFilter, Query::Boost(Query::DisjunctionMax({Query::Phrase("g", {"b", "c"}),
                                                            Query::Match("f", "text")}),
                                     2)}});
  std::string seen;
  query.VisitTerms([&](std::string_view field, std::string_view term) {
    seen.append(field).append(":").append(term).append(" ");
  });
  EXPECT_EQ(seen, "f:a g:b g:c ");
}

TEST(QueryTest, Prints) {
  EXPECT_EQ(Query::All().ToString(), "*:*");
  EXPECT_EQ(Query::Term("title", "jazz").ToString(), "title:jazz");
  EXPECT_EQ(Query::Term("title", "so what").ToString(), "title:\"so what\"");
  EXPECT_EQ(Query::Text("kind of blue").ToString(), "text(\"kind of blue\")");
  EXPECT_EQ(Query::Phrase("t", std::vector<PhraseTerm>{{"a", 4}, {"b", 6}, {"c", 6}}).ToString(),
            "t:\"a ? b|c\"");
  Query both = Query::Boolean({{Occur::kMust, Query::Text("a")},
                               {Occur::kShould, Query::Text("b")},
                               {Occur::kMustNot, Query::Text("c")},
                               {Occur::kFilter, Query::Equals("y", true)}});
  EXPECT_EQ(both.ToString(), "+a b -c #y:=true");
  EXPECT_EQ(Query::Boost(both, 1.5f).ToString(), "(+a b -c #y:=true)^1.5");
  EXPECT_EQ(Query::Boolean(both.clauses(), 2).ToString(), "(+a b -c #y:=true)@2");
  EXPECT_EQ(Query::ConstantScore(both, 2).ToString(), "constant(+a b -c #y:=true)^2");
  EXPECT_EQ(Query::DisjunctionMax({Query::Term("f", "a"), Query::Term("g", "a")}, 0.5f).ToString(),
            "(f:a | g:a)~0.5");
}

TEST(QueryTest, LimitsOnShape) {
  auto nested = [](uint32_t depth) {
    Query query = Query::Text("a");
    for (uint32_t i = 1; i < depth; ++i) query = Query::Boost(query, 1);
    return query;
  };
  EXPECT_EQ(nested(64).depth(), 64u);
  EXPECT_TRUE(nested(64).Validate().ok());
  EXPECT_EQ(CodeOf(nested(65).Validate()), ErrorCode::kResourceExhausted);

  std::vector<Query> many(1024, Query::Text("a"));
  EXPECT_EQ(Query::Or(many).leaf_count(), 1024u);
  EXPECT_TRUE(Query::Or(many).Validate().ok());
  many.push_back(Query::Text("a"));
  EXPECT_EQ(CodeOf(Query::Or(many).Validate()), ErrorCode::kResourceExhausted);
}

TEST(QueryTest, AbsurdDepthNeitherCrashesNorCounts) {
  Query query = Query::Text("a");
  for (int i = 0; i < 1'000'000; ++i) query = Query::Boost(query, 1);
  EXPECT_EQ(CodeOf(query.Validate()), ErrorCode::kResourceExhausted);
  EXPECT_NE(query, Query::None());
  // Refused with whatever stands around it.
  Query inside = Query::Or({Query::Text("b"), query});
  EXPECT_EQ(CodeOf(inside.Validate()), ErrorCode::kResourceExhausted);
  EXPECT_FALSE(inside.ToJson().empty());
}

TEST(QueryTest, AbsurdSharingNeitherHangsNorCounts) {
  Query query = Query::Text("a");
  for (int i = 0; i < 100; ++i) query = Query::Or({query, query});
  EXPECT_EQ(CodeOf(query.Validate()), ErrorCode::kResourceExhausted);
  EXPECT_FALSE(query.ToString().empty());
}

TEST(QueryTest, LimitsOnContent) {
  auto refused = [](const Query& query) {
    return CodeOf(Query::Or({query}).Validate()) == ErrorCode::kResourceExhausted;
  };
  EXPECT_FALSE(refused(Query::Text(std::string(65536, 'a'))));
  EXPECT_TRUE(refused(Query::Text(std::string(65537, 'a'))));
  EXPECT_FALSE(refused(Query::Term("f", std::string(32767, 'a'))));
  EXPECT_TRUE(refused(Query::Term("f", std::string(32768, 'a'))));
  EXPECT_TRUE(refused(Query::Equals("f", std::string(32768, 'a').c_str())));
  std::vector<std::string> words(256, "a");
  EXPECT_FALSE(refused(Query::Phrase("f", words)));
  std::vector<CombinedTerm> terms(256, CombinedTerm{"f", "a", 1});
  EXPECT_FALSE(refused(Query::CombinedTerms(terms)));
  terms.push_back({"f", std::string(32768, 'a'), 1});
  EXPECT_TRUE(refused(Query::CombinedTerms(terms)));
  EXPECT_TRUE(refused(Query::CombinedTerms({terms.back()})));
  EXPECT_TRUE(refused(Query::Combined(std::vector<WeightedField>(257), "a")));
  words.push_back("a");
  EXPECT_TRUE(refused(Query::Phrase("f", words)));
  EXPECT_TRUE(refused(Query::Phrase("f", std::vector<PhraseTerm>{{"a", 0x7fffffff}})));
}

TEST(QueryTest, NumbersOutOfRange) {
  auto invalid = [](const Query& query) {
    return CodeOf(query.Validate()) == ErrorCode::kInvalidArgument;
  };
  Query a = Query::Text("a");
  for (float bad : {-1.0f, std::nanf(""), std::numeric_limits<float>::infinity()}) {
    EXPECT_TRUE(invalid(Query::Boost(a, bad))) << bad;
    EXPECT_TRUE(invalid(Query::ConstantScore(a, bad))) << bad;
    EXPECT_TRUE(invalid(Query::DisjunctionMax({a}, bad))) << bad;
    EXPECT_TRUE(invalid(Query::Demote(a, a, bad))) << bad;
    EXPECT_TRUE(invalid(Query::Combined({{"f", bad}}, "a"))) << bad;
    EXPECT_TRUE(invalid(Query::CombinedTerms({{"f", "a", bad}}))) << bad;
  }
  EXPECT_TRUE(invalid(Query::DisjunctionMax({a}, 1.5f)));
  EXPECT_TRUE(invalid(Query::Demote(a, a, 1.5f)));
  EXPECT_TRUE(invalid(Query::Equals("f", std::nan(""))));
  EXPECT_FALSE(invalid(Query::Boost(a, 0)));
}

TEST(QueryJsonTest, RoundTrip) {
  for (const Query& query : Samples()) {
    absl::StatusOr<Query> back = Query::FromJson(query.ToJson());
    ASSERT_TRUE(back.ok()) << query.ToJson() << " " << back.status();
    EXPECT_EQ(*back, query) << query.ToJson();
    EXPECT_EQ(back->ToJson(), query.ToJson());
  }
}

TEST(QueryJsonTest, Form) {
  Query query = Query::Boolean({{Occur::kMust, Query::Term("title", "jazz")},
                                {Occur::kShould, Query::Boost(Query::Text("so what"), 2)}},
                               1);
  EXPECT_EQ(query.ToJson(), R"({"kind":"boolean","clauses":[)"
                            R"({"occur":"must","kind":"term","field":"title","term":"jazz"},)"
                            R"({"occur":"should","kind":"boost","boost":2.0,)"
                            R"("query":{"kind":"match","text":"so what"}}],)"
                            R"("min_should_match":1})");
}

TEST(QueryJsonTest, DeepQueriesRoundTrip) {
  Query query = Query::Text("a");
  for (int i = 1; i < 64; ++i) query = Query::And({query});
  ASSERT_TRUE(query.Validate().ok());
  absl::StatusOr<Query> back = Query::FromJson(query.ToJson());
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, query);
}

TEST(QueryJsonTest, ErrorsNameTheMistake) {
  const std::pair<const char*, const char*> bad[] = {
      {"", ""},
      {"[]", "a query must be an object, not an array"},
      {"{}", "a query: needs a \"kind\""},
      {R"({"kind":"trem"})", "a query: unknown kind \"trem\"; did you mean \"term\"?"},
      {R"({"kind":7})", "\"kind\" must be a string"},
      {R"({"kind":"term"})", "a term query: needs a \"term\""},
      {R"({"kind":"term","term":"a","feild":"b"})",
       "a term query: unknown member \"feild\"; did you mean \"field\"?"},
      {R"({"kind":"term","term":"a","term":"b"})", "stands twice"},
      {R"({"kind":"term","term":"a","term_base64":"YQ=="})", "has both"},
      {R"({"kind":"term","term_base64":"Y"})", "not base64"},
      {R"({"kind":"term","term":1})", "\"term\" must be a string"},
      {R"({"kind":"term","term":"a","occur":"must"})", "unknown member \"occur\""},
      {R"({"kind":"match"})", "needs a \"text\""},
      {R"({"kind":"phrase"})", "needs \"terms\""},
      {R"({"kind":"phrase","terms":[1]})", "list of strings"},
      {R"({"kind":"phrase","terms":["a"],"positions":[0,1]})", "positions"},
      {R"({"kind":"phrase","terms":["a"],"positions":[-1]})", "whole number"},
      {R"({"kind":"equals","field":"f"})", "needs a \"value\""},
      {R"({"kind":"equals","value":[]})", "\"value\" must be"},
      {R"({"kind":"equals","value":18446744073709551615})", "must be"},
      {R"({"kind":"equals","value":1,"value_base64":""})", "has both"},
      {R"({"kind":"boolean"})", "needs a list of \"clauses\""},
      {R"({"kind":"boolean","clauses":[{"kind":"match_all"}]})", "a clause: needs a \"occur\""},
      {R"({"kind":"boolean","clauses":[{"occur":"most","kind":"match_all"}]})",
       "did you mean \"must\"?"},
      {R"({"kind":"boolean","clauses":[],"min_should_match":1.5})", "whole number"},
      {R"({"kind":"boost","boost":2})", "needs a \"boost\" and a \"query\""},
      {R"({"kind":"boost","boost":-2,"query":{"kind":"match_all"}})", "boost must be 0 or more"},
      {R"({"kind":"constant_score","query":{"kind":"match_all"}})", "score"},
      {R"({"kind":"disjunction_max"})", "needs a list of \"queries\""},
      {R"({"kind":"disjunction_max","queries":[],"tie":2})", "tie must be"},
      {R"({"kind":"function_score","field":"f","query":{"kind":"match_all"}})",
       "needs a \"function\""},
      {R"({"kind":"function_score","function":"cube","field":"f"})", "unknown function"},
      {R"({"kind":"function_score","function":"value","query":{"kind":"match_all"}})",
       "needs a \"field\""},
      {R"({"kind":"function_score","function":"value","field":"f"})", "needs a \"query\""},
      {R"({"kind":"function_score","function":"gauss","field":"f","query":{"kind":"match_all"}})",
       "gauss needs an origin"},
      {R"({"kind":"function_score","function":"value","field":"f","factor":"2"})",
       "\"factor\" must be a number"},
      {R"({"kind":"function_score","function":"value","field":"f","factor":0,)"
       R"("query":{"kind":"match_all"}})",
       "factor of a score function must be above 0"},
      {R"({"kind":"function_score","function":"value","field":"f","combine":"mul",)"
       R"("query":{"kind":"match_all"}})",
       "unknown combine"},
      {R"({"kind":"combined","text":"a"})", "needs a list of \"fields\""},
      {R"({"kind":"combined","fields":[{"weight":1}],"text":"a"})", "a field: needs a \"field\""},
      {R"({"kind":"combined","fields":["f"],"text":"a"})", "a field must be an object"},
      {R"({"kind":"combined","fields":[]})", "needs a \"text\""},
      {R"({"kind":"combined_terms","terms":[{"field":"f","term":"a","weight":0}]})",
       "weight of a field must be above 0"},
      {R"({"kind":"combined_terms","terms":[{"field":"f","trem":"a"}]})", "unknown member"},
      {R"({"kind":"demote","factor":0.5,"query":{"kind":"match_all"}})", "needs a \"negative\""},
      {R"({"kind":"demote","query":{"kind":"match_all"}})", "needs a \"factor\""},
      {R"({"kind":"phrase","terms":["a"],"positions":[4294967296]})", "whole number"},
      {R"({"kind":"phrase","terms":["a"],"positions":0})", "positions"},
      {R"({"kind":"phrase","terms_base64":["Y"]})", "not base64"},
      {R"({"kind":"term","field":1,"term":"a"})", "\"field\" must be a string"},
      {R"({"kind":"fuzzy","term":"a","prefix_length":-1})", "whole number"},
      {R"({"kind":"term_range","from":"a","to":1})", "\"to\" must be a string"},
      {R"({"kind":"term_range","from":"a","include_from":1})", "\"include_from\" must be"},
      {R"({"kind":"boolean","clauses":3})", "needs a list of \"clauses\""},
      {R"({"kind":"boolean","clauses":[{"occur":"must","occur":"must","kind":"match_all"}]})",
       "a clause: \"occur\" stands twice"},
      {R"({"kind":"boolean","clauses":[{"occur":"must","kind":"every"}]})", "unknown kind"},
      {R"({"kind":"boost","boost":"2","query":{"kind":"match_all"}})",
       "\"boost\" must be a number"},
      {R"({"kind":"boost","boost":2,"query":{}})", "needs a \"kind\""},
      {R"({"kind":"disjunction_max","queries":1})", "needs a list of \"queries\""},
      {R"({"kind":"disjunction_max","queries":[1]})", "must be an object"},
      {R"({"kind":"disjunction_max","queries":[],"tie":"x"})", "\"tie\" must be a number"},
  };
  for (const auto& [json, message] : bad) {
    absl::Status status = Query::FromJson(json).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << json;
    EXPECT_NE(status.message().find(message), std::string::npos) << json << "\n" << status;
  }
}

}  // namespace
}  // namespace segue
