// SPDX-License-Identifier: Apache-2.0
//
// Walks blocks one after the other and builds each term from the one before. Order is checked on
// the way, so that whoever reads a whole dictionary (a merge, verify) knows that it is sorted.
#include <algorithm>
#include <array>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/format/dictionary_block.h"
#include "engine/format/dictionary_data.h"
#include "engine/format/dictionary_reader.h"

namespace segue {

struct Dictionary::Iterator::State {
  explicit State(std::shared_ptr<const Data> shared) : data(std::move(shared)) {}

  std::shared_ptr<const Data> data;
  absl::Status status;
  bool valid = false;
  uint64_t block_number = 0;
  uint32_t position = 0;  // in the block
  uint32_t terms_in_block = 0;
  size_t shared_bytes = 0;
  std::string term;
  PinnedBytes bytes;
  DictionaryBlock block;
  FrontCodeCursor cursor;
  std::array<TermMeta, kTermsPerBlock> metas;

  void Fail(absl::Status error) {
    status = std::move(error);
    valid = false;
  }
  void Fail(const char* what) {
    Fail(data->Corrupt(block_number, {static_cast<size_t>(cursor.rest - bytes.data()), what}));
  }

  // Stands on the block's first term. `check_order`: it must be above the current term.
  void LoadBlock(uint64_t number, bool check_order) {
    block_number = number;
    position = 0;
    terms_in_block = data->TermsInBlock(number);
    absl::Status pinned = data->PinBlock(number, &bytes, &block);
    if (!pinned.ok()) return Fail(std::move(pinned));
    BlockProblem problem;
    if (!block.ReadAllMeta(data->meta, &metas, &problem)) {
      return Fail(data->Corrupt(number, problem));
    }
    cursor = block.Terms();
    const std::string_view first = block.first_term();
    if (check_order && first <= term)
      return Fail("a first term that is not above the block before");
    shared_bytes = 0;
    if (check_order) {
      shared_bytes = static_cast<size_t>(
          std::mismatch(first.begin(), first.end(), term.begin(), term.end()).first -
          first.begin());
    }
    term = first;
    valid = true;
  }

  // REQUIRES: position + 1 < terms_in_block.
  void NextInBlock() {
    FrontCodedTerm next;
    if (!cursor.Next(&next)) return Fail("a dictionary term is longer than its block");
    const size_t shared = next.shared_bytes;
    if (shared > term.size() || next.size() > kMaxTermBytes ||
        (shared < term.size() && next.next <= static_cast<uint8_t>(term[shared]))) {
      return Fail("a dictionary term is not above the one before");
    }
    term.resize(shared);
    term.push_back(static_cast<char>(next.next));
    term.append(reinterpret_cast<const char*>(next.rest), next.rest_bytes);
    shared_bytes = shared;
    ++position;
  }
};

Dictionary::Iterator::Iterator(const Dictionary& dictionary)
    : state_(std::make_unique<State>(dictionary.data_)) {}
Dictionary::Iterator::~Iterator() = default;
Dictionary::Iterator::Iterator(Iterator&&) noexcept = default;
Dictionary::Iterator& Dictionary::Iterator::operator=(Iterator&&) noexcept = default;

void Dictionary::Iterator::Seek(std::string_view term) {
  State& state = *state_;
  state.valid = false;
  if (!state.status.ok() || state.data->meta.term_count == 0) return;
  state.LoadBlock(state.data->index.FindBlock(term), /*check_order=*/false);
  while (state.valid && state.term < term) {
    if (state.position + 1 < state.terms_in_block) {
      state.NextInBlock();
    } else {
      Next();
      break;
    }
  }
  state.shared_bytes = 0;
}

void Dictionary::Iterator::SeekOrdinal(uint64_t ordinal) {
  State& state = *state_;
  state.valid = false;
  if (!state.status.ok() || ordinal >= state.data->meta.term_count) return;
  state.LoadBlock(ordinal / kTermsPerBlock, /*check_order=*/false);
  for (uint32_t i = 0; state.valid && i < ordinal % kTermsPerBlock; ++i) state.NextInBlock();
  state.shared_bytes = 0;
}

void Dictionary::Iterator::Next() {
  SEGUE_DCHECK(valid());
  if (state_->position + 1 < state_->terms_in_block) {
    state_->NextInBlock();
  } else {
    NextBlock();
  }
}

void Dictionary::Iterator::NextBlock() {
  SEGUE_DCHECK(valid());
  State& state = *state_;
  if (state.block_number + 1 == state.data->index.block_count()) {
    state.valid = false;
    return;
  }
  state.LoadBlock(state.block_number + 1, /*check_order=*/true);
}

bool Dictionary::Iterator::valid() const { return state_->valid; }
const absl::Status& Dictionary::Iterator::status() const { return state_->status; }

std::string_view Dictionary::Iterator::term() const {
  SEGUE_DCHECK(valid());
  return state_->term;
}

uint64_t Dictionary::Iterator::ordinal() const {
  SEGUE_DCHECK(valid());
  return state_->block_number * kTermsPerBlock + state_->position;
}

const TermMeta& Dictionary::Iterator::meta() const {
  SEGUE_DCHECK(valid());
  return state_->metas[state_->position];
}

size_t Dictionary::Iterator::shared_prefix_bytes() const {
  SEGUE_DCHECK(valid());
  return state_->shared_bytes;
}

bool Dictionary::Iterator::at_block_start() const {
  SEGUE_DCHECK(valid());
  return state_->position == 0;
}

}  // namespace segue
