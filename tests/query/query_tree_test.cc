// SPDX-License-Identifier: Apache-2.0
//
// Random trees of all kinds: what they are in JSON, what they say of themselves, and which limits
// they keep.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "segue/query.h"
#include "segue/status.h"
#include "tests/query/random_query.h"

namespace segue {
namespace {

// Calls fn for the query and all in it.
void ForEach(const Query& query, const std::function<void(const Query&)>& fn) {
  fn(query);
  for (const Query& child : query.children()) ForEach(child, fn);
  for (const QueryClause& clause : query.clauses()) ForEach(clause.query, fn);
}

TEST(QueryTreeTest, JsonGivesTheSameQueryAgain) {
  SeededRandom random(851);
  std::set<QueryKind> seen;
  for (int round = 0; round < 600; ++round) {
    const Query query = RandomQuery(&random, static_cast<uint32_t>(random.Between(1, 8)));
    ASSERT_TRUE(query.Validate().ok()) << query.Validate() << " " << query.ToJson();
    const std::string json = query.ToJson();
    EXPECT_TRUE(IsValidUtf8(json));
    const absl::StatusOr<Query> back = Query::FromJson(json);
    ASSERT_TRUE(back.ok()) << json << ": " << back.status();
    ASSERT_EQ(*back, query) << json;
    EXPECT_EQ(back->ToJson(), json) << "the form is canonical";
    ForEach(query, [&seen](const Query& inner) { seen.insert(inner.kind()); });
  }
  // Enough for a mistake in any of them to show.
  EXPECT_GE(seen.size(), 25u);
}

// Members may stand in any order: programs write them as their maps have them.
JsonValue Turned(const JsonValue& json) {
  if (json.is_array()) {
    std::vector<JsonValue> elements;
    for (const JsonValue& element : json.elements()) elements.push_back(Turned(element));
    return JsonValue(std::move(elements));
  }
  if (!json.is_object()) return json;
  std::vector<JsonMember> members;
  for (const JsonMember& member : json.members()) {
    members.insert(members.begin(), {member.name, Turned(member.value)});
  }
  return JsonValue(std::move(members));
}

TEST(QueryTreeTest, TheOrderOfMembersDoesNotMatter) {
  SeededRandom random(852);
  for (int round = 0; round < 300; ++round) {
    const Query query = RandomQuery(&random, 6);
    const std::string turned = ToJson(Turned(ParseJson(query.ToJson()).value()));
    const absl::StatusOr<Query> back = Query::FromJson(turned);
    ASSERT_TRUE(back.ok()) << turned << ": " << back.status();
    EXPECT_EQ(*back, query) << turned;
  }
}

// A member more, in any object of the tree, is never passed over: it may be a mistyped option.
JsonValue WithMember(const JsonValue& json, size_t* at, const JsonMember& more) {
  if (json.is_array()) {
    std::vector<JsonValue> elements;
    for (const JsonValue& element : json.elements()) {
      elements.push_back(WithMember(element, at, more));
    }
    return JsonValue(std::move(elements));
  }
  if (!json.is_object()) return json;
  const bool is_here = (*at)-- == 0;
  std::vector<JsonMember> members;
  for (const JsonMember& member : json.members()) {
    members.push_back({member.name, WithMember(member.value, at, more)});
  }
  if (is_here) members.push_back(more);
  return JsonValue(std::move(members));
}

size_t ObjectsIn(const JsonValue& json) {
  size_t objects = json.is_object() ? 1 : 0;
  for (const JsonValue& element : json.elements()) objects += ObjectsIn(element);
  for (const JsonMember& member : json.members()) objects += ObjectsIn(member.value);
  return objects;
}

TEST(QueryTreeTest, UnknownMembersAreRefusedWhereverTheyStand) {
  SeededRandom random(853);
  for (int round = 0; round < 300; ++round) {
    const JsonValue json = ParseJson(RandomQuery(&random, 7).ToJson()).value();
    size_t at = random.Below(ObjectsIn(json));
    const std::string spoilt = ToJson(WithMember(json, &at, {"nonsense", JsonValue(int64_t{1})}));
    const absl::Status status = Query::FromJson(spoilt).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << spoilt;
    EXPECT_NE(status.message().find("unknown member \"nonsense\"; did you mean \""),
              std::string::npos)
        << spoilt << "\n"
        << status;
  }
}

TEST(QueryTreeTest, EqualIsWhatIsWrittenAlike) {
  SeededRandom random(854);
  std::vector<std::pair<Query, std::string>> queries;
  for (int i = 0; i < 250; ++i) {
    const Query query = RandomQuery(&random, 5);
    queries.emplace_back(query, query.ToJson());
    EXPECT_EQ(query, Query(query).WithSource(3, 7));
  }
  for (const auto& [a, a_json] : queries) {
    for (const auto& [b, b_json] : queries) {
      ASSERT_EQ(a == b, a_json == b_json) << a_json << "\n" << b_json;
    }
  }
}

// --- Counts, by the words of the header ---

uint32_t DepthOf(const Query& query) {
  uint32_t below = 0;
  for (const Query& child : query.children()) below = std::max(below, DepthOf(child));
  for (const QueryClause& clause : query.clauses()) below = std::max(below, DepthOf(clause.query));
  return below + 1;
}

uint64_t LeavesOf(const Query& query) {
  uint64_t leaves = 0;
  for (const Query& child : query.children()) leaves += LeavesOf(child);
  for (const QueryClause& clause : query.clauses()) leaves += LeavesOf(clause.query);
  const bool is_like = query.kind() == QueryKind::kLike || query.kind() == QueryKind::kLikeTerms;
  // Of a text as many words as may be chosen.
  if (is_like) leaves = query.like().max_terms;
  if (query.kind() == QueryKind::kPhrase) leaves = query.phrase().size();
  if (query.kind() == QueryKind::kCombinedTerms) leaves = query.combined_terms().size();
  return std::max<uint64_t>(leaves, 1);
}

TEST(QueryTreeTest, CountsAreSumsOverTheTree) {
  SeededRandom random(855);
  for (int round = 0; round < 500; ++round) {
    const Query query = RandomQuery(&random, static_cast<uint32_t>(random.Between(1, 8)));
    EXPECT_EQ(query.depth(), DepthOf(query)) << query.ToJson();
    EXPECT_EQ(query.leaf_count(), LeavesOf(query)) << query.ToJson();
    uint64_t patterns = 0;
    ForEach(query, [&patterns](const Query& inner) {
      switch (inner.kind()) {
        case QueryKind::kPrefix:
        case QueryKind::kWildcard:
        case QueryKind::kRegexp:
        case QueryKind::kFuzzy:
        case QueryKind::kTermRange:
        case QueryKind::kIn:
        case QueryKind::kIds:
          ++patterns;
          break;
        default:
          break;
      }
    });
    // Some that need no walk over a dictionary may count, too; none that does is forgotten.
    EXPECT_GE(query.pattern_count(), patterns) << query.ToJson();
  }
}

// At its own counts a query is within the limits, and below any of them it is not.
TEST(QueryTreeTest, LimitsAreThoseOfTheCounts) {
  SeededRandom random(856);
  for (int round = 0; round < 500; ++round) {
    const Query query = RandomQuery(&random, 7);
    const auto refused = [&query](const QueryLimits& limits) {
      return CodeOf(query.Validate(limits)) == ErrorCode::kResourceExhausted;
    };
    QueryLimits exact;
    exact.depth = query.depth();
    exact.clauses = query.leaf_count();
    exact.patterns = std::max<uint64_t>(query.pattern_count(), 1);
    EXPECT_TRUE(query.Validate(exact).ok()) << query.Validate(exact) << query.ToJson();
    // 0 is no limit, so that what counts as one cannot be refused.
    for (const auto& [limit, count] : {std::pair(&QueryLimits::depth, uint64_t{query.depth()}),
                                       std::pair(&QueryLimits::clauses, query.leaf_count()),
                                       std::pair(&QueryLimits::patterns, query.pattern_count())}) {
      if (count <= 1) continue;
      QueryLimits lower;
      lower.*limit = count - 1;
      EXPECT_TRUE(refused(lower)) << query.ToJson();
    }
  }
}

// What ToString shows can be shown: one line of text, whatever bytes are in the query.
TEST(QueryTreeTest, PrintedIsOneLineOfText) {
  SeededRandom random(857);
  for (int round = 0; round < 500; ++round) {
    const std::string shown = RandomQuery(&random, 7).ToString();
    EXPECT_TRUE(IsValidUtf8(shown)) << Quoted(shown, 1000);
    EXPECT_TRUE(std::none_of(shown.begin(), shown.end(), [](char c) {
      return static_cast<uint8_t>(c) < 0x20 || c == 0x7f;
    })) << Quoted(shown, 1000);
  }
}

// Terms that can take part in a match, by a walk of its own.
void Collect(const Query& query, std::vector<std::pair<std::string, std::string>>* terms) {
  if (query.kind() == QueryKind::kTerm) terms->emplace_back(query.field(), query.text());
  for (const PhraseTerm& term : query.phrase()) terms->emplace_back(query.field(), term.term);
  for (const CombinedTerm& term : query.combined_terms())
    terms->emplace_back(term.field, term.term);
  const bool needs_second =
      query.kind() != QueryKind::kDemote && !(query.kind() == QueryKind::kNearRelated &&
                                              (query.relation() == NearRelation::kNotContaining ||
                                               query.relation() == NearRelation::kNotWithin));
  for (size_t i = 0; i < query.children().size(); ++i) {
    if (i == 0 || needs_second) Collect(query.children()[i], terms);
  }
  for (const QueryClause& clause : query.clauses()) {
    if (clause.occur != Occur::kMustNot) Collect(clause.query, terms);
  }
}

TEST(QueryTreeTest, VisitedTermsAreThoseThatMayMatch) {
  SeededRandom random(858);
  for (int round = 0; round < 500; ++round) {
    const Query query = RandomQuery(&random, 7);
    std::vector<std::pair<std::string, std::string>> wanted, found;
    Collect(query, &wanted);
    query.VisitTerms([&found](std::string_view field, std::string_view term) {
      found.emplace_back(field, term);
    });
    EXPECT_EQ(found, wanted) << query.ToJson();
  }
}

}  // namespace
}  // namespace segue
