// SPDX-License-Identifier: Apache-2.0
//
// PostingSorter: takes postings in any order, gives them back by document.
#ifndef SEGUE_WRITE_POSTING_SORTER_H_
#define SEGUE_WRITE_POSTING_SORTER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "engine/base/status.h"
#include "engine/base/types.h"

namespace segue {

// Memory: 32 bytes a posting and 4 a position. One thread.
class PostingSorter {
 public:
  // Fewer than 2^32 of them before they are taken, and no document twice.
  void Add(DocId doc, uint32_t freq, std::span<const uint32_t> positions) {
    by_doc_.push_back(uint64_t{doc} << 32 | postings_.size());
    postings_.push_back({position_count_, static_cast<uint32_t>(positions.size()), freq});
    if (positions_.size() - position_count_ < positions.size()) {
      positions_.resize(2 * positions_.size() + positions.size());
    }
    // Mostly one or two: a call would cost more.
    for (const uint32_t position : positions) positions_[position_count_++] = position;
  }

  // Calls fn(doc, freq, positions), which returns a Status, for each posting up to the first error,
  // and forgets them.
  template <typename Fn>
  absl::Status Take(Fn&& fn) {
    Sort();
    absl::Status status;
    for (size_t i = 0; i < by_doc_.size() && status.ok(); ++i) {
      const Posting& posting = postings_[static_cast<uint32_t>(by_doc_[i])];
      status = fn(static_cast<DocId>(by_doc_[i] >> 32), posting.freq,
                  std::span(positions_).subspan(posting.first, posting.count));
    }
    by_doc_.clear();
    postings_.clear();
    position_count_ = 0;
    return status;
  }

 private:
  struct Posting {
    size_t first;  // of its positions
    uint32_t count;
    uint32_t freq;
  };

  void Sort();

  std::vector<uint64_t> by_doc_;  // the document and the posting's number
  std::vector<uint64_t> sorted_;  // room to sort in
  std::vector<Posting> postings_;
  std::vector<uint32_t> positions_;
  size_t position_count_ = 0;
};

}  // namespace segue

#endif  // SEGUE_WRITE_POSTING_SORTER_H_
