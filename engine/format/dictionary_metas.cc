// SPDX-License-Identifier: Apache-2.0
#include "engine/format/dictionary_metas.h"

#include <algorithm>

namespace segue {

DictionaryMetas::DictionaryMetas(const Dictionary& dictionary, Dictionary::OrdinalRange range)
    : blocks_(dictionary),
      ordinal_(range.begin),
      end_(std::min(range.end, dictionary.term_count())) {}

bool DictionaryMetas::Load() {
  if (ordinal_ >= end_ || !status_.ok()) return false;
  const uint64_t number = ordinal_ / kTermsPerBlock, first = number * kTermsPerBlock;
  status_ = blocks_.Load(number);
  if (status_.ok()) status_ = blocks_.ReadAllMeta(&metas_);
  if (!status_.ok()) return false;
  next_ = static_cast<uint32_t>(ordinal_ - first);
  end_in_block_ = static_cast<uint32_t>(std::min<uint64_t>(kTermsPerBlock, end_ - first));
  ordinal_ = first + kTermsPerBlock;
  return true;
}

}  // namespace segue
