// SPDX-License-Identifier: Apache-2.0
//
// Frequencies of the postings of a list, by rank.
#ifndef SEGUE_EXEC_FREQ_READER_H_
#define SEGUE_EXEC_FREQ_READER_H_

#include <cstddef>
#include <cstdint>

#include "engine/format/postings_reader.h"

namespace segue::exec {

// Writes the frequencies of the postings of these ranks, best ascending. A rank past the last,
// which only a damaged bitmap gives, counts as the last; a damaged block reads as ones, and the
// list's status tells.
void ReadFreqs(const PostingList& list, const uint32_t* ranks, size_t count, uint32_t* freqs);

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FREQ_READER_H_
