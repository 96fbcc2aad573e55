// SPDX-License-Identifier: Apache-2.0
#include "engine/write/merge_map.h"

#include <algorithm>
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
      input.map = HugeArray<DocId>(segment->doc_count());
      for (DocId doc = 0; doc < segment->doc_count(); ++doc) {
        input.map[doc] = segment->IsLive(doc) ? next++ : kEndOfDocs;
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

MergeMap::Source MergeMap::SourceOf(DocId number) const {
  const auto after =
      std::upper_bound(inputs_.begin(), inputs_.end(), number,
                       [](DocId wanted, const Input& input) { return wanted < input.base; });
  const Input& in = *(after - 1);
  const DocId doc = number - in.base;
  return {static_cast<size_t>(after - 1 - inputs_.begin()),
          in.live.size() == 0 ? doc : in.live[doc]};
}

void MergeMap::Reorder(HugeArray<DocId> order) {
  SEGUE_DCHECK_EQ(order.size(), doc_count_);
  for (Input& input : inputs_) {
    DocId live = 0;
    // A live document is not before its number among them.
    for (DocId doc = 0; doc < input.map.size(); ++doc) {
      if (input.map[doc] != kEndOfDocs) input.map[live++] = doc;
    }
    input.live = std::move(input.map);
    input.map = HugeArray<DocId>(input.doc_count);
    std::fill(input.map.begin(), input.map.end(), kEndOfDocs);
  }
  for (DocId i = 0; i < doc_count_; ++i) {
    const Source source = SourceOf(order[i]);
    inputs_[source.input].map[source.doc] = i;
  }
  order_ = std::move(order);
}

uint64_t MergeMap::memory_bytes() const {
  uint64_t documents = order_.size();
  for (const Input& input : inputs_) documents += input.map.size() + input.live.size();
  return documents * sizeof(DocId);
}

}  // namespace segue
