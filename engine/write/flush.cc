// SPDX-License-Identifier: Apache-2.0
#include "engine/write/flush.h"

#include <utility>

#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/format/stored_dictionary.h"
#include "engine/segment/segment_builder.h"
#include "engine/write/inverter.h"

namespace segue {
namespace {

DocMap MakeDocMap(const MemoryIndex& index) {
  DocMap map;
  if (index.deleted().empty()) return map;
  map.assign(index.doc_count(), 0);
  for (const DocId doc : index.deleted()) map[doc] = kEndOfDocs;
  DocId next = 0;
  for (DocId& doc : map) {
    if (doc != kEndOfDocs) doc = next++;
  }
  return map;
}

// Runs through the values that were added, or set in their place later.
absl::Status RunThroughValues(const MemoryField& field, std::span<const ValueChange> set,
                              AddColumnValue add) {
  const size_t count = field.column_docs().size();
  for (size_t i = 0, s = 0; i < count || s < set.size();) {
    const DocId added = i < count ? field.column_docs()[i] : kEndOfDocs;
    if (s == set.size() || added < set[s].doc) {
      SEGUE_RETURN_IF_ERROR(add(added, field.column_values()[i++]));
      continue;
    }
    if (added == set[s].doc) ++i;
    if (set[s].has_value) SEGUE_RETURN_IF_ERROR(add(set[s].doc, set[s].value));
    ++s;
  }
  return absl::OkStatus();
}

absl::Status WriteColumn(const MemoryField& field, const DocMap& map, SegmentBuilder* builder) {
  const std::vector<ValueChange> set = field.set_values();
  if (field.column_docs().empty() && set.empty()) return absl::OkStatus();
  SEGUE_ASSIGN_OR_RETURN(ColumnWriter * column, builder->StartColumn(field.plan().id));
  const auto values = [&](AddColumnValue add) {
    return RunThroughValues(field, set, [&](DocId doc, int64_t value) {
      const DocId mapped = map.empty() ? doc : map[doc];
      return mapped == kEndOfDocs ? absl::OkStatus() : add(mapped, value);
    });
  };
  SEGUE_RETURN_IF_ERROR(
      values([column](DocId doc, int64_t value) { return column->Add(doc, value); }));
  return builder->FinishColumn(values);
}

std::string TrainDictionary(const MemoryIndex& index, const DocMap& map) {
  StoredSample sample(index.live_count());
  for (DocId doc = 0; doc < index.doc_count(); ++doc) {
    const DocId mapped = map.empty() ? doc : map[doc];
    if (mapped == sample.wanted()) sample.Add(index.stored().Get(doc));
  }
  return sample.Train();
}

absl::Status WriteStored(const MemoryIndex& index, const DocMap& map, const StoredPacking& packing,
                         SegmentBuilder* builder) {
  if (!index.plan().stores_anything()) return absl::OkStatus();
  const bool trained = packing.codec == StoredCodec::kZstd && packing.dictionary;
  SEGUE_RETURN_IF_ERROR(
      builder->StartStored(packing.codec, trained ? TrainDictionary(index, map) : std::string()));
  for (DocId doc = 0; doc < index.doc_count(); ++doc) {
    if (!map.empty() && map[doc] == kEndOfDocs) continue;
    SEGUE_RETURN_IF_ERROR(builder->AddStored(index.stored().Get(doc)));
  }
  return absl::OkStatus();
}

absl::Status WriteAll(MemoryIndex* index, WorkerPool* pool, const StoredPacking& packing,
                      SegmentBuilder* builder) {
  const DocMap map = MakeDocMap(*index);
  for (const MemoryField& field : index->fields()) {
    SEGUE_RETURN_IF_ERROR(builder->AddField(field.plan().Spec()));
  }
  for (MemoryField& field : index->fields()) {
    if (!field.plan().has_terms) continue;
    Inverter inverter(&field, map, index->live_count());
    SEGUE_RETURN_IF_ERROR(inverter.WriteTerms(index->inversion_bytes(), pool, builder));
  }
  for (const MemoryField& field : index->fields()) {
    SEGUE_RETURN_IF_ERROR(WriteColumn(field, map, builder));
  }
  SEGUE_RETURN_IF_ERROR(WriteStored(*index, map, packing, builder));
  if (index->plan().key_field() < 0) return absl::OkStatus();
  for (DocId doc = 0; doc < index->doc_count(); ++doc) {
    if (!map.empty() && map[doc] == kEndOfDocs) continue;
    SEGUE_RETURN_IF_ERROR(builder->AddKey(index->key_of(doc)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ManifestSegment> FlushToSegment(Env* env, const std::string& dir, SegmentId id,
                                               MemoryIndex* index, WorkerPool* pool,
                                               const StoredPacking& packing) {
  SEGUE_DCHECK(index->live_count() > 0);
  SegmentBuilder builder(env, dir, id, index->live_count());
  absl::Status written = WriteAll(index, pool, packing, &builder);
  absl::StatusOr<ManifestSegment> entry = written.ok() ? builder.Finish() : std::move(written);
  if (!entry.ok()) {
    // Sorting took the term tables apart; the buffer must go on working.
    for (MemoryField& field : index->fields()) field.terms().Rebuild();
  }
  return entry;
}

}  // namespace segue
