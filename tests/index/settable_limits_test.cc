// SPDX-License-Identifier: Apache-2.0
//
// Limits that a program sets: each is hit where it is lower, and only there.
#include "engine/base/settable_limits.h"

#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/io/memory_env.h"
#include "gtest/gtest.h"
#include "segue/index.h"
#include "segue/limits.h"
#include "segue/query.h"
#include "segue/query_parser.h"
#include "segue/status.h"

namespace segue {
namespace {

constexpr char kSchema[] = R"({"key":"id","fields":{
    "id":{"type":"keyword"},"body":{"type":"text"},"title":{"type":"text"},"n":{"type":"int64"}}})";

class SettableLimits : public ::testing::Test {
 protected:
  SettableLimits() : env_(NewMemoryEnv()) {
    index_.emplace(*Index::Create("limits", *Schema::FromJson(kSchema), {.env = env_.get()}));
    const std::unique_ptr<Writer> writer = *index_->OpenWriter();
    for (const std::string body : {"aa ab ac", "ab ac ad", "ae", "abc abcd"}) {
      const Document document =
          Document().Add("id", Cat(number_)).Add("body", body).Add("n", number_);
      EXPECT_TRUE(writer->Add(document).ok());
      ++number_;
    }
    EXPECT_TRUE(writer->Commit().ok());
    snapshot_ = *index_->OpenSnapshot();
  }

  absl::StatusOr<SearchResult> Search(const Query& query, const QueryLimits& limits,
                                      uint32_t k = 1) const {
    return snapshot_->Search(query, {.k = k, .limits = limits});
  }

  std::unique_ptr<Env> env_;
  std::optional<Index> index_;
  int64_t number_ = 0;
  std::shared_ptr<const Snapshot> snapshot_;
};

struct Case {
  std::string name;
  Query query;
  uint64_t enough = 0;  // the least that it fits in
  std::string message;  // where it is one less
};

// As many as are settable, but for hits and expansions.
std::vector<Case> Cases() {
  const auto term = [](std::string_view text) { return Query::Term("body", text); };
  const Query two = Query::And({term("aa"), term("ab")});
  const Query prefix = Query::Prefix("body", "a");
  return {
      {"query_bytes", Query::Text("aa ab"), 5, "match query has 5 bytes; at most 4 are allowed"},
      {"query_bytes", Query::Or({two, Query::MatchPhrase("body", "aa ab ac")}), 8,
       "match_phrase query has 8 bytes; at most 7 are allowed"},
      {"depth", Query::Or({two, term("ac")}), 3, "at most 2 levels"},
      {"clauses", Query::Or({two, term("ac")}), 3, "3 clauses; at most 2 are allowed"},
      // Each word of a phrase, after analysis.
      {"clauses", Query::MatchPhrase("body", "aa ab ac"), 3, "3 clauses; at most 2 are allowed"},
      {"patterns", Query::Or({prefix, Query::Fuzzy("body", "abcd")}), 2,
       "2 prefixes, patterns, fuzzy words and sets; at most 1 are allowed"},
      {"phrase_terms", Query::Phrase("body", {"aa", "ab", "ac"}), 3,
       "a phrase of 3 terms; at most 2 are allowed"},
      {"phrase_terms", Query::MatchPhrase("body", "aa ab ac"), 3,
       "a phrase of 3 terms; at most 2 are allowed"},
      {"phrase_terms", Query::Near("body", {term("aa"), term("ab")}), 2,
       "a near query of 2 parts; at most 1 are allowed"},
      {"phrase_terms", Query::Combined({{"body", 1}, {"title", 1}}, "aa"), 2,
       "a combined query of 2 fields; at most 1 are allowed"},
      {"text_tokens", Query::Match("body", "aa ab ac"), 3, "a text of more than 2 tokens"},
      {"text_tokens", Query::Combined({{"body", 1}}, "aa ab"), 2, "a text of more than 1 tokens"},
      {"set_values", Query::In("n", {int64_t{1}, int64_t{2}}), 2,
       "a set of 2 values; at most 1 are allowed"},
      {"set_values", Query::Ids({"1", "2", "3"}), 3, "a set of 3 values; at most 2 are allowed"},
      {"pattern_bytes", Query::Wildcard("body", "a*c"), 3,
       "wildcard query has 3 bytes; at most 2 are allowed"},
      {"pattern_bytes", Query::Regexp("body", "ab?c"), 4,
       "regexp query has 4 bytes; at most 3 are allowed"},
      // A split, a jump and a set for the star, and two characters.
      {"pattern_states", Query::Regexp("body", "ab*c"), 5, "written out, has more than 4 states"},
  };
}

TEST_F(SettableLimits, OfQueriesAreHitWhereTheyAreLower) {
  for (const Case& one : Cases()) {
    SCOPED_TRACE(Cat(one.name, " ", one.query.ToString()));
    const auto* limit =
        std::find_if(std::begin(kSettableQueryLimits), std::end(kSettableQueryLimits),
                     [&](const auto& other) { return other.name == one.name; });
    ASSERT_NE(limit, std::end(kSettableQueryLimits));
    QueryLimits limits;
    limits.*limit->value = one.enough;
    const auto found = Search(one.query, limits);
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_GT(found->total->value, 0u);
    limits.*limit->value = one.enough - 1;
    for (const absl::Status& refused :
         {Search(one.query, limits).status(),
          snapshot_->Explain(one.query, 0, {.limits = limits}).status(),
          snapshot_->Suggest(one.query, 3, {.limits = limits}).status()}) {
      // A suggestion needs no automaton.
      if (refused.ok() && one.name == "pattern_states") continue;
      EXPECT_EQ(CodeOf(refused), ErrorCode::kResourceExhausted);
      EXPECT_NE(MessageOf(refused).find(one.message), std::string_view::npos) << refused;
    }
  }
}

// What the automata of the dictionary's words take is known to them alone.
TEST_F(SettableLimits, OfAutomataAreHitWhileTheyAreBuilt) {
  for (const Query& query : {Query::Wildcard("body", "a*c"), Query::Wildcard("body", "*c*")}) {
    for (const Query& asked : {query, Query::ConstantScore(query, 1)}) {
      EXPECT_TRUE(Search(asked, {.pattern_states = 50, .pattern_work = 500}).ok());
      for (const QueryLimits& limits :
           {QueryLimits{.pattern_states = 1}, QueryLimits{.pattern_work = 1}}) {
        const absl::Status refused = Search(asked, limits).status();
        EXPECT_EQ(CodeOf(refused), ErrorCode::kResourceExhausted);
        EXPECT_NE(MessageOf(refused).find(Cat("the pattern takes more than ", limits.pattern_states,
                                              " states to match, or as much work")),
                  std::string_view::npos)
            << refused;
      }
    }
  }
}

TEST_F(SettableLimits, OfQueriesThatDelete) {
  const auto deleted = [this](const Query& query, const QueryLimits& limits) {
    const std::unique_ptr<Writer> writer = *index_->OpenWriter({.query_limits = limits});
    return writer->DeleteByQuery(query);
  };
  for (const Case& one : Cases()) {
    SCOPED_TRACE(Cat(one.name, " ", one.query.ToString()));
    const auto* limit =
        std::find_if(std::begin(kSettableQueryLimits), std::end(kSettableQueryLimits),
                     [&](const auto& other) { return other.name == one.name; });
    QueryLimits limits;
    limits.*limit->value = one.enough;
    const auto all = deleted(one.query, limits);
    ASSERT_TRUE(all.ok()) << all.status();
    EXPECT_EQ(*all, Search(one.query, {})->total->value);
    limits.*limit->value = one.enough - 1;
    const absl::Status refused = deleted(one.query, limits).status();
    EXPECT_EQ(CodeOf(refused), ErrorCode::kResourceExhausted);
    EXPECT_NE(MessageOf(refused).find(one.message), std::string_view::npos) << refused;
  }
  for (const auto& limit : kSettableQueryLimits) {
    QueryLimits limits;
    limits.*limit.value = 0;
    EXPECT_EQ(CodeOf(index_->OpenWriter({.query_limits = limits}).status()),
              ErrorCode::kInvalidArgument);
  }
}

// A pattern alone stands for all its terms. Near other words those left out would make a
// difference.
TEST_F(SettableLimits, NothingIsDeletedByTheNearestTermsOnly) {
  const Query prefix = Query::Prefix("body", "a");
  const Query near = Query::Near("body", {prefix, Query::Term("body", "ad")});
  const Query without =
      Query::NearRelated("body", Query::Term("body", "ac"), NearRelation::kNotWithin,
                         Query::Near("body", {prefix, Query::Term("body", "ad")}));
  const std::unique_ptr<Writer> writer = *index_->OpenWriter({.query_limits = {.expansions = 1}});
  for (const Query& query : {near, without}) {
    const absl::Status refused = writer->DeleteByQuery(query).status();
    EXPECT_EQ(CodeOf(refused), ErrorCode::kResourceExhausted);
    EXPECT_NE(MessageOf(refused).find(
                  "nothing is guessed at here: 'body:a*' stands for more than 1 terms"),
              std::string_view::npos)
        << refused;
  }
  EXPECT_EQ(*writer->DeleteByQuery(prefix), 4u);
}

TEST_F(SettableLimits, Hits) {
  EXPECT_EQ(Search(Query::All(), {.hits = 3}, 3)->hits.size(), 3u);
  const absl::Status refused = Search(Query::All(), {.hits = 3}, 4).status();
  EXPECT_EQ(CodeOf(refused), ErrorCode::kResourceExhausted);
  EXPECT_EQ(MessageOf(refused), "k is 4, the limit is 3");
}

// Not an error: the nearest ones are scored, and the other documents come last.
TEST_F(SettableLimits, Expansions) {
  const Query query = Query::Prefix("body", "a");
  const auto all = Search(query, {.expansions = 7}, 10);
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_FALSE(all->expansions_cut);
  ASSERT_EQ(all->hits.size(), 4u);
  EXPECT_GT(all->hits.back().score, 0);
  const auto cut = Search(query, {.expansions = 1}, 10);
  ASSERT_TRUE(cut.ok()) << cut.status();
  EXPECT_TRUE(cut->expansions_cut);
  ASSERT_EQ(cut->hits.size(), 4u);
  // "aa" is the first of the shortest.
  EXPECT_EQ(cut->hits[0].doc, 0u);
  EXPECT_GT(cut->hits[0].score, 0);
  EXPECT_EQ(cut->hits[1].score, 0);
  EXPECT_NE(cut->diagnostics.at(0).message.find("more than 1 terms; the nearest 1 are scored"),
            std::string::npos);
  const Query near = Query::Near("body", {query, Query::Term("body", "ac")});
  EXPECT_FALSE(Search(near, {.expansions = 7})->expansions_cut);
  EXPECT_TRUE(Search(near, {.expansions = 2})->expansions_cut);
}

TEST_F(SettableLimits, NoneIsZeroOrAboveTheConstant) {
  const Query query = Query::Term("body", "aa");
  for (const auto& limit : kSettableQueryLimits) {
    for (const uint64_t wrong : {uint64_t{0}, limit.most + 1}) {
      QueryLimits limits;
      limits.*limit.value = wrong;
      const std::string message = Cat("the limit ", limit.name, " is set to ", wrong);
      for (const absl::Status& refused :
           {Search(query, limits).status(),
            snapshot_->Explain(query, 0, {.limits = limits}).status(),
            snapshot_->Suggest(query, 3, {.limits = limits}).status(), query.Validate(limits)}) {
        EXPECT_EQ(CodeOf(refused), ErrorCode::kInvalidArgument) << limit.name;
        EXPECT_NE(MessageOf(refused).find(message), std::string_view::npos) << refused;
      }
      const ParsedQuery parsed = ParseQuery("aa", {.limits = limits});
      EXPECT_EQ(parsed.query, Query::None());
      ASSERT_EQ(parsed.diagnostics.size(), 1u);
      EXPECT_NE(parsed.diagnostics[0].message.find(message), std::string::npos);
      EXPECT_EQ(CodeOf(ParseQueryStrict("aa", {.limits = limits}).status()),
                ErrorCode::kInvalidArgument);
      EXPECT_EQ(ParseInstant("aa", {.limits = limits}), std::vector<Query>{Query::None()});
    }
  }
}

// ---- The parser ----

TEST_F(SettableLimits, OfTheParser) {
  const ParsedQuery patterns = ParseQuery("a* b* c?d", {.limits = QueryLimits{.patterns = 1}});
  EXPECT_EQ(patterns.query.pattern_count(), 1u);
  EXPECT_NE(patterns.diagnostics.at(0).message.find("more than 1 prefixes"), std::string::npos);
  const ParsedQuery bytes =
      ParseQuery("ab*c /ab/ /abcd/", {.limits = QueryLimits{.pattern_bytes = 3}});
  EXPECT_EQ(bytes.query.pattern_count(), 1u);
  EXPECT_NE(bytes.diagnostics.at(0).message.find("may have 3 bytes, this one has 4"),
            std::string::npos);
  EXPECT_NE(bytes.diagnostics.at(1).message.find("may have 3 bytes, this one has 4"),
            std::string::npos);

  const ParseOptions short_texts{.limits = QueryLimits{.query_bytes = 6}};
  EXPECT_TRUE(ParseQuery("aa bcd", short_texts).diagnostics.empty());
  const ParsedQuery parsed = ParseQuery("aa bcde", short_texts);
  EXPECT_EQ(parsed.diagnostics.at(0).message, "the text has 7 bytes; at most 6 are allowed");
  EXPECT_EQ(CodeOf(Search(parsed.query, short_texts.limits).status()),
            ErrorCode::kResourceExhausted);
  EXPECT_EQ(CodeOf(ParseQueryStrict("aa bcde", short_texts).status()),
            ErrorCode::kResourceExhausted);
  EXPECT_EQ(ParseInstant("aa bcde", short_texts), std::vector<Query>{parsed.query});
  // One for the beginning of the last word; none is left for typos.
  EXPECT_EQ(ParseInstant("abcdef", {.limits = QueryLimits{.patterns = 1}})[0].pattern_count(), 1u);
  EXPECT_EQ(ParseInstant("abcdef", {.limits = QueryLimits{.patterns = 2}})[0].pattern_count(), 2u);

  EXPECT_EQ(CodeOf(ParseQueryStrict("a b c", {.limits = QueryLimits{.clauses = 2}}).status()),
            ErrorCode::kResourceExhausted);
  EXPECT_TRUE(ParseQueryStrict("a b", {.limits = QueryLimits{.clauses = 2}}).ok());
}

// ---- Documents ----

TEST_F(SettableLimits, OfDocuments) {
  const std::unique_ptr<Writer> writer =
      *index_->OpenWriter({.limits = {.field_bytes = 10, .document_bytes = 16, .fields = 5}});
  const auto add = [&](std::string_view id, std::string_view body, std::string_view title) {
    return writer->Add(Document().Add("id", id).Add("body", body).Add("title", title));
  };
  EXPECT_TRUE(add("x", "0123456789", "01234").ok());
  const absl::Status field = add("y", "0123456789a", "");
  EXPECT_EQ(CodeOf(field), ErrorCode::kResourceExhausted);
  EXPECT_EQ(MessageOf(field), "field 'body' has 11 bytes in this document; the limit is 10");
  const absl::Status document = add("z", "0123456789", "012345");
  EXPECT_EQ(CodeOf(document), ErrorCode::kResourceExhausted);
  EXPECT_EQ(MessageOf(document), "the document has 17 bytes of text; the limit is 16");

  std::vector<size_t> refused;
  const std::vector<Document> batch = {Document().Add("id", "b").Add("body", "fits"),
                                       Document().Add("id", "c").Add("body", "does not fit")};
  const auto note = [&](size_t number, const absl::Status& why) {
    EXPECT_EQ(CodeOf(why), ErrorCode::kResourceExhausted);
    refused.push_back(number);
  };
  EXPECT_TRUE(writer->AddBatch(batch, false, note).ok());
  EXPECT_EQ(refused, std::vector<size_t>{1});

  EXPECT_TRUE(writer->AddField("fifth", {}).ok());
  const absl::Status sixth = writer->AddField("sixth", {});
  EXPECT_EQ(CodeOf(sixth), ErrorCode::kResourceExhausted);
  EXPECT_EQ(MessageOf(sixth), "the field 'sixth' is not added: at most 5 are allowed");
  EXPECT_EQ(writer->Commit()->added, 2u);
}

TEST_F(SettableLimits, OfDocumentsAreNotZeroOrAboveTheConstant) {
  for (const auto& limit : kSettableDocumentLimits) {
    for (const uint64_t wrong : {uint64_t{0}, limit.most + 1}) {
      WriterOptions options;
      options.limits.*limit.value = wrong;
      const absl::Status refused = index_->OpenWriter(options).status();
      EXPECT_EQ(CodeOf(refused), ErrorCode::kInvalidArgument) << limit.name;
      EXPECT_EQ(MessageOf(refused), Cat("the limit ", limit.name, " is set to ", wrong,
                                        "; it can be 1 to ", limit.most));
    }
  }
}

}  // namespace
}  // namespace segue
