// SPDX-License-Identifier: Apache-2.0
//
// Gates are asked of one document after the other, so they pay where few come into question: those
// of a rare list, or those that a gate lets pass which is rare itself. QueryPlan::Search: what is
// not flat, or has too many, is a tree of scorers.
#include "engine/query/flat_plan.h"

#include <algorithm>
#include <utility>

#include "engine/base/status.h"
#include "engine/exec/column_scorer.h"
#include "engine/exec/sparse_search.h"
#include "engine/exec/term_search.h"

namespace segue {
namespace {

using exec::ClauseKind;

// A document in so many is looked up in lists by itself; of more, windows have several.
constexpr uint64_t kDocsForOneOfFew = 512;

// Documents of a list come by blocks, those that a gate lets pass by windows: they have to be so
// many times fewer.
constexpr uint64_t kFewerThanInLists = 4;

// A range that lets pass more than a document in so many looks up values, which takes so many times
// as long as to ask a set of documents.
constexpr uint64_t kWideRange = 16;
constexpr uint64_t kSetsForOneLookUp = 4;

}  // namespace

absl::StatusOr<bool> FlatPlan::Search(const Node& root, const exec::SearchedSegment& searched,
                                      exec::TopK* top_k, exec::MatchCounter* counter) {
  if (!shape_.gates.empty()) return SearchGated(searched, top_k, counter);
  SEGUE_RETURN_IF_ERROR(SearchLists(root, searched, top_k, counter));
  return true;
}

absl::Status FlatPlan::SearchLists(const Node& root, const exec::SearchedSegment& searched,
                                   exec::TopK* top_k, exec::MatchCounter* counter) {
  SEGUE_RETURN_IF_ERROR(Charge());
  const bool any_hits = top_k->k() != 0;
  if (!any_hits && searched.live == nullptr) {
    if (const std::optional<uint64_t> known = CountByDictionary(); known.has_value()) {
      if (counter->wanted()) counter->Add(*known);
      return absl::OkStatus();
    }
  }
  if (any_hits) {
    SEGUE_ASSIGN_OR_RETURN(const bool found, SearchTerm(root, searched, top_k, counter));
    if (found) return absl::OkStatus();
  }
  SEGUE_ASSIGN_OR_RETURN(std::vector<exec::FlatClause> clauses, OpenLists(any_hits));
  if (clauses.empty()) return absl::OkStatus();
  exec::SearchFlat(std::move(clauses), shape_.needs_should, searched, context_, top_k, counter);
  return absl::OkStatus();
}

absl::StatusOr<bool> FlatPlan::SearchGated(const exec::SearchedSegment& searched, exec::TopK* top_k,
                                           exec::MatchCounter* counter) {
  const uint64_t in_lists = InLists();
  if (in_lists == 0) return true;
  exec::FlatAmong among{
      .candidates = {}, .gates = exec::DocGates(searched.doc_count), .score = shape_.gates_score};
  const Node* taken = nullptr;
  SEGUE_RETURN_IF_ERROR(TakeFewValues(in_lists, &among.candidates, &taken));
  const uint64_t asked = among.candidates.has_value() ? among.candidates->size() : in_lists;
  SEGUE_ASSIGN_OR_RETURN(std::vector<OpenGate> gates, OpenGates(asked, taken));
  if (!among.candidates.has_value() &&
      !TakeCandidates(in_lists, top_k->k() != 0, &gates, &among.candidates)) {
    for (OpenGate& gate : gates) builder_.PutBack(*gate.node, std::move(gate.scorer));
    return false;
  }
  SEGUE_RETURN_IF_ERROR(context_->status());
  for (OpenGate& gate : gates) {
    among.gates.Add(std::move(gate.scorer), exec::IsRequired(gate.node->occur));
  }
  SEGUE_RETURN_IF_ERROR(Charge());
  SEGUE_ASSIGN_OR_RETURN(const std::vector<exec::FlatClause> clauses,
                         OpenLists(/*with_bounds=*/top_k->k() != 0));
  if (clauses.empty()) return true;
  exec::SearchFlatAmong(std::move(among), clauses, shape_.needs_should, searched, context_, top_k,
                        counter);
  return true;
}

absl::Status FlatPlan::Charge() {
  size_t lists = 0, in_phrases = 0;
  shape_.ForEach([&](const Node& clause) {
    lists += clause.term_count;
    if (clause.kind == Node::Kind::kPhrase) in_phrases += clause.term_count;
  });
  return context_->Charge(exec::FlatMemoryBytes(lists, in_phrases, builder_.segment().doc_count()));
}

// How many documents of a segment without deletions match, if the dictionary alone can tell: what
// one term decides, as exec::CountAtOnce has it. Nothing is opened.
std::optional<uint64_t> FlatPlan::CountByDictionary() const {
  if (shape_.scored != nullptr) return std::nullopt;
  uint64_t required = 0, shoulds = 0;  // clauses
  uint64_t in_required = 0, in_should = 0, postings = 0;
  for (const Node& clause : shape_.clauses) {
    if (clause.kind == Node::Kind::kPhrase) return std::nullopt;
    const TermMeta* meta = clause.kind == Node::Kind::kTerm ? builder_.MetaOf(clause, 0) : nullptr;
    if (meta == nullptr) {
      if (!exec::IsRequired(clause.occur)) continue;
      context_->counters().postings += postings;
      return 0;
    }
    postings += meta->doc_freq;
    if (exec::IsRequired(clause.occur)) {
      ++required;
      in_required = meta->doc_freq;
    } else if (clause.occur == ClauseKind::kShould) {
      ++shoulds;
      in_should = meta->doc_freq;
    } else {
      return std::nullopt;
    }
  }
  if (required > 1 || (required == 0 && shoulds > 1)) return std::nullopt;
  context_->counters().postings += postings;
  return required == 1 ? in_required : in_should;
}

// Searches a query that is one term, if that has a search of its own (exec/term_search.h). True if
// so.
absl::StatusOr<bool> FlatPlan::SearchTerm(const Node& root, const exec::SearchedSegment& searched,
                                          exec::TopK* top_k, exec::MatchCounter* counter) {
  if (root.kind != Node::Kind::kTerm) return false;
  const TermMeta* meta = builder_.MetaOf(root, 0);
  if (meta == nullptr) return false;
  exec::TermSource source;
  SEGUE_RETURN_IF_ERROR(builder_.OpenSource(root, 0, /*with_positions=*/false,
                                            meta->doc_freq >= exec::kFrontierDocs, &source));
  const Bm25Scorer similarity(root.score, root.scoring.norms);
  if (!exec::TermSearchSuits(source, similarity)) return false;
  if (counter->wanted()) {
    counter->Add(searched.live == nullptr ? source.list.doc_freq()
                                          : exec::CountLive(source.list, searched, context_));
  }
  exec::SearchTerm(source, similarity, searched, context_, top_k);
  return true;
}

// So many documents at most match the lists, as FlatParts::MatchesAtMost has it; by the dictionary.
uint64_t FlatPlan::InLists() const {
  uint64_t in_required = kEndOfDocs, in_shoulds = 0;
  bool any_required = false;
  shape_.ForEach([&](const Node& clause) {
    uint64_t docs = clause.kind == Node::Kind::kNone ? 0 : uint64_t{kEndOfDocs};
    for (size_t i = 0; i < clause.term_count; ++i) {
      const TermMeta* const meta = builder_.MetaOf(clause, i);
      docs = std::min<uint64_t>(docs, meta == nullptr ? 0 : meta->doc_freq);
    }
    if (exec::IsRequired(clause.occur)) {
      in_required = std::min(in_required, docs);
      any_required = true;
    } else if (clause.occur == ClauseKind::kShould) {
      in_shoulds += docs;
    }
  });
  return shape_.needs_should || !any_required ? std::min(in_required, in_shoulds) : in_required;
}

// A range of values that has few documents, where an order by value tells which.
absl::Status FlatPlan::TakeFewValues(uint64_t asked, std::optional<std::vector<DocId>>* candidates,
                                     const Node** taken) {
  const uint32_t doc_count = builder_.segment().doc_count();
  for (const Node* const gate : shape_.gates) {
    if (gate->kind != Node::Kind::kValues || !exec::IsRequired(gate->occur)) continue;
    const SegmentField* const field = builder_.FieldOf(*gate);
    if (field == nullptr || field->column() == nullptr) continue;
    exec::ColumnScorer values(field->column(), gate->wanted.get(), 0, {}, context_);
    SEGUE_RETURN_IF_ERROR(values.UseOrder(asked));
    *candidates = values.FewMatches(std::min<uint64_t>(asked, doc_count / kDocsForOneOfFew));
    if (!candidates->has_value()) continue;
    *taken = gate;
    return absl::OkStatus();
  }
  return absl::OkStatus();
}

// All gates but that one. Ranges of values come last: what the others leave says how many documents
// they will be asked about.
absl::StatusOr<std::vector<FlatPlan::OpenGate>> FlatPlan::OpenGates(uint64_t asked,
                                                                    const Node* taken) {
  std::vector<OpenGate> gates;
  for (const bool are_values : {false, true}) {
    for (const Node* const node : shape_.gates) {
      if (node == taken || (node->kind == Node::Kind::kValues) != are_values) continue;
      builder_.SetAsked(asked);
      SEGUE_ASSIGN_OR_RETURN(exec::ScorerPtr scorer, builder_.Build(*node));
      if (exec::IsRequired(node->occur)) asked = std::min(asked, scorer->Cost());
      gates.push_back({node, std::move(scorer)});
    }
  }
  builder_.SetAsked(builder_.segment().doc_count());
  return gates;
}

// The documents of the rarest gate, if they are few, or none, if the lists have few. False if
// neither has. Counts are left to a tree, which intersects masks, unless the gate is rare indeed.
bool FlatPlan::TakeCandidates(uint64_t in_lists, bool any_hits, std::vector<OpenGate>* gates,
                              std::optional<std::vector<DocId>>* candidates) {
  const uint32_t doc_count = builder_.segment().doc_count();
  const uint64_t few = exec::SparseSearch::MostCandidates(doc_count);
  const uint64_t few_of_gate = any_hits ? few : doc_count / kDocsForOneOfFew;
  const auto in_gate = [](const OpenGate& gate) {
    return exec::IsRequired(gate.node->occur) ? gate.scorer->Cost() : uint64_t{kEndOfDocs};
  };
  const auto rarest = std::min_element(
      gates->begin(), gates->end(),
      [&](const OpenGate& a, const OpenGate& b) { return in_gate(a) < in_gate(b); });
  if (rarest != gates->end() &&
      in_gate(*rarest) <= std::min(few_of_gate, in_lists / kFewerThanInLists)) {
    *candidates = exec::DocsOf(rarest->scorer.get(), doc_count, context_);
    gates->erase(rarest);
    return true;
  }
  const bool any_wide = std::any_of(gates->begin(), gates->end(), [&](const OpenGate& gate) {
    return gate.node->kind == Node::Kind::kValues && gate.scorer->Cost() > doc_count / kWideRange;
  });
  return in_lists <= (any_wide ? few / kSetsForOneLookUp : few);
}

// The clauses, none if nothing can match. `with_bounds`: hits are wanted.
absl::StatusOr<std::vector<exec::FlatClause>> FlatPlan::OpenLists(bool with_bounds) {
  std::vector<exec::FlatClause> clauses;
  clauses.reserve(shape_.clauses.size() + shape_.filters.size());
  bool any_should = false, none = false, any_required = false;
  absl::Status status;
  shape_.ForEach([&](const Node& clause) {
    if (!status.ok() || none) return;
    const absl::StatusOr<bool> there = AddClause(clause, with_bounds, &clauses);
    if (!there.ok()) {
      status = there.status();
      return;
    }
    any_required = any_required || exec::IsRequired(clause.occur);
    any_should = any_should || (*there && clause.occur == ClauseKind::kShould);
    none = exec::IsRequired(clause.occur) && !*there;
  });
  SEGUE_RETURN_IF_ERROR(status);
  const bool needs_should = shape_.needs_should || !any_required;
  if (none || (needs_should && !any_should)) clauses.clear();
  return clauses;
}

// Adds a term or phrase; false if the segment has none.
absl::StatusOr<bool> FlatPlan::AddClause(const Node& node, bool with_bounds,
                                         std::vector<exec::FlatClause>* clauses) {
  if (node.kind == Node::Kind::kNone || !builder_.HasAllTerms(node)) return false;
  if (node.kind != Node::Kind::kPhrase) {
    SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<exec::FlatList> list,
                           OpenList(node, 0, /*with_positions=*/false, with_bounds));
    clauses->push_back({.kind = node.occur, .list = std::move(list), .phrase = nullptr});
    return true;
  }
  if (!builder_.FieldOf(node)->has_positions()) return false;
  std::vector<std::unique_ptr<exec::FlatList>> lists;
  lists.reserve(node.term_count);
  for (size_t i = 0; i < node.term_count; ++i) {
    SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<exec::FlatList> list,
                           OpenList(node, i, /*with_positions=*/true, with_bounds));
    lists.push_back(std::move(list));
  }
  clauses->push_back(
      {.kind = node.occur,
       .list = nullptr,
       .phrase = std::make_unique<exec::FlatPhrase>(std::move(lists), node.words, context_)});
  return true;
}

absl::StatusOr<std::unique_ptr<exec::FlatList>> FlatPlan::OpenList(const Node& node, size_t term,
                                                                   bool with_positions,
                                                                   bool with_bounds) {
  exec::TermSource source;
  SEGUE_RETURN_IF_ERROR(builder_.OpenSource(node, term, with_positions, with_bounds, &source));
  return std::make_unique<exec::FlatList>(std::move(source), node.scoring, node.score, context_);
}

absl::StatusOr<exec::ScorerPtr> QueryPlan::Build(size_t segment, exec::SearchContext* context,
                                                 bool with_positions) const {
  return PlanBuilder(*data_, segment, with_positions, context).Build(data_->root);
}

absl::Status QueryPlan::Search(size_t segment, const exec::SearchedSegment& searched,
                               bool exhaustive, exec::SearchContext* context, exec::TopK* top_k,
                               exec::MatchCounter* counter) const {
  PlanBuilder builder(*data_, segment, /*with_positions=*/false, context);
  builder.SetCounts(counter->wanted() || exhaustive);
  if (const auto shape = FlatShape::Of(data_->root); !exhaustive && shape.has_value()) {
    SEGUE_ASSIGN_OR_RETURN(
        const bool found, FlatPlan(*shape, &builder).Search(data_->root, searched, top_k, counter));
    if (found) return context->status();
  }
  SEGUE_ASSIGN_OR_RETURN(const exec::ScorerPtr scorer, builder.Build(data_->root));
  exec::SearchSegment(*scorer, searched, exhaustive, context, top_k, counter);
  return context->status();
}

}  // namespace segue
