// SPDX-License-Identifier: Apache-2.0
#include "engine/write/flush.h"

#include <utility>

#include "engine/base/check.h"
#include "engine/base/status.h"
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

absl::Status WriteColumn(const MemoryField& field, const DocMap& map, SegmentBuilder* builder) {
  if (field.column_docs().empty()) return absl::OkStatus();
  SEGUE_ASSIGN_OR_RETURN(ColumnWriter * column, builder->StartColumn(field.plan().id));
  for (size_t i = 0; i < field.column_docs().size(); ++i) {
    const DocId doc = field.column_docs()[i];
    const DocId mapped = map.empty() ? doc : map[doc];
    if (mapped == kEndOfDocs) continue;
    SEGUE_RETURN_IF_ERROR(column->Add(mapped, field.column_values()[i]));
  }
  return builder->FinishColumn();
}

absl::Status WriteAll(MemoryIndex* index, WorkerPool* pool, SegmentBuilder* builder) {
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
  const bool keys = index->plan().key_field() >= 0;
  for (DocId doc = 0; doc < index->doc_count(); ++doc) {
    if (!map.empty() && map[doc] == kEndOfDocs) continue;
    if (index->plan().stores_anything()) {
      SEGUE_RETURN_IF_ERROR(builder->AddStored(index->stored().Get(doc)));
    }
    if (keys) SEGUE_RETURN_IF_ERROR(builder->AddKey(index->key_of(doc)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ManifestSegment> FlushToSegment(Env* env, const std::string& dir, SegmentId id,
                                               MemoryIndex* index, WorkerPool* pool) {
  SEGUE_DCHECK(index->live_count() > 0);
  SegmentBuilder builder(env, dir, id, index->live_count());
  absl::Status written = WriteAll(index, pool, &builder);
  absl::StatusOr<ManifestSegment> entry = written.ok() ? builder.Finish() : std::move(written);
  if (!entry.ok()) {
    // Sorting took the term tables apart; the buffer must go on working.
    for (MemoryField& field : index->fields()) field.terms().Rebuild();
  }
  return entry;
}

}  // namespace segue
