// SPDX-License-Identifier: Apache-2.0
//
// A segment says its number in the frame of each file and in its metadata, so adding one means to
// write its files once more under a number of ours; their bodies stay, byte for byte. All that can
// be wrong is found before the first file is written, and which of our documents are replaced
// before the first is deleted.
#include <algorithm>
#include <utility>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/dictionary_reader.h"
#include "engine/format/file_name.h"
#include "engine/io/path.h"
#include "engine/write/index_writer_impl.h"

namespace segue {
namespace {

absl::Status Refuse(const std::string& why) {
  return Error(ErrorCode::kFailedPrecondition,
               Cat("the other index cannot be added: ", why,
                   "; indexes are joined only if they were made with the same schema"));
}

// How stored fields are packed is each segment's own.
bool AreSame(const Schema& ours, Schema theirs) {
  theirs.SetStoredCompression(ours.stored_compression());
  return ours == theirs;
}

// What the first difference between two schemas is.
std::string Difference(const Schema& ours, const Schema& theirs) {
  for (const Field& field : ours.fields()) {
    const Field* other = theirs.Find(field.name);
    if (other == nullptr) return Cat("it has no field '", field.name, "'");
    if (*other != field) return Cat("its field '", field.name, "' has other options");
  }
  for (const Field& field : theirs.fields()) {
    if (ours.Find(field.name) == nullptr) {
      return Cat("it has a field '", field.name, "', which this one lacks");
    }
  }
  if (ours.key() != theirs.key()) return Cat("its key field is '", theirs.key(), "'");
  if (ours.analyzers() != theirs.analyzers()) return "its analyzers are defined otherwise";
  if (ours.default_fields() != theirs.default_fields()) return "its default fields are others";
  return "its fields come in another order";
}

// The analyzers that a program registers are no part of the schema.
absl::Status CheckAnalyzers(const Segment& theirs, const IndexingPlan& plan) {
  for (const PlannedField& field : plan.fields()) {
    const SegmentField* other = theirs.field(field.id);
    if (other == nullptr) continue;
    if (other->name() != field.name ||
        other->analyzer_fingerprint() != field.Spec().analyzer_fingerprint) {
      return Refuse(Cat("the tokens of its field '", field.name, "' come from another analyzer"));
    }
  }
  return absl::OkStatus();
}

// ---- Copying ----

absl::StatusOr<ManifestFile> CopyBody(Env* env, const std::string& dir, SegmentId id,
                                      const SegmentFileKind& kind, const Section& body) {
  SEGUE_ASSIGN_OR_RETURN(const std::unique_ptr<FramedWriter> file,
                         FramedWriter::Create(env, JoinPath(dir, SegmentFileName(id, kind.kind)),
                                              kind.kind, kind.version, id));
  for (uint64_t at = 0; at < body.size();) {
    const size_t bytes = std::min<uint64_t>(kWriteBufferBytes, body.size() - at);
    SEGUE_ASSIGN_OR_RETURN(const PinnedBytes piece, body.Pin(at, bytes));
    SEGUE_RETURN_IF_ERROR(file->Append(piece.view()));
    at += bytes;
  }
  ManifestFile entry;
  entry.kind = kind.kind;
  SEGUE_ASSIGN_OR_RETURN(entry.info, file->Finish());
  return entry;
}

absl::StatusOr<Section> BodyUnder(SegmentId id, FileKind kind, const Segment& segment,
                                  const Section& body) {
  if (kind != kMetaKind) return body;
  SegmentMeta meta = segment.meta();
  meta.segment = id;
  SEGUE_ASSIGN_OR_RETURN(const std::string encoded, meta.Encode());
  return Section::FromBytes(encoded, body.name());
}

// Adds the files to `entry` as they are finished.
absl::Status CopyFiles(Env* env, const std::string& dir, const Segment& segment,
                       ManifestSegment* entry) {
  for (const SegmentFileKind& kind : kSegmentFileKinds) {
    for (const auto& [its_kind, body] : segment.sections()) {
      if (its_kind != kind.kind) continue;
      SEGUE_ASSIGN_OR_RETURN(const Section ours, BodyUnder(entry->id, kind.kind, segment, body));
      SEGUE_ASSIGN_OR_RETURN(entry->files.emplace_back(),
                             CopyBody(env, dir, entry->id, kind, ours));
    }
  }
  return absl::OkStatus();
}

// ---- Keys ----

// Marks the live documents of `ours` whose key a live document of `theirs` has. Both dictionaries
// are sorted: each is skipped through to where the other stands.
absl::Status FindReplaced(const std::string& key_field, const Segment& ours, const Segment& theirs,
                          Bitset* replaced) {
  const SegmentField* const our_keys = ours.field(key_field);
  const SegmentField* const their_keys = theirs.field(key_field);
  if (our_keys == nullptr || our_keys->dictionary() == nullptr || their_keys == nullptr ||
      their_keys->dictionary() == nullptr) {
    return absl::OkStatus();
  }
  Dictionary::Iterator mine(*our_keys->dictionary()), other(*their_keys->dictionary());
  mine.SeekToFirst();
  other.SeekToFirst();
  while (mine.valid() && other.valid()) {
    const int order = mine.term().compare(other.term());
    if (order < 0) {
      mine.Seek(other.term());
    } else if (order > 0) {
      other.Seek(mine.term());
    } else {
      SEGUE_ASSIGN_OR_RETURN(const DocId new_doc, theirs.FindKey(key_field, other.term()));
      SEGUE_ASSIGN_OR_RETURN(const DocId old_doc, ours.FindKey(key_field, mine.term()));
      if (new_doc != kEndOfDocs && old_doc != kEndOfDocs) replaced->Set(old_doc);
      mine.Next();
      other.Next();
    }
  }
  SEGUE_RETURN_IF_ERROR(mine.status());
  return other.status();
}

}  // namespace

absl::Status IndexWriter::Impl::CheckAddable(const IndexView& other) const {
  if (!AreSame(schema_, other.schema)) return Refuse(Difference(schema_, other.schema));
  if (other.fields != field_numbers_) return Refuse("its fields were added in another order");
  for (const auto& segment : other.segments) {
    SEGUE_RETURN_IF_ERROR(CheckAnalyzers(*segment, *plan_));
  }
  return absl::OkStatus();
}

// What was copied before an error is removed.
absl::Status IndexWriter::Impl::CopySegments(const IndexView& other,
                                             std::vector<ListedSegment>* copies) {
  absl::Status status;
  for (size_t i = 0; i < other.segments.size() && status.ok(); ++i) {
    const Segment& segment = *other.segments[i];
    if (segment.live_count() == 0) continue;
    ManifestSegment entry;
    entry.id = NewSegmentId(Home::kFolder);
    entry.doc_count = segment.doc_count();
    entry.stats = other.entries[i].stats;
    status = CopyFiles(env_, dir_, segment, &entry);
    if (!status.ok()) {
      ListedSegment part;
      part.entry = std::move(entry);
      RemoveFiles(folder_, part);
      break;
    }
    absl::StatusOr<ListedSegment> copy = OpenNew(std::move(entry), Home::kFolder);
    status = copy.status();
    if (!status.ok()) break;
    if (segment.live() != nullptr) copy->live = *segment.live();
    copies->push_back(*std::move(copy));
    if (segment.set_values() == nullptr) continue;
    status = CopySetValues(segment, &copies->back());
  }
  if (!status.ok()) {
    for (const ListedSegment& copy : *copies) RemoveFiles(folder_, copy);
  }
  return Checked(std::move(status));
}

absl::Status IndexWriter::Impl::CopySetValues(const Segment& segment, ListedSegment* copy) {
  SEGUE_ASSIGN_OR_RETURN(ManifestFile file,
                         WriteSetValues(folder_, copy->entry.id, NewSegmentId(Home::kFolder).value,
                                        segment, ValueChanges(), *plan_));
  copy->entry.files.push_back(file);
  copy->new_values = true;
  SEGUE_ASSIGN_OR_RETURN(copy->segment, copy->segment->WithValues(env_, dir_, file, folder_.open));
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> IndexWriter::Impl::AddIndex(const IndexView& other) {
  SEGUE_RETURN_IF_ERROR(CheckAddable(other));
  SEGUE_RETURN_IF_ERROR(Flush());
  std::vector<Bitset> replaced;
  for (const ListedSegment& ours : segments_.items()) {
    Bitset& set = replaced.emplace_back(ours.segment->doc_count());
    if (key_field().empty()) continue;
    const std::shared_ptr<const Segment> current = ours.Current();
    for (const auto& theirs : other.segments) {
      SEGUE_RETURN_IF_ERROR(FindReplaced(schema_.key(), *current, *theirs, &set));
    }
  }
  std::vector<ListedSegment> copies;
  SEGUE_RETURN_IF_ERROR(CopySegments(other, &copies));
  for (size_t i = 0; i < replaced.size(); ++i) deleted_ += segments_.Delete(i, replaced[i]);
  uint64_t documents = 0;
  for (ListedSegment& copy : copies) {
    documents += copy.live_count();
    segments_.Add(std::move(copy));
  }
  added_ += documents;
  return documents;
}

}  // namespace segue
