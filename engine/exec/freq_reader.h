// SPDX-License-Identifier: Apache-2.0
//
// FreqReader: frequencies of the postings of one list, by rank.
#ifndef SEGUE_EXEC_FREQ_READER_H_
#define SEGUE_EXEC_FREQ_READER_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/format/postings_reader.h"

namespace segue::exec {

class FreqReader {
 public:
  // Writes the frequencies of the postings of these ranks, best ascending. A rank past the last,
  // which only a damaged bitmap gives, counts as the last; a damaged block reads as ones, and the
  // list's status tells.
  void Read(const PostingList& list, const uint32_t* ranks, size_t count, uint32_t* freqs);

 private:
  static constexpr uint32_t kNoBlock = ~0u;
  uint32_t block_ = kNoBlock;
  FreqBlock freqs_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FREQ_READER_H_
