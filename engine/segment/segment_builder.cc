// SPDX-License-Identifier: Apache-2.0
//
// The builder owns one framed file per kind and opens it when its first byte is
// wanted, so that a segment has no empty files. Terms, postings, positions,
// bounds and norms of all fields follow each other in five files; what tells
// them apart goes to the metadata file, which is written last.
#include "engine/segment/segment_builder.h"

#include <algorithm>
#include <new>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/format/file_kind.h"
#include "engine/format/manifest_io.h"
#include "engine/rank/length_norm.h"

namespace segue {
namespace {

uint32_t VersionOf(FileKind kind) {
  for (const SegmentFileKind& known : kSegmentFileKinds) {
    if (known.kind == kind) return known.version;
  }
  return 0;
}

absl::Status WrongOrder(std::string_view what) {
  return Error(ErrorCode::kInternal, Cat("segment builder: ", what));
}

}  // namespace

SegmentBuilder::SegmentBuilder(Env* env, std::string dir, SegmentId id, DocId doc_count)
    : env_(env), dir_(std::move(dir)) {
  SEGUE_DCHECK_LE(doc_count, kMaxDocsInSegment);
  meta_.segment = id;
  meta_.doc_count = doc_count;
}

SegmentBuilder::~SegmentBuilder() {
  if (done_) return;
  // The format writers point into the files, which remove themselves.
  postings_.reset();
  files_.clear();
}

uint8_t SegmentBuilder::NormOfLength(uint32_t length) { return EncodeLength(length); }

absl::StatusOr<FramedWriter*> SegmentBuilder::Open(FileKind kind) {
  for (OpenFile& file : files_) {
    if (file.kind == kind) return file.writer.get();
  }
  SEGUE_ASSIGN_OR_RETURN(
      std::unique_ptr<FramedWriter> writer,
      FramedWriter::Create(env_, JoinPath(dir_, SegmentFileName(meta_.segment, kind)), kind,
                           VersionOf(kind), meta_.segment));
  files_.push_back({kind, std::move(writer)});
  return files_.back().writer.get();
}

SegmentFieldMeta* SegmentBuilder::Find(FieldId field) {
  for (SegmentFieldMeta& meta : meta_.fields) {
    if (meta.field == field) return &meta;
  }
  return nullptr;
}

absl::Status SegmentBuilder::AddField(const SegmentFieldSpec& spec) {
  if (!files_.empty()) return WrongOrder("a field after data");
  if (!meta_.fields.empty() && meta_.fields.back().field >= spec.id) {
    return WrongOrder("fields out of order");
  }
  SegmentFieldMeta field;
  field.field = spec.id;
  field.name = spec.name;
  field.type = spec.type;
  field.stored = spec.stored;
  field.multi = spec.multi;
  field.analyzer_fingerprint = spec.analyzer_fingerprint;
  meta_.fields.push_back(std::move(field));
  specs_.push_back(spec);
  return absl::OkStatus();
}

absl::Status SegmentBuilder::StartTerms(FieldId field, std::span<const uint8_t> norms,
                                        float average_length) {
  SegmentFieldMeta* const meta = Find(field);
  if (meta == nullptr || terms_field_ != nullptr || meta->dictionary) {
    return WrongOrder("StartTerms");
  }
  const SegmentFieldSpec& spec = specs_[meta - meta_.fields.data()];
  SEGUE_ASSIGN_OR_RETURN(FramedWriter * terms, Open(kTermsKind));
  SEGUE_ASSIGN_OR_RETURN(FramedWriter * post, Open(kPostingsKind));
  SEGUE_ASSIGN_OR_RETURN(FramedWriter * bound, Open(kBoundsKind));
  SEGUE_ASSIGN_OR_RETURN(FramedWriter * norm_file, Open(kNormsKind));
  if (postings_ == nullptr) {
    // The positions file is there from the start if any field will want it:
    // one writer serves all fields.
    const bool any_positions = std::any_of(specs_.begin(), specs_.end(),
                                           [](const SegmentFieldSpec& s) { return s.positions; });
    FramedWriter* pos = nullptr;
    if (any_positions) {
      SEGUE_ASSIGN_OR_RETURN(pos, Open(kPositionsKind));
    }
    postings_ = std::make_unique<PostingsWriter>(post, pos, bound);
    dictionary_ = std::make_unique<DictionaryWriter>(terms);
    norms_ = std::make_unique<NormsWriter>(norm_file);
  }
  meta->indexed = true;
  meta->freqs = spec.freqs;
  meta->positions = spec.positions;
  meta->bounds = BoundParameters{spec.k1, spec.b, average_length};
  if (norms.empty()) {
    const std::vector<uint8_t> ones(meta_.doc_count, 1);
    SEGUE_ASSIGN_OR_RETURN(meta->norms, norms_->Add(ones));
  } else {
    SEGUE_DCHECK_EQ(norms.size(), meta_.doc_count);
    SEGUE_ASSIGN_OR_RETURN(meta->norms, norms_->Add(norms));
  }
  SEGUE_RETURN_IF_ERROR(dictionary_->StartField(field));
  list_options_ = {.doc_count = meta_.doc_count,
                   .norms = norms.empty() ? nullptr : norms.data(),
                   .has_freqs = spec.freqs,
                   .has_positions = spec.positions,
                   .k1 = spec.k1,
                   .b = spec.b,
                   .average_length = average_length};
  postings_->StartField(list_options_);
  terms_field_ = meta;
  return absl::OkStatus();
}

absl::Status SegmentBuilder::FinishTerm(std::string_view term) {
  SEGUE_DCHECK(terms_field_ != nullptr);
  SEGUE_ASSIGN_OR_RETURN(const TermMeta meta, postings_->FinishTerm());
  return AddToDictionary(term, meta);
}

absl::Status SegmentBuilder::AddTerm(std::string_view term, const EncodedList& list) {
  SEGUE_DCHECK(terms_field_ != nullptr);
  SEGUE_ASSIGN_OR_RETURN(const TermMeta meta, postings_->Append(list));
  return AddToDictionary(term, meta);
}

absl::Status SegmentBuilder::AddToDictionary(std::string_view term, const TermMeta& meta) {
  terms_field_->sum_doc_freq += meta.doc_freq;
  terms_field_->sum_total_freq += meta.total_freq;
  return dictionary_->Add(term, meta);
}

absl::Status SegmentBuilder::FinishTerms(const SegmentFieldLengths& lengths) {
  if (terms_field_ == nullptr) return WrongOrder("FinishTerms");
  SEGUE_ASSIGN_OR_RETURN(terms_field_->dictionary, dictionary_->FinishField());
  terms_field_->doc_count = lengths.doc_count;
  terms_field_->min_length = lengths.min_length;
  terms_field_->max_length = lengths.max_length;
  terms_field_ = nullptr;
  return absl::OkStatus();
}

absl::StatusOr<ColumnWriter*> SegmentBuilder::StartColumn(FieldId field) {
  SegmentFieldMeta* const meta = Find(field);
  if (meta == nullptr || column_field_ != nullptr || meta->column) {
    return WrongOrder("StartColumn");
  }
  SEGUE_ASSIGN_OR_RETURN(FramedWriter * file, Open(kColumnsKind));
  column_ = std::make_unique<ColumnWriter>(file, meta->type, meta->multi);
  column_field_ = meta;
  return column_.get();
}

absl::Status SegmentBuilder::FinishColumn(ColumnValues values) {
  if (column_field_ == nullptr) return WrongOrder("FinishColumn");
  SEGUE_ASSIGN_OR_RETURN(column_field_->column, column_->Finish(meta_.doc_count, values));
  column_.reset();
  column_field_ = nullptr;
  return absl::OkStatus();
}

absl::Status SegmentBuilder::StartStored(StoredCodec codec, std::string dictionary) {
  if (stored_ != nullptr) return WrongOrder("StartStored");
  SEGUE_ASSIGN_OR_RETURN(FramedWriter * file, Open(kStoredKind));
  stored_ = std::make_unique<StoredWriter>(file, codec, std::move(dictionary));
  return absl::OkStatus();
}

absl::Status SegmentBuilder::AddStored(std::string_view encoded) {
  if (stored_ == nullptr) SEGUE_RETURN_IF_ERROR(StartStored(StoredCodec::kSnappy, {}));
  ++stored_count_;
  return stored_->AddEncoded(encoded);
}

absl::Status SegmentBuilder::AddKey(std::string_view key) {
  if (keys_ == nullptr) {
    SEGUE_ASSIGN_OR_RETURN(FramedWriter * file, Open(kKeysKind));
    keys_ = std::make_unique<KeyColumnWriter>(file);
  }
  ++key_count_;
  return keys_->Add(key);
}

absl::StatusOr<std::unique_ptr<FramedWriter>> SegmentBuilder::WriteMeta() {
  SEGUE_ASSIGN_OR_RETURN(const std::string body, meta_.Encode());
  SEGUE_ASSIGN_OR_RETURN(
      std::unique_ptr<FramedWriter> file,
      FramedWriter::Create(env_, JoinPath(dir_, SegmentFileName(meta_.segment, kMetaKind)),
                           kMetaKind, kMetaVersion, meta_.segment));
  SEGUE_RETURN_IF_ERROR(file->Append(body));
  return file;
}

absl::StatusOr<ManifestSegment> SegmentBuilder::Finish() {
  if (terms_field_ != nullptr || column_field_ != nullptr) {
    return WrongOrder("Finish inside a field");
  }
  if (stored_ != nullptr) {
    if (stored_count_ != meta_.doc_count) return WrongOrder("stored documents");
    SEGUE_ASSIGN_OR_RETURN(meta_.stored, stored_->Finish());
  }
  if (keys_ != nullptr) {
    if (key_count_ != meta_.doc_count) return WrongOrder("keys");
    SEGUE_ASSIGN_OR_RETURN(meta_.keys, keys_->Finish());
  }
  ManifestSegment entry;
  entry.id = meta_.segment;
  entry.doc_count = meta_.doc_count;
  uint64_t tokens = 0;
  for (const SegmentFieldMeta& field : meta_.fields) {
    tokens += field.sum_total_freq;
  }
  entry.stats.emplace_back("tokens", tokens);
  SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<FramedWriter> meta, WriteMeta());
  files_.insert(files_.begin(), {kMetaKind, std::move(meta)});
  std::vector<FramedWriter*> writers;
  for (const OpenFile& file : files_) writers.push_back(file.writer.get());
  entry.files.resize(files_.size());  // what could fail is behind us once the files are finished
  SEGUE_ASSIGN_OR_RETURN(std::vector<FileInfo> infos, FramedWriter::FinishAll(env_, writers));
  for (size_t i = 0; i < files_.size(); ++i) {
    entry.files[i] = {FileClass::kImmutable, files_[i].kind, std::move(infos[i])};
  }
  done_ = true;
  return entry;
}

}  // namespace segue
