// SPDX-License-Identifier: Apache-2.0
#include "engine/write/merge_map.h"

#include <utility>

#include "engine/base/check.h"
#include "engine/base/strings.h"

namespace segue {

MergeMap::MergeMap(std::span<const std::shared_ptr<const Segment>> inputs) {
  for (const auto& segment : inputs) {
    Input input;
    input.segment = segment->id();
    input.doc_count = segment->doc_count();
    input.base = doc_count_;
    doc_count_ += segment->live_count();
    if (segment->live_count() != segment->doc_count()) {
      drops_documents_ = true;
      DocId next = input.base;
      input.map.assign(segment->doc_count(), kEndOfDocs);
      for (DocId doc = 0; doc < segment->doc_count(); ++doc) {
        if (segment->IsLive(doc)) input.map[doc] = next++;
      }
    }
    inputs_.push_back(std::move(input));
  }
}

absl::Status MergeMap::NoSuchDoc(size_t input, DocId doc, std::string_view field) const {
  const Input& in = inputs_[input];
  return Error(ErrorCode::kDataLoss, Cat("segment ", in.segment.ToString(), ", field '", field,
                                         "': document ", doc, " of ", in.doc_count));
}

void MergeMap::Reorder(std::span<const DocId> order) {
  SEGUE_DCHECK_EQ(order.size(), doc_count_);
  std::vector<DocId> number(doc_count_);
  for (DocId i = 0; i < doc_count_; ++i) number[order[i]] = i;
  std::vector<Source> sources(doc_count_);
  for (uint32_t input = 0; input < inputs_.size(); ++input) {
    std::vector<DocId> map(inputs_[input].doc_count, kEndOfDocs);
    for (DocId doc = 0; doc < map.size(); ++doc) {
      const DocId before = Map(input, doc);
      if (before == kEndOfDocs) continue;
      map[doc] = number[before];
      sources[map[doc]] = {input, doc};
    }
    inputs_[input].map = std::move(map);
  }
  sources_ = std::move(sources);
}

}  // namespace segue
