// SPDX-License-Identifier: Apache-2.0
//
// A look-up is one search of the block index, which is pinned and mostly cached, and one block of
// about 250 bytes, which is searched in place: nothing is built or allocated.
#include "engine/format/dictionary_reader.h"

#include <algorithm>

#include "engine/base/limits.h"
#include "engine/base/load.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/dictionary_block.h"
#include "engine/format/dictionary_data.h"

namespace segue {

std::string PrefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<uint8_t>(end.back()) + 1);
  return end;
}

// ---- Dictionary::Data ----

absl::Status Dictionary::Data::Corrupt(uint64_t block, const BlockProblem& problem) const {
  return terms.Corrupt(meta.blocks_offset + index.BlockOffset(block) + problem.offset,
                       Cat(problem.what, " (block ", block, " of ", index.block_count(), ")"));
}

absl::Status Dictionary::Data::PinBlock(uint64_t block, PinnedBytes* bytes,
                                        DictionaryBlock* view) const {
  SEGUE_ASSIGN_OR_RETURN(*bytes, Pin(block));
  return Open(block, *bytes, view);
}

absl::StatusOr<PinnedBytes> Dictionary::Data::Pin(uint64_t block) const {
  const uint64_t begin = index.BlockOffset(block);
  const uint64_t block_bytes = index.BlockOffset(block + 1) - begin;
  if (block_bytes > kMaxDictionaryBlockBytes) {
    return Corrupt(block, {0, "a dictionary block longer than its terms can be"});
  }
  return terms.Pin(meta.blocks_offset + begin, block_bytes);
}

absl::Status Dictionary::Data::Open(uint64_t block, const PinnedBytes& bytes,
                                    DictionaryBlock* view) const {
  BlockProblem problem;
  if (!view->Open(bytes.span(), TermsInBlock(block), &problem)) return Corrupt(block, problem);
  return absl::OkStatus();
}

absl::Status Dictionary::Data::OpenTerms(uint64_t block, const PinnedBytes& bytes,
                                         DictionaryBlock* view) const {
  BlockProblem problem;
  if (!view->OpenTerms(bytes.span(), TermsInBlock(block), &problem)) return Corrupt(block, problem);
  return absl::OkStatus();
}

uint32_t Dictionary::Data::TermsInBlock(uint64_t block) const {
  const uint64_t first = block * kTermsPerBlock;
  return static_cast<uint32_t>(std::min<uint64_t>(kTermsPerBlock, meta.term_count - first));
}

// ---- Dictionary ----

absl::StatusOr<Dictionary> Dictionary::Open(const Section& terms, const DictionaryFieldMeta& meta) {
  auto data = std::make_shared<Data>();
  data->terms = terms;
  data->meta = meta;
  // The whole range is checked here, so that blocks can be addressed without overflow.
  SEGUE_RETURN_IF_ERROR(terms.Sub(meta.blocks_offset, meta.blocks_bytes).status());
  SEGUE_RETURN_IF_ERROR(data->index.Open(terms, meta));
  return Dictionary(std::move(data));
}

uint64_t Dictionary::term_count() const { return data_->meta.term_count; }
const DictionaryFieldMeta& Dictionary::field_meta() const { return data_->meta; }

absl::StatusOr<std::optional<TermEntry>> Dictionary::Find(std::string_view term) const {
  TermEntry entry;
  SEGUE_ASSIGN_OR_RETURN(const std::optional<uint64_t> ordinal,
                         FindAt(Locate(term), term, &entry.meta));
  if (!ordinal.has_value()) return std::nullopt;
  entry.ordinal = *ordinal;
  return entry;
}

Dictionary::Place Dictionary::Locate(std::string_view term) const {
  const Data& data = *data_;
  Place place;
  if (data.meta.term_count == 0) return place;
  place.block = data.index.FindBlock(term);
  if (!data.terms.mapped()) return place;
  absl::StatusOr<PinnedBytes> bytes = data.Pin(place.block);
  if (!bytes.ok()) return place;  // FindAt will say so
  place.bytes = *std::move(bytes);
  // Its terms and its metadata are some lines apart.
  constexpr size_t kMostBytes = 512;
  const size_t end = std::min(place.bytes.size(), kMostBytes);
  for (size_t i = 0; i < end; i += kLineBytes) __builtin_prefetch(place.bytes.data() + i);
  return place;
}

absl::StatusOr<std::optional<uint64_t>> Dictionary::FindAt(const Place& place,
                                                           std::string_view term,
                                                           TermMeta* meta) const {
  const Data& data = *data_;
  if (data.meta.term_count == 0 || term.size() > kMaxTermBytes) return std::nullopt;
  PinnedBytes own;
  const PinnedBytes* bytes = &place.bytes;
  if (bytes->data() == nullptr) {
    SEGUE_ASSIGN_OR_RETURN(own, data.Pin(place.block));
    bytes = &own;
  }
  DictionaryBlock block;
  SEGUE_RETURN_IF_ERROR(data.Open(place.block, *bytes, &block));
  BlockProblem problem;
  uint32_t position = 0;
  bool found = false;
  if (!block.Search(term, &position, &found, &problem)) return data.Corrupt(place.block, problem);
  if (!found) return std::nullopt;
  if (!block.ReadMeta(position, data.meta, meta, &problem)) {
    return data.Corrupt(place.block, problem);
  }
  return place.block * kTermsPerBlock + position;
}

absl::StatusOr<std::string> Dictionary::TermAt(uint64_t ordinal) const {
  SEGUE_RETURN_IF_ERROR(CheckOrdinal(ordinal));
  Iterator it(*this);
  it.SeekOrdinal(ordinal);
  if (!it.valid()) return it.status();
  return std::string(it.term());
}

absl::StatusOr<TermMeta> Dictionary::MetaAt(uint64_t ordinal) const {
  SEGUE_RETURN_IF_ERROR(CheckOrdinal(ordinal));
  PinnedBytes bytes;
  DictionaryBlock block;
  const uint64_t number = ordinal / kTermsPerBlock;
  SEGUE_RETURN_IF_ERROR(data_->PinBlock(number, &bytes, &block));
  BlockProblem problem;
  TermMeta meta;
  if (!block.ReadMeta(ordinal % kTermsPerBlock, data_->meta, &meta, &problem)) {
    return data_->Corrupt(number, problem);
  }
  return meta;
}

absl::Status Dictionary::CheckOrdinal(uint64_t ordinal) const {
  if (ordinal < term_count()) return absl::OkStatus();
  return Error(ErrorCode::kInvalidArgument,
               Cat("term ", ordinal, " of a dictionary of ", term_count(), " terms"));
}

absl::StatusOr<uint64_t> Dictionary::LowerBound(std::string_view term) const {
  const Data& data = *data_;
  if (data.meta.term_count == 0) return uint64_t{0};
  const uint64_t number = data.index.FindBlock(term);
  PinnedBytes bytes;
  DictionaryBlock block;
  SEGUE_RETURN_IF_ERROR(data.PinBlock(number, &bytes, &block));
  BlockProblem problem;
  uint32_t position = 0;
  bool found = false;
  if (!block.Search(term, &position, &found, &problem)) return data.Corrupt(number, problem);
  return number * kTermsPerBlock + position;
}

absl::StatusOr<Dictionary::OrdinalRange> Dictionary::Range(std::string_view from,
                                                           std::string_view to) const {
  OrdinalRange range;
  SEGUE_ASSIGN_OR_RETURN(range.begin, LowerBound(from));
  range.end = term_count();
  if (!to.empty()) {
    SEGUE_ASSIGN_OR_RETURN(range.end, LowerBound(to));
  }
  range.end = std::max(range.begin, range.end);
  return range;
}

absl::StatusOr<Dictionary::OrdinalRange> Dictionary::PrefixRange(std::string_view prefix) const {
  return Range(prefix, PrefixEnd(prefix));
}

}  // namespace segue
