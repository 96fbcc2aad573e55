// SPDX-License-Identifier: Apache-2.0
//
// Ranges and sets of values, existence and keys: how they are read, printed, checked and rewritten.
// What they find is in tests/oracle and tests/index.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/strings.h"
#include "engine/query/rewrite.h"
#include "engine/query/value_rewriter.h"
#include "segue/query.h"
#include "segue/query_parser.h"
#include "segue/status.h"
#include "tests/query/query_testing.h"

namespace segue {
namespace {

TEST(ValueParserTest, Sets) {
  ExpectRead("f:IN [a b]", Query::In("f", {"a", "b"}));
  ExpectRead("f:IN[a]", Query::In("f", {"a"}));
  ExpectRead("f:IN []", Query::In("f", {}));
  ExpectRead(R"(f:IN [ "a b"  c\]d "x]" ])", Query::In("f", {"a b", "c]d", "x]"}));
  ExpectRead("f:IN [a b]^2", Query::Boost(Query::In("f", {"a", "b"}), 2));
  EXPECT_EQ(ParseQuery("x -f:IN [1 2]").query,
            Query::Boolean({{Occur::kShould, Query::Text("x")},
                            {Occur::kMustNot, Query::In("f", {"1", "2"})}}));
  EXPECT_EQ(ParseQuery("f:(IN [a])").query, ParseQuery("f:(IN \\[a])").query);
  EXPECT_EQ(ParseQuery("f:IN").query, Query::Match("f", "IN"));
  EXPECT_EQ(ParseQuery("f:INN [a]").query.clauses().size(), 2u);
  EXPECT_EQ(ParseQuery("f:IN [a").query.clauses().size(), 2u);
  EXPECT_EQ(ParseQuery("f:IN [a]b").query.clauses().size(), 2u);
}

// Thousands of openings without an end must not be run through again and again.
TEST(ValueParserTest, SetsWithoutAnEndTakeLinearTime) {
  std::string text;
  while (text.size() < 65000) text += "f:IN [";
  EXPECT_GT(ParseQuery(text).query.leaf_count(), 100u);
  EXPECT_GT(ParseQuery(text + "]x").query.leaf_count(), 100u);
}

TEST(ValueParserTest, Existence) {
  ExpectRead("f:*", Query::Exists("f"));
  ExpectRead("f:*^2", Query::Boost(Query::Exists("f"), 2));
  EXPECT_EQ(ParseQuery("a -f:*").query, Query::Boolean({{Occur::kShould, Query::Text("a")},
                                                        {Occur::kMustNot, Query::Exists("f")}}));
  EXPECT_EQ(ParseQuery("f:a*").query, Query::Prefix("f", "a"));
}

TEST(ValueQueryTest, FormsComeBack) {
  const std::vector<Query> queries = {
      Query::Range("f", {}),
      Query::Range("f", {.from = 1, .to = 2.5, .include_to = false}),
      Query::Range("f", {.from = "a", .to = "\xff", .include_from = false}),
      Query::Range("", {.from = true}),
      Query::In("f", {}),
      Query::In("f", {1, 2.5, true, "a", "\xfe"}),
      Query::Exists("f"),
      Query::Exists(""),
      Query::Ids({"a", "\xfe", ""}),
  };
  for (const Query& query : queries) {
    const absl::StatusOr<Query> back = Query::FromJson(query.ToJson());
    ASSERT_TRUE(back.ok()) << query.ToJson() << back.status();
    EXPECT_EQ(*back, query) << query.ToJson();
    for (const Query& other : queries) EXPECT_EQ(query == other, &query == &other);
  }
  EXPECT_EQ(queries[1].ToString(), "f:[1 TO 2.5}");
  EXPECT_EQ(queries[5].ToString(), R"(f:IN [1 2.5 true a "\x{fe}"])");
  EXPECT_EQ(Query::Ids({"a", "b c"}).ToString(), "ids(a \"b c\")");
}

TEST(ValueQueryTest, Limits) {
  const auto code = [](const Query& query) { return CodeOf(Query::Or({query}).Validate()); };
  EXPECT_EQ(code(Query::In("f", std::vector<Value>(65536, 1))), ErrorCode::kOk);
  EXPECT_EQ(code(Query::In("f", std::vector<Value>(65537, 1))), ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(Query::Ids(std::vector<std::string>(65537))), ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(Query::Ids({std::string(32768, 'a')})), ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(Query::In("f", {std::nan("")})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Query::Range("f", {.from = INFINITY})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Query::Range("f", {.to = std::string(32768, 'a')})),
            ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(Query::Or(std::vector<Query>(129, Query::In("f", {1})))),
            ErrorCode::kResourceExhausted);
}

TEST(ValueQueryTest, JsonErrorsNameTheMistake) {
  const std::pair<const char*, const char*> kWrong[] = {
      {R"({"kind":"range","from":null})", "\"from\" must be a string, a number or a truth value"},
      {R"({"kind":"range","from":[]})", "\"from\" must be"},
      {R"({"kind":"range","form":1})", "did you mean \"from\""},
      {R"({"kind":"range","to":1,"to_base64":"YQ=="})", "has both \"to\""},
      {R"({"kind":"in","field":"f"})", "needs a list of \"values\""},
      {R"({"kind":"in","values":[null]})", "\"values\" must be"},
      {R"({"kind":"in","values":[{"base65":"YQ=="}]})", "did you mean \"base64\""},
      {R"({"kind":"in","values":[{"base64":"?"}]})", "base64"},
      {R"({"kind":"ids","ids":[1]})", "takes strings"},
      {R"({"kind":"ids","field":"f","ids":[]})", "unknown member \"field\""},
      {R"({"kind":"exists","value":1})", "unknown member \"value\""}};
  for (const auto& [json, message] : kWrong) {
    const absl::Status status = Query::FromJson(json).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << json;
    EXPECT_NE(status.message().find(message), std::string::npos) << json << "\n" << status;
  }
}

class ValueRewriteTest : public QueryRewriteTest {
 protected:
  ValueRewriteTest()
      : QueryRewriteTest(R"({"key":"id","default":["t","k"],"fields":{
        "id":{"type":"keyword"},"t":{"type":"text","analyzer":"english"},"k":{"type":"keyword"},
        "n":{"type":"int64"},"f":{"type":"float64","boost":2},"b":{"type":"bool"},
        "at":{"type":"timestamp"},"raw":{"type":"bytes"},"off":{"type":"int64","indexed":false}}})") {
  }

  void ExpectWarning(std::string_view text) {
    ASSERT_EQ(diagnostics_.size(), 1u);
    EXPECT_NE(diagnostics_[0].message.find(text), std::string::npos) << diagnostics_[0].message;
  }
};

TEST_F(ValueRewriteTest, RangesHoldValuesOfTheField) {
  EXPECT_EQ(*Rewrite(ParseQuery("n:[3 TO 5}").query, context_, &diagnostics_),
            Query::Range("n", {.from = 3, .to = 5, .include_to = false}));
  EXPECT_EQ(*Rewrite(ParseQuery("b:>false").query, context_, &diagnostics_),
            Query::Range("b", {.from = false, .include_from = false}));
  EXPECT_EQ(*Rewrite(ParseQuery("at:>=1970-01-01T00:00:01Z").query, context_, &diagnostics_),
            Query::Range("at", {.from = 1000000}));
  EXPECT_EQ(Rewritten(Query::Range("f", {.from = 3, .to = 4.5})), "f:[3 TO 4.5]^2");
  EXPECT_EQ(Rewritten(Query::Range("t", {.from = "Jazz", .to = "Rock"})), "t:[jazz TO rock]");
  EXPECT_EQ(Rewritten(Query::Range("k", {.from = "Jazz", .to = 7})), "k:[Jazz TO 7]");
  EXPECT_EQ(Parsed("n:[* TO *]"), "n:*");
  EXPECT_TRUE(diagnostics_.empty());
  EXPECT_EQ(Parsed("n:[a TO 5]"), "none()");
  ExpectWarning("no range of the field 'n': a field of type int64 takes a 64-bit integer");
  EXPECT_EQ(Parsed("b:>3"), "none()");
  ExpectWarning("takes true or false");
  EXPECT_EQ(Parsed("raw:>3"), "none()");
  ExpectWarning("is not indexed");
  EXPECT_EQ(Parsed("off:>3"), "none()");
  ExpectWarning("is not indexed");
}

TEST_F(ValueRewriteTest, EndsThatAreNoValuesMoveInwards) {
  EXPECT_EQ(Parsed("n:[2.5 TO 4.5]"), "n:[3 TO 4]");
  EXPECT_EQ(Parsed("n:{2.5 TO 4.5}"), "n:[3 TO 4]");
  EXPECT_EQ(Parsed("n:{2.0 TO 4.0}"), "n:{2 TO 4}");
  EXPECT_EQ(Parsed("n:>=-99999999999999999999"), "n:*");
  EXPECT_EQ(Parsed("n:<=99999999999999999999"), "n:*");
  EXPECT_EQ(Parsed("n:>=99999999999999999999"), "n:{0 TO 0}");
  EXPECT_EQ(Parsed("n:[3 TO -1e30]"), "n:{3 TO 3}");
}

// Against the numbers themselves, at the places where doubles begin to leave out integers.
TEST(BoundsOfTypeTest, NothingIsRoundedAway) {
  const std::vector<int64_t> integers = {INT64_MIN,
                                         INT64_MIN + 1,
                                         -(int64_t{1} << 53) - 1,
                                         -1,
                                         0,
                                         int64_t{1} << 53,
                                         (int64_t{1} << 53) + 1,
                                         (int64_t{1} << 53) + 2,
                                         INT64_MAX - 1,
                                         INT64_MAX};
  std::vector<double> doubles = {-1e300, -0x1p63, -1.5, -0.5, 0.0, 0.5, 0x1p63, 1e300};
  for (const int64_t integer : integers) {
    const auto near = static_cast<double>(integer);
    for (const double d : {std::nextafter(near, -1e308), near, std::nextafter(near, 1e308)}) {
      doubles.push_back(d);
    }
  }
  const auto holds = [](const ValueBounds& bounds, const Value& value) {
    const bool above = !bounds.from.has_value() || *bounds.from < value ||
                       (bounds.include_from && *bounds.from == value);
    return above && (!bounds.to.has_value() || value < *bounds.to ||
                     (bounds.include_to && *bounds.to == value));
  };
  for (const int64_t i : integers) {
    for (const double d : doubles) {
      // long double holds both.
      const auto li = static_cast<long double>(i), ld = static_cast<long double>(d);
      for (const bool include : {false, true}) {
        const auto of_integer =
            BoundsOfType({.from = d, .include_from = include}, FieldType::kInt64);
        EXPECT_EQ(holds(*of_integer, i), li > ld || (include && li == ld)) << i << " " << d;
        const auto of_double = BoundsOfType({.to = i, .include_to = include}, FieldType::kFloat64);
        EXPECT_EQ(holds(*of_double, d), ld < li || (include && li == ld)) << i << " " << d;
        const auto to_integer =
            BoundsOfType({.to = d, .include_to = include}, FieldType::kTimestamp);
        EXPECT_EQ(holds(*to_integer, i), li < ld || (include && li == ld)) << i << " " << d;
        const auto to_double =
            BoundsOfType({.from = i, .include_from = include}, FieldType::kFloat64);
        EXPECT_EQ(holds(*to_double, d), ld > li || (include && li == ld)) << i << " " << d;
      }
    }
  }
}

TEST_F(ValueRewriteTest, SetsAscendAndHoldValuesOfTheField) {
  EXPECT_EQ(*Rewrite(ParseQuery("n:IN [5 3 5]").query, context_, &diagnostics_),
            Query::In("n", {3, 5}));
  EXPECT_EQ(Rewritten(Query::In("f", {3, 2.5})), "f:IN [2.5 3]^2");
  EXPECT_EQ(Rewritten(Query::In("k", {"b", "a", 7})), "k:IN [7 a b]");
  EXPECT_EQ(Rewritten(Query::In("t", {"Running Dogs", "dog"})), "constant(t:dog t:run)^1");
  EXPECT_EQ(Rewritten(Query::In("t", {"the"})), "none()");
  EXPECT_EQ(Rewritten(Query::Ids({"b", "a"})), "id:IN [a b]");
  EXPECT_TRUE(diagnostics_.empty());
  EXPECT_EQ(Parsed("n:IN [5 x]"), "n:IN [5]");
  ExpectWarning("'x' is no value of the field 'n'");
  EXPECT_EQ(Parsed("n:IN []"), "none()");
}

TEST_F(ValueRewriteTest, ExistenceIsOfDefaultFields) {
  EXPECT_EQ(Rewritten(Query::Exists("")), "{t k}:*");
  EXPECT_EQ(Parsed("nn:*"), "none()");
  ExpectWarning("there is no field 'nn'");
}

TEST(ValueRewriteWithoutKeyTest, NoDocumentHasAKey) {
  const Schema schema = *Schema::FromJson(R"({"fields":{"k":{"type":"keyword"}}})");
  RewriteContext context;
  context.schema = &schema;
  std::vector<Diagnostic> diagnostics;
  EXPECT_EQ(*Rewrite(Query::Ids({"a"}), context, &diagnostics), Query::None());
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_NE(diagnostics[0].message.find("names no key field"), std::string::npos);
}

}  // namespace
}  // namespace segue
