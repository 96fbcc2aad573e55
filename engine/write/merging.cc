// SPDX-License-Identifier: Apache-2.0
//
// When the writer merges: where it is asked to, which also brings segments that need no merge to
// the order that is asked for and to the schema's compression; where segments have no live document
// left; and where the policy finds it due: in the commit, or beside it in other threads
// (background_merges.h). What those have made is taken up at the end of a flush, with which every
// commit begins; a merged segment is then like one that was flushed, and the commit publishes it.
#include <optional>
#include <utility>

#include "engine/base/nearest_name.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/write/background_merge.h"
#include "engine/write/index_writer_impl.h"
#include "engine/write/merge_policy.h"

namespace segue {
namespace {

constexpr MergePolicyOptions kTieredMerges;

bool HasSetValues(const ListedSegment& segment) {
  return !segment.notes.empty() || segment.segment->set_values() != nullptr;
}

bool IsPackedBy(const Segment& segment, StoredCodec codec) {
  return !segment.meta().stored || segment.meta().stored->codec == codec;
}

}  // namespace

absl::Status IndexWriter::Impl::MergeRangeOf(MergeRange range, MergeOptions options, Home home) {
  options.stored = PackingFor(home);
  std::vector<std::shared_ptr<const Segment>> inputs;
  uint64_t live = 0;
  for (size_t i = range.begin; i < range.end; ++i) {
    SEGUE_RETURN_IF_ERROR(SaveValuesOf(&segments_.items()[i], Home::kMemory));
    inputs.push_back(segments_.items()[i].Current());
    live += inputs.back()->live_count();
  }
  std::optional<ListedSegment> merged;
  if (live > 0) {
    absl::StatusOr<ManifestSegment> entry =
        MergeSegments(FolderOf(home).env, FolderOf(home).dir, NewSegmentId(home), inputs, options);
    if (!entry.ok()) return Checked(entry.status());
    SEGUE_ASSIGN_OR_RETURN(merged, OpenNew(*std::move(entry), home));
  }
  ReplaceRange(range, std::move(merged));
  return absl::OkStatus();
}

void IndexWriter::Impl::ReplaceRange(MergeRange range, std::optional<ListedSegment> merged) {
  for (const ListedSegment& old : segments_.Replace(range, std::move(merged))) {
    RemoveUncommitted(folder_, old);
  }
}

void IndexWriter::Impl::DropEmptySegments(size_t first) {
  for (size_t i = segments_.items().size(); i-- > first;) {
    if (segments_.items()[i].live_count() == 0) ReplaceRange({i, i + 1}, std::nullopt);
  }
}

MergeOptions IndexWriter::Impl::OrdinaryMerge() const {
  MergeOptions options;
  options.cancel = options_.cancel;
  options.pool = pool_.get();
  return options;
}

absl::Status IndexWriter::Impl::AutoMerge() {
  if (!options_.auto_merge) return absl::OkStatus();
  if (merges_ != nullptr) return CatchUp();
  while (const auto range = PickMerge(segments_.Sizes(), kTieredMerges)) {
    SEGUE_RETURN_IF_ERROR(MergeRangeOf(*range, OrdinaryMerge(), Home::kFolder));
  }
  return absl::OkStatus();
}

absl::Status IndexWriter::Impl::PollMerges() {
  if (merges_ == nullptr) return absl::OkStatus();
  const absl::Status status = Checked(merges_->Install(&segments_));
  if (IsSyncFailure(status)) return status;
  merge_failure_.Update(status);
  DropEmptySegments();
  while (const auto range = merges_->Pick(segments_, kTieredMerges)) {
    merges_->Start(NewSegmentId(Home::kFolder), segments_, *range, PackingFor(Home::kFolder));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<BackgroundMerge>> IndexWriter::Impl::NextMerge() {
  if (merges_ == nullptr) return nullptr;
  merges_->RetryNow();
  SEGUE_RETURN_IF_ERROR(PollMerges());
  SEGUE_RETURN_IF_ERROR(std::exchange(merge_failure_, absl::OkStatus()));
  return merges_->Smallest();
}

absl::Status IndexWriter::Impl::CatchUp() {
  while (IsBehind(segments_.Sizes(), kTieredMerges)) {
    merges_->RetryNow();
    SEGUE_RETURN_IF_ERROR(PollMerges());
    const std::shared_ptr<BackgroundMerge> merge = merges_->Smallest();
    if (merge == nullptr) break;
    merge->Finish();
    // Now its error is the commit's.
    SEGUE_RETURN_IF_ERROR(Checked(merges_->Install(&segments_)));
  }
  return absl::OkStatus();
}

absl::Status IndexWriter::Impl::RewriteWhereOtherwise(const MergeOptions& options) {
  const StoredCodec codec = PackingFor(Home::kFolder).codec;
  for (size_t i = 0; i < segments_.items().size(); ++i) {
    const ListedSegment& segment = segments_.items()[i];
    const bool set = HasSetValues(segment);
    if (!IsInOrder(segment.entry, options.order, options.order_field) ||
        (set && IsByField(options.order))) {
      SEGUE_RETURN_IF_ERROR(MergeRangeOf({i, i + 1}, options, Home::kFolder));
    } else if (set || !IsPackedBy(*segment.segment, codec)) {
      SEGUE_RETURN_IF_ERROR(Repack(i, options));
    }
  }
  return absl::OkStatus();
}

absl::Status IndexWriter::Impl::Repack(size_t segment, MergeOptions options) {
  const ManifestSegment before = segments_.items()[segment].entry;
  const bool set = HasSetValues(segments_.items()[segment]);
  options.order = DocumentOrder::kAsAdded;
  SEGUE_RETURN_IF_ERROR(MergeRangeOf({segment, segment + 1}, options, Home::kFolder));
  // It may have been by those values.
  if (set && IsByField(OrderOf(before))) return absl::OkStatus();
  CopyOrder(before, &segments_.items()[segment].entry);
  return absl::OkStatus();
}

absl::StatusOr<FieldId> IndexWriter::Impl::OrderField(const ForceMergeOptions& options) const {
  const std::string& name = options.order_field;
  if (!IsByField(options.order)) {
    if (name.empty()) return FieldId{0};
    return Error(ErrorCode::kInvalidArgument,
                 Cat("the order by ", Quoted(name), " is kAscending or kDescending, and no other"));
  }
  std::vector<std::string_view> known;
  for (const PlannedField& field : plan_->fields()) {
    const bool has_order = field.has_column && field.options.type != FieldType::kGeoPoint;
    if (field.name == name && has_order) return field.id;
    if (has_order) known.push_back(field.name);
  }
  const std::string nearest = NearestName(name, known);
  return Error(ErrorCode::kInvalidArgument,
               Cat("documents cannot be ordered by ", Quoted(name),
                   schema_.Find(name) == nullptr
                       ? ": there is no such field"
                       : ": only fields of numbers, timestamps and booleans have an order",
                   nearest.empty() ? std::string() : Cat("; did you mean ", Quoted(nearest), "?")));
}

absl::StatusOr<CommitInfo> IndexWriter::Impl::ForceMerge(uint32_t max_segments,
                                                         const ForceMergeOptions& options) {
  if (max_segments == 0) {
    return Error(ErrorCode::kInvalidArgument,
                 "an index cannot be merged into 0 segments; ask for 1");
  }
  SEGUE_ASSIGN_OR_RETURN(const FieldId order_field, OrderField(options));
  SEGUE_RETURN_IF_ERROR(Flush());
  // Nothing of theirs will be left.
  if (merges_ != nullptr) merges_->Cancel();
  DropEmptySegments();
  const MergeOptions merge{.progress = options.progress,
                           .cancel = options_.cancel,
                           .order = options.order,
                           .order_field = order_field,
                           .pool = pool_.get(),
                           .threads = options_.threads,
                           .memory_bytes = options_.memory_bytes};
  while (const auto range = PickForcedMerge(segments_.Sizes(), max_segments)) {
    SEGUE_RETURN_IF_ERROR(MergeRangeOf(*range, merge, Home::kFolder));
  }
  SEGUE_RETURN_IF_ERROR(RewriteWhereOtherwise(merge));
  SEGUE_RETURN_IF_ERROR(SaveValues(Home::kFolder));
  SEGUE_RETURN_IF_ERROR(Stage({}));
  return Publish();
}

}  // namespace segue
