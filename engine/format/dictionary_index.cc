// SPDX-License-Identifier: Apache-2.0
//
// The prefix of a string is its first 8 bytes as a big-endian number. It never decreases along
// sorted strings, so the last block whose separator's prefix is not above the wanted term's is the
// block, except among separators with the very same prefix. There a regular separator (at most 8
// bytes, no zero at its end) is not above the term: the term has its bytes, then zeros or more.
// Only irregular ones need their bytes compared.
#include "engine/format/dictionary_index.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/base/byte_writer.h"
#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/load.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

constexpr size_t kIndexHeaderBytes = 24;
constexpr size_t kNodeKeys = 16;

uint64_t PrefixOf(std::string_view text) {
  const size_t size = text.size();
  uint64_t bytes = 0;
  if (size >= 8) {
    std::memcpy(&bytes, text.data(), 8);
  } else if (size >= 4) {
    // Two halves that may overlap.
    uint32_t front, back;
    std::memcpy(&front, text.data(), 4);
    std::memcpy(&back, text.data() + size - 4, 4);
    bytes = front | uint64_t{back} << (8 * (size - 4));
  } else {
    for (size_t i = 0; i < size; ++i) bytes |= uint64_t{static_cast<uint8_t>(text[i])} << (8 * i);
  }
  return __builtin_bswap64(bytes);
}

bool IsIrregular(std::string_view separator) {
  return separator.size() > 8 || (!separator.empty() && separator.back() == '\0');
}

unsigned BytesFor(uint64_t value) {
  return std::max<unsigned>(1, static_cast<unsigned>(std::bit_width(value) + 7) / 8);
}

void PutBytes(uint64_t value, unsigned width, ByteWriter* out) {
  for (unsigned i = 0; i < width; ++i) out->PutU8(static_cast<uint8_t>(value >> (8 * i)));
}

uint64_t MaskOf(uint32_t width) {
  return width == 8 ? UINT64_MAX : (uint64_t{1} << (8 * width)) - 1;
}

// How many of a node's keys are not above `wanted`. REQUIRES: the first is not. Four steps without
// a branch.
size_t CountNotAbove(const uint8_t* keys, uint64_t wanted) {
  size_t last = 0;
  for (size_t step = kNodeKeys / 2; step > 0; step /= 2) {
    last += LoadU64(keys + 8 * (last + step)) <= wanted ? step : 0;
  }
  return last + 1;
}

}  // namespace

// ---- Building ----

void DictionaryIndexBuilder::AddBlock(uint64_t offset, std::string_view separator) {
  if (!offsets_.empty()) separators_ += separator;
  offsets_.push_back(offset);
  separator_ends_.push_back(separators_.size());
}

std::string DictionaryIndexBuilder::Finish(std::string_view first_term, std::string_view last_term,
                                           uint64_t blocks_bytes) {
  const size_t common_bytes = static_cast<size_t>(
      std::mismatch(first_term.begin(), first_term.end(), last_term.begin(), last_term.end())
          .first -
      first_term.begin());
  const unsigned offset_width = BytesFor(blocks_bytes);
  ByteWriter prefixes, offsets, irregular_blocks;
  std::string tails;
  std::vector<uint64_t> tail_ends;
  size_t begin = 0;
  for (size_t block = 0; block < offsets_.size(); ++block) {
    std::string_view separator =
        std::string_view(separators_).substr(begin, separator_ends_[block] - begin);
    begin = separator_ends_[block];
    if (block > 0) separator.remove_prefix(common_bytes);
    prefixes.PutU64(PrefixOf(separator));
    PutBytes(offsets_[block], offset_width, &offsets);
    if (IsIrregular(separator)) {
      irregular_blocks.PutU32(static_cast<uint32_t>(block));
      tails += separator;
      tail_ends.push_back(tails.size());
    }
  }
  PutBytes(blocks_bytes, offset_width, &offsets);

  const unsigned end_width = BytesFor(tails.size());
  ByteWriter out;
  out.PutU32(static_cast<uint32_t>(tail_ends.size()));
  out.PutU32(static_cast<uint32_t>(common_bytes));
  out.PutU64(tails.size());
  out.PutU8(static_cast<uint8_t>(offset_width));
  out.PutU8(static_cast<uint8_t>(end_width));
  out.PutBytes(std::string_view("\0\0\0\0\0\0", 6));
  out.PutBytes(prefixes.view());
  out.PutBytes(offsets.view());
  out.PutBytes(irregular_blocks.view());
  for (const uint64_t end : tail_ends) PutBytes(end, end_width, &out);
  out.PutBytes(tails);
  out.PutBytes(first_term.substr(0, common_bytes));
  *this = DictionaryIndexBuilder();
  return out.Take();
}

// ---- Opening ----

absl::Status DictionaryIndex::Open(const Section& terms, const DictionaryFieldMeta& meta) {
  block_count_ = meta.term_count / kTermsPerBlock + (meta.term_count % kTermsPerBlock != 0);
  SEGUE_RETURN_IF_ERROR(OpenParts(terms, meta));
  SEGUE_RETURN_IF_ERROR(CheckOrder(terms, meta));
  BuildLevels();
  return absl::OkStatus();
}

absl::Status DictionaryIndex::OpenParts(const Section& terms, const DictionaryFieldMeta& meta) {
  // Every block takes 8 bytes here, so no sum below can overflow.
  if (block_count_ > UINT32_MAX || block_count_ > meta.index_bytes / 8) {
    return terms.Corrupt(meta.index_offset, Cat("a dictionary index of ", meta.index_bytes,
                                                " bytes for ", block_count_, " blocks"));
  }
  SEGUE_ASSIGN_OR_RETURN(bytes_, terms.Pin(meta.index_offset, meta.index_bytes));
  ByteReader header(bytes_.span());
  uint32_t common_bytes = 0;
  uint64_t tail_bytes = 0;
  uint8_t offset_width = 0, end_width = 0;
  header.ReadU32(&irregular_count_);
  header.ReadU32(&common_bytes);
  header.ReadU64(&tail_bytes);
  header.ReadU8(&offset_width);
  header.ReadU8(&end_width);
  std::string_view zeros;
  header.ReadBytes(kIndexHeaderBytes - header.position(), &zeros);
  if (!header.ok()) return terms.Corrupt(meta.index_offset, "a dictionary index ends early");
  if (offset_width < 1 || offset_width > 8 || end_width < 1 || end_width > 8) {
    return terms.Corrupt(meta.index_offset + 16,
                         Cat("found integers of ", offset_width, " and ", end_width,
                             " bytes in a dictionary index, wanted 1 to 8"));
  }
  if (zeros.find_first_not_of('\0') != zeros.npos) {
    return terms.Corrupt(meta.index_offset + kIndexHeaderBytes - zeros.size(),
                         "reserved bytes of a dictionary index that are not zero");
  }
  if (irregular_count_ > block_count_ || tail_bytes > bytes_.size() ||
      common_bytes > kMaxTermBytes) {
    return terms.Corrupt(meta.index_offset,
                         "a dictionary index has more separators than blocks, or longer ones "
                         "than itself");
  }
  const uint64_t wanted = kIndexHeaderBytes + 8 * block_count_ + offset_width * (block_count_ + 1) +
                          (4 + uint64_t{end_width}) * irregular_count_ + tail_bytes + common_bytes;
  if (wanted != bytes_.size()) {
    return terms.Corrupt(meta.index_offset, Cat("found a dictionary index of ", bytes_.size(),
                                                " bytes, wanted ", wanted));
  }
  offset_width_ = offset_width;
  offset_mask_ = MaskOf(offset_width);
  end_width_ = end_width;
  end_mask_ = MaskOf(end_width);
  prefixes_ = bytes_.data() + kIndexHeaderBytes;
  offsets_ = prefixes_ + 8 * block_count_;
  irregular_blocks_ = offsets_ + offset_width * (block_count_ + 1);
  irregular_ends_ = irregular_blocks_ + 4 * uint64_t{irregular_count_};
  tails_ = bytes_.view().substr(
      static_cast<size_t>(irregular_ends_ - bytes_.data()) + uint64_t{end_width} * irregular_count_,
      tail_bytes);
  common_ = bytes_.view().substr(bytes_.size() - common_bytes);
  return absl::OkStatus();
}

absl::Status DictionaryIndex::CheckOrder(const Section& terms,
                                         const DictionaryFieldMeta& meta) const {
  if (Offset(0) != 0 || Offset(block_count_) != meta.blocks_bytes) {
    return terms.Corrupt(meta.index_offset + static_cast<uint64_t>(offsets_ - bytes_.data()),
                         Cat("found dictionary blocks from ", Offset(0), " to ",
                             Offset(block_count_), ", wanted 0 to ", meta.blocks_bytes));
  }
  for (uint64_t block = 0; block < block_count_; ++block) {
    if (Offset(block) >= Offset(block + 1) ||
        (block == 0 ? Prefix(0) != 0 : Prefix(block) < Prefix(block - 1))) {
      return terms.Corrupt(meta.index_offset + kIndexHeaderBytes,
                           Cat("block ", block, " of a dictionary index is out of order"));
    }
  }
  for (uint64_t i = 0; i < irregular_count_; ++i) {
    const uint64_t least_block = i == 0 ? 1 : uint64_t{IrregularBlock(i - 1)} + 1;
    const uint64_t end = LoadU64(irregular_ends_ + i * end_width_) & end_mask_;
    const uint64_t begin = i == 0 ? 0 : LoadU64(irregular_ends_ + (i - 1) * end_width_) & end_mask_;
    if (IrregularBlock(i) < least_block || IrregularBlock(i) >= block_count_ || end < begin ||
        end > tails_.size()) {
      return terms.Corrupt(
          meta.index_offset + static_cast<uint64_t>(irregular_blocks_ - bytes_.data()),
          Cat("separator ", i, " of a dictionary index is out of order"));
    }
  }
  return absl::OkStatus();
}

void DictionaryIndex::BuildLevels() {
  levels_.clear();
  uint64_t keys = block_count_;
  while (keys > kNodeKeys) {
    const uint64_t above = (keys + kNodeKeys - 1) / kNodeKeys;
    std::vector<uint64_t> level((above + kNodeKeys - 1) / kNodeKeys * kNodeKeys, UINT64_MAX);
    for (uint64_t i = 0; i < above; ++i) {
      level[i] = levels_.empty() ? Prefix(i * kNodeKeys) : levels_.back()[i * kNodeKeys];
    }
    levels_.push_back(std::move(level));
    keys = above;
  }
}

// ---- Searching ----

uint64_t DictionaryIndex::Prefix(uint64_t block) const { return LoadU64(prefixes_ + 8 * block); }

// The integers are read 8 bytes at a time: pinned bytes have slack behind them.
uint64_t DictionaryIndex::Offset(uint64_t block) const {
  return LoadU64(offsets_ + offset_width_ * block) & offset_mask_;
}

uint32_t DictionaryIndex::IrregularBlock(uint64_t i) const {
  uint32_t block;
  std::memcpy(&block, irregular_blocks_ + 4 * i, sizeof(block));
  return block;
}

std::string_view DictionaryIndex::IrregularSeparator(uint64_t i) const {
  const uint64_t begin = i == 0 ? 0 : LoadU64(irregular_ends_ + (i - 1) * end_width_) & end_mask_;
  const uint64_t end = LoadU64(irregular_ends_ + i * end_width_) & end_mask_;
  return tails_.substr(begin, end - begin);
}

// The leaf with the last block whose prefix is not above `prefix`. There is one: that of block
// `from` is not.
uint64_t DictionaryIndex::LeafOf(uint64_t prefix, uint64_t from) const {
  const uint64_t behind = (from / kNodeKeys + 1) * kNodeKeys;
  if (from != 0 && (behind >= block_count_ || Prefix(behind) > prefix)) return from / kNodeKeys;
  uint64_t node = 0;
  size_t level = levels_.size();
  if (from != 0 && level > 1) {
    // Its neighbours of one level up, too, are near.
    const uint64_t above = from / (kNodeKeys * kNodeKeys);
    const uint64_t next = (above + 1) * kNodeKeys;
    if (next >= levels_[0].size() || levels_[0][next] > prefix) node = above, level = 1;
  }
  for (size_t i = level; i-- > 0;) {
    // A node's first key is not above, as its copy in the level above was not. For the greatest
    // prefix the padding is counted too, hence the minimum.
    const auto* keys = reinterpret_cast<const uint8_t*>(levels_[i].data() + node * kNodeKeys);
    node = node * kNodeKeys + CountNotAbove(keys, prefix) - 1;
    const uint64_t keys_below = i > 0 ? levels_[i - 1].size() : block_count_;
    node = std::min(node, (keys_below - 1) / kNodeKeys);
  }
  return node;
}

// The lines that a search of the leaf reads, the offset of the block that it finds among them: the
// waits for them overlap.
void DictionaryIndex::PrefetchLeaf(uint64_t leaf) const {
  const uint64_t begin = leaf * kNodeKeys;
  __builtin_prefetch(prefixes_ + 8 * begin);
  __builtin_prefetch(prefixes_ + 8 * (begin + kNodeKeys) - 1);
  __builtin_prefetch(offsets_ + offset_width_ * begin);
  __builtin_prefetch(offsets_ + offset_width_ * (begin + kNodeKeys));
}

uint64_t DictionaryIndex::LastNotAbove(uint64_t prefix, uint64_t from) const {
  const uint64_t leaf = LeafOf(prefix, from);
  PrefetchLeaf(leaf);
  const uint64_t begin = leaf * kNodeKeys;
  const uint64_t keys = std::min<uint64_t>(kNodeKeys, block_count_ - begin);
  if (keys == kNodeKeys) return begin + CountNotAbove(prefixes_ + 8 * begin, prefix) - 1;
  size_t count = 0;
  for (uint64_t i = 0; i < keys; ++i) count += Prefix(begin + i) <= prefix;
  return begin + count - 1;
}

bool DictionaryIndex::IsBehind(uint64_t block, std::string_view prefix) const {
  if (prefix.size() <= common_.size()) return false;
  prefix.remove_prefix(common_.size());
  const size_t bytes = std::min<size_t>(prefix.size(), 8);
  const uint64_t mask = ~uint64_t{0} << (64 - 8 * bytes);
  return (Prefix(block) & mask) > (PrefixOf(prefix) & mask);
}

uint64_t DictionaryIndex::FindBlock(std::string_view term, uint64_t from) const {
  SEGUE_DCHECK(block_count_ > 0);
  if (!term.starts_with(common_)) return term < common_ ? 0 : block_count_ - 1;
  term.remove_prefix(common_.size());
  const uint64_t prefix = PrefixOf(term);
  const uint64_t block = LastNotAbove(prefix, from);
  if (irregular_count_ == 0 || Prefix(block) != prefix) return block;

  // The first irregular separator above the term bounds the block.
  uint64_t begin = 0, end = irregular_count_;
  while (begin < end) {
    const uint64_t middle = begin + (end - begin) / 2;
    const uint64_t middle_prefix = Prefix(IrregularBlock(middle));
    const bool not_above =
        middle_prefix != prefix ? middle_prefix < prefix : IrregularSeparator(middle) <= term;
    if (not_above) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin == irregular_count_ ? block : std::min<uint64_t>(block, IrregularBlock(begin) - 1);
}

}  // namespace segue
