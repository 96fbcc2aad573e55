// SPDX-License-Identifier: Apache-2.0
//
// Opening a list checks that its fixed parts (header, skip arrays, bitmap) lie
// within its bytes; entering a block checks that the block does. The grammar is
// in postings_writer.cc and docs/format.md.

#include "engine/format/postings_reader.h"

#include <cstring>
#include <utility>

#include "engine/base/byte_reader.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/position_reader.h"

namespace segue {
namespace {

constexpr uint64_t AlignUp(uint64_t value, uint64_t alignment) {
  return (value + alignment - 1) & ~(alignment - 1);
}

}  // namespace

absl::StatusOr<PostingList> PostingList::Open(const PostingsSource& source, const TermMeta& meta,
                                              bool with_positions) {
  PostingList list;
  list.post_ = source.post;
  list.post_offset_ = meta.post_offset;
  list.doc_freq_ = meta.doc_freq;
  list.total_freq_ = meta.total_freq;
  list.has_freqs_ = source.has_freqs;
  if (meta.doc_freq == 0 || meta.doc_freq > source.doc_count || source.doc_count > kEndOfDocs ||
      meta.total_freq < meta.doc_freq) {
    return list.post_.Corrupt(
        meta.post_offset, Cat("a term in ", meta.doc_freq, " of ", source.doc_count, " documents, ",
                              meta.total_freq, " times"));
  }
  list.block_count_ = (meta.doc_freq - 1) / kBlockPostings + 1;
  list.doc_limit_ = source.doc_count;
  if (meta.doc_freq == 1) {
    SEGUE_RETURN_IF_ERROR(list.OpenSingle(meta));
  } else {
    SEGUE_ASSIGN_OR_RETURN(list.post_pin_, source.post.Pin(meta.post_offset, meta.post_bytes));
    SEGUE_RETURN_IF_ERROR(HasSkipArrays(meta.doc_freq)
                              ? list.OpenLong(source.doc_count, source.has_positions)
                              : list.OpenShort());
  }
  if (with_positions && source.has_positions) {
    list.pos_ = source.pos;
    list.pos_offset_ = meta.pos_offset;
    SEGUE_ASSIGN_OR_RETURN(list.pos_pin_, source.pos.Pin(meta.pos_offset, meta.pos_bytes));
    list.has_positions_ = true;
  }
  return list;
}

absl::StatusOr<DocId> PostingList::FirstDocOfShort(const PostingsSource& source,
                                                   const TermMeta& meta) {
  SEGUE_DCHECK(meta.doc_freq > 1 && !HasSkipArrays(meta.doc_freq));
  SEGUE_ASSIGN_OR_RETURN(const PinnedBytes bytes,
                         source.post.Pin(meta.post_offset, meta.post_bytes));
  ByteReader reader(bytes.span());
  DocId first = 0;
  if (!reader.ReadVarint32(&first) || first >= source.doc_count) {
    return source.post.Corrupt(meta.post_offset, "bad first document");
  }
  return first;
}

absl::Status PostingList::OpenSingle(const TermMeta& meta) {
  only_first_ = meta.single_doc;
  if (only_first_ >= doc_limit_ || meta.total_freq > UINT32_MAX) {
    return post_.Corrupt(meta.post_offset, "a term of one document beyond the limits");
  }
  return absl::OkStatus();
}

absl::Status PostingList::OpenShort() {
  ByteReader reader(post_pin_.span());
  if (!reader.ReadVarint32(&only_first_) || only_first_ >= doc_limit_) {
    return post_.Corrupt(post_offset_, "bad first document");
  }
  payload_ = post_pin_.data() + reader.position();
  payload_end_ = post_pin_.data() + post_pin_.size();
  return absl::OkStatus();
}

absl::Status PostingList::OpenLong(uint32_t doc_count, bool with_position_offsets) {
  const uint8_t* data = post_pin_.data();
  const uint8_t kind = post_pin_.size() == 0 ? 0 : data[0];
  const uint8_t known = kDenseList | (with_position_offsets ? kWidePositionTable : 0);
  if ((kind & ~known) != 0) return post_.Corrupt(post_offset_, "unknown kind of list");
  const bool wide = (kind & kWidePositionTable) != 0;
  const uint64_t firsts_bytes = uint64_t{4} * block_count_;
  const uint64_t offsets_bytes = OffsetTable::ByteSize(block_count_, /*wide=*/false);
  const uint64_t positions_bytes =
      with_position_offsets ? OffsetTable::ByteSize(block_count_, wide) : 0;
  const uint64_t fixed = 5 + firsts_bytes + offsets_bytes + positions_bytes;
  if (post_pin_.size() < fixed) return post_.Corrupt(post_offset_, "skip data does not fit");
  const uint32_t last_doc = LoadU32(data + 1);
  if (last_doc >= doc_count) return post_.Corrupt(post_offset_ + 1, "bad last document");
  doc_limit_ = last_doc + 1;
  exact_limit_ = true;
  dense_ = (kind & kDenseList) != 0;
  first_docs_ = data + 5;
  block_offsets_ = OffsetTable(first_docs_ + firsts_bytes, block_count_, /*wide=*/false);
  if (with_position_offsets) {
    position_offsets_ = OffsetTable(first_docs_ + firsts_bytes + offsets_bytes, block_count_, wide);
  }
  payload_ = data + fixed;
  payload_end_ = data + post_pin_.size();
  return dense_ ? OpenBitmap(fixed, doc_count) : absl::OkStatus();
}

absl::Status PostingList::OpenBitmap(uint64_t fixed_bytes, uint32_t doc_count) {
  const uint64_t windows = (doc_count - 1) / kRankWindowDocs + 1;
  const uint64_t begin = AlignUp(post_offset_ + fixed_bytes, kBitmapAlignment) - post_offset_;
  const uint64_t bitmap_bytes = windows * (kRankWindowDocs / 8);
  if (begin + bitmap_bytes + 4 * windows > post_pin_.size()) {
    return post_.Corrupt(post_offset_, "the bitmap does not fit");
  }
  const uint8_t* bitmap = post_pin_.data() + begin;
  ranks_ = bitmap + bitmap_bytes;
  payload_ = ranks_ + 4 * windows;
  word_count_ = static_cast<uint32_t>(bitmap_bytes / 8);
  if (reinterpret_cast<uintptr_t>(bitmap) % alignof(uint64_t) == 0) {
    words_ = reinterpret_cast<const uint64_t*>(bitmap);
  } else {
    // A section that starts at an odd place of a larger file.
    owned_words_ = std::make_unique<uint64_t[]>(word_count_);
    std::memcpy(owned_words_.get(), bitmap, bitmap_bytes);
    words_ = owned_words_.get();
  }
  uint64_t padding = 0;
  for (uint64_t i = fixed_bytes; i < begin; ++i) padding |= post_pin_.data()[i];
  if (padding != 0) return post_.Corrupt(post_offset_ + fixed_bytes, "bytes that should be zero");
  // Word operations run over the bitmap's end too, so it must be empty.
  for (uint32_t word = doc_count / 64; word < word_count_; ++word) {
    const bool partial = word == doc_count / 64 && doc_count % 64 != 0;
    padding |= words_[word] & (partial ? ~uint64_t{0} << (doc_count % 64) : ~uint64_t{0});
  }
  if (padding != 0) return post_.Corrupt(post_offset_ + begin, "bits beyond the last document");
  return absl::OkStatus();
}

DocId PostingList::last_doc() const {
  if (exact_limit_) return doc_limit_ - 1;
  DocId docs[kBlockPostings];
  const uint32_t count = DecodeDocs(0, docs);
  return count == 0 ? only_first_ : docs[count - 1];
}

uint32_t PostingList::FindBlock(DocId target, uint32_t from) const {
  SEGUE_DCHECK_LT(from, block_count_);
  // The most frequent answer, without a call.
  if (block_count_ - from == 1 || first_doc(from + 1) > target) return from;
  return ActiveKernels().find_last_at_most(first_docs_, block_count_, from, target);
}

bool PostingList::ViewBlock(uint32_t block, PostingBlock* view) const {
  SEGUE_DCHECK_LT(block, block_count_);
  const uint8_t* begin = payload_;
  const uint8_t* end = payload_end_;
  if (!block_offsets_.empty()) {
    const uint64_t size = static_cast<uint64_t>(payload_end_ - payload_);
    const uint64_t from = block_offsets_[block];
    const uint64_t to = block + 1 < block_count_ ? block_offsets_[block + 1] : size;
    if (from >= to || to > size) return Fail(Damage::kBlockOffset, block);
    end = begin + to;
    begin += from;
  }
  if (!view->Open(begin, end, docs_in_block(block)) ||
      (view->doc_shape.codec == DocCodec::kBitmap) != dense_) {
    return Fail(Damage::kBlockHeader, block);
  }
  return true;
}

uint32_t PostingList::DecodeDocs(uint32_t block, DocId* out) const {
  if (dense_) return DecodeDense(block, out);
  const DocId first = first_doc(block);
  if (doc_freq_ == 1) {
    out[0] = first;
    return 1;
  }
  PostingBlock view;
  if (!ViewBlock(block, &view)) return 0;
  const uint32_t count = view.count;
  if (!DecodeDocBlock(view.doc_shape, count, first, BlockLimit(block), view.docs, view.end, out) ||
      !EndsRight(block, out[count - 1])) {
    Fail(Damage::kDocs, block);
    return 0;
  }
  return count;
}

void PostingList::WillDecode(uint32_t block) const {
  if (block_offsets_.empty()) return;
  const uint64_t offset = block_offsets_[block];
  if (offset >= static_cast<uint64_t>(payload_end_ - payload_)) return;
  __builtin_prefetch(payload_ + offset);
  __builtin_prefetch(payload_ + offset + kLineBytes);
}

uint32_t PostingList::DecodeDense(uint32_t block, DocId* out) const {
  const DocId first = first_doc(block);
  const uint32_t count = docs_in_block(block);
  // The skip data, the ranks and the bitmap must agree.
  if (first >= doc_limit_ || !DenseContains(first) ||
      ActiveKernels().rank(words_, ranks_, first) != block * kBlockPostings ||
      ActiveKernels().first_bits(words_, word_count_, first, count, out) != count ||
      out[count - 1] >= BlockLimit(block) || !EndsRight(block, out[count - 1])) {
    Fail(Damage::kBitmap, block);
    return 0;
  }
  return count;
}

bool PostingList::ViewFreqs(uint32_t block, FreqBlock* freqs) const {
  if (has_freqs_ && doc_freq_ > 1) {
    PostingBlock view;
    if (ViewBlock(block, &view)) {
      if (view.OpenFreqs(freqs)) return true;
      return Fail(Damage::kBlockHeader, block);
    }
  }
  const bool single = has_freqs_ && doc_freq_ == 1;
  *freqs =
      FreqBlock::AllEqual(docs_in_block(block), single ? static_cast<uint32_t>(total_freq_) : 1);
  return !has_freqs_ || doc_freq_ == 1;
}

FreqBlock PostingList::OpenFreqs(uint32_t block) const {
  FreqBlock freqs;
  ViewFreqs(block, &freqs);
  return freqs;
}

bool PostingList::DecodeFreqs(uint32_t block, uint32_t* out) const {
  FreqBlock freqs;
  if (!ViewFreqs(block, &freqs)) return false;
  if (freqs.Decode(out)) return true;
  return Fail(Damage::kFreqs, block);
}

uint32_t PostingList::ReadPositions(uint32_t block, uint32_t index,
                                    std::vector<uint32_t>* out) const {
  PositionReader reader(this);
  return reader.EnterBlock(block) ? reader.Read(index, out) : 0;
}

bool PostingList::Fail(Damage damage, uint32_t block) const {
  if (damage_ == Damage::kNone) {
    damage_ = damage;
    damaged_block_ = block;
  }
  return false;
}

absl::Status PostingList::status() const {
  const char* what = nullptr;
  switch (damage_) {
    case Damage::kNone:
      return absl::OkStatus();
    case Damage::kBlockOffset:
      what = "offsets do not ascend within the list";
      break;
    case Damage::kBlockHeader:
      what = "unknown codec, another count, or longer than the block";
      break;
    case Damage::kFreqs:
      what = "frequency exceptions out of order";
      break;
    case Damage::kDocs:
      what = "documents do not ascend to the next block";
      break;
    case Damage::kBitmap:
      what = "bitmap, ranks and skip data disagree";
      break;
    case Damage::kPositions:
      return pos_.Corrupt(pos_offset_, Cat("block ", damaged_block_, " of the list that starts",
                                           ": positions do not fit the frequencies"));
  }
  return post_.Corrupt(post_offset_, Cat("block ", damaged_block_, " of ", block_count_,
                                         " of the list that starts: ", what));
}

}  // namespace segue
