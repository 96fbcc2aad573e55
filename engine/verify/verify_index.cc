// SPDX-License-Identifier: Apache-2.0
//
// From the outside in: the manifest, the files it lists, each segment by itself, and at last what
// holds across segments.
#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "engine/format/file_kind.h"
#include "engine/format/key_column.h"
#include "engine/format/manifest.h"
#include "engine/format/manifest_io.h"
#include "engine/format/stored_reader.h"
#include "engine/io/framed_file.h"
#include "engine/segment/segment.h"
#include "engine/verify/column_check.h"
#include "engine/verify/field_check.h"
#include "engine/verify/fingerprint.h"
#include "engine/verify/problems.h"
#include "engine/verify/stored_check.h"
#include "engine/verify/verify.h"
#include "segue/schema.h"

namespace segue {
namespace {

class IndexCheck {
 public:
  IndexCheck(Env* env, const std::string& dir, const VerifyOptions& options, VerifyReport* report)
      : env_(env), dir_(dir), options_(options), report_(report), problems_(report, options) {}

  absl::Status Run();

 private:
  void CheckManifest();
  void CheckFiles(const ManifestSegment& entry);
  void CheckMeta(const Segment& segment, const ManifestSegment& entry);
  void CheckSegment(const Segment& segment, const ManifestSegment& entry);
  absl::Status OpenAndCheck(const ManifestSegment& entry, const OpenOptions& options);
  void CheckField(const Segment& segment, const SegmentField& field, Balance* balance,
                  Balance* key_balance);
  void CheckBalance(const Balance& balance);
  void CheckKeys(const Segment& segment, Balance* key_balance);
  void CheckUniqueKeys();
  void Phase(const std::string& what) {
    if (options_.progress) options_.progress(what);
  }

  Env* const env_;
  const std::string dir_;
  const VerifyOptions& options_;
  VerifyReport* const report_;
  Problems problems_;
  Manifest manifest_;
  Schema schema_;
  std::unique_ptr<StoredCheck> stored_;

  struct KeyPlace {
    uint64_t hash;
    uint32_t segment;
    DocId doc;
    bool operator<(const KeyPlace& other) const { return hash < other.hash; }
  };
  std::vector<KeyPlace> keys_;  // of live documents
  std::vector<std::shared_ptr<const Segment>> segments_;
};

void IndexCheck::CheckManifest() {
  problems_.SetPlace("manifest");
  absl::StatusOr<Schema> schema = Schema::FromJson(manifest_.schema_json);
  if (!schema.ok()) {
    problems_.Add(Cat("its schema cannot be read: ", MessageOf(schema.status())));
  } else {
    schema_ = *std::move(schema);
    const absl::Status valid = schema_.Validate();
    if (!valid.ok()) problems_.Add(Cat("its schema contradicts itself: ", MessageOf(valid)));
  }
  std::set<std::string> names;
  for (const ManifestField& field : manifest_.fields) {
    names.insert(field.name);
    if (field.id >= manifest_.next_field_id) {
      problems_.Add(Cat("field ", Quoted(field.name), " has a number that was never given out"));
    }
  }
  for (const Field& field : schema_.fields()) {
    if (!names.contains(field.name)) {
      problems_.Add(Cat("field ", Quoted(field.name), " of the schema has no number"));
    }
  }
  std::set<uint64_t> ids;
  for (const ManifestSegment& segment : manifest_.segments) {
    const std::string name = Cat("segment ", segment.id.ToString());
    if (!ids.insert(segment.id.value).second) problems_.Add(Cat(name, " is listed twice"));
    if (segment.id.value >= manifest_.next_segment_id) {
      problems_.Add(Cat(name, " has a number that was never given out"));
    }
  }
}

void IndexCheck::CheckFiles(const ManifestSegment& entry) {
  for (const ManifestFile& file : entry.files) {
    report_->bytes += file.info.length;
    if (file.file_class == FileClass::kMutable) continue;
    problems_.Take(VerifyFile(env_, Cat(dir_, "/", file.info.name), file.info));
  }
}

void IndexCheck::CheckField(const Segment& segment, const SegmentField& field, Balance* balance,
                            Balance* key_balance) {
  const Field* known = schema_.Find(field.name());
  const std::string name = Cat("field ", Quoted(field.name()));
  if (known == nullptr) {
    problems_.Add(Cat(name, ": the schema does not have it"));
  } else if (known->options.type != field.type()) {
    problems_.Add(Cat(name, ": is ", FieldTypeName(field.type()), " here and ",
                      FieldTypeName(known->options.type), " in the schema"));
  } else if (known->options.stored != field.stored() || known->options.multi != field.multi() ||
             (field.dictionary() != nullptr && field.type() == FieldType::kText &&
              known->options.positions != field.has_positions())) {
    problems_.Add(Cat(name, ": what is kept of it is not what the schema says"));
  }
  for (const ManifestField& numbered : manifest_.fields) {
    if (numbered.name == field.name() && numbered.id != field.id()) {
      problems_.Add(
          Cat(name, ": has number ", field.id(), " here and ", numbered.id, " in the manifest"));
    }
  }
  const uint64_t salt = balance == nullptr ? 0 : stored_->SaltOf(segment, field.id());
  if (salt == 0) balance = nullptr;
  if (salt != 0) ++report_->fields_compared;
  if (field.dictionary() != nullptr) {
    const bool is_key = !schema_.key().empty() && field.name() == schema_.key();
    FieldCheck(segment, field, salt, balance, is_key ? key_balance : nullptr, &problems_).Run();
  }
  if (field.column() != nullptr) CheckColumn(segment, field, salt, balance, &problems_);
}

void IndexCheck::CheckBalance(const Balance& balance) {
  if (problems_.stop()) return;
  uint64_t different = 0;
  DocId first = 0;
  for (DocId doc = 0; doc < balance.size(); ++doc) {
    if (balance[doc] == 0) continue;
    if (different++ == 0) first = doc;
  }
  if (different == 0) return;
  problems_.Add(Cat("the index and the stored values of document ", first, " differ",
                    different == 1 ? std::string() : Cat(" (and of ", different - 1, " others)")));
}

void IndexCheck::CheckKeys(const Segment& segment, Balance* key_balance) {
  const KeyColumn* keys = segment.keys();
  if (schema_.key().empty()) return;
  if (keys == nullptr) {
    problems_.Add("the schema has a key field, the segment no keys");
    return;
  }
  if (keys->doc_count() != segment.doc_count()) {
    problems_.Add(
        Cat("keys of ", keys->doc_count(), " documents, the segment has ", segment.doc_count()));
    return;
  }
  std::string key;
  for (DocId doc = 0; doc < segment.doc_count() && !problems_.stop(); ++doc) {
    if (problems_.Take(Annotate(keys->Get(doc, &key), Cat("key of document ", doc)))) continue;
    const uint64_t hash = HashBytes(key);
    if ((*key_balance)[doc] != hash) {
      problems_.Add(Cat("the key of document ", doc, " is not its only term in the key field"));
    }
    if (segment.IsLive(doc)) {
      keys_.push_back({hash, static_cast<uint32_t>(segments_.size()) - 1, doc});
    }
  }
}

// The metadata has one spelling; another one that means the same was not written by us.
void IndexCheck::CheckMeta(const Segment& segment, const ManifestSegment& entry) {
  const ManifestFile* file = entry.Find(kMetaKind);
  if (file == nullptr) return;
  const auto body = OpenFramed(env_, Cat(dir_, "/", file->info.name), kMetaKind, entry.id, {});
  if (problems_.Take(body.status())) return;
  const auto bytes = body->PinAll();
  if (problems_.Take(bytes.status())) return;
  const absl::StatusOr<std::string> again = segment.meta().Encode();
  if (!again.ok() || *again != bytes->view()) {
    problems_.Add("its metadata is not in the form in which it is written");
  }
}

void IndexCheck::CheckSegment(const Segment& segment, const ManifestSegment& entry) {
  if (segment.doc_count() != entry.doc_count) {
    problems_.Add(
        Cat("has ", segment.doc_count(), " documents, the manifest says ", entry.doc_count));
    return;
  }
  if (segment.doc_count() - segment.live_count() != entry.deleted_count) {
    problems_.Add(Cat(segment.doc_count() - segment.live_count(),
                      " documents are deleted, the manifest says ", entry.deleted_count));
  }
  report_->documents += segment.doc_count();
  report_->deleted += entry.deleted_count;
  CheckMeta(segment, entry);
  Balance balance, key_balance;
  const bool compare = options_.compare_stored && segment.stored() != nullptr;
  if (compare) balance.resize(segment.doc_count());
  if (!schema_.key().empty()) key_balance.resize(segment.doc_count());
  for (const SegmentField& field : segment.fields()) {
    if (problems_.stop()) return;
    Phase(Cat(problems_.place(), ", field ", field.name()));
    CheckField(segment, field, compare ? &balance : nullptr, &key_balance);
  }
  CheckKeys(segment, &key_balance);
  Phase(Cat(problems_.place(), ", stored documents"));
  stored_->Run(segment, compare ? &balance : nullptr);
  if (compare) CheckBalance(balance);
}

void IndexCheck::CheckUniqueKeys() {
  problems_.BeginPart();
  problems_.SetPlace("keys");
  std::sort(keys_.begin(), keys_.end());
  for (size_t i = 1; i < keys_.size() && !problems_.stop(); ++i) {
    if (keys_[i].hash != keys_[i - 1].hash) continue;
    const auto a = segments_[keys_[i].segment]->keys()->Get(keys_[i].doc);
    const auto b = segments_[keys_[i - 1].segment]->keys()->Get(keys_[i - 1].doc);
    if (problems_.Take(a.status()) || problems_.Take(b.status()) || *a != *b) continue;
    problems_.Add(Cat("two live documents have the key ", Quoted(*a)));
  }
}

absl::Status IndexCheck::OpenAndCheck(const ManifestSegment& entry, const OpenOptions& options) {
  problems_.BeginPart();
  problems_.SetPlace(Cat("segment ", entry.id.ToString()));
  Phase(Cat(problems_.place(), ", checksums"));
  CheckFiles(entry);
  absl::StatusOr<std::shared_ptr<const Segment>> segment =
      Segment::Open(env_, dir_, entry, options);
  if (CodeOf(segment.status()) == ErrorCode::kNotFound) {
    problems_.Add(MessageOf(segment.status()));  // a file that the manifest lists
    return absl::OkStatus();
  }
  if (CodeOf(segment.status()) == ErrorCode::kVersion) return segment.status();
  if (problems_.Take(segment.status())) return absl::OkStatus();
  segments_.push_back(*std::move(segment));
  CheckSegment(*segments_.back(), entry);
  return absl::OkStatus();
}

absl::Status IndexCheck::Run() {
  problems_.SetPlace("manifest");
  absl::StatusOr<Manifest> manifest = ReadNewestManifest(env_, dir_);
  if (CodeOf(manifest.status()) == ErrorCode::kDataLoss) {
    problems_.Take(manifest.status());
    return problems_.error();
  }
  if (!manifest.ok()) return manifest.status();
  manifest_ = *std::move(manifest);
  report_->generation = manifest_.generation;
  report_->segments = manifest_.segments.size();
  CheckManifest();

  AnalyzerRegistry analyzers =
      options_.analyzers != nullptr ? *options_.analyzers : AnalyzerRegistry::BuiltIn();
  for (const auto& [name, definition] : schema_.analyzers()) {
    const absl::Status status = analyzers.RegisterAnalyzer(name, definition);
    // Parts of the host program may be missing here; its fields are then not compared.
    if (!status.ok() && CodeOf(status) != ErrorCode::kInvalidArgument) return status;
  }
  stored_ = std::make_unique<StoredCheck>(manifest_, schema_, analyzers, &problems_);

  OpenOptions open;
  open.read_mode = options_.read_mode;
  for (const ManifestSegment& entry : manifest_.segments) {
    if (!problems_.error().ok()) break;
    const uint64_t problems_before = report_->problem_count;
    SEGUE_RETURN_IF_ERROR(OpenAndCheck(entry, open));
    if (report_->problem_count > problems_before) {
      report_->damaged_segments.push_back(entry.id.value);
    }
  }
  CheckUniqueKeys();
  return problems_.error();
}

}  // namespace

absl::StatusOr<VerifyReport> VerifyIndex(Env* env, const std::string& dir,
                                         const VerifyOptions& options) {
  VerifyReport report;
  SEGUE_RETURN_IF_ERROR(IndexCheck(env, dir, options, &report).Run());
  return report;
}

}  // namespace segue
