// SPDX-License-Identifier: Apache-2.0
#include "engine/write/merger.h"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/column_reader.h"
#include "engine/format/key_column.h"
#include "engine/format/stored_reader.h"
#include "engine/segment/segment_builder.h"
#include "engine/write/term_merger.h"

namespace segue {
namespace {

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

absl::Status MergeColumn(Inputs inputs, const MergeMap& map, FieldId field,
                         SegmentBuilder* builder) {
  ColumnWriter* writer = nullptr;
  ColumnBlock block;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const SegmentField* in = inputs[i]->field(field);
    if (in == nullptr || in->column() == nullptr) continue;
    if (writer == nullptr) {
      SEGUE_ASSIGN_OR_RETURN(writer, builder->StartColumn(field));
    }
    for (uint32_t b = 0; b < in->column()->block_count(); ++b) {
      SEGUE_RETURN_IF_ERROR(in->column()->DecodeBlock(b, &block));
      for (uint32_t d = 0; d < block.doc_count; ++d) {
        const DocId doc = map.Map(i, block.first_doc + d);
        if (doc == kEndOfDocs) continue;
        for (uint32_t v = block.value_starts[d]; v < block.value_starts[d + 1]; ++v) {
          SEGUE_RETURN_IF_ERROR(writer->Add(doc, block.values[v]));
        }
      }
    }
  }
  return writer == nullptr ? absl::OkStatus() : builder->FinishColumn();
}

absl::Status MergeStored(Inputs inputs, SegmentBuilder* builder, MergeProgress* progress) {
  if (std::none_of(inputs.begin(), inputs.end(),
                   [](const auto& input) { return input->stored() != nullptr; })) {
    return absl::OkStatus();
  }
  std::string nothing;
  SEGUE_RETURN_IF_ERROR(EncodeStoredDocument({}, &nothing));
  StoredCache cache;
  for (const auto& input : inputs) {
    for (DocId doc = 0; doc < input->doc_count(); ++doc) {
      if (!input->IsLive(doc)) continue;
      std::string_view encoded = nothing;
      if (input->stored() != nullptr) {
        SEGUE_ASSIGN_OR_RETURN(encoded, input->stored()->GetEncoded(doc, &cache));
      }
      SEGUE_RETURN_IF_ERROR(builder->AddStored(encoded));
      SEGUE_RETURN_IF_ERROR(progress->Advance(0));
    }
  }
  return absl::OkStatus();
}

absl::Status MergeKeys(Inputs inputs, SegmentBuilder* builder) {
  if (std::none_of(inputs.begin(), inputs.end(),
                   [](const auto& input) { return input->keys() != nullptr; })) {
    return absl::OkStatus();
  }
  std::string key;
  for (const auto& input : inputs) {
    for (DocId doc = 0; doc < input->doc_count(); ++doc) {
      if (!input->IsLive(doc)) continue;
      key.clear();
      if (input->keys() != nullptr) {
        SEGUE_RETURN_IF_ERROR(input->keys()->Get(doc, &key));
      }
      SEGUE_RETURN_IF_ERROR(builder->AddKey(key));
    }
  }
  return absl::OkStatus();
}

}  // namespace

MergeMap::MergeMap(Inputs inputs) {
  for (const auto& segment : inputs) {
    Input input;
    input.base = doc_count_;
    doc_count_ += segment->live_count();
    if (segment->live_count() != segment->doc_count()) {
      drops_documents_ = true;
      DocId next = input.base;
      input.map.assign(segment->doc_count(), kEndOfDocs);
      for (DocId doc = 0; doc < segment->doc_count(); ++doc) {
        if (segment->IsLive(doc)) input.map[doc] = next++;
      }
    }
    inputs_.push_back(std::move(input));
  }
}

absl::Status MergeProgress::Advance(uint64_t postings) {
  if (options_->cancel != nullptr && options_->cancel->load(std::memory_order_relaxed)) {
    return Error(ErrorCode::kCancelled, "the merge was cancelled");
  }
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

absl::StatusOr<ManifestSegment> MergeSegments(Env* env, const std::string& dir, SegmentId id,
                                              Inputs inputs, const MergeOptions& options) {
  uint64_t documents = 0;
  for (const auto& input : inputs) documents += input->live_count();
  if (documents == 0 || documents > kMaxDocsInSegment) {
    return Error(
        ErrorCode::kResourceExhausted,
        Cat("a segment of ", documents, " documents; a merge makes 1 to ", kMaxDocsInSegment));
  }
  const MergeMap map(inputs);
  SEGUE_ASSIGN_OR_RETURN(const std::vector<SegmentFieldSpec> specs, MergeSpecs(inputs));
  MergeProgress progress(&options, documents, CountPostings(inputs));
  SegmentBuilder builder(env, dir, id, map.doc_count());
  for (const SegmentFieldSpec& spec : specs) {
    SEGUE_RETURN_IF_ERROR(builder.AddField(spec));
  }
  for (const SegmentFieldSpec& spec : specs) {
    TermMerger merger(inputs, map, spec);
    SEGUE_RETURN_IF_ERROR(merger.WriteTerms(&builder, &progress));
  }
  for (const SegmentFieldSpec& spec : specs) {
    SEGUE_RETURN_IF_ERROR(MergeColumn(inputs, map, spec.id, &builder));
  }
  SEGUE_RETURN_IF_ERROR(MergeStored(inputs, &builder, &progress));
  SEGUE_RETURN_IF_ERROR(MergeKeys(inputs, &builder));
  return builder.Finish();
}

}  // namespace segue
