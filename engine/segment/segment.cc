// SPDX-License-Identifier: Apache-2.0
//
// Opening goes from the manifest's entry to the metadata file, and from there to
// each field's parts. All files are opened first, also those that a search may
// never touch: a writer may unlink them at any moment afterwards.
#include "engine/segment/segment.h"

#include <algorithm>
#include <deque>
#include <optional>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/format/column_reader.h"
#include "engine/format/dictionary_reader.h"
#include "engine/format/file_kind.h"
#include "engine/format/key_column.h"
#include "engine/format/live_docs.h"
#include "engine/format/manifest.h"
#include "engine/format/manifest_io.h"
#include "engine/format/postings_reader.h"
#include "engine/format/segment_meta.h"
#include "engine/format/set_values.h"
#include "engine/format/stored_reader.h"
#include "engine/io/framed_file.h"

namespace segue {

struct Segment::Parts {
  SegmentMeta meta;
  std::vector<SegmentField> fields;
  // What the fields point to; a deque never moves its elements.
  std::deque<Dictionary> dictionaries;
  std::deque<Norms> norms;
  std::deque<PostingsSource> postings;
  std::deque<Column> columns;
  std::optional<StoredReader> stored;
  std::optional<KeyColumn> keys;
  std::vector<std::pair<FileKind, Section>> sections;
  std::vector<std::pair<std::string, uint64_t>> files;
  uint64_t total_bytes = 0;

  absl::Status OpenFiles(Env* env, std::string_view dir, const ManifestSegment& entry,
                         const OpenOptions& options);
  absl::Status ReadMeta(const ManifestSegment& entry);
  absl::Status OpenFields();
  absl::Status OpenTerms(const SegmentFieldMeta& meta, SegmentField* field);
  absl::StatusOr<Section> Need(FileKind kind) const;
};

struct Segment::Values {
  ManifestFile file;
  Section body;
  SetValues set;
  std::vector<SegmentField> fields;  // all of the segment's, by ascending id

  absl::Status PutInto(const std::vector<SegmentField>& before);
};

namespace {

// The bytes of an overlay file, which the entry lists.
absl::StatusOr<Section> OpenOverlay(Env* env, std::string_view dir, SegmentId id,
                                    const ManifestFile& file, uint32_t version,
                                    const OpenOptions& options) {
  OpenOptions overlay_options = options;
  overlay_options.expected_length = file.info.length;
  overlay_options.expected_crc32c = file.info.crc32c;
  overlay_options.max_version = version;
  return OpenFramed(env, JoinPath(dir, file.info.name), file.kind, id, overlay_options);
}

absl::Status VerifySection(const Section& section) {
  for (uint64_t at = 0; at < section.size(); at += kChecksumBlockBytes) {
    const uint64_t bytes = std::min<uint64_t>(kChecksumBlockBytes, section.size() - at);
    SEGUE_RETURN_IF_ERROR(section.Pin(at, bytes).status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Segment::Parts::OpenFiles(Env* env, std::string_view dir, const ManifestSegment& entry,
                                       const OpenOptions& options) {
  for (const ManifestFile& file : entry.files) {
    if (file.file_class != FileClass::kImmutable) continue;
    const auto known = std::find_if(std::begin(kSegmentFileKinds), std::end(kSegmentFileKinds),
                                    [&](const SegmentFileKind& k) { return k.kind == file.kind; });
    // Kinds of later versions that this one may ignore.
    if (known == std::end(kSegmentFileKinds)) continue;
    OpenOptions file_options = options;
    file_options.expected_length = file.info.length;
    file_options.expected_crc32c = file.info.crc32c;
    file_options.min_version = known->version;
    file_options.max_version = known->version;
    SEGUE_ASSIGN_OR_RETURN(Section body, OpenFramed(env, JoinPath(dir, file.info.name), file.kind,
                                                    entry.id, file_options));
    sections.emplace_back(file.kind, std::move(body));
    files.emplace_back(file.info.name, file.info.length);
    total_bytes += file.info.length;
  }
  return absl::OkStatus();
}

absl::StatusOr<Section> Segment::Parts::Need(FileKind kind) const {
  for (const auto& [k, section] : sections) {
    if (k == kind) return section;
  }
  return Error(
      ErrorCode::kDataLoss,
      Cat("segment ", meta.segment.ToString(), ": the manifest lists ", "no file of kind '",
          kind.ToString(), "', which the segment's metadata asks for"));
}

absl::Status Segment::Parts::ReadMeta(const ManifestSegment& entry) {
  meta.segment = entry.id;
  SEGUE_ASSIGN_OR_RETURN(const Section body, Need(kMetaKind));
  SEGUE_ASSIGN_OR_RETURN(const PinnedBytes bytes, body.PinAll());
  absl::StatusOr<SegmentMeta> decoded = SegmentMeta::Decode(bytes.span());
  if (!decoded.ok()) return Annotate(decoded.status(), body.name());
  meta = *std::move(decoded);
  if (meta.segment != entry.id || meta.doc_count != entry.doc_count) {
    return body.Corrupt(
        0, Cat("found segment ", meta.segment.ToString(), " of ", meta.doc_count,
               " documents, the manifest says ", entry.id.ToString(), " of ", entry.doc_count));
  }
  return absl::OkStatus();
}

absl::Status Segment::Parts::OpenTerms(const SegmentFieldMeta& field_meta, SegmentField* field) {
  SEGUE_ASSIGN_OR_RETURN(const Section terms, Need(kTermsKind));
  SEGUE_ASSIGN_OR_RETURN(Dictionary dictionary, Dictionary::Open(terms, *field_meta.dictionary));
  PostingsSource source;
  source.doc_count = meta.doc_count;
  source.has_freqs = field_meta.freqs;
  source.has_positions = field_meta.positions;
  SEGUE_ASSIGN_OR_RETURN(source.post, Need(kPostingsKind));
  SEGUE_ASSIGN_OR_RETURN(source.bound, Need(kBoundsKind));
  if (field_meta.positions) {
    SEGUE_ASSIGN_OR_RETURN(source.pos, Need(kPositionsKind));
  }
  SEGUE_ASSIGN_OR_RETURN(const Section norm_file, Need(kNormsKind));
  if (!field_meta.norms) {
    return norm_file.Corrupt(0, Cat("no norms for the indexed field '", field_meta.name, "'"));
  }
  SEGUE_ASSIGN_OR_RETURN(Norms field_norms, Norms::Open(norm_file, *field_meta.norms));
  field->norms_ = &norms.emplace_back(std::move(field_norms));
  field->dictionary_ = &dictionaries.emplace_back(std::move(dictionary));
  field->postings_ = &postings.emplace_back(std::move(source));
  return absl::OkStatus();
}

absl::Status Segment::Parts::OpenFields() {
  fields.reserve(meta.fields.size());
  for (const SegmentFieldMeta& field_meta : meta.fields) {
    SegmentField field;
    field.meta_ = &field_meta;
    field.statistics_ = {.doc_count = field_meta.doc_count,
                         .sum_total_freq = field_meta.sum_total_freq};
    if (field_meta.dictionary) {
      SEGUE_RETURN_IF_ERROR(OpenTerms(field_meta, &field));
    }
    if (field_meta.column) {
      SEGUE_ASSIGN_OR_RETURN(const Section body, Need(kColumnsKind));
      SEGUE_ASSIGN_OR_RETURN(Column column, Column::Open(body, *field_meta.column));
      field.column_ = &columns.emplace_back(std::move(column));
    }
    fields.push_back(field);
  }
  if (meta.stored) {
    SEGUE_ASSIGN_OR_RETURN(const Section body, Need(kStoredKind));
    SEGUE_ASSIGN_OR_RETURN(stored, StoredReader::Open(body, *meta.stored));
  }
  if (meta.keys) {
    SEGUE_ASSIGN_OR_RETURN(const Section body, Need(kKeysKind));
    SEGUE_ASSIGN_OR_RETURN(keys, KeyColumn::Open(body, *meta.keys));
  }
  return absl::OkStatus();
}

Segment::~Segment() = default;

absl::StatusOr<std::shared_ptr<const Segment>> Segment::Open(Env* env, std::string_view dir,
                                                             const ManifestSegment& entry,
                                                             const OpenOptions& options) {
  auto parts = std::make_shared<Parts>();
  SEGUE_RETURN_IF_ERROR(parts->OpenFiles(env, dir, entry, options));
  SEGUE_RETURN_IF_ERROR(parts->ReadMeta(entry));
  SEGUE_RETURN_IF_ERROR(parts->OpenFields());
  std::shared_ptr<Segment> segment(new Segment());
  segment->id_ = entry.id;
  segment->doc_count_ = segment->live_count_ = entry.doc_count;
  segment->parts_ = std::move(parts);
  return segment->InGeneration(env, dir, entry, options);
}

absl::StatusOr<std::shared_ptr<const Bitset>> Segment::LiveIn(Env* env, std::string_view dir,
                                                              const ManifestSegment& entry,
                                                              const OpenOptions& options) const {
  if (entry.live_generation == 0) return nullptr;
  const ManifestFile* file = entry.Find(kLiveKind);
  const std::string name = LiveFileName(entry.id, entry.live_generation);
  if (file == nullptr || file->info.name != name) {
    return Error(ErrorCode::kDataLoss,
                 Cat("segment ", entry.id.ToString(),
                     ": the manifest does not list its live documents, '", name, "'"));
  }
  SEGUE_ASSIGN_OR_RETURN(const Section body,
                         OpenOverlay(env, dir, entry.id, *file, kLiveVersion, options));
  SEGUE_ASSIGN_OR_RETURN(LiveDocs live, ReadLiveDocs(body, doc_count_));
  if (entry.deleted_count != doc_count_ - live.live_count) {
    return body.Corrupt(4, Cat("found ", live.live_count, " live documents, the manifest says ",
                               doc_count_ - entry.deleted_count));
  }
  return std::make_shared<const Bitset>(std::move(live.bits));
}

absl::StatusOr<std::shared_ptr<const Segment>> Segment::InGeneration(
    Env* env, std::string_view dir, const ManifestSegment& entry,
    const OpenOptions& options) const {
  SEGUE_ASSIGN_OR_RETURN(std::shared_ptr<const Bitset> live, LiveIn(env, dir, entry, options));
  const std::shared_ptr<Segment> segment = Clone();
  segment->SetLive(std::move(live));
  const ManifestFile* const values = entry.Find(kValuesKind);
  if (values == nullptr) segment->values_ = nullptr;
  if (values == nullptr || (values_ != nullptr && values_->file == *values)) return segment;
  return segment->WithValues(env, dir, *values, options);
}

std::shared_ptr<Segment> Segment::Clone() const {
  std::shared_ptr<Segment> segment(new Segment());
  segment->id_ = id_;
  segment->doc_count_ = doc_count_;
  segment->live_count_ = live_count_;
  segment->live_ = live_;
  segment->values_ = values_;
  segment->parts_ = parts_;
  return segment;
}

void Segment::SetLive(std::shared_ptr<const Bitset> live) {
  live_count_ = live == nullptr ? doc_count_ : static_cast<uint32_t>(live->Count());
  live_ = std::move(live);
}

std::shared_ptr<const Segment> Segment::WithLive(std::shared_ptr<const Bitset> live) const {
  const std::shared_ptr<Segment> segment = Clone();
  segment->SetLive(std::move(live));
  return segment;
}

// A field that no document had when the segment was written may have got its first value since.
absl::Status Segment::Values::PutInto(const std::vector<SegmentField>& before) {
  fields = before;
  for (size_t i = 0; i < set.columns.size(); ++i) {
    const SegmentFieldMeta& meta = set.meta.fields[i];
    const auto at = std::lower_bound(
        fields.begin(), fields.end(), meta.field,
        [](const SegmentField& field, FieldId wanted) { return field.id() < wanted; });
    if (at == fields.end() || at->id() != meta.field) {
      SegmentField field;
      field.meta_ = &meta;
      field.column_ = &set.columns[i];
      fields.insert(at, field);
    } else if (at->name() == meta.name && at->type() == meta.type) {
      at->column_ = &set.columns[i];
    } else {
      return body.Corrupt(0, Cat("values of the field ", Quoted(meta.name), " were set as of a ",
                                 FieldTypeName(meta.type), ", the segment has ", Quoted(at->name()),
                                 ", a ", FieldTypeName(at->type())));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const Segment>> Segment::WithValues(
    Env* env, std::string_view dir, const ManifestFile& file, const OpenOptions& options) const {
  auto values = std::make_shared<Values>();
  values->file = file;
  SEGUE_ASSIGN_OR_RETURN(values->body, OpenOverlay(env, dir, id_, file, kValuesVersion, options));
  SEGUE_ASSIGN_OR_RETURN(values->set, ReadSetValues(values->body, id_, doc_count_));
  SEGUE_RETURN_IF_ERROR(values->PutInto(parts_->fields));
  const std::shared_ptr<Segment> segment = Clone();
  segment->values_ = std::move(values);
  return segment;
}

const SetValues* Segment::set_values() const {
  return values_ == nullptr ? nullptr : &values_->set;
}

const SegmentMeta& Segment::meta() const { return parts_->meta; }

std::span<const SegmentField> Segment::fields() const {
  return values_ == nullptr ? parts_->fields : values_->fields;
}

const SegmentField* Segment::field(std::string_view name) const {
  for (const SegmentField& field : fields()) {
    if (field.name() == name) return &field;
  }
  return nullptr;
}

const SegmentField* Segment::field(FieldId id) const {
  const std::span<const SegmentField> all = fields();
  const auto found = std::lower_bound(
      all.begin(), all.end(), id,
      [](const SegmentField& field, FieldId wanted) { return field.id() < wanted; });
  return found == all.end() || found->id() != id ? nullptr : &*found;
}

const StoredReader* Segment::stored() const { return parts_->stored ? &*parts_->stored : nullptr; }

const KeyColumn* Segment::keys() const { return parts_->keys ? &*parts_->keys : nullptr; }

const std::vector<std::pair<std::string, uint64_t>>& Segment::files() const {
  return parts_->files;
}

uint64_t Segment::total_bytes() const { return parts_->total_bytes; }

std::span<const std::pair<FileKind, Section>> Segment::sections() const { return parts_->sections; }

absl::Status Segment::VerifyFiles() const {
  for (const auto& [kind, section] : parts_->sections) {
    SEGUE_RETURN_IF_ERROR(VerifySection(section));
  }
  return values_ == nullptr ? absl::OkStatus() : VerifySection(values_->body);
}

absl::StatusOr<DocId> Segment::FindKey(std::string_view field_name, std::string_view key) const {
  const SegmentField* key_field = field(field_name);
  if (key_field == nullptr || key_field->dictionary() == nullptr) {
    return kEndOfDocs;
  }
  SEGUE_ASSIGN_OR_RETURN(const std::optional<TermEntry> entry, key_field->dictionary()->Find(key));
  if (!entry) return kEndOfDocs;
  if (entry->meta.doc_freq == 1) {
    return IsLive(entry->meta.single_doc) ? entry->meta.single_doc : kEndOfDocs;
  }
  SEGUE_ASSIGN_OR_RETURN(const PostingList list,
                         PostingList::Open(key_field->postings(), entry->meta, false));
  DocId docs[kBlockPostings];
  for (uint32_t block = 0; block < list.block_count(); ++block) {
    const uint32_t count = list.DecodeDocs(block, docs);
    if (count == 0) return list.status();
    for (uint32_t i = 0; i < count; ++i) {
      if (IsLive(docs[i])) return docs[i];
    }
  }
  return kEndOfDocs;
}

}  // namespace segue
