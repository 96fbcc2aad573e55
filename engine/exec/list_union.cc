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

// An open list takes some hundred bytes, a short one 32: so many are kept, others are decoded at
// once.
constexpr size_t kMaxLateLists = 8192;
constexpr size_t kMaxShortLists = 65536;
// Of few short lists a search needs most.
constexpr uint32_t kFewShortLists = 32;

}  // namespace

void ListUnion::Add(DocId doc) {
  ++postings_;
  if (doc < docs_.size()) docs_.Set(doc);
}

absl::Status ListUnion::Add(const PostingsSource& source, const TermMeta& meta) {
  postings_ += meta.doc_freq;
  if (meta.doc_freq == 1 && meta.single_doc < docs_.size()) {
    docs_.Set(meta.single_doc);
    return absl::OkStatus();
  }
  const bool is_short = !HasSkipArrays(meta.doc_freq);
  if (is_short && meta.doc_freq > 1 && ++short_lists_ > kFewShortLists &&
      short_.size() < kMaxShortLists) {
    return AddShort(source, meta);
  }
  SEGUE_ASSIGN_OR_RETURN(PostingList list,
                         PostingList::Open(source, meta, /*with_positions=*/false));
  LateList late{.list = std::move(list)};
  if (!is_short && late_.size() < kMaxLateLists) {
    SEGUE_RETURN_IF_ERROR(context_->Charge(sizeof(LateList)));
    late_.push_back(std::move(late));
    return absl::OkStatus();
  }
  FillFrom(&late, doc_count());
  return late.list.status();
}

absl::Status ListUnion::AddShort(const PostingsSource& source, const TermMeta& meta) {
  SEGUE_RETURN_IF_ERROR(context_->Charge(sizeof(ShortList)));
  SEGUE_ASSIGN_OR_RETURN(const DocId first, PostingList::FirstDocOfShort(source, meta));
  short_.push_back({.source = &source,
                    .offset = meta.post_offset,
                    .bytes = meta.post_bytes,
                    .doc_freq = meta.doc_freq,
                    .first = first});
  return absl::OkStatus();
}

TermMeta ListUnion::ShortList::meta() const {
  return {.doc_freq = doc_freq,
          .total_freq = doc_freq,  // no one asks for frequencies
          .post_offset = offset,
          .post_bytes = bytes};
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
  FillFromShort(end);
  for (LateList& late : late_) {
    FillFrom(&late, end);
    if (!late.list.status().ok()) context_->Fail(late.list.status());
  }
  filled_ = end;
}

// A short list is decoded as a whole, once its first document is needed.
void ListUnion::FillFromShort(DocId end) {
  size_t kept = 0;
  for (const ShortList& next : short_) {
    if (next.first >= end || !context_->KeepGoingAfter(next.doc_freq)) {
      short_[kept++] = next;
      continue;
    }
    const absl::StatusOr<PostingList> list =
        PostingList::Open(*next.source, next.meta(), /*with_positions=*/false);
    if (list.ok()) AddBlock(*list, 0);
    absl::Status status = list.ok() ? list->status() : list.status();
    if (!status.ok()) context_->Fail(std::move(status));
  }
  short_.resize(kept);
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
