// SPDX-License-Identifier: Apache-2.0
//
// A search: analyse the query, resolve it into a plan once, then run the plan over the segments.
#include "engine/index/snapshot.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <utility>

#include "absl/utility/utility.h"
#include "engine/base/guard.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/exec/scorer.h"
#include "engine/exec/search_context.h"
#include "engine/exec/segment_search.h"
#include "engine/format/column_reader.h"
#include "engine/format/dictionary_reader.h"
#include "engine/format/key_column.h"
#include "engine/format/stored_reader.h"
#include "engine/index/segment_searches.h"
#include "engine/io/framed_file.h"
#include "engine/query/rewrite.h"
#include "engine/query/suggest.h"
#include "engine/segment/manifest_schema.h"

namespace segue {
namespace {

// The files that never change.
std::vector<ManifestFile> FilesOf(const ManifestSegment& entry) {
  std::vector<ManifestFile> files = entry.files;
  std::erase_if(files,
                [](const ManifestFile& file) { return file.file_class != FileClass::kImmutable; });
  return files;
}

[[gnu::cold]] absl::Status TooManyHits(uint32_t k, uint64_t most) {
  return Error(ErrorCode::kResourceExhausted, Cat("k is ", k, ", the limit is ", most));
}

// Of a search that could not even be planned: nothing has been found, where that may be said.
[[gnu::cold]] absl::Status EndEarly(const absl::Status& why, const SearchOptions& options,
                                    SearchResult* result) {
  const ErrorCode code = CodeOf(why);
  const bool stopped = code == ErrorCode::kDeadlineExceeded || code == ErrorCode::kCancelled;
  if (!stopped || !options.allow_partial) return why;
  result->partial = true;
  if (options.count != CountMode::kNone) {
    result->total = TotalHits{0, TotalRelation::kGreaterOrEqual};
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const SnapshotImpl>> SnapshotImpl::Open(Env* env,
                                                                       const std::string& dir,
                                                                       const Manifest& manifest,
                                                                       const IndexOptions& options,
                                                                       const SnapshotImpl* before) {
  IndexView view{.generation = manifest.generation,
                 .payload = manifest.payload,
                 .schema = {},
                 .fields = manifest.fields,
                 .segments = {},
                 .entries = manifest.segments};
  SEGUE_ASSIGN_OR_RETURN(view.schema, SchemaOf(manifest));
  OpenOptions open;
  open.read_mode = options.read_mode;
  open.verify = options.verify;
  for (const ManifestSegment& entry : manifest.segments) {
    SEGUE_ASSIGN_OR_RETURN(view.segments.emplace_back(),
                           before != nullptr ? before->OpenSegment(env, dir, entry, open)
                                             : Segment::Open(env, dir, entry, open));
  }
  return Over(std::move(view), options.analyzers);
}

// Takes over the segment if this snapshot has it. That is told by lengths and checksums, not by
// names alone, since somebody may have made another index in the same folder.
absl::StatusOr<std::shared_ptr<const Segment>> SnapshotImpl::OpenSegment(
    Env* env, const std::string& dir, const ManifestSegment& entry,
    const OpenOptions& options) const {
  for (size_t i = 0; i < view_.entries.size(); ++i) {
    const ManifestSegment& mine = view_.entries[i];
    if (mine.id != entry.id || mine.doc_count != entry.doc_count ||
        FilesOf(mine) != FilesOf(entry)) {
      continue;
    }
    if (mine == entry) return view_.segments[i];
    return view_.segments[i]->InGeneration(env, dir, entry, options);
  }
  return Segment::Open(env, dir, entry, options);
}

absl::StatusOr<std::shared_ptr<const SnapshotImpl>> SnapshotImpl::Over(
    IndexView view, const AnalyzerRegistry* analyzers) {
  std::shared_ptr<SnapshotImpl> snapshot(new SnapshotImpl());
  snapshot->view_ = std::move(view);
  SEGUE_RETURN_IF_ERROR(snapshot->MakeAnalyzers(analyzers));
  for (const ManifestField& field : snapshot->view_.fields) {
    snapshot->field_names_[field.id] = field.name;
  }
  for (const std::shared_ptr<const Segment>& segment : snapshot->view_.segments) {
    snapshot->Number(*segment);
  }
  snapshot->PrepareSearches();
  return std::shared_ptr<const SnapshotImpl>(std::move(snapshot));
}

void SnapshotImpl::Number(const Segment& segment) {
  bases_.push_back(doc_count_);
  doc_count_ += segment.doc_count();
  live_doc_count_ += segment.live_count();
  segment_infos_.push_back({.id = segment.id().value,
                            .documents = segment.doc_count(),
                            .deleted = segment.doc_count() - segment.live_count(),
                            .bytes = segment.total_bytes()});
}

absl::Status SnapshotImpl::MakeAnalyzers(const AnalyzerRegistry* registry) {
  AnalyzerRegistry names = registry != nullptr ? *registry : AnalyzerRegistry::BuiltIn();
  for (const auto& [name, definition] : view_.schema.analyzers()) {
    SEGUE_RETURN_IF_ERROR(names.RegisterAnalyzer(name, definition));
  }
  for (const Field& field : view_.schema.fields()) {
    if (field.options.type != FieldType::kText) continue;
    const std::string& name = field.options.search_analyzer.empty() ? field.options.analyzer
                                                                    : field.options.search_analyzer;
    SEGUE_ASSIGN_OR_RETURN(std::shared_ptr<const Analyzer> analyzer, names.Get(name));
    streams_.try_emplace(field.name, std::move(analyzer));
  }
  return absl::OkStatus();
}

// What depends on the index alone is made here, once, not by each search.
void SnapshotImpl::PrepareSearches() {
  default_fields_ = DefaultFields(view_.schema);
  planned_fields_.emplace(view_.segments, view_.schema);
  const auto streams_of = [this](std::string_view field) -> StreamPool* {
    const auto found = streams_.find(field);
    return found == streams_.end() ? nullptr : &found->second;
  };
  for (const Field& field : view_.schema.fields()) {
    streams_by_field_.push_back(streams_of(field.name));
  }
  rewrite_context_ = {.schema = &view_.schema,
                      .analyzer = [streams_of](std::string_view field) -> const Analyzer* {
                        StreamPool* const streams = streams_of(field);
                        return streams == nullptr ? nullptr : &streams->analyzer();
                      },
                      .default_fields = default_fields_,
                      .streams = streams_by_field_};
}

absl::StatusOr<Query> SnapshotImpl::Analyse(const Query& query,
                                            std::vector<Diagnostic>* diagnostics,
                                            const QueryLimits& limits) const {
  return Rewrite(query, rewrite_context_, diagnostics, limits);
}

absl::StatusOr<SearchResult> SnapshotImpl::Search(const Query& query,
                                                  const SearchOptions& options) const {
  absl::StatusOr<SearchResult> result(absl::in_place);
  const absl::Status status =
      Guarded([&] { return SearchGuarded(query, options, &result.value()); });
  if (!status.ok()) result = status;
  return result;
}

absl::Status SnapshotImpl::SearchGuarded(const Query& query, const SearchOptions& options,
                                         SearchResult* result) const {
  SEGUE_ASSIGN_OR_RETURN(const Query analysed,
                         Analyse(query, &result->diagnostics, options.limits));
  if (options.k > options.limits.hits) return TooManyHits(options.k, options.limits.hits);
  const absl::StatusOr<QueryPlan> plan =
      QueryPlan::Make(analysed, view_.segments, view_.schema, options,
                      {.fields = &*planned_fields_, .explains = false});
  if (!plan.ok()) return EndEarly(plan.status(), options, result);
  for (const Diagnostic& known : plan->diagnostics()) result->diagnostics.push_back(known);
  result->expansions_cut = plan->expansions_cut();
  return SearchSegments(*plan, {view_.segments, bases_}, options, result);
}

absl::StatusOr<std::vector<Bitset>> SnapshotImpl::MatchSets(const Query& query,
                                                            const QueryLimits& limits) const {
  SearchOptions options;
  options.k = 0;  // no scores
  options.limits = limits;
  std::vector<Diagnostic> diagnostics;
  SEGUE_ASSIGN_OR_RETURN(const Query analysed, Analyse(query, &diagnostics, limits));
  if (!diagnostics.empty()) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("nothing is guessed at here: ", diagnostics.front().message));
  }
  SEGUE_ASSIGN_OR_RETURN(const QueryPlan plan,
                         QueryPlan::Make(analysed, view_.segments, view_.schema, options,
                                         {.fields = &*planned_fields_, .explains = false}));
  // Of words near others: those left out might match, or keep others from it.
  if (plan.expansions_cut()) {
    return Error(ErrorCode::kResourceExhausted,
                 Cat("nothing is guessed at here: ", plan.diagnostics().front().message));
  }
  std::vector<Bitset> sets;
  for (size_t i = 0; i < view_.segments.size(); ++i) {
    const Segment& segment = *view_.segments[i];
    Bitset& set = sets.emplace_back(segment.doc_count());
    exec::SearchContext context(options);
    SEGUE_ASSIGN_OR_RETURN(const exec::ScorerPtr scorer, plan.Build(i, &context));
    exec::MatchSegment(*scorer, {bases_[i], segment.doc_count(), segment.live()}, &context, &set);
    if (!context.ok()) return context.status();
  }
  return sets;
}

absl::StatusOr<SnapshotImpl::Place> SnapshotImpl::PlaceOf(uint64_t doc) const {
  if (doc >= doc_count_) {
    return Error(ErrorCode::kNotFound, Cat("no document ", doc, ": the snapshot has ", doc_count_));
  }
  const auto after = std::upper_bound(bases_.begin(), bases_.end(), doc);
  const size_t segment = static_cast<size_t>(after - bases_.begin()) - 1;
  return Place{segment, static_cast<DocId>(doc - bases_[segment])};
}

absl::StatusOr<Explanation> SnapshotImpl::Explain(const Query& query, uint64_t doc,
                                                  const SearchOptions& options) const {
  return Guarded([&] { return ExplainGuarded(query, doc, options); });
}

absl::StatusOr<Explanation> SnapshotImpl::ExplainGuarded(const Query& query, uint64_t doc,
                                                         const SearchOptions& options) const {
  SEGUE_ASSIGN_OR_RETURN(const Place place, PlaceOf(doc));
  std::vector<Diagnostic> diagnostics;
  SEGUE_ASSIGN_OR_RETURN(const Query analysed, Analyse(query, &diagnostics, options.limits));
  SEGUE_ASSIGN_OR_RETURN(const QueryPlan plan,
                         QueryPlan::Make(analysed, view_.segments, view_.schema, options));
  const Segment& segment = *view_.segments[place.segment];
  if (!segment.IsLive(place.doc)) {
    return Explanation{
        .match = false, .value = 0, .description = "the document is deleted", .details = {}};
  }
  exec::SearchContext context(options);
  SEGUE_ASSIGN_OR_RETURN(const exec::ScorerPtr scorer, plan.Build(place.segment, &context));
  Explanation explanation =
      scorer->Explain(exec::WindowOf(place.doc, segment.doc_count()), place.doc);
  if (!context.ok()) return context.status();
  return explanation;
}

absl::StatusOr<std::vector<MatchSpan>> SnapshotImpl::Matches(const Query& query,
                                                             uint64_t doc) const {
  return Guarded([&] { return MatchesGuarded(query, doc); });
}

absl::StatusOr<std::vector<MatchSpan>> SnapshotImpl::MatchesGuarded(const Query& query,
                                                                    uint64_t doc) const {
  SEGUE_ASSIGN_OR_RETURN(const Place place, PlaceOf(doc));
  const SearchOptions options;
  std::vector<Diagnostic> diagnostics;
  SEGUE_ASSIGN_OR_RETURN(const Query analysed, Analyse(query, &diagnostics));
  SEGUE_ASSIGN_OR_RETURN(const QueryPlan plan,
                         QueryPlan::Make(analysed, view_.segments, view_.schema, options));
  const Segment& segment = *view_.segments[place.segment];
  std::vector<MatchSpan> spans;
  if (!segment.IsLive(place.doc)) return spans;
  exec::SearchContext context(options);
  SEGUE_ASSIGN_OR_RETURN(const exec::ScorerPtr scorer, plan.Build(place.segment, &context, true));
  const exec::Window window = exec::WindowOf(place.doc, segment.doc_count());
  if (exec::Matches(*scorer, window, place.doc)) {
    scorer->CollectMatches(window, place.doc, &spans);
  }
  if (!context.ok()) return context.status();
  return spans;
}

absl::StatusOr<std::vector<Suggestion>> SnapshotImpl::Suggest(const Query& query,
                                                              size_t terms_per_word,
                                                              const SearchOptions& options) const {
  return Guarded([&] {
    return SuggestTerms(query, terms_per_word, rewrite_context_, view_.segments, options);
  });
}

absl::StatusOr<Statistics> SnapshotImpl::CollectStatistics(const Query& query) const {
  return Guarded([&]() -> absl::StatusOr<Statistics> {
    std::vector<Diagnostic> diagnostics;
    SEGUE_ASSIGN_OR_RETURN(const Query analysed, Analyse(query, &diagnostics));
    return CollectQueryStatistics(analysed, view_.segments);
  });
}

absl::StatusOr<Document> SnapshotImpl::Stored(uint64_t doc) const {
  return Guarded([&] { return StoredGuarded(doc); });
}

absl::StatusOr<Document> SnapshotImpl::StoredGuarded(uint64_t doc) const {
  SEGUE_ASSIGN_OR_RETURN(const Place place, PlaceOf(doc));
  const Segment& segment = *view_.segments[place.segment];
  if (!segment.IsLive(place.doc)) {
    return Error(ErrorCode::kNotFound, Cat("document ", doc, " is deleted"));
  }
  Document document;
  std::vector<StoredField> fields;
  if (segment.stored() != nullptr) {
    SEGUE_ASSIGN_OR_RETURN(fields, segment.stored()->Get(place.doc));
  }
  for (StoredField& field : fields) {
    const auto name = field_names_.find(field.field);
    if (name == field_names_.end()) {
      return Error(ErrorCode::kDataLoss, Cat("document ", doc, " stores a value of field number ",
                                             field.field, ", which the manifest does not name"));
    }
    document.Add(name->second, std::move(field.value));
  }
  SEGUE_RETURN_IF_ERROR(AddUpdatable(place, &document));
  return document;
}

// What may change has its only copy in the column.
absl::Status SnapshotImpl::AddUpdatable(const Place& place, Document* document) const {
  for (const Field& field : view_.schema.fields()) {
    if (!field.options.updatable || !field.options.stored) continue;
    const SegmentField* const in = view_.segments[place.segment]->field(field.name);
    if (in == nullptr || in->column() == nullptr) continue;
    SEGUE_ASSIGN_OR_RETURN(const std::optional<int64_t> value, in->column()->Get(place.doc));
    if (value) document->Add(field.name, ValueOfOrdered(field.options.type, *value));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> SnapshotImpl::Key(uint64_t doc) const {
  return Guarded([&]() -> absl::StatusOr<std::string> {
    SEGUE_ASSIGN_OR_RETURN(const Place place, PlaceOf(doc));
    if (view_.segments[place.segment]->keys() == nullptr) {
      return Error(ErrorCode::kFailedPrecondition,
                   "the index has no key field; declare one in the schema (\"key\")");
    }
    return view_.segments[place.segment]->keys()->Get(place.doc);
  });
}

absl::StatusOr<std::optional<uint64_t>> SnapshotImpl::FindKey(std::string_view key) const {
  return Guarded([&]() -> absl::StatusOr<std::optional<uint64_t>> {
    if (view_.schema.key().empty()) {
      return Error(ErrorCode::kFailedPrecondition,
                   "the index has no key field; declare one in the schema (\"key\")");
    }
    for (size_t i = 0; i < view_.segments.size(); ++i) {
      SEGUE_ASSIGN_OR_RETURN(const DocId doc, view_.segments[i]->FindKey(view_.schema.key(), key));
      if (doc != kEndOfDocs) return std::optional<uint64_t>(bases_[i] + doc);
    }
    return std::optional<uint64_t>();
  });
}

absl::StatusOr<uint64_t> SnapshotImpl::DocFreq(std::string_view field,
                                               std::string_view term) const {
  return Guarded([&] { return DocFreqOf(view_.segments, field, term); });
}

absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>> SnapshotImpl::Terms(
    std::string_view field, std::string_view prefix, size_t limit) const {
  return Guarded([&] { return TermsGuarded(field, prefix, limit); });
}

// Each segment gives its first `limit` terms with the prefix; the first `limit` of their union
// are the first of the index, with complete sums.
absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>> SnapshotImpl::TermsGuarded(
    std::string_view field, std::string_view prefix, size_t limit) const {
  std::map<std::string, uint64_t, std::less<>> merged;
  for (const std::shared_ptr<const Segment>& segment : view_.segments) {
    const SegmentField* in_segment = segment->field(field);
    if (in_segment == nullptr || in_segment->dictionary() == nullptr) continue;
    Dictionary::Iterator it(*in_segment->dictionary());
    size_t taken = 0;
    for (it.Seek(prefix); it.valid() && taken < limit && it.term().starts_with(prefix);
         it.Next(), ++taken) {
      merged[std::string(it.term())] += it.meta().doc_freq;
    }
    SEGUE_RETURN_IF_ERROR(it.status());
  }
  std::vector<std::pair<std::string, uint64_t>> terms;
  for (auto& [term, doc_freq] : merged) {
    if (terms.size() == limit) break;
    terms.emplace_back(term, doc_freq);
  }
  return terms;
}

absl::StatusOr<FieldStatistics> SnapshotImpl::FieldStats(std::string_view field) const {
  if (view_.schema.Find(field) == nullptr) {
    return Error(ErrorCode::kNotFound, Cat("the schema has no field \"", field, "\""));
  }
  return CollectFieldStatistics(view_.segments, field);
}

}  // namespace segue
