// SPDX-License-Identifier: Apache-2.0
#include "engine/write/merger.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/column_reader.h"
#include "engine/format/key_column.h"
#include "engine/segment/segment_builder.h"
#include "engine/write/column_order.h"
#include "engine/write/document_graph.h"
#include "engine/write/graph_order.h"
#include "engine/write/huge_array.h"
#include "engine/write/merge_map.h"
#include "engine/write/stored_merger.h"
#include "engine/write/term_merger.h"

namespace segue {
namespace {

// The names of the figures that tell a segment's DocumentOrder, and the field that it is by.
constexpr std::string_view kOrderFigure = "order";
constexpr std::string_view kOrderFieldFigure = "order_field";

using Inputs = std::span<const std::shared_ptr<const Segment>>;

// The fields of all inputs together, by id.
absl::StatusOr<std::vector<SegmentFieldSpec>> MergeSpecs(Inputs inputs) {
  std::map<FieldId, SegmentFieldSpec> specs;
  for (const auto& input : inputs) {
    for (const SegmentField& field : input->fields()) {
      const bool has_terms = field.dictionary() != nullptr;
      const auto [at, is_new] = specs.try_emplace(field.id());
      SegmentFieldSpec& spec = at->second;
      if (is_new) {
        spec.id = field.id();
        spec.name = field.name();
        spec.type = field.type();
      } else if (spec.name != field.name() || spec.type != field.type()) {
        return Error(ErrorCode::kDataLoss,
                     Cat("segment ", input->id().ToString(), ": field ", field.id(), " is '",
                         field.name(), "' of type ", FieldTypeName(field.type()), ", elsewhere '",
                         spec.name, "' of type ", FieldTypeName(spec.type)));
      }
      spec.stored |= field.stored();
      spec.multi |= field.multi();
      if (!has_terms) continue;
      spec.freqs = field.has_freqs();
      spec.positions = field.has_positions();
      spec.analyzer_fingerprint = field.analyzer_fingerprint();
      spec.k1 = field.bounds().k1;
      spec.b = field.bounds().b;
    }
  }
  std::vector<SegmentFieldSpec> result;
  for (auto& [id, spec] : specs) result.push_back(std::move(spec));
  return result;
}

uint64_t CountPostings(Inputs inputs) {
  uint64_t postings = 0;
  for (const auto& input : inputs) {
    for (const SegmentField& field : input->fields()) {
      postings += field.sum_doc_freq();
    }
  }
  return postings;
}

// Blocks are decoded as a whole where their documents stay together.
absl::Status AddColumnInOrder(Inputs inputs, const MergeMap& map, FieldId field,
                              AddColumnValue add) {
  ColumnBlock block;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const SegmentField* in = inputs[i]->field(field);
    if (in == nullptr || in->column() == nullptr) continue;
    for (uint32_t b = 0; b < in->column()->block_count(); ++b) {
      SEGUE_RETURN_IF_ERROR(in->column()->DecodeBlock(b, &block));
      for (uint32_t d = 0; d < block.doc_count; ++d) {
        const DocId doc = map.Map(i, block.first_doc + d);
        if (doc == kEndOfDocs) continue;
        for (uint32_t v = block.value_starts[d]; v < block.value_starts[d + 1]; ++v) {
          SEGUE_RETURN_IF_ERROR(add(doc, block.values[v]));
        }
      }
    }
  }
  return absl::OkStatus();
}

absl::Status AddColumnReordered(Inputs inputs, const MergeMap& map, FieldId field,
                                AddColumnValue add) {
  std::vector<int64_t> values;
  DocId next = 0;
  return map.ForEachSource([&](size_t input, DocId doc) -> absl::Status {
    const DocId mapped = next++;
    const SegmentField* in = inputs[input]->field(field);
    if (in == nullptr || in->column() == nullptr) return absl::OkStatus();
    SEGUE_RETURN_IF_ERROR(in->column()->GetAll(doc, &values));
    for (const int64_t value : values) SEGUE_RETURN_IF_ERROR(add(mapped, value));
    return absl::OkStatus();
  });
}

absl::Status MergeColumn(Inputs inputs, const MergeMap& map, FieldId field,
                         SegmentBuilder* builder) {
  if (std::none_of(inputs.begin(), inputs.end(), [&](const auto& input) {
        return input->field(field) != nullptr && input->field(field)->column() != nullptr;
      })) {
    return absl::OkStatus();
  }
  SEGUE_ASSIGN_OR_RETURN(ColumnWriter * writer, builder->StartColumn(field));
  const auto values = [&](AddColumnValue add) {
    return map.reorders() ? AddColumnReordered(inputs, map, field, add)
                          : AddColumnInOrder(inputs, map, field, add);
  };
  SEGUE_RETURN_IF_ERROR(
      values([writer](DocId doc, int64_t value) { return writer->Add(doc, value); }));
  return builder->FinishColumn(values);
}

absl::Status MergeKeys(Inputs inputs, const MergeMap& map, SegmentBuilder* builder) {
  if (std::none_of(inputs.begin(), inputs.end(),
                   [](const auto& input) { return input->keys() != nullptr; })) {
    return absl::OkStatus();
  }
  std::string key;
  return map.ForEachSource([&](size_t input, DocId doc) -> absl::Status {
    key.clear();
    if (inputs[input]->keys() != nullptr) {
      SEGUE_RETURN_IF_ERROR(inputs[input]->keys()->Get(doc, &key));
    }
    return builder->AddKey(key);
  });
}

std::optional<uint64_t> FigureOf(const ManifestSegment& segment, std::string_view wanted) {
  for (const auto& [name, value] : segment.stats) {
    if (name == wanted) return value;
  }
  return std::nullopt;
}

// A quick order takes a quarter of the time and brings nearly all of it.
uint32_t RoundsOf(DocumentOrder order) { return order == DocumentOrder::kFull ? 20 : 5; }

// With the memory that the map leaves.
MergeOptions BesideMap(MergeOptions options, const MergeMap& map) {
  options.memory_bytes -= std::min(map.memory_bytes(), options.memory_bytes);
  return options;
}

// As many as the memory that the graph leaves has room for: the order does not depend on it.
uint32_t ThreadsFor(const DocumentGraph& graph, const MergeMap& map, const MergeOptions& options) {
  const uint64_t taken = kGraphEntryBytes * graph.entry_count() +
                         kGraphDocumentBytes * graph.doc_count() + map.memory_bytes();
  const uint64_t left = options.memory_bytes - std::min(taken, options.memory_bytes);
  return static_cast<uint32_t>(
      std::clamp<uint64_t>(left / kGraphThreadBytes, 1, std::max(options.threads, 1u)));
}

absl::Status Reorder(Inputs inputs, const MergeOptions& options, MergeMap* map) {
  if (IsByField(options.order)) {
    SEGUE_ASSIGN_OR_RETURN(HugeArray<DocId> order,
                           ColumnOrder(inputs, *map, options.order_field,
                                       options.order == DocumentOrder::kDescending));
    map->Reorder(std::move(order));
    return absl::OkStatus();
  }
  SEGUE_ASSIGN_OR_RETURN(DocumentGraph graph,
                         MakeDocumentGraph(inputs, *map, options.memory_bytes));
  const uint32_t threads = ThreadsFor(graph, *map, options);
  map->Reorder(GraphOrder(
      std::move(graph),
      {.rounds = RoundsOf(options.order), .threads = threads, .cancel = options.cancel}));
  return absl::OkStatus();
}

}  // namespace

absl::Status MergeProgress::Advance(uint64_t postings) {
  if (options_->cancel != nullptr && options_->cancel->load(std::memory_order_relaxed)) {
    return Error(ErrorCode::kCancelled, "the merge was cancelled");
  }
  if (options_->pause && ++calls_ % kCallsPerPause == 0) options_->pause();
  done_ += postings;
  if (options_->progress && done_ >= next_report_) {
    next_report_ = done_ + kStep;
    const double share =
        postings_ == 0 ? 1.0 : static_cast<double>(done_) / static_cast<double>(postings_);
    options_->progress(
        static_cast<uint64_t>(std::min(share, 1.0) * static_cast<double>(documents_)), documents_);
  }
  return absl::OkStatus();
}

bool IsByField(DocumentOrder order) {
  return order == DocumentOrder::kAscending || order == DocumentOrder::kDescending;
}

DocumentOrder OrderOf(const ManifestSegment& segment) {
  const uint64_t order = FigureOf(segment, kOrderFigure).value_or(0);
  return order > static_cast<uint64_t>(DocumentOrder::kDescending)
             ? DocumentOrder::kAsAdded
             : static_cast<DocumentOrder>(order);
}

bool IsInOrder(const ManifestSegment& segment, DocumentOrder order, FieldId order_field) {
  const DocumentOrder has = OrderOf(segment);
  if (order == DocumentOrder::kAsAdded) return true;
  if (IsByField(order)) {
    return has == order && FigureOf(segment, kOrderFieldFigure) == uint64_t{order_field};
  }
  return has == order || (order == DocumentOrder::kQuick && has == DocumentOrder::kFull);
}

void CopyOrder(const ManifestSegment& from, ManifestSegment* to) {
  for (const std::string_view figure : {kOrderFigure, kOrderFieldFigure}) {
    if (const auto value = FigureOf(from, figure)) to->stats.emplace_back(figure, *value);
  }
}

absl::StatusOr<ManifestSegment> MergeSegments(Env* env, const std::string& dir, SegmentId id,
                                              Inputs inputs, const MergeOptions& options) {
  uint64_t documents = 0;
  for (const auto& input : inputs) documents += input->live_count();
  if (documents == 0 || documents > kMaxDocsInSegment) {
    return Error(
        ErrorCode::kResourceExhausted,
        Cat("a segment of ", documents, " documents; a merge makes 1 to ", kMaxDocsInSegment));
  }
  MergeMap map(inputs);
  SEGUE_ASSIGN_OR_RETURN(const std::vector<SegmentFieldSpec> specs, MergeSpecs(inputs));
  if (options.order != DocumentOrder::kAsAdded) {
    SEGUE_RETURN_IF_ERROR(Reorder(inputs, options, &map));
  }
  MergeProgress progress(&options, documents, CountPostings(inputs));
  SegmentBuilder builder(env, dir, id, map.doc_count());
  for (const SegmentFieldSpec& spec : specs) {
    SEGUE_RETURN_IF_ERROR(builder.AddField(spec));
  }
  const MergeOptions beside = BesideMap(options, map);
  for (const SegmentFieldSpec& spec : specs) {
    TermMerger merger(inputs, map, spec, beside);
    SEGUE_RETURN_IF_ERROR(merger.WriteTerms(&builder, &progress));
  }
  for (const SegmentFieldSpec& spec : specs) {
    SEGUE_RETURN_IF_ERROR(MergeColumn(inputs, map, spec.id, &builder));
  }
  SEGUE_RETURN_IF_ERROR(StoredMerger(inputs, map, beside).Write(&builder, &progress));
  SEGUE_RETURN_IF_ERROR(MergeKeys(inputs, map, &builder));
  SEGUE_ASSIGN_OR_RETURN(ManifestSegment entry, builder.Finish());
  if (options.order != DocumentOrder::kAsAdded) {
    entry.stats.emplace_back(kOrderFigure, static_cast<uint64_t>(options.order));
    if (IsByField(options.order)) entry.stats.emplace_back(kOrderFieldFigure, options.order_field);
  }
  return entry;
}

}  // namespace segue
