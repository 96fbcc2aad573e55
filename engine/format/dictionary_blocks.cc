// SPDX-License-Identifier: Apache-2.0
#include "engine/format/dictionary_blocks.h"

#include "engine/base/status.h"
#include "engine/format/dictionary_data.h"

namespace segue {

Dictionary::Blocks::Blocks(const Dictionary& dictionary) : data_(dictionary.data_) {}
Dictionary::Blocks::~Blocks() = default;

uint64_t Dictionary::Blocks::block_count() const {
  return data_->meta.term_count == 0 ? 0 : data_->index.block_count();
}

uint64_t Dictionary::Blocks::FindBehind(uint64_t from, std::string_view term) const {
  return data_->index.FindBlock(term, from);
}

bool Dictionary::Blocks::IsBehind(uint64_t number, std::string_view prefix) const {
  return data_->index.IsBehind(number, prefix);
}

absl::Status Dictionary::Blocks::Load(uint64_t number) {
  number_ = number;
  has_meta_ = false;
  SEGUE_ASSIGN_OR_RETURN(bytes_, data_->Pin(number));
  // Walks mostly go on with the next one.
  __builtin_prefetch(bytes_.data() + bytes_.size());
  __builtin_prefetch(bytes_.data() + bytes_.size() + 64);
  return data_->OpenTerms(number, bytes_, &block_);
}

bool Dictionary::Blocks::OpenMeta(BlockProblem* problem) {
  has_meta_ = has_meta_ || block_.OpenMeta(problem);
  return has_meta_;
}

absl::Status Dictionary::Blocks::ReadMeta(uint32_t position, TermMeta* meta) {
  BlockProblem problem;
  if (OpenMeta(&problem) && block_.ReadMeta(position, data_->meta, meta, &problem)) {
    return absl::OkStatus();
  }
  return data_->Corrupt(number_, problem);
}

absl::Status Dictionary::Blocks::ReadAllMeta(std::array<TermMeta, kTermsPerBlock>* metas) {
  BlockProblem problem;
  if (OpenMeta(&problem) && block_.ReadAllMeta(data_->meta, metas, &problem)) {
    return absl::OkStatus();
  }
  return data_->Corrupt(number_, problem);
}

absl::Status Dictionary::Blocks::Corrupt(const uint8_t* at, const char* what) const {
  return data_->Corrupt(number_, {static_cast<size_t>(at - bytes_.data()), what});
}

}  // namespace segue
