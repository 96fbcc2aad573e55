// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/doc_groups.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/simd/kernels.h"

namespace segue::exec {

namespace {

// One document in so many fills a bitmap faster than groups, and is taken out faster.
constexpr uint64_t kDocsForOne = 64;

bool AreMany(uint64_t docs, DocId doc_count) { return docs > doc_count / kDocsForOne; }

}  // namespace

uint64_t DocGroups::MemoryBytes(uint64_t docs, DocId doc_count) {
  if (AreMany(docs, doc_count)) return doc_count / 8;
  return docs * sizeof(uint16_t) + (uint64_t{doc_count} / kWindowDocs + 3) * sizeof(uint32_t);
}

DocGroups::DocGroups(std::span<const DocId> docs, DocId doc_count) {
  if (AreMany(docs.size(), doc_count)) {
    bits_ = Bitset(doc_count);
    ActiveKernels().set_bits(bits_.mutable_words().data(), 0, docs.data(), docs.size());
    return;
  }
  starts_.resize(size_t{doc_count} / kWindowDocs + 3);
  offsets_.resize(docs.size());
  // Counted two places up, summed up to the starts one place up, which end as the ends.
  for (const DocId doc : docs) ++starts_[doc / kWindowDocs + 2];
  for (size_t i = 3; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
  for (const DocId doc : docs) {
    SEGUE_DCHECK_LT(doc, doc_count);
    offsets_[starts_[doc / kWindowDocs + 1]++] = static_cast<uint16_t>(doc % kWindowDocs);
  }
}

DocId DocGroups::Next(DocId from) const {
  if (in_bits()) {
    const size_t next = from < bits_.size() ? bits_.FindNext(from) : bits_.size();
    return next < bits_.size() ? static_cast<DocId>(next) : kEndOfDocs;
  }
  uint32_t least = from % kWindowDocs;
  for (size_t window = from / kWindowDocs; window + 1 < starts_.size(); ++window) {
    uint32_t next = kWindowDocs;
    for (const uint16_t offset : Group(window)) {
      if (offset >= least) next = std::min<uint32_t>(next, offset);
    }
    if (next < kWindowDocs) return static_cast<DocId>(window * kWindowDocs + next);
    least = 0;
  }
  return kEndOfDocs;
}

std::vector<DocId> DocGroups::Sorted() const {
  std::vector<DocId> docs;
  if (in_bits()) {
    docs.resize(bits_.Count() + 16);  // what the kernel may write
    docs.resize(
        ActiveKernels().bits_to_docs(bits_.words().data(), bits_.words().size(), 0, docs.data()));
    return docs;
  }
  docs.reserve(offsets_.size());
  std::vector<uint16_t> group;
  for (size_t window = 0; window + 1 < starts_.size(); ++window) {
    const std::span<const uint16_t> unsorted = Group(window);
    group.assign(unsorted.begin(), unsorted.end());
    std::sort(group.begin(), group.end());
    const auto end = std::unique(group.begin(), group.end());
    for (auto offset = group.begin(); offset != end; ++offset) {
      docs.push_back(static_cast<DocId>(window * kWindowDocs + *offset));
    }
  }
  return docs;
}

void DocGroups::AddTo(const Window& window, DocMask* mask) const {
  if (in_bits()) {
    const std::span<const uint64_t> words = bits_.words();
    const size_t first = window.begin / kWordDocs;
    const size_t count =
        first < words.size() ? std::min<size_t>(words.size() - first, kWindowWords) : 0;
    for (size_t w = 0; w < count; ++w) (*mask)[w] |= words[first + w];
    return;
  }
  for (const uint16_t offset : Group(window.begin / kWindowDocs)) mask->Set(offset);
}

}  // namespace segue::exec
