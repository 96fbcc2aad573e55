// SPDX-License-Identifier: Apache-2.0
//
// Sets of documents: what patterns, sets of keywords and the question for any value come down to.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/status.h"
#include "engine/exec/best_terms_scorer.h"
#include "engine/exec/disjunction_max_scorer.h"
#include "engine/exec/doc_set_scorer.h"
#include "engine/exec/simple_scorers.h"
#include "engine/format/dictionary_metas.h"
#include "engine/query/plan_builder.h"

namespace segue {
namespace {

// Opening a list takes about as long as going through so many postings.
constexpr uint64_t kPostingsToOpen = 256;

}  // namespace

using exec::ScorerPtr;

absl::StatusOr<PlanBuilder::DocSet> PlanBuilder::NewSet() {
  const uint32_t docs = segment_.doc_count();
  SEGUE_RETURN_IF_ERROR(
      context_->Charge(exec::ListUnion::MemoryBytes(docs) + sizeof(exec::DocSetScorer)));
  return std::make_unique<exec::ListUnion>(docs, context_);
}

ScorerPtr PlanBuilder::ConstantSet(DocSet docs, const Node& node) {
  return std::make_unique<exec::ConstantScorer>(
      std::make_unique<exec::DocSetScorer>(std::move(docs), nullptr, node.name), node.score);
}

absl::StatusOr<ScorerPtr> PlanBuilder::BuildSet(const Node& node) {
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

absl::StatusOr<ScorerPtr> PlanBuilder::BuildExists(const Node& node) {
  static const exec::WantedValues all{.sure = ValueRanges::All()};
  const SegmentField* field = FieldOf(node);
  if (field == nullptr || field->dictionary() == nullptr) return BuildValues(node, all);
  SEGUE_ASSIGN_OR_RETURN(DocSet docs, NewSet());
  if (field->type() == FieldType::kText) {
    field->ForEachNorm([&](DocId doc, uint8_t) { docs->Add(doc); });
  } else {
    DictionaryMetas metas(*field->dictionary(), {0, field->dictionary()->term_count()});
    while (const TermMeta* meta = metas.Next()) {
      context_->counters().postings += meta->doc_freq;
      SEGUE_RETURN_IF_ERROR(AddDocsOf(*field, *meta, docs.get()));
      if (!context_->KeepGoing()) return context_->status();
    }
    SEGUE_RETURN_IF_ERROR(metas.status());
  }
  return ConstantSet(std::move(docs), node);
}

absl::StatusOr<ScorerPtr> PlanBuilder::BuildTerms(const Node& node) {
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

absl::Status PlanBuilder::SpendOnList(const TermMeta& meta) {
  context_->Spend(meta.doc_freq);
  return context_->KeepGoingAfter(kPostingsToOpen + meta.doc_freq) ? absl::OkStatus()
                                                                   : context_->status();
}

absl::Status PlanBuilder::AddDocsOf(const SegmentField& field, const TermMeta& meta,
                                    exec::ListUnion* docs) {
  SEGUE_RETURN_IF_ERROR(SpendOnList(meta));
  return docs->Add(field.postings(), meta);
}

absl::Status PlanBuilder::AddDocsOfChildren(const Node& node, exec::ListUnion* docs) {
  for (const Node& child : node.children) {
    const TermMeta* meta = MetaOf(child, 0);
    if (meta == nullptr) continue;
    SEGUE_RETURN_IF_ERROR(AddDocsOf(*FieldOf(node), *meta, docs));
  }
  return absl::OkStatus();
}

absl::Status PlanBuilder::AddDocsOfPattern(const Node& node, const SegmentField& field,
                                           exec::ListUnion* docs) {
  absl::Status status;
  const auto check = [&] {
    if (status.ok() && !context_->KeepGoing()) status = context_->status();
    return status;
  };
  const auto add = [&](const TermMeta& meta) {
    // Scored terms are counted where they are scored.
    if (node.children.empty()) context_->counters().postings += meta.doc_freq;
    if (status.ok()) status = AddDocsOf(field, meta, docs);
  };
  SEGUE_RETURN_IF_ERROR(node.pattern->VisitMetas(*field.dictionary(), check, add));
  return status;
}

absl::StatusOr<ScorerPtr> PlanBuilder::BuildBest(const Node& node) {
  if (node.children.empty()) return ScorerPtr();
  if (node.name.empty()) return BuildBestOnly(node);
  std::vector<ScorerPtr> scorers;
  for (const Node& child : node.children) {
    if (MetaOf(child, 0) == nullptr) continue;
    SEGUE_ASSIGN_OR_RETURN(ScorerPtr scorer, BuildTerm(child));
    scorers.push_back(std::move(scorer));
  }
  SEGUE_RETURN_IF_ERROR(context_->Charge(exec::DisjunctionMaxScorer::MemoryBytes()));
  return ScorerPtr(std::make_unique<exec::DisjunctionMaxScorer>(std::move(scorers), 0.0f));
}

absl::StatusOr<ScorerPtr> PlanBuilder::BuildBestOnly(const Node& node) {
  SEGUE_RETURN_IF_ERROR(context_->Charge(exec::BestTermsScorer::MemoryBytes()));
  auto best =
      std::make_unique<exec::BestTermsScorer>(&node.field->norms, segment_.doc_count(), context_);
  for (const Node& child : node.children) {
    if (MetaOf(child, 0) == nullptr) continue;
    if (!context_->KeepGoingAfter(kPostingsToOpen)) return context_->status();
    exec::TermSource source;
    SEGUE_RETURN_IF_ERROR(
        OpenSource(child, 0, /*with_positions=*/false, /*with_bounds=*/true, &source));
    SEGUE_RETURN_IF_ERROR(
        best->Add(std::move(source), child.score, child.scoring.similarity.get()));
  }
  return ScorerPtr(std::move(best));
}

}  // namespace segue
