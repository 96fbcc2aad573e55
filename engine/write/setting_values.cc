// SPDX-License-Identifier: Apache-2.0
//
// Values that are set in documents which are there. In a document that is still in the memory index
// the value is noted beside the others of its field, and the flush writes it. In one of a segment
// it is noted beside the segment, as a deletion is, and becomes visible when the column is written
// once more: into memory where a snapshot of the writer or a merge wants it, into an overlay file
// where a commit does or where such notes take too much memory. The next merge has the values in
// its column.
#include <algorithm>
#include <string>
#include <utility>

#include "engine/base/nearest_name.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/file_kind.h"
#include "engine/format/file_name.h"
#include "engine/format/set_values.h"
#include "engine/format/set_values_writer.h"
#include "engine/io/path.h"
#include "engine/write/index_writer_impl.h"

namespace segue {
namespace {

absl::Status NotUpdatable(std::string_view field, const Schema& schema) {
  std::vector<std::string_view> known;
  for (const Field& candidate : schema.fields()) {
    if (candidate.options.updatable) known.push_back(candidate.name);
  }
  const std::string nearest = NearestName(field, known);
  return Error(ErrorCode::kInvalidArgument,
               Cat("no value can be set in ", Quoted(field),
                   schema.Find(field) == nullptr ? ": there is no such field"
                                                 : ": the schema does not say \"updatable\" of it",
                   nearest.empty() ? std::string() : Cat("; did you mean ", Quoted(nearest), "?")));
}

SegmentFieldMeta MetaOf(const PlannedField& field) {
  SegmentFieldMeta meta;
  meta.field = field.id;
  meta.name = field.name;
  meta.type = field.options.type;
  meta.stored = field.options.stored;
  return meta;
}

// The values of `field` in `segment`, changed.
absl::Status WriteField(const PlannedField& field, const Segment& segment,
                        const ValueChanges& changes, SetValuesWriter* writer) {
  const SegmentField* const in = segment.field(field.id);
  const std::vector<ValueChange> changed = changes.Of(field.id);
  return writer->AddField(MetaOf(field), [&](AddColumnValue add) -> absl::Status {
    ChangedColumn values(in == nullptr ? nullptr : in->column(), changed);
    for (DocId doc = 0; doc < segment.doc_count(); ++doc) {
      const std::optional<int64_t> value = values.Get(doc);
      if (!value) continue;
      SEGUE_RETURN_IF_ERROR(add(doc, *value));
    }
    return values.status();
  });
}

}  // namespace

absl::StatusOr<ManifestFile> WriteSetValues(const SegmentFolder& folder, SegmentId id,
                                            uint64_t number, const Segment& segment,
                                            const ValueChanges& changes, const IndexingPlan& plan) {
  SEGUE_ASSIGN_OR_RETURN(
      const std::unique_ptr<FramedWriter> file,
      FramedWriter::Create(folder.env, JoinPath(folder.dir, ValuesFileName(id, number)),
                           kValuesKind, kValuesVersion, id));
  SetValuesWriter writer(file.get(), id, segment.doc_count());
  const std::vector<FieldId> changed = changes.fields();
  for (const PlannedField& field : plan.fields()) {
    const bool set =
        std::binary_search(changed.begin(), changed.end(), field.id) ||
        (segment.set_values() != nullptr && segment.set_values()->meta.Find(field.id) != nullptr);
    if (!set) continue;
    SEGUE_RETURN_IF_ERROR(WriteField(field, segment, changes, &writer));
  }
  SEGUE_RETURN_IF_ERROR(writer.Finish());
  ManifestFile entry;
  entry.file_class = FileClass::kOverlay;
  entry.kind = kValuesKind;
  SEGUE_ASSIGN_OR_RETURN(entry.info, file->Finish());
  return entry;
}

absl::StatusOr<const PlannedField*> IndexWriter::Impl::UpdatableField(std::string_view name) const {
  if (key_field().empty()) {
    return Error(ErrorCode::kFailedPrecondition,
                 "the schema has no key field, so no value can be set by key");
  }
  for (const PlannedField& field : plan_->fields()) {
    if (field.name == name && field.options.updatable) return &field;
  }
  return NotUpdatable(name, schema_);
}

absl::StatusOr<bool> IndexWriter::Impl::SetValue(std::string_view key, std::string_view field,
                                                 const std::optional<Value>& value) {
  SEGUE_ASSIGN_OR_RETURN(const PlannedField* const planned, UpdatableField(field));
  std::optional<int64_t> ordered;
  if (value) {
    SEGUE_ASSIGN_OR_RETURN(ordered, OrderedValue(*planned, *value));
  }
  SEGUE_ASSIGN_OR_RETURN(KeyPlace place, FindKey(key));
  if (!place.found()) return false;
  if (place.in_memory && !memory_->SetValue(key, planned->id, ordered)) {
    SEGUE_RETURN_IF_ERROR(Flush());
    SEGUE_ASSIGN_OR_RETURN(place, FindKey(key));
  }
  if (place.in_segment) segments_.SetValue(*place.in_segment, planned->id, ordered);
  ++updated_;
  if (segments_.note_bytes() <= options_.memory_bytes / kMostInNotes) return true;
  SEGUE_RETURN_IF_ERROR(SaveValues(Home::kFolder));
  return true;
}

absl::Status IndexWriter::Impl::SaveValuesOf(ListedSegment* listed, Home home) {
  if (listed->in_memory) home = Home::kMemory;
  if (listed->notes.empty() && !(home == Home::kFolder && listed->values_bytes != 0)) {
    return absl::OkStatus();
  }
  const SegmentFolder& folder = FolderOf(home);
  const absl::StatusOr<ManifestFile> file = WriteSetValues(
      folder, listed->entry.id, NewSegmentId(home).value, *listed->segment, listed->notes, *plan_);
  if (!file.ok()) return Checked(file.status());
  absl::StatusOr<std::shared_ptr<const Segment>> segment =
      listed->segment->WithValues(folder.env, folder.dir, *file, folder.open);
  if (!segment.ok() || home == Home::kMemory) {
    (void)folder.env->Remove(JoinPath(folder.dir, file->info.name));
  }
  if (!segment.ok()) return segment.status();
  RemoveNewValues(folder_, *listed);
  listed->segment = *std::move(segment);
  listed->notes = ValueChanges();
  std::erase_if(listed->entry.files,
                [](const ManifestFile& old) { return old.kind == kValuesKind; });
  listed->new_values = home == Home::kFolder;
  listed->values_bytes = home == Home::kMemory ? file->info.length : 0;
  if (listed->new_values) listed->entry.files.push_back(*file);
  return absl::OkStatus();
}

size_t IndexWriter::Impl::updatable_count() const {
  return static_cast<size_t>(
      std::count_if(plan_->fields().begin(), plan_->fields().end(),
                    [](const PlannedField& field) { return field.options.updatable; }));
}

// Columns that lie in memory or would; a value has at most eight bytes.
uint64_t IndexWriter::Impl::ColumnsInMemory() const {
  uint64_t bytes = 0;
  for (const ListedSegment& listed : segments_.items()) {
    bytes += listed.notes.empty() ? listed.values_bytes
                                  : uint64_t{8} * listed.segment->doc_count() * updatable_count();
  }
  return bytes;
}

absl::Status IndexWriter::Impl::SaveValues(Home home) {
  if (ColumnsInMemory() > options_.memory_bytes / kMostInColumns) home = Home::kFolder;
  for (ListedSegment& listed : segments_.items()) {
    SEGUE_RETURN_IF_ERROR(SaveValuesOf(&listed, home));
  }
  return absl::OkStatus();
}

}  // namespace segue
