// SPDX-License-Identifier: Apache-2.0
//
// What tests of query kinds share: how they are read and printed, and what rewriting makes of them.
#ifndef SEGUE_TESTS_QUERY_QUERY_TESTING_H_
#define SEGUE_TESTS_QUERY_QUERY_TESTING_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/query/rewrite.h"
#include "segue/query.h"
#include "segue/query_parser.h"
#include "segue/schema.h"

namespace segue {

// Parses without diagnostics to `wanted`, which prints as text that gives it again.
inline void ExpectRead(std::string_view text, const Query& wanted) {
  const ParsedQuery parsed = ParseQuery(text);
  EXPECT_EQ(parsed.query, wanted) << text << " is read as " << parsed.query.ToJson();
  for (const Diagnostic& diagnostic : parsed.diagnostics) {
    ADD_FAILURE() << text << ": " << diagnostic.message;
  }
  const std::string printed = parsed.query.ToString();
  EXPECT_EQ(ParseQuery(printed).query, wanted) << text << " prints as " << printed;
}

// Rewrites over a schema with the built-in analyzers.
class QueryRewriteTest : public ::testing::Test {
 protected:
  explicit QueryRewriteTest(std::string_view schema_json)
      : schema_(*Schema::FromJson(schema_json)) {
    context_.schema = &schema_;
    context_.analyzer = [this](std::string_view field) {
      const Field* known = schema_.Find(field);
      analyzer_ = *AnalyzerRegistry::BuiltIn().Get(known->options.analyzer);
      return analyzer_.get();
    };
  }

  // As text; once more rewritten it stays the same.
  std::string Rewritten(const Query& query) {
    diagnostics_.clear();
    const absl::StatusOr<Query> once = Rewrite(query, context_, &diagnostics_);
    EXPECT_TRUE(once.ok()) << once.status();
    if (!once.ok()) return "";
    std::vector<Diagnostic> more;
    if (once->kind() != QueryKind::kBoost) {
      EXPECT_EQ(*Rewrite(*once, context_, &more), *once) << "not idempotent";
    }
    return once->ToString();
  }
  std::string Parsed(std::string_view text) { return Rewritten(ParseQuery(text).query); }

  Schema schema_;
  std::shared_ptr<const Analyzer> analyzer_;  // the last one asked for
  RewriteContext context_;
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace segue

#endif  // SEGUE_TESTS_QUERY_QUERY_TESTING_H_
