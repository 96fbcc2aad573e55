// SPDX-License-Identifier: Apache-2.0
//
// PlanMaker: one walk down a query that fills the nodes of its plan.
//
// It carries the boost: boosts multiply from the outside inwards, in float, as Lucene does
// (decision D3). Depth is limited by Query::Validate, so the recursion is. Each group of methods
// below has the file that its comment names, the first one plan_maker.cc.
#ifndef SEGUE_QUERY_PLAN_MAKER_H_
#define SEGUE_QUERY_PLAN_MAKER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/format/dictionary_reader.h"
#include "engine/query/plan_node.h"
#include "engine/query/planner.h"
#include "engine/query/term_expansion.h"
#include "segue/query.h"
#include "segue/schema.h"
#include "segue/search.h"
#include "segue/statistics.h"

namespace segue {

class PlanMaker {
 public:
  // Fills *data, whose query is the one that Make() is given.
  PlanMaker(const Schema& schema, const SearchOptions& options, const PlanOptions& plan_options,
            QueryPlan::Data* data)
      : segments_(data->segments),
        schema_(schema),
        options_(options),
        plan_options_(plan_options),
        data_(data) {}

  absl::Status Make(const Query& query);

 private:
  using Node = QueryPlan::Node;
  // The places of a term in the segments' dictionaries, if they have been looked for already.
  using Located = const Dictionary::Place*;
  using Places = absl::InlinedVector<Dictionary::Place, 4>;
  using WordStatistics = absl::InlinedVector<TermStatistics, 8>;
  static constexpr Located kNotLocated = nullptr;
  // The terms of all parts of what is to be near each other, each once.
  using TermNumbers = std::map<std::string, std::pair<uint32_t, TermStatistics>>;

  absl::Status Fill(const Query& query, float boost, Located located, Node* node);
  static absl::Status FillNone(std::string why, Node* node);
  const QueriedField* FieldOf(std::string_view name);
  absl::Status AddTerm(const QueriedField& field, std::string_view term, Located located,
                       TermStatistics* statistics);
  static const Dictionary* DictionaryOf(const QueriedField& field, size_t segment);
  void SetScoring(float boost, float idf, std::span<const TermStatistics> words, Node* node);
  void SetSimilarity(const QueriedField& field, std::span<const TermStatistics> words, Node* node);
  absl::Status FillTerm(std::string_view field, std::string_view term, float boost, Located located,
                        Node* node);
  [[gnu::cold]] static void NameTerm(std::string_view field, std::string_view term,
                                     uint64_t doc_freq, Node* node);
  absl::Status FillPhrase(const Query& query, float boost, Node* node);
  absl::Status AddWords(const std::vector<PhraseTerm>& phrase, Node* node,
                        WordStatistics* of_terms);
  void SetPhraseScoring(float boost, const WordStatistics& words, Node* node);
  absl::Status FillBoolean(const Query& query, float boost, Node* node);
  void Locate(const QueriedField& field, std::string_view term, Places* places);
  bool CanSpareShoulds(const Query& query, float boost) const;
  Places LocateTerms(const std::vector<QueryClause>& clauses, bool spare_shoulds);
  absl::Status FillMax(const Query& query, float boost, Node* node);
  absl::Status FillFunction(const Query& query, float boost, Located located, Node* node);
  absl::Status FillDemote(const Query& query, float boost, Node* node);

  // plan_near.cc
  absl::Status FillNear(const Query& query, float boost, Node* node);
  absl::StatusOr<std::shared_ptr<NearPlan>> NearPlanOf(const Query& query, TermNumbers* numbers,
                                                       WordStatistics* of_parts, Node* node);
  absl::Status AddPart(const Query& query, const Query& part, TermNumbers* numbers,
                       std::vector<uint32_t>* terms, TermStatistics* of_part, Node* node);

  // plan_values.cc
  absl::Status FillEquals(const Query& query, float boost, Node* node);
  absl::Status FillConstantLeaf(Node::Kind kind, const Query& query, float boost, Node* node);
  absl::Status FillValues(const Query& query, exec::WantedValues wanted, float boost, Node* node);
  absl::Status FillRange(const Query& query, float boost, Node* node);
  absl::Status FillIn(const Query& query, float boost, Node* node);
  absl::Status FillArea(const Query& query, float boost, Node* node);

  // plan_patterns.cc
  absl::Status FillTerms(const Query& query, float boost, Node* node);
  absl::Status FillTermRange(const Query& query, float boost, Node* node);
  void AddExpansions(const TermExpansions& expansions, float boost, Node* node);
  void AddMetas(const TermExpansion& expansion);
  absl::StatusOr<TermExpansions> Expand(const TermPattern& pattern, std::string_view field,
                                        const Query& source, std::string_view fate);
  [[gnu::cold]] void NoteCut(const Query& source, std::string_view fate);

  // plan_together.cc
  absl::Status FillCombined(const Query& query, float boost, Node* node);
  absl::Status CheckCombined(const std::vector<CombinedTerm>& terms);
  absl::StatusOr<std::vector<const CombinedTerm*>> ChooseTerms(const Query& query);
  absl::Status FillLike(const Query& query, float boost, Node* node);
  void NoteNothingLike();

  Segments segments_;
  const Schema& schema_;
  const SearchOptions& options_;
  const PlanOptions& plan_options_;
  uint64_t patterns_ = 1;  // of the whole query
  // By place in the query string: why nothing is like a text, if no field has words of it.
  std::map<std::pair<size_t, size_t>, std::optional<std::string>> likes_;
  QueryPlan::Data* data_;
};

}  // namespace segue

#endif  // SEGUE_QUERY_PLAN_MAKER_H_
