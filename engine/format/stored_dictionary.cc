// SPDX-License-Identifier: Apache-2.0
#include "engine/format/stored_dictionary.h"

#include <zdict.h>

#include <algorithm>

#include "engine/base/check.h"

namespace segue {
namespace {

// In a merge each of them costs the unpacking of a block, wherever it lies.
constexpr DocId kSampledDocs = 1024;
// Of each, its beginning: at most 2 MiB in all.
constexpr size_t kSampledDocBytes = 2048;

// A segment with less does without. Of English articles a dictionary saves a tenth of what is
// packed; to train one takes about as long as to pack 10 MiB.
constexpr uint64_t kLeastBytes = uint64_t{8} << 20;

}  // namespace

StoredSample::StoredSample(DocId doc_count)
    : doc_count_(doc_count), sample_count_(std::min(doc_count, kSampledDocs)) {}

DocId StoredSample::wanted() const {
  if (sizes_.size() == sample_count_) return kEndOfDocs;
  return static_cast<DocId>(uint64_t{sizes_.size()} * doc_count_ / sample_count_);
}

void StoredSample::Add(std::string_view encoded) {
  SEGUE_DCHECK_LT(sizes_.size(), sample_count_);
  const std::string_view taken = encoded.substr(0, kSampledDocBytes);
  bytes_ += taken;
  sizes_.push_back(taken.size());
  whole_bytes_ += encoded.size();
}

std::string StoredSample::Train() const {
  SEGUE_DCHECK_EQ(wanted(), kEndOfDocs);
  if (sizes_.empty() || whole_bytes_ / sizes_.size() * doc_count_ < kLeastBytes) return {};
  std::string dictionary(kStoredDictionaryBytes, '\0');
  const size_t bytes = ZDICT_trainFromBuffer(dictionary.data(), dictionary.size(), bytes_.data(),
                                             sizes_.data(), static_cast<unsigned>(sizes_.size()));
  // Nothing in common, then.
  if (ZDICT_isError(bytes)) return {};
  dictionary.resize(bytes);
  return dictionary;
}

}  // namespace segue
