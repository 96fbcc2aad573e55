// SPDX-License-Identifier: Apache-2.0
//
// Rewriting of the leaves of a query: which fields, which terms, which values.
#ifndef SEGUE_QUERY_LEAF_REWRITER_H_
#define SEGUE_QUERY_LEAF_REWRITER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "engine/query/phrase_readings.h"
#include "engine/query/rewrite.h"
#include "engine/text/stream_pool.h"
#include "segue/analysis.h"
#include "segue/query.h"

namespace segue {

// What a part of a query became; nothing if it had no searchable words, so that
// its clause goes away.
using Rewritten = absl::StatusOr<std::optional<Query>>;

// Whether a field has terms: text and keywords.
bool HasTerms(const Field& field);

// The schema's boost stands next to the leaf.
Query WithFieldBoost(const Field& field, Query query);

// For one call of Rewrite.
class LeafRewriter {
 public:
  // All must outlive this.
  LeafRewriter(const RewriteContext& context, const QueryLimits& limits,
               std::vector<Diagnostic>* diagnostics);
  // Gives borrowed streams back.
  ~LeafRewriter();
  LeafRewriter(const LeafRewriter&) = delete;
  LeafRewriter& operator=(const LeafRewriter&) = delete;

  // REQUIRES: a kind that has a field. What comes back may be a boolean that is
  // not in canonical form yet.
  Rewritten Rewrite(const Query& leaf);

  // Of a kFunctionScore: with values of its field's type; nothing if the field has no numbers.
  std::optional<ScoreFunction> FunctionOfField(const Query& query);

  // Adds a diagnostic at the place of `query`, each message once.
  [[gnu::cold]] void Warn(const Query& query, std::string message);
  // That a field's type does not suit: "the field 'n' is of type int64 and " + `what`.
  [[gnu::cold]] void WarnOfType(const Query& query, const Field& field, std::string_view what);

 private:
  using PerField = Rewritten (LeafRewriter::*)(const Field& field, const Query& leaf);

  Rewritten OverFields(const Query& leaf, PerField rewrite);
  Rewritten OverEachField(std::span<const Field* const> fields, const Query& leaf,
                          PerField rewrite);
  Rewritten InField(const Field& field, const Query& leaf, PerField rewrite);
  bool IsFieldPattern(std::string_view name) const;
  std::vector<const Field*> FieldsLike(const Query& leaf);
  Rewritten Words(const Query& leaf);
  const Field* SearchableField(const Query& leaf, std::string_view name);

  Rewritten TermIn(const Field& field, const Query& leaf);
  Rewritten TextIn(const Field& field, const Query& leaf);
  Rewritten PhraseIn(const Field& field, const Query& leaf);
  Rewritten PhraseTextIn(const Field& field, const Query& leaf);
  Rewritten NearIn(const Field& field, const Query& leaf);
  Rewritten RelatedIn(const Field& field, const Query& leaf);
  Rewritten PatternIn(const Field& field, const Query& leaf);
  Rewritten ValueIn(const Field& field, const Query& leaf);
  Rewritten ValueOfWordsIn(const Field& field, const Query& leaf);
  Rewritten RangeIn(const Field& field, const Query& leaf);
  Rewritten SetIn(const Field& field, const Query& leaf);
  Rewritten SetOfWordsIn(const Field& field, const Query& leaf);
  Rewritten ExistsIn(const Field& field, const Query& leaf);
  Rewritten AreaIn(const Field& field, const Query& leaf);
  Rewritten Keys(const Query& leaf);

  using Word = PlacedWord;
  // The stream of a text field, and where it goes back to: nullptr if it was made here.
  struct FieldStream {
    const Field* field = nullptr;
    StreamPool* pool = nullptr;
    std::unique_ptr<AnalysisStream> stream;
  };
  // combined_rewriter.cc.
  Rewritten TermsTogether(const Query& leaf);
  Rewritten FieldsTogether(const Query& leaf);
  absl::Status AddWord(const Field& field, float weight, std::string_view word, const Query& leaf,
                       std::vector<std::vector<CombinedTerm>>* tokens);
  void AddTogether(const Field& field, std::string_view term, float weight, const Query& leaf,
                   std::vector<CombinedTerm>* terms);
  // like_rewriter.cc.
  Rewritten LikeIn(const Field& field, const Query& leaf);
  Rewritten TermsLike(const Query& leaf);
  // near_rewriter.cc.
  absl::Status AddAlternatives(const Field& field, const Query& part,
                               std::vector<Query>* alternatives);
  absl::Status AddParts(const Field& field, const Query& leaf,
                        std::map<uint64_t, std::vector<Query>>* places);
  bool HasWordsNear(const Field& field, const Query& leaf);
  Rewritten NearOfParts(const Field& field, const Query& leaf);
  Query SimplestOf(const Field& field, const Query& near, const Query& leaf);
  // Of a text field.
  absl::StatusOr<const Analyzer*> AnalyzerOf(const Field& field);
  absl::StatusOr<AnalysisStream*> StreamOf(const Field& field);
  // That a text has no more tokens than it may have.
  absl::Status CheckTokens(size_t tokens) const;
  // The words are good until the next call.
  absl::StatusOr<std::span<const Word>> Analyze(const Field& field, std::string_view text);
  Query TermOf(const Field& field, std::string_view term, const Query& leaf);
  // phrase_rewriter.cc.
  void AddClauses(const Field& field, std::span<const Word> tokens, const Query& leaf,
                  std::vector<QueryClause>* clauses);
  Query PhraseOfTokens(const Field& field, std::span<const Word> tokens, const Query& leaf);

  const RewriteContext& context_;
  const QueryLimits& limits_;
  std::vector<Diagnostic>* diagnostics_;
  std::vector<const Field*> own_default_fields_;  // if the context has none
  std::span<const Field* const> default_fields_;
  // Room for what people write, without allocation.
  absl::InlinedVector<FieldStream, 1> streams_;  // made on first use
  absl::InlinedVector<Word, 4> words_;
};

}  // namespace segue

#endif  // SEGUE_QUERY_LEAF_REWRITER_H_
