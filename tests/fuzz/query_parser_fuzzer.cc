// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a query. The first byte chooses the default operator and whether a
// schema is known; the rest is the text.
//
// Promises: the query is within the limits or refused as a whole; diagnostics lie
// in the text, in order; JSON gives the query back, and so does what is printed of it; strict mode
// complains exactly where there are diagnostics; rewriting fails for limits only, and a second time
// changes nothing (no field here has a boost); escaped text has no operators.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/utf8.h"
#include "engine/query/rewrite.h"
#include "segue/analysis.h"
#include "segue/query_parser.h"
#include "segue/schema.h"
#include "segue/status.h"
#include "tests/fuzz/require.h"
#include "tests/support/has_none.h"

namespace {

using namespace segue;

struct World {
  World() {
    schema = *Schema::FromJson(
        R"({"fields":{"t":{"type":"text"},"u":{"type":"text"},
            "k":{"type":"keyword"},"n":{"type":"int64"},
            "f":{"type":"float64"},"b":{"type":"bool"},
            "at":{"type":"timestamp"},"g":{"type":"geo_point"},
            "p":{"type":"text","positions":false}}})");
    analyzer = *AnalyzerRegistry::BuiltIn().Get("english");
    context.schema = &schema;
    context.analyzer = [this](std::string_view) { return analyzer.get(); };
  }

  Schema schema;
  std::shared_ptr<const Analyzer> analyzer;
  RewriteContext context;
};

void CheckDiagnostics(const std::vector<Diagnostic>& diagnostics, size_t text_bytes) {
  Require(diagnostics.size() <= 65, "few diagnostics");
  size_t last = 0;
  for (const Diagnostic& diagnostic : diagnostics) {
    Require(last <= diagnostic.begin_byte, "diagnostics ascend");
    Require(diagnostic.begin_byte <= diagnostic.end_byte, "begin before end");
    Require(diagnostic.end_byte <= text_bytes, "diagnostics lie in the text");
    Require(!diagnostic.message.empty(), "diagnostics say something");
    last = diagnostic.begin_byte;
  }
}

void CheckRewrite(const Query& query, const World& world) {
  std::vector<Diagnostic> diagnostics;
  absl::StatusOr<Query> once = Rewrite(query, world.context, &diagnostics);
  if (!once.ok()) {
    Require(CodeOf(once.status()) == ErrorCode::kResourceExhausted,
            "rewriting fails for limits only");
    return;
  }
  absl::StatusOr<Query> twice = Rewrite(*once, world.context, &diagnostics);
  Require(twice.ok() && *twice == *once, "rewriting is idempotent");
}

void CheckPrinted(const Query& query, const Schema* schema) {
  const std::string printed = query.ToString();
  Require(IsValidUtf8(printed), "queries print as UTF-8");
  if (printed.size() > 65536 || HasNone(query)) return;
  Require(ParseQuery(printed, {.schema = schema}).query == query, "what is printed reads back");
}

void CheckEscaped(std::string_view text, const ParseOptions& options) {
  std::string escaped = EscapeQueryText(text);
  if (escaped.size() > 65536) return;
  ParsedQuery parsed = ParseQuery(escaped, options);
  Require(parsed.diagnostics.empty() || parsed.query.kind() == QueryKind::kMatchNone,
          "escaped text has no syntax");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const World& world = *new World;
  if (size == 0) return 0;
  ParseOptions options;
  if ((data[0] & 1) != 0) options.default_operator = DefaultOperator::kAnd;
  if ((data[0] & 2) != 0) options.schema = &world.schema;
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);

  ParsedQuery parsed = ParseQuery(text, options);
  CheckDiagnostics(parsed.diagnostics, text.size());
  absl::StatusOr<Query> strict = ParseQueryStrict(text, options);
  absl::Status valid = parsed.query.Validate();
  Require(strict.ok() == (valid.ok() && parsed.diagnostics.empty()), "strict mode agrees");
  Require(!parsed.query.ToString().empty(), "every query prints");
  CheckEscaped(text, options);
  if (!valid.ok()) {
    Require(CodeOf(valid) == ErrorCode::kResourceExhausted, "text breaks limits only");
    return 0;
  }
  absl::StatusOr<Query> back = Query::FromJson(parsed.query.ToJson());
  Require(back.ok() && *back == parsed.query, "JSON gives the query back");
  CheckPrinted(parsed.query, options.schema);
  CheckRewrite(parsed.query, world);
  return 0;
}
