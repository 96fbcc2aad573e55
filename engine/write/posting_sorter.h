// SPDX-License-Identifier: Apache-2.0
//
// PostingSorter: takes postings in any order, gives them back by document.
#ifndef SEGUE_WRITE_POSTING_SORTER_H_
#define SEGUE_WRITE_POSTING_SORTER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "engine/base/status.h"
#include "engine/base/types.h"

namespace segue {

// Memory: 24 bytes a posting and 4 a position. One thread.
class PostingSorter {
 public:
  // Fewer than 2^32 of them before they are taken.
  void Add(DocId doc, uint32_t freq, std::span<const uint32_t> positions) {
    by_doc_.push_back(uint64_t{doc} << 32 | postings_.size());
    postings_.push_back({positions_.size(), static_cast<uint32_t>(positions.size()), freq});
    positions_.insert(positions_.end(), positions.begin(), positions.end());
  }

  // Calls fn(doc, freq, positions), which returns a Status, for each posting up to the first error,
  // and forgets them.
  template <typename Fn>
  absl::Status Take(Fn&& fn) {
    std::sort(by_doc_.begin(), by_doc_.end());
    absl::Status status;
    for (size_t i = 0; i < by_doc_.size() && status.ok(); ++i) {
      const Posting& posting = postings_[static_cast<uint32_t>(by_doc_[i])];
      status = fn(static_cast<DocId>(by_doc_[i] >> 32), posting.freq,
                  std::span(positions_).subspan(posting.first, posting.count));
    }
    by_doc_.clear();
    postings_.clear();
    positions_.clear();
    return status;
  }

 private:
  struct Posting {
    size_t first;  // of its positions
    uint32_t count;
    uint32_t freq;
  };
  std::vector<uint64_t> by_doc_;  // the document and the posting's number
  std::vector<Posting> postings_;
  std::vector<uint32_t> positions_;
};

}  // namespace segue

#endif  // SEGUE_WRITE_POSTING_SORTER_H_
