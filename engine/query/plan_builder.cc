// SPDX-License-Identifier: Apache-2.0
//
// QueryPlan::Build: the scorers of one segment. What a segment does not have becomes a scorer
// that matches nothing, so that every scorer above it stays the same. QueryPlan::Search: flat
// queries have a loop of their own, which takes lists instead of scorers.
#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/base/bitset.h"
#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/exec/best_terms_scorer.h"
#include "engine/exec/checked_scorer.h"
#include "engine/exec/column_scorer.h"
#include "engine/exec/combined_scorer.h"
#include "engine/exec/demoting_scorer.h"
#include "engine/exec/disjunction_max_scorer.h"
#include "engine/exec/doc_set_scorer.h"
#include "engine/exec/flat_search.h"
#include "engine/exec/function_scorer.h"
#include "engine/exec/proximity_scorer.h"
#include "engine/exec/similarity_scorer.h"
#include "engine/exec/simple_scorers.h"
#include "engine/exec/term_search.h"
#include "engine/format/bounds_reader.h"
#include "engine/format/dictionary_reader.h"
#include "engine/format/postings_reader.h"
#include "engine/query/flat_shape.h"
#include "engine/query/plan_node.h"

namespace segue {
namespace {

using exec::ScorerPtr;
using Node = QueryPlan::Node;

// A document in so many is looked up in lists by itself; of more, windows have several.
constexpr uint64_t kDocsForOneOfFew = 512;

// Opening a list takes about as long as going through so many postings.
constexpr uint64_t kPostingsToOpen = 256;

class PlanBuilder {
 public:
  PlanBuilder(const QueryPlan::Data& plan, size_t index, bool with_positions,
              exec::SearchContext* context)
      : plan_(plan),
        segment_(*plan.segments[index]),
        index_(index),
        with_positions_(with_positions),
        asked_(segment_.doc_count()),
        context_(context) {}

  absl::Status ChargeFlat(const FlatShape& shape) {
    size_t lists = 0, in_phrases = 0;
    shape.ForEach([&](const Node& clause) {
      lists += clause.term_count;
      if (clause.kind == Node::Kind::kPhrase) in_phrases += clause.term_count;
    });
    return context_->Charge(exec::FlatMemoryBytes(lists, in_phrases, segment_.doc_count()));
  }

  // How many documents of a segment without deletions match a flat query, if the dictionary alone
  // can tell: what one term decides, as exec::CountAtOnce has it. Nothing is opened.
  std::optional<uint64_t> CountFlat(const FlatShape& shape) {
    if (shape.scored != nullptr) return std::nullopt;
    uint64_t required = 0, shoulds = 0;  // clauses
    uint64_t in_required = 0, in_should = 0, postings = 0;
    for (const Node& clause : shape.clauses) {
      if (clause.kind == Node::Kind::kPhrase) return std::nullopt;
      const TermMeta* meta =
          clause.kind == Node::Kind::kTerm ? plan_.Find(clause.first_term, index_) : nullptr;
      if (meta == nullptr) {
        if (!exec::IsRequired(clause.occur)) continue;
        context_->counters().postings += postings;
        return 0;
      }
      postings += meta->doc_freq;
      if (exec::IsRequired(clause.occur)) {
        ++required;
        in_required = meta->doc_freq;
      } else if (clause.occur == exec::ClauseKind::kShould) {
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

  // Searches a query that is one term, if that has a search of its own (exec/term_search.h). True
  // if so. REQUIRES: FlatShape::Of(root) has a value.
  absl::StatusOr<bool> SearchTerm(const Node& root, const exec::SearchedSegment& searched,
                                  exec::TopK* top_k, exec::MatchCounter* counter) {
    if (root.kind != Node::Kind::kTerm) return false;
    const TermMeta* meta = plan_.Find(root.first_term, index_);
    if (meta == nullptr) return false;
    exec::TermSource source;
    SEGUE_RETURN_IF_ERROR(OpenSource(root, 0, /*with_positions=*/false,
                                     meta->doc_freq >= exec::kFrontierDocs, &source));
    const Bm25Scorer similarity(root.score, root.scoring.norms);
    if (!exec::TermSearchSuits(source, similarity)) return false;
    if (counter->wanted()) counter->Add(source.list.doc_freq());
    exec::SearchTerm(source, similarity, searched, context_, top_k);
    return true;
  }

  // The clauses of a flat query, none if nothing can match. `with_bounds`: hits are wanted.
  absl::StatusOr<std::vector<exec::FlatClause>> BuildFlat(const FlatShape& shape,
                                                          bool with_bounds) {
    with_bounds_ = with_bounds;
    std::vector<exec::FlatClause> clauses;
    clauses.reserve(shape.clauses.size() + shape.filters.size());
    bool any_should = false, none = false;
    absl::Status status;
    bool any_required = false;
    shape.ForEach([&](const Node& clause) {
      if (!status.ok() || none) return;
      const absl::StatusOr<bool> there = AddFlat(clause, clause.occur, &clauses);
      if (!there.ok()) {
        status = there.status();
        return;
      }
      any_required = any_required || exec::IsRequired(clause.occur);
      any_should = any_should || (*there && clause.occur == exec::ClauseKind::kShould);
      none = exec::IsRequired(clause.occur) && !*there;
    });
    SEGUE_RETURN_IF_ERROR(status);
    const bool needs_should = shape.needs_should || !any_required;
    if (none || (needs_should && !any_should)) clauses.clear();
    return clauses;
  }

  // Searches a flat query with a filter of values, if that leaves few documents. True if so.
  absl::StatusOr<bool> SearchAmong(const FlatShape& shape, const exec::SearchedSegment& searched,
                                   exec::TopK* top_k, exec::MatchCounter* counter) {
    const SegmentField* const field = FieldOf(*shape.values);
    if (field == nullptr || field->column() == nullptr) return false;
    uint64_t asked = segment_.doc_count();
    shape.ForEach([&](const Node& clause) {
      if (!exec::IsRequired(clause.occur)) return;
      for (size_t i = 0; i < clause.term_count; ++i) {
        const TermMeta* const meta = plan_.Find(clause.first_term + i, index_);
        asked = std::min<uint64_t>(asked, meta == nullptr ? 0 : meta->doc_freq);
      }
    });
    exec::ColumnScorer values(field->column(), shape.values->wanted.get(), 0, {}, context_);
    SEGUE_RETURN_IF_ERROR(values.UseOrder(asked));
    std::optional<std::vector<DocId>> few =
        values.FewMatches(std::min<uint64_t>(asked, segment_.doc_count() / kDocsForOneOfFew));
    if (!few.has_value()) return false;
    SEGUE_RETURN_IF_ERROR(ChargeFlat(shape));
    SEGUE_ASSIGN_OR_RETURN(const std::vector<exec::FlatClause> clauses,
                           BuildFlat(shape, /*with_bounds=*/top_k->k() != 0));
    if (!clauses.empty()) {
      exec::SearchFlatAmong(*std::move(few), clauses, shape.needs_should, searched, context_, top_k,
                            counter);
    }
    return true;
  }

  absl::StatusOr<ScorerPtr> Build(const Node& node) {
    SEGUE_ASSIGN_OR_RETURN(ScorerPtr scorer, BuildPlain(node));
    if (SEGUE_CHECKS_ON == 0) return scorer;
    return ScorerPtr(std::make_unique<exec::CheckedScorer>(std::move(scorer), context_));
  }

 private:
  absl::StatusOr<ScorerPtr> BuildPlain(const Node& node) {
    switch (node.kind) {
      case Node::Kind::kNone:
        return None(node.name);
      case Node::Kind::kAll:
        return ScorerPtr(std::make_unique<exec::MatchAllScorer>(segment_.doc_count(), node.score));
      case Node::Kind::kTerm:
        return BuildTerm(node);
      case Node::Kind::kPhrase:
        return BuildPhrase(node);
      case Node::Kind::kNear:
        return BuildNear(node);
      case Node::Kind::kValues:
        return BuildValues(node, *node.wanted);
      case Node::Kind::kSet:
        return BuildSet(node);
      case Node::Kind::kExists:
        return BuildExists(node);
      case Node::Kind::kTerms:
        return BuildTerms(node);
      case Node::Kind::kBoolean:
        return BuildBoolean(node);
      case Node::Kind::kMax:
        return BuildMax(node);
      case Node::Kind::kConstant: {
        SEGUE_ASSIGN_OR_RETURN(ScorerPtr inner, Build(node.children[0]));
        return ScorerPtr(std::make_unique<exec::ConstantScorer>(std::move(inner), node.score));
      }
      case Node::Kind::kCombined:
        return BuildCombined(node);
      case Node::Kind::kFunction:
        return BuildFunction(node);
      case Node::Kind::kDemote: {
        SEGUE_ASSIGN_OR_RETURN(ScorerPtr positive, Build(node.children[0]));
        SEGUE_ASSIGN_OR_RETURN(ScorerPtr negative, Build(node.children[1]));
        return ScorerPtr(std::make_unique<exec::DemotingScorer>(std::move(positive),
                                                                std::move(negative), node.score));
      }
    }
    return Error(ErrorCode::kInternal, "a plan node of no known kind");
  }

  static ScorerPtr None(std::string why) {
    return std::make_unique<exec::MatchNoneScorer>(std::move(why));
  }

  bool HasAllTerms(const Node& node) const {
    for (size_t i = 0; i < node.term_count; ++i) {
      if (plan_.Find(node.first_term + i, index_) == nullptr) return false;
    }
    return true;
  }

  const SegmentField* FieldOf(const Node& node) const { return node.field->in_segments[index_]; }

  // Adds a term or phrase; false if the segment has none.
  absl::StatusOr<bool> AddFlat(const Node& node, exec::ClauseKind kind,
                               std::vector<exec::FlatClause>* clauses) {
    if (node.kind == Node::Kind::kNone) return false;
    if (!HasAllTerms(node)) return false;
    if (node.kind != Node::Kind::kPhrase) {
      SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<exec::FlatList> list, OpenFlat(node, 0, false));
      clauses->push_back({.kind = kind, .list = std::move(list), .phrase = nullptr});
      return true;
    }
    if (!FieldOf(node)->has_positions()) return false;
    std::vector<std::unique_ptr<exec::FlatList>> lists;
    lists.reserve(node.term_count);
    for (size_t i = 0; i < node.term_count; ++i) {
      SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<exec::FlatList> list, OpenFlat(node, i, true));
      lists.push_back(std::move(list));
    }
    clauses->push_back(
        {.kind = kind,
         .list = nullptr,
         .phrase = std::make_unique<exec::FlatPhrase>(std::move(lists), node.words, context_)});
    return true;
  }

  absl::StatusOr<std::unique_ptr<exec::FlatList>> OpenFlat(const Node& node, size_t term,
                                                           bool with_positions) {
    exec::TermSource source;
    SEGUE_RETURN_IF_ERROR(OpenSource(node, term, with_positions, with_bounds_, &source));
    return std::make_unique<exec::FlatList>(std::move(source), node.scoring, node.score, context_);
  }

  absl::Status OpenSource(const Node& node, size_t term, bool with_positions, bool with_bounds,
                          exec::TermSource* source) {
    const SegmentField& field = *FieldOf(node);
    const TermMeta& meta = *plan_.Find(node.first_term + term, index_);
    SEGUE_ASSIGN_OR_RETURN(source->list, PostingList::Open(field.postings(), meta, with_positions));
    if (with_bounds) {
      SEGUE_ASSIGN_OR_RETURN(source->bounds, BoundList::Open(field.postings(), meta));
    }
    source->norms = field.norms();
    source->doc_count = segment_.doc_count();
    const BoundParameters built = field.bounds();
    source->bounds_built_with = {{.k1 = built.k1, .b = built.b}, built.average_length};
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<exec::TermScorer>> OpenTerm(const Node& node, size_t term,
                                                             bool with_positions) {
    SEGUE_RETURN_IF_ERROR(context_->Charge(sizeof(exec::TermScorer)));
    exec::TermSource source;
    SEGUE_RETURN_IF_ERROR(OpenSource(node, term, with_positions, /*with_bounds=*/true, &source));
    return std::make_unique<exec::TermScorer>(std::move(source), &node.scoring, node.score,
                                              context_);
  }

  absl::StatusOr<ScorerPtr> BuildTerm(const Node& node) {
    if (!HasAllTerms(node)) return None("no matching term: " + node.name);
    SEGUE_ASSIGN_OR_RETURN(auto scorer, OpenTerm(node, 0, with_positions_));
    return Scored(std::move(scorer), node);
  }

  // By the similarity of the node's field: the scorer itself scores by BM25.
  absl::StatusOr<ScorerPtr> Scored(std::unique_ptr<exec::FreqScorer> scorer, const Node& node) {
    if (node.scoring.similarity == nullptr) return ScorerPtr(std::move(scorer));
    SEGUE_RETURN_IF_ERROR(context_->Charge(exec::SimilarityScorer::MemoryBytes()));
    return ScorerPtr(std::make_unique<exec::SimilarityScorer>(std::move(scorer), &node.scoring,
                                                              FieldOf(node)->norms()));
  }

  absl::StatusOr<ScorerPtr> BuildPhrase(const Node& node) {
    if (!HasAllTerms(node)) return None("no matching phrase: " + node.name);
    SEGUE_RETURN_IF_ERROR(context_->Charge(exec::PhraseScorer::MemoryBytes(node.term_count)));
    const SegmentField& field = *FieldOf(node);
    if (!field.has_positions()) return None("no positions in this segment: " + node.name);
    std::vector<std::unique_ptr<exec::TermScorer>> terms;
    for (size_t i = 0; i < node.term_count; ++i) {
      SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<exec::TermScorer> term, OpenTerm(node, i, true));
      terms.push_back(std::move(term));
    }
    return Scored(std::make_unique<exec::PhraseScorer>(std::move(terms), node.words, &node.scoring,
                                                       node.score, field.norms(), context_),
                  node);
  }

  absl::StatusOr<ScorerPtr> BuildNear(const Node& node) {
    const SegmentField* field = FieldOf(node);
    if (field == nullptr || !field->has_positions()) {
      return None("no positions in this segment: " + node.name);
    }
    std::vector<uint32_t> number_of(node.term_count, UINT32_MAX);
    exec::ProximityScorer::Terms terms;
    SEGUE_ASSIGN_OR_RETURN(std::optional<exec::ProximitySource> source,
                           OpenNear(node, *node.near, &number_of, &terms));
    if (!source.has_value()) return None("no matching term: " + node.name);
    std::optional<exec::RelatedSource> related;
    if (const NearPlan* const other = node.near->other.get(); other != nullptr) {
      SEGUE_ASSIGN_OR_RETURN(std::optional<exec::ProximitySource> of_other,
                             OpenNear(node, *other, &number_of, &terms));
      if (of_other.has_value()) {
        related = {.source = *std::move(of_other), .relation = node.near->relation};
      } else if (exec::SpanFilter(node.near->relation).needs_others()) {
        return None("no matching term: " + node.name);
      }
    }
    SEGUE_RETURN_IF_ERROR(context_->Charge(exec::ProximityScorer::MemoryBytes(terms.size())));
    return Scored(std::make_unique<exec::ProximityScorer>(std::move(terms), *std::move(source),
                                                          std::move(related), &node.scoring,
                                                          node.score, field->norms(), context_),
                  node);
  }

  // Opens those of the terms that the segment has and that are not open yet; nothing if there are
  // too few parts with any. `number_of`: of each term of the node, among *terms.
  absl::StatusOr<std::optional<exec::ProximitySource>> OpenNear(
      const Node& node, const NearPlan& near, std::vector<uint32_t>* number_of,
      exec::ProximityScorer::Terms* terms) {
    std::vector<std::vector<uint32_t>> parts;
    size_t there = 0;
    for (const std::vector<uint32_t>& of_plan : near.parts) {
      std::vector<uint32_t>& part = parts.emplace_back();
      for (const uint32_t term : of_plan) {
        if (plan_.Find(node.first_term + term, index_) == nullptr) continue;
        uint32_t& number = (*number_of)[term];
        if (number == UINT32_MAX) {
          number = static_cast<uint32_t>(terms->size());
          SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<exec::TermScorer> scorer,
                                 OpenTerm(node, term, /*with_positions=*/true));
          terms->push_back(std::move(scorer));
        }
        part.push_back(number);
      }
      there += part.empty() ? 0 : 1;
    }
    if (!near.IsEnough(there)) return std::optional<exec::ProximitySource>();
    return exec::ProximitySource{
        .parts = std::move(parts),
        .matcher = {near.places, near.proximity, near.slop, near.at_least}};
  }

  absl::StatusOr<ScorerPtr> BuildValues(const Node& node, const exec::WantedValues& wanted) {
    const SegmentField* field = FieldOf(node);
    if (field == nullptr || field->column() == nullptr) {
      return None("no document has a value: " + node.name);
    }
    SEGUE_RETURN_IF_ERROR(context_->Charge(sizeof(exec::ColumnScorer)));
    auto scorer = std::make_unique<exec::ColumnScorer>(field->column(), &wanted, node.score,
                                                       node.name, context_);
    SEGUE_RETURN_IF_ERROR(scorer->UseOrder(asked_));
    return ScorerPtr(std::move(scorer));
  }

  // A set of documents, all with the score of the node.
  using DocSet = std::unique_ptr<exec::ListUnion>;
  absl::StatusOr<DocSet> NewSet() {
    const uint32_t docs = segment_.doc_count();
    SEGUE_RETURN_IF_ERROR(
        context_->Charge(exec::ListUnion::MemoryBytes(docs) + sizeof(exec::DocSetScorer)));
    return std::make_unique<exec::ListUnion>(docs, context_);
  }
  static ScorerPtr ConstantSet(DocSet docs, const Node& node) {
    return std::make_unique<exec::ConstantScorer>(
        std::make_unique<exec::DocSetScorer>(std::move(docs), nullptr, node.name), node.score);
  }

  absl::StatusOr<ScorerPtr> BuildSet(const Node& node) {
    const SegmentField* field = FieldOf(node);
    if (field == nullptr || field->dictionary() == nullptr) {
      return None("no document has a value: " + node.name);
    }
    SEGUE_ASSIGN_OR_RETURN(DocSet docs, NewSet());
    for (const Value& keyword : *node.keywords) {
      SEGUE_ASSIGN_OR_RETURN(const std::optional<TermEntry> entry,
                             field->dictionary()->Find(std::get<std::string>(keyword)));
      if (!entry.has_value()) continue;
      context_->counters().postings += entry->meta.doc_freq;
      SEGUE_RETURN_IF_ERROR(AddDocsOf(*field, entry->meta, docs.get()));
      if (!context_->KeepGoing()) return context_->status();
    }
    return ConstantSet(std::move(docs), node);
  }

  // Of numbers, any value; of text, a length that is not 0. Keywords have no lengths: any term.
  absl::StatusOr<ScorerPtr> BuildExists(const Node& node) {
    static const exec::WantedValues all{.sure = ValueRanges::All()};
    const SegmentField* field = FieldOf(node);
    if (field == nullptr || field->dictionary() == nullptr) return BuildValues(node, all);
    SEGUE_ASSIGN_OR_RETURN(DocSet docs, NewSet());
    if (field->type() == FieldType::kText) {
      field->ForEachNorm([&](DocId doc, uint8_t) { docs->Add(doc); });
    } else {
      Dictionary::Iterator it(*field->dictionary());
      for (it.Seek({}); it.valid(); it.Next()) {
        context_->counters().postings += it.meta().doc_freq;
        SEGUE_RETURN_IF_ERROR(AddDocsOf(*field, it.meta(), docs.get()));
        if (!context_->KeepGoing()) return context_->status();
      }
      SEGUE_RETURN_IF_ERROR(it.status());
    }
    return ConstantSet(std::move(docs), node);
  }

  // A pattern: the set of the documents that hold any of its terms, and what scores them best.
  absl::StatusOr<ScorerPtr> BuildTerms(const Node& node) {
    const SegmentField* field = FieldOf(node);
    if (field == nullptr || field->dictionary() == nullptr) {
      return None("no matching term: " + node.name);
    }
    SEGUE_ASSIGN_OR_RETURN(DocSet docs, NewSet());
    SEGUE_RETURN_IF_ERROR(node.is_whole ? AddDocsOfChildren(node, docs.get())
                                        : AddDocsOfPattern(node, *field, docs.get()));
    SEGUE_ASSIGN_OR_RETURN(ScorerPtr best, BuildBest(node));
    return ScorerPtr(
        std::make_unique<exec::DocSetScorer>(std::move(docs), std::move(best), node.name));
  }

  // Looks at the clock now and then while thousands of lists are opened.
  absl::Status SpendOnList(const TermMeta& meta) {
    context_->Spend(meta.doc_freq);
    return context_->KeepGoingAfter(kPostingsToOpen + meta.doc_freq) ? absl::OkStatus()
                                                                     : context_->status();
  }

  absl::Status AddDocsOf(const SegmentField& field, const TermMeta& meta, exec::ListUnion* docs) {
    SEGUE_RETURN_IF_ERROR(SpendOnList(meta));
    if (meta.doc_freq == 1 && meta.single_doc < docs->doc_count()) {
      docs->Add(meta.single_doc);
      return absl::OkStatus();
    }
    SEGUE_ASSIGN_OR_RETURN(PostingList list,
                           PostingList::Open(field.postings(), meta, /*with_positions=*/false));
    return docs->Add(std::move(list));
  }

  absl::Status AddDocsOfChildren(const Node& node, exec::ListUnion* docs) {
    for (const Node& child : node.children) {
      const TermMeta* meta = plan_.Find(child.first_term, index_);
      if (meta == nullptr) continue;
      SEGUE_RETURN_IF_ERROR(AddDocsOf(*FieldOf(node), *meta, docs));
    }
    return absl::OkStatus();
  }

  absl::Status AddDocsOfPattern(const Node& node, const SegmentField& field,
                                exec::ListUnion* docs) {
    absl::Status status;
    const auto check = [&] {
      if (status.ok() && !context_->KeepGoing()) status = context_->status();
      return status;
    };
    const auto add = [&](std::string_view, const TermMeta& meta, float) {
      // Scored terms are counted where they are scored.
      if (node.children.empty()) context_->counters().postings += meta.doc_freq;
      if (status.ok()) status = AddDocsOf(field, meta, docs);
    };
    SEGUE_RETURN_IF_ERROR(node.pattern->Visit(*field.dictionary(), check, add));
    return status;
  }

  // The best of the terms of a pattern; nullptr: none is scored here. Terms stay apart where
  // somebody wants to know them.
  absl::StatusOr<ScorerPtr> BuildBest(const Node& node) {
    if (node.children.empty()) return ScorerPtr();
    if (node.name.empty()) return BuildBestOnly(node);
    std::vector<ScorerPtr> scorers;
    for (const Node& child : node.children) {
      if (plan_.Find(child.first_term, index_) == nullptr) continue;
      SEGUE_ASSIGN_OR_RETURN(ScorerPtr scorer, BuildTerm(child));
      scorers.push_back(std::move(scorer));
    }
    SEGUE_RETURN_IF_ERROR(context_->Charge(exec::DisjunctionMaxScorer::MemoryBytes()));
    return ScorerPtr(std::make_unique<exec::DisjunctionMaxScorer>(std::move(scorers), 0.0f));
  }

  absl::StatusOr<ScorerPtr> BuildBestOnly(const Node& node) {
    SEGUE_RETURN_IF_ERROR(context_->Charge(exec::BestTermsScorer::MemoryBytes()));
    auto best =
        std::make_unique<exec::BestTermsScorer>(&node.field->norms, segment_.doc_count(), context_);
    for (const Node& child : node.children) {
      if (plan_.Find(child.first_term, index_) == nullptr) continue;
      if (!context_->KeepGoingAfter(kPostingsToOpen)) return context_->status();
      exec::TermSource source;
      SEGUE_RETURN_IF_ERROR(
          OpenSource(child, 0, /*with_positions=*/false, /*with_bounds=*/true, &source));
      SEGUE_RETURN_IF_ERROR(
          best->Add(std::move(source), child.score, child.scoring.similarity.get()));
    }
    return ScorerPtr(std::move(best));
  }

  absl::StatusOr<ScorerPtr> BuildBoolean(const Node& node) {
    SEGUE_RETURN_IF_ERROR(context_->Charge(exec::BooleanScorer::MemoryBytes(node.children.size())));
    SEGUE_ASSIGN_OR_RETURN(std::vector<exec::BooleanClause> clauses, BuildClauses(node.children));
    return ScorerPtr(
        std::make_unique<exec::BooleanScorer>(std::move(clauses), node.min_should_match, context_));
  }

  // Ranges of values come last: required clauses say how few documents they will be asked about.
  absl::StatusOr<std::vector<exec::BooleanClause>> BuildClauses(std::span<const Node> children) {
    std::vector<exec::BooleanClause> clauses(children.size());
    const uint64_t asked_before = asked_;
    for (const bool are_values : {false, true}) {
      for (size_t i = 0; i < children.size(); ++i) {
        if ((children[i].kind == Node::Kind::kValues) != are_values) continue;
        clauses[i].kind = children[i].occur;
        SEGUE_ASSIGN_OR_RETURN(clauses[i].scorer, Build(children[i]));
        if (!exec::IsRequired(children[i].occur)) continue;
        asked_ = std::min(asked_, clauses[i].scorer->Cost());
      }
    }
    asked_ = asked_before;
    return clauses;
  }

  absl::StatusOr<ScorerPtr> BuildCombined(const Node& node) {
    std::vector<exec::CombinedList> lists;
    for (const Node& child : node.children) {
      if (plan_.Find(child.first_term, index_) == nullptr) continue;
      SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<exec::TermScorer> term,
                             OpenTerm(child, 0, with_positions_));
      lists.push_back({.term = std::move(term), .weight = child.tie});
    }
    if (lists.empty()) return None("no matching term: " + node.name);
    SEGUE_RETURN_IF_ERROR(context_->Charge(exec::CombinedScorer::MemoryBytes(lists.size())));
    return Scored(std::make_unique<exec::CombinedScorer>(std::move(lists), &node.scoring,
                                                         node.score, context_),
                  node);
  }

  absl::StatusOr<ScorerPtr> BuildFunction(const Node& node) {
    SEGUE_RETURN_IF_ERROR(context_->Charge(sizeof(exec::FunctionScorer)));
    SEGUE_ASSIGN_OR_RETURN(ScorerPtr inner, Build(node.children[0]));
    const SegmentField* field = FieldOf(node);
    return ScorerPtr(std::make_unique<exec::FunctionScorer>(
        std::move(inner), node.function.get(), field != nullptr ? field->column() : nullptr,
        node.score, node.name, context_));
  }

  absl::StatusOr<ScorerPtr> BuildMax(const Node& node) {
    SEGUE_RETURN_IF_ERROR(context_->Charge(exec::DisjunctionMaxScorer::MemoryBytes()));
    std::vector<ScorerPtr> scorers;
    for (const Node& child : node.children) {
      SEGUE_ASSIGN_OR_RETURN(ScorerPtr scorer, Build(child));
      scorers.push_back(std::move(scorer));
    }
    return ScorerPtr(std::make_unique<exec::DisjunctionMaxScorer>(std::move(scorers), node.tie));
  }

  const QueryPlan::Data& plan_;
  const Segment& segment_;
  size_t index_;
  bool with_positions_;
  bool with_bounds_ = true;  // of flat lists
  uint64_t asked_;           // documents that what is built is asked about, at most
  exec::SearchContext* context_;
};

}  // namespace

absl::StatusOr<exec::ScorerPtr> QueryPlan::Build(size_t segment, exec::SearchContext* context,
                                                 bool with_positions) const {
  return PlanBuilder(*data_, segment, with_positions, context).Build(data_->root);
}

absl::Status QueryPlan::Search(size_t segment, const exec::SearchedSegment& searched,
                               bool exhaustive, exec::SearchContext* context, exec::TopK* top_k,
                               exec::MatchCounter* counter) const {
  const Node& root = data_->root;
  const auto shape = FlatShape::Of(root);
  if (!exhaustive && shape.has_value() && shape->values != nullptr) {
    PlanBuilder builder(*data_, segment, /*with_positions=*/false, context);
    SEGUE_ASSIGN_OR_RETURN(const bool searched_few,
                           builder.SearchAmong(*shape, searched, top_k, counter));
    if (searched_few) return context->status();
  } else if (!exhaustive && shape.has_value()) {
    PlanBuilder builder(*data_, segment, /*with_positions=*/false, context);
    SEGUE_RETURN_IF_ERROR(builder.ChargeFlat(*shape));
    const bool any_hits = top_k->k() != 0;
    if (!any_hits && searched.live == nullptr) {
      if (const std::optional<uint64_t> known = builder.CountFlat(*shape); known.has_value()) {
        if (counter->wanted()) counter->Add(*known);
        return context->status();
      }
    }
    if (any_hits && (searched.live == nullptr || !counter->wanted())) {
      SEGUE_ASSIGN_OR_RETURN(const bool searched_term,
                             builder.SearchTerm(root, searched, top_k, counter));
      if (searched_term) return context->status();
    }
    SEGUE_ASSIGN_OR_RETURN(std::vector<exec::FlatClause> clauses,
                           builder.BuildFlat(*shape, /*with_bounds=*/any_hits));
    if (!clauses.empty()) {
      exec::SearchFlat(std::move(clauses), shape->needs_should, searched, context, top_k, counter);
    }
    return context->status();
  }
  SEGUE_ASSIGN_OR_RETURN(const ScorerPtr scorer, Build(segment, context));
  exec::SearchSegment(*scorer, searched, exhaustive, context, top_k, counter);
  return context->status();
}

}  // namespace segue
