// SPDX-License-Identifier: Apache-2.0
//
// Many documents, several threads. Preparing and analysing a document needs
// nothing but the plan, so workers do it for one group of documents while the
// calling thread adds the group before, in order, to the one memory index. What
// is written is therefore what one thread would have written.
#include <algorithm>

#include "engine/base/status.h"
#include "engine/write/index_writer_impl.h"

namespace segue {
namespace {

// A group: enough work to be worth waking threads for, few enough tokens to
// hold them all (30 bytes each).
constexpr size_t kMaxGroupDocuments = 64;
constexpr size_t kMaxGroupBytes = size_t{128} << 10;
// A worker takes a few short documents at a time: so many runs share a group evenly enough.
constexpr size_t kRunsOfGroup = 32;

size_t TextBytes(const Document& document) {
  size_t bytes = 0;
  for (const FieldValue& value : document.values()) {
    if (const auto* text = std::get_if<std::string>(&value.value)) {
      bytes += text->size();
    }
  }
  return bytes;
}

size_t GroupEnd(std::span<const Document> documents, size_t begin) {
  size_t bytes = 0;
  size_t end = begin;
  while (end < documents.size() && end - begin < kMaxGroupDocuments && bytes < kMaxGroupBytes) {
    bytes += TextBytes(documents[end++]);
  }
  return end;
}

}  // namespace

void IndexWriter::Impl::StartGroup(std::span<const Document> documents, size_t begin,
                                   Group* group) {
  group->begin = begin;
  group->end = GroupEnd(documents, begin);
  const size_t count = group->end - begin;
  if (group->prepared.size() < count) group->prepared.resize(count);
  group->statuses.assign(count, absl::OkStatus());
  while (streams_.size() <= pool_->threads()) streams_.emplace_back(*plan_);
  const size_t run = count / kRunsOfGroup + 1;
  pool_->Start((count + run - 1) / run, [this, documents, group, run](size_t worker, size_t item) {
    const size_t end = std::min(group->begin + (item + 1) * run, group->end);
    for (size_t i = group->begin + item * run; i < end; ++i) {
      PreparedDocument& prepared = group->prepared[i - group->begin];
      absl::Status& status = group->statuses[i - group->begin];
      status = prepared.Prepare(*plan_, documents[i], options_.limits);
      if (status.ok()) status = prepared.Analyse(&streams_[worker]);
    }
  });
}

absl::Status IndexWriter::Impl::AddGroup(Group* group, bool replace, const RefusedFn& refused,
                                         size_t* taken) {
  for (size_t i = group->begin; i < group->end; ++i, ++*taken) {
    absl::Status status = group->statuses[i - group->begin];
    bool is_refused = !status.ok();
    if (status.ok()) {
      status = AddPrepared(&group->prepared[i - group->begin], replace, &is_refused);
    }
    if (status.ok()) continue;
    if (!is_refused || !refused) return status;
    refused(i, status);
  }
  return absl::OkStatus();
}

absl::Status IndexWriter::Impl::AddBatch(std::span<const Document> documents, bool replace,
                                         const RefusedFn& refused, size_t* taken) {
  Group* current = &groups_[0];
  Group* next = &groups_[1];
  if (pool_ == nullptr) {
    for (size_t i = 0; i < documents.size(); ++i) {
      current->begin = i;
      current->end = i + 1;
      current->prepared.resize(1);
      current->statuses.assign(1,
                               current->prepared[0].Prepare(*plan_, documents[i], options_.limits));
      SEGUE_RETURN_IF_ERROR(AddGroup(current, replace, refused, taken));
    }
    return absl::OkStatus();
  }
  if (documents.empty()) return absl::OkStatus();
  // The documents are the caller's.
  const WaitAtEnd nobody_reads_afterwards(pool_.get());
  StartGroup(documents, 0, current);
  while (current->begin < documents.size()) {
    pool_->Wait();
    StartGroup(documents, current->end, next);
    SEGUE_RETURN_IF_ERROR(AddGroup(current, replace, refused, taken));
    std::swap(current, next);
  }
  pool_->Wait();
  return absl::OkStatus();
}

}  // namespace segue
