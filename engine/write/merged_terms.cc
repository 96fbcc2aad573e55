// SPDX-License-Identifier: Apache-2.0
#include "engine/write/merged_terms.h"

#include <algorithm>

#include "engine/base/status.h"

namespace segue {

MergedTerms::MergedTerms(std::span<const std::shared_ptr<const Segment>> segments, FieldId field) {
  for (size_t i = 0; i < segments.size(); ++i) {
    const SegmentField* in = segments[i]->field(field);
    if (in == nullptr || in->dictionary() == nullptr) continue;
    inputs_.push_back({i, in, Dictionary::Iterator(*in->dictionary())});
  }
}

bool MergedTerms::After(size_t a, size_t b) const {
  const int order = inputs_[a].terms.term().compare(inputs_[b].terms.term());
  return order != 0 ? order > 0 : a > b;
}

absl::Status MergedTerms::Push(size_t input) {
  if (!inputs_[input].terms.valid()) return inputs_[input].terms.status();
  heap_.push_back(input);
  std::push_heap(heap_.begin(), heap_.end(), [this](size_t a, size_t b) { return After(a, b); });
  return absl::OkStatus();
}

size_t MergedTerms::Pop() {
  std::pop_heap(heap_.begin(), heap_.end(), [this](size_t a, size_t b) { return After(a, b); });
  const size_t input = heap_.back();
  heap_.pop_back();
  return input;
}

void MergedTerms::Gather() {
  holders_.clear();
  if (heap_.empty()) return;
  term_ = inputs_[heap_.front()].terms.term();
  do {
    holders_.push_back(Pop());
  } while (!heap_.empty() && inputs_[heap_.front()].terms.term() == term_);
}

absl::Status MergedTerms::SeekToFirst() {
  heap_.clear();
  for (size_t i = 0; i < inputs_.size(); ++i) {
    inputs_[i].terms.SeekToFirst();
    SEGUE_RETURN_IF_ERROR(Push(i));
  }
  Gather();
  return absl::OkStatus();
}

absl::Status MergedTerms::Next() {
  for (const size_t input : holders_) {
    inputs_[input].terms.Next();
    SEGUE_RETURN_IF_ERROR(Push(input));
  }
  Gather();
  return absl::OkStatus();
}

}  // namespace segue
