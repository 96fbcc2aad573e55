// SPDX-License-Identifier: Apache-2.0
//
// Rewriting of the leaves of a query: which fields, which terms, which values.
#ifndef SEGUE_QUERY_LEAF_REWRITER_H_
#define SEGUE_QUERY_LEAF_REWRITER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/query/rewrite.h"
#include "segue/analysis.h"
#include "segue/query.h"

namespace segue {

// What a part of a query became; nothing if it had no searchable words, so that
// its clause goes away.
using Rewritten = absl::StatusOr<std::optional<Query>>;

// For one call of Rewrite.
class LeafRewriter {
 public:
  // `context` and `diagnostics` must outlive this.
  LeafRewriter(const RewriteContext& context, std::vector<Diagnostic>* diagnostics);

  // REQUIRES: a kind that has a field. What comes back may be a boolean that is
  // not in canonical form yet.
  Rewritten Rewrite(const Query& leaf);

  // Adds a diagnostic at the place of `query`, each message once.
  void Warn(const Query& query, std::string message);

 private:
  using PerField = std::function<Rewritten(const Field& field, const Query& leaf)>;

  Rewritten OverFields(const Query& leaf, const PerField& rewrite);
  Rewritten Words(const Query& leaf);
  const Field* SearchableField(const Query& leaf);

  Rewritten TermIn(const Field& field, const Query& leaf);
  Rewritten TextIn(const Field& field, const Query& leaf);
  Rewritten PhraseIn(const Field& field, const Query& leaf);
  Rewritten PhraseTextIn(const Field& field, const Query& leaf);
  Rewritten ValueIn(const Field& field, const Query& leaf);
  Rewritten ValueOfWordsIn(const Field& field, const Query& leaf);

  struct Word {
    std::string term;
    uint32_t position = 0;
  };
  absl::StatusOr<std::vector<Word>> Analyze(const Field& field, const Query& leaf);
  Query TermOf(const Field& field, std::string_view term, const Query& leaf);
  Query PhraseOfTokens(const Field& field, const std::vector<Word>& tokens, const Query& leaf);

  const RewriteContext& context_;
  std::vector<Diagnostic>* diagnostics_;
  std::vector<const Field*> default_fields_;
  // Made on first use; making one costs more than analysing a word.
  std::map<const Analyzer*, std::unique_ptr<AnalysisStream>> streams_;
};

}  // namespace segue

#endif  // SEGUE_QUERY_LEAF_REWRITER_H_
