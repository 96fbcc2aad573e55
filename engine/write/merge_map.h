// SPDX-License-Identifier: Apache-2.0
//
// MergeMap: where the documents of a merge's inputs go. Deleted ones are dropped; the others keep
// their order, unless they are put in another one.
//
// Memory: 4 bytes for each document of an input of which some are deleted; in another order 8 for
// every document, and 4 more for each of such an input.
#ifndef SEGUE_WRITE_MERGE_MAP_H_
#define SEGUE_WRITE_MERGE_MAP_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "engine/base/status.h"
#include "engine/base/types.h"
#include "engine/segment/segment.h"
#include "engine/write/huge_array.h"

namespace segue {

class MergeMap {
 public:
  explicit MergeMap(std::span<const std::shared_ptr<const Segment>> inputs);

  // From now on the document that was number order[i] is number i.
  // REQUIRES: each number below doc_count() once; not called before.
  void Reorder(HugeArray<DocId> order);

  DocId doc_count() const { return doc_count_; }
  bool drops_documents() const { return drops_documents_; }
  bool reorders() const { return order_.size() > 0; }
  uint64_t memory_bytes() const;
  // kEndOfDocs for a deleted document.
  DocId Map(size_t input, DocId doc) const {
    const Input& in = inputs_[input];
    return in.map.size() == 0 ? in.base + doc : in.map[doc];
  }

  // kDataLoss, naming segment and field, if the input has no such document.
  absl::Status CheckDoc(size_t input, DocId doc, std::string_view field) const {
    return doc < inputs_[input].doc_count ? absl::OkStatus() : NoSuchDoc(input, doc, field);
  }

  // Calls fn(input, doc), which returns a Status, for each document in the order in which they are
  // numbered, up to the first error.
  template <typename Fn>
  absl::Status ForEachSource(Fn&& fn) const;

 private:
  struct Input {
    SegmentId segment;
    DocId doc_count = 0;    // deleted ones among them
    DocId base = 0;         // in the order of the inputs
    HugeArray<DocId> map;   // empty: all documents are live, and in the order of the inputs
    HugeArray<DocId> live;  // in another order: those that are; empty: all
  };
  struct Source {
    size_t input;
    DocId doc;
  };
  // Of the document that has that number in the order of the inputs.
  Source SourceOf(DocId number) const;
  absl::Status NoSuchDoc(size_t input, DocId doc, std::string_view field) const;

  std::vector<Input> inputs_;
  HugeArray<DocId> order_;  // numbers in the order of the inputs; empty: all in that order
  DocId doc_count_ = 0;
  bool drops_documents_ = false;
};

template <typename Fn>
absl::Status MergeMap::ForEachSource(Fn&& fn) const {
  for (const DocId number : order_) {
    const Source source = SourceOf(number);
    SEGUE_RETURN_IF_ERROR(fn(source.input, source.doc));
  }
  if (reorders()) return absl::OkStatus();
  for (size_t input = 0; input < inputs_.size(); ++input) {
    for (DocId doc = 0; doc < inputs_[input].doc_count; ++doc) {
      if (Map(input, doc) != kEndOfDocs) SEGUE_RETURN_IF_ERROR(fn(input, doc));
    }
  }
  return absl::OkStatus();
}

}  // namespace segue

#endif  // SEGUE_WRITE_MERGE_MAP_H_
