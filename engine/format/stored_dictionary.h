// SPDX-License-Identifier: Apache-2.0
//
// StoredSample: the documents of a segment that its dictionary is trained on, and the training.
//
//   StoredSample sample(doc_count);
//   for each document, ascending:
//     if (number == sample.wanted()) sample.Add(encoded);
//   std::string dictionary = sample.Train();
//
// The documents are spread over the segment evenly, and what is taken of them is bounded: so the
// dictionary depends on the segment's documents only, not on where they come from.
#ifndef SEGUE_FORMAT_STORED_DICTIONARY_H_
#define SEGUE_FORMAT_STORED_DICTIONARY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/types.h"

namespace segue {

inline constexpr size_t kStoredDictionaryBytes = size_t{64} << 10;

// Memory: at most 2 MiB, some 15 MiB while it is trained. One thread at a time.
class StoredSample {
 public:
  explicit StoredSample(DocId doc_count);

  // The next document to be added; kEndOfDocs after the last one.
  DocId wanted() const;
  // REQUIRES: it is the one that is wanted; wanted() is not kEndOfDocs.
  void Add(std::string_view encoded);

  // Empty where the segment is too small for a dictionary to pay, or its documents have nothing in
  // common. REQUIRES: wanted() is kEndOfDocs. Its bytes depend on the version of zstd, too.
  std::string Train() const;

 private:
  const DocId doc_count_;
  const DocId sample_count_;
  std::string bytes_;
  std::vector<size_t> sizes_;  // of what is taken of each document
  uint64_t whole_bytes_ = 0;   // of those documents
};

}  // namespace segue

#endif  // SEGUE_FORMAT_STORED_DICTIONARY_H_
