// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/list_union.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/base/status.h"
#include "engine/exec/window.h"
#include "engine/simd/kernels.h"

namespace segue::exec {
namespace {

// An open list takes some hundred bytes: so many are kept, others are decoded at once.
constexpr size_t kMaxLateLists = 8192;

}  // namespace

void ListUnion::Add(DocId doc) {
  ++postings_;
  if (doc < docs_.size()) docs_.Set(doc);
}

absl::Status ListUnion::Add(PostingList list) {
  postings_ += list.doc_freq();
  if (list.block_count() > 1 && late_.size() < kMaxLateLists) {
    SEGUE_RETURN_IF_ERROR(context_->Charge(sizeof(LateList)));
    late_.push_back({.list = std::move(list)});
    return absl::OkStatus();
  }
  LateList now{.list = std::move(list)};
  FillFrom(&now, doc_count());
  return now.list.status();
}

uint64_t ListUnion::Cost() const {
  return count_.value_or(std::min<uint64_t>(postings_, docs_.size()));
}

DocId ListUnion::FindNext(DocId from) {
  while (from < docs_.size()) {
    if (from >= filled_) FillTo(from + 1);
    const size_t next = docs_.FindNext(from);
    if (next < filled_) return static_cast<DocId>(next);
    from = filled_;
  }
  return kEndOfDocs;
}

std::span<const uint64_t> ListUnion::WordsBefore(DocId end) {
  if (end > filled_) FillTo(end);
  return docs_.words();
}

uint64_t ListUnion::Count() {
  if (!count_.has_value()) {
    FillTo(doc_count());
    count_ = ActiveKernels().count_words(docs_.words().data(), docs_.words().size());
  }
  return *count_;
}

// As much again as was filled before, so that the lists are gone through few times.
void ListUnion::FillTo(DocId end) {
  const uint64_t ahead = std::max<uint64_t>(2 * uint64_t{filled_}, kWindowDocs);
  end = static_cast<DocId>(std::min<uint64_t>(docs_.size(), std::max<uint64_t>(end, ahead)));
  for (LateList& late : late_) {
    FillFrom(&late, end);
    if (!late.list.status().ok()) context_->Fail(late.list.status());
  }
  filled_ = end;
}

void ListUnion::FillFrom(LateList* late, DocId end) {
  const PostingList& list = late->list;
  if (list.dense()) {
    const std::span<uint64_t> words = docs_.mutable_words();
    const size_t from = filled_ / 64;
    const size_t to = std::min<size_t>({words.size(), list.dense_word_count(), (end + 63) / 64});
    if (from >= to) return;
    ActiveKernels().or_words(words.data() + from, words.data() + from, list.dense_words() + from,
                             to - from);
    return;
  }
  while (late->next_block < list.block_count() && list.first_doc(late->next_block) < end) {
    if (!context_->KeepGoingAfter(AddBlock(list, late->next_block++))) return;
  }
}

// Returns how many documents it has.
uint32_t ListUnion::AddBlock(const PostingList& list, uint32_t block) {
  std::array<DocId, kBlockRoom> docs;
  const uint32_t count = list.DecodeDocs(block, docs.data());
  ActiveKernels().set_bits(docs_.mutable_words().data(), 0, docs.data(), count);
  return count;
}

}  // namespace segue::exec
