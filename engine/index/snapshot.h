// SPDX-License-Identifier: Apache-2.0
//
// SnapshotImpl: the segments of one generation, opened, and searches over them.
#ifndef SEGUE_INDEX_SNAPSHOT_H_
#define SEGUE_INDEX_SNAPSHOT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bitset.h"
#include "engine/format/manifest.h"
#include "engine/io/framed_file.h"
#include "engine/query/planned_field.h"
#include "engine/query/planner.h"
#include "engine/query/rewrite.h"
#include "engine/segment/index_view.h"
#include "engine/text/stream_pool.h"
#include "segue/index.h"

namespace segue {

class SnapshotImpl final : public Snapshot {
 public:
  // Opens every file of the manifest's generation before it returns, but for those of segments that
  // `before` (may be nullptr), a snapshot opened with the same options, has open. `env` and the
  // registry in `options` must outlive the snapshot.
  static absl::StatusOr<std::shared_ptr<const SnapshotImpl>> Open(Env* env, const std::string& dir,
                                                                  const Manifest& manifest,
                                                                  const IndexOptions& options,
                                                                  const SnapshotImpl* before);

  // Over what is open already. The registry must outlive the snapshot.
  static absl::StatusOr<std::shared_ptr<const SnapshotImpl>> Over(
      IndexView view, const AnalyzerRegistry* analyzers);

  // The live documents that match, a set for each segment. A query that has to be guessed at (a
  // field that the schema does not have, a value of the wrong form) is refused: kInvalidArgument;
  // one past a limit, with more terms beside a word of NEAR than are looked for, too:
  // kResourceExhausted.
  absl::StatusOr<std::vector<Bitset>> MatchSets(const Query& query,
                                                const QueryLimits& limits) const;

  const IndexView& view() const { return view_; }

  uint64_t generation() const override { return view_.generation; }
  const std::string& payload() const override { return view_.payload; }
  const Schema& schema() const override { return view_.schema; }
  uint64_t doc_count() const override { return doc_count_; }
  uint64_t live_doc_count() const override { return live_doc_count_; }
  const std::vector<SegmentInfo>& segments() const override { return segment_infos_; }

  absl::StatusOr<SearchResult> Search(const Query& query,
                                      const SearchOptions& options) const override;
  absl::StatusOr<Explanation> Explain(const Query& query, uint64_t doc,
                                      const SearchOptions& options) const override;
  absl::StatusOr<std::vector<MatchSpan>> Matches(const Query& query, uint64_t doc) const override;
  absl::StatusOr<Query> LikeDocument(uint64_t doc, std::string_view field,
                                     const LikeOptions& options) const override;
  absl::StatusOr<std::vector<Suggestion>> Suggest(const Query& query, size_t terms_per_word,
                                                  const SearchOptions& options) const override;
  absl::StatusOr<Statistics> CollectStatistics(const Query& query) const override;
  absl::StatusOr<Document> Stored(uint64_t doc) const override;
  absl::StatusOr<std::string> Key(uint64_t doc) const override;
  absl::StatusOr<std::optional<uint64_t>> FindKey(std::string_view key) const override;
  absl::StatusOr<uint64_t> DocFreq(std::string_view field, std::string_view term) const override;
  absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>> Terms(std::string_view field,
                                                                      std::string_view prefix,
                                                                      size_t limit) const override;
  absl::StatusOr<FieldStatistics> FieldStats(std::string_view field) const override;

 private:
  // A document's segment and its number there.
  struct Place {
    size_t segment = 0;
    DocId doc = 0;
  };

  SnapshotImpl() = default;
  absl::StatusOr<std::shared_ptr<const Segment>> OpenSegment(Env* env, const std::string& dir,
                                                             const ManifestSegment& entry,
                                                             const OpenOptions& options) const;
  void Number(const Segment& segment);
  absl::Status MakeAnalyzers(const AnalyzerRegistry* registry);
  void PrepareSearches();
  absl::StatusOr<Query> Analyse(const Query& query, std::vector<Diagnostic>* diagnostics,
                                const QueryLimits& limits = {}) const;
  absl::Status SearchGuarded(const Query& query, const SearchOptions& options,
                             SearchResult* result) const;
  absl::StatusOr<Explanation> ExplainGuarded(const Query& query, uint64_t doc,
                                             const SearchOptions& options) const;
  absl::StatusOr<std::vector<MatchSpan>> MatchesGuarded(const Query& query, uint64_t doc) const;
  absl::StatusOr<Document> StoredGuarded(uint64_t doc) const;
  absl::Status AddUpdatable(const Place& place, Document* document) const;
  absl::StatusOr<Query> LikeGuarded(uint64_t doc, std::string_view field,
                                    const LikeOptions& options) const;
  absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>> TermsGuarded(
      std::string_view field, std::string_view prefix, size_t limit) const;
  absl::StatusOr<Place> PlaceOf(uint64_t doc) const;

  IndexView view_;
  std::vector<SegmentInfo> segment_infos_;
  std::vector<uint64_t> bases_;  // number of each segment's first document
  uint64_t doc_count_ = 0;
  uint64_t live_doc_count_ = 0;
  // What all searches share; streams_ holds the search analyzers, by field.
  std::map<std::string, StreamPool, std::less<>> streams_;
  std::vector<StreamPool*> streams_by_field_;  // in the order of the schema; nullptr: no text
  std::vector<const Field*> default_fields_;
  std::optional<PlannedFields> planned_fields_;
  RewriteContext rewrite_context_;
  std::map<FieldId, std::string> field_names_;
};

}  // namespace segue

#endif  // SEGUE_INDEX_SNAPSHOT_H_
