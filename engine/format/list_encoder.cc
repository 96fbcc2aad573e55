// SPDX-License-Identifier: Apache-2.0
//
// A list is collected block by block: when the 129th document comes, the 128
// before it are encoded. Documents and frequencies wait in memory, apart, because
// only the last document decides whether the list is short, sparse or dense.
// Bounds and bitmap are then made from the encoded blocks, by decoding them
// again: that is cheaper than keeping eight bytes for every posting of a frequent
// term.
//
// List in the postings file (none for a term of one document):
//
//   one block   varint first document, then the block
//   sparse      u8 kind, u32 last document,
//               u32 first document per block,
//               table of the blocks' offsets, from the first block's bytes,
//               table of their position offsets (fields with positions), from
//               the list's start in the positions file,
//               the blocks
//   dense       kind, last document, the array and the tables as above,
//               zeros to a multiple of 64 bytes of the section,
//               the bitmap: 64 bytes for each 512 documents of the segment,
//               u32 documents before each 512,
//               the blocks (without documents)
#include "engine/format/list_encoder.h"

#include <algorithm>
#include <string>
#include <vector>

#include "engine/base/byte_writer.h"
#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/offset_table.h"
#include "engine/simd/kernels.h"

namespace segue {
namespace {

// Decoders may read this far past the end of a block.
constexpr size_t kSlackBytes = 64;

const uint8_t* Bytes(const std::string& s) { return reinterpret_cast<const uint8_t*>(s.data()); }

}  // namespace

ListEncoder::ListEncoder(const PostingsWriterOptions& options)
    : options_(options),
      doc_limit_(std::min<uint32_t>(options.doc_count, kEndOfDocs)),
      bounds_(options.doc_count, options.norms,
              TfNormTable(options.k1, options.b, options.average_length)) {
  SEGUE_DCHECK(options.has_freqs || !options.has_positions);
}

void ListEncoder::StartTerm() {
  doc_freq_ = 0;
  total_freq_ = 0;
  pending_ = 0;
  positions_.Clear();
  blocks_.clear();
  doc_bytes_.clear();
  freq_bytes_.clear();
  pos_bytes_.clear();
  pos_dropped_ = 0;
}

absl::Status ListEncoder::Add(std::span<const uint64_t> postings) {
  if (!status_.ok() || postings.empty()) return status_;
  bool refused = (doc_freq_ != 0 && postings.front() >> 32 <= last_doc_) ||
                 postings.back() >> 32 >= doc_limit_ || !std::ranges::is_sorted(postings);
  while (!refused && !postings.empty()) {
    if (pending_ == kBlockPostings) {
      status_ = FlushBlock(false);
      if (!status_.ok()) return status_;
    }
    const size_t taken = TakeDocuments(postings);
    refused = options_.has_positions && !positions_.Add(postings.first(taken));
    postings = postings.subspan(taken);
  }
  if (refused) {
    status_ = Error(ErrorCode::kInvalidArgument,
                    "postings must ascend, their documents be of the segment and their positions "
                    "below 2^31");
  }
  return status_;
}

// Fills the block with documents and their frequencies; the postings of those. Without a branch on
// whether a document begins: as often as not nobody could predict it.
size_t ListEncoder::TakeDocuments(std::span<const uint64_t> postings) {
  uint32_t count = pending_, freq = 0;
  auto doc = static_cast<DocId>(~(postings[0] >> 32));
  size_t taken = 0;
  for (; taken < postings.size(); ++taken) {
    const auto next = static_cast<DocId>(postings[taken] >> 32);
    const bool begins = next != doc;
    count += begins;
    if (count > kBlockPostings) break;
    freq = begins ? 1 : freq + 1;
    docs_[count - 1] = doc = next;
    freqs_[count - 1] = freq;
  }
  count = std::min(count, kBlockPostings);
  if (!options_.has_freqs) std::fill(freqs_ + pending_, freqs_ + count, 1u);
  doc_freq_ += count - pending_;
  total_freq_ += options_.has_freqs ? taken : count - pending_;
  pending_ = count;
  last_doc_ = doc;
  return taken;
}

// Says why a posting was refused.
absl::Status ListEncoder::Refusal(DocId doc, uint32_t freq, std::span<const uint32_t> given) const {
  const auto refuse = [doc](std::string_view why) {
    return Error(ErrorCode::kInvalidArgument, Cat("posting of document ", doc, ": ", why));
  };
  if (doc >= options_.doc_count || doc >= kEndOfDocs) return refuse("number beyond the segment");
  if (doc_freq_ != 0 && doc <= last_doc_) return refuse("documents must ascend");
  if (freq == 0) return refuse("frequency 0");
  if (given.size() != (options_.has_positions ? freq : 0)) {
    return refuse(Cat(given.size(), " positions for frequency ", freq));
  }
  return refuse("positions must not descend and be below 2^31");
}

absl::Status ListEncoder::FinishTerm(EncodedList* list) {
  if (!status_.ok()) return status_;
  if (doc_freq_ == 0) {
    status_ = Error(ErrorCode::kInvalidArgument, "a term needs at least one document");
    return status_;
  }
  status_ = EncodeList(list);
  return status_;
}

absl::Status ListEncoder::EncodeList(EncodedList* out) {
  const bool short_list = !HasSkipArrays(doc_freq_);
  SEGUE_RETURN_IF_ERROR(FlushBlock(short_list));
  *out = {};
  out->doc_freq = doc_freq_;
  out->total_freq = total_freq_;
  out->positions = pos_bytes_;
  if (doc_freq_ == 1) {
    out->single_doc = last_doc_;
    return absl::OkStatus();
  }
  list_.clear();
  if (short_list) {
    AppendVarint(blocks_[0].first_doc, &list_);
    AppendBlock(0, /*dense=*/false, /*with_count=*/false, &list_);
    out->postings.head = list_;
  } else {
    SEGUE_RETURN_IF_ERROR(EncodeLongList(&out->postings));
  }
  if (doc_freq_ >= kBoundMinDocFreq) EncodeBounds(&out->bounds);
  return absl::OkStatus();
}

absl::Status ListEncoder::FlushBlock(bool short_list) {
  Block block;
  block.count = pending_;
  block.first_doc = docs_[0];
  block.doc_begin = doc_bytes_.size();
  block.freq_begin = freq_bytes_.size();
  if (doc_freq_ > 1) {  // else the dictionary has them
    block.docs = EncodeDocs({docs_, pending_}, &doc_bytes_);
    block.freqs = EncodeFreqs({freqs_, pending_}, &freq_bytes_);
  }
  if (options_.has_positions) SEGUE_RETURN_IF_ERROR(FlushPositions(short_list, &block));
  blocks_.push_back(block);
  pending_ = 0;
  return absl::OkStatus();
}

absl::Status ListEncoder::FlushPositions(bool short_list, Block* block) {
  if (short_list) {
    positions_.EncodeShort(&pos_bytes_);
  } else {
    const uint64_t begin = pos_dropped_ + pos_bytes_.size();
    const uint64_t boundary = begin + positions_.EncodeLong(&pos_bytes_);
    if (boundary > UINT32_MAX) {
      return Error(ErrorCode::kResourceExhausted, "the positions of one term pass 4 GiB");
    }
    block->position_offset = static_cast<uint32_t>(boundary);
  }
  return absl::OkStatus();
}

std::string_view ListEncoder::DocBytes(size_t index) const {
  const size_t begin = blocks_[index].doc_begin;
  const size_t end = index + 1 < blocks_.size() ? blocks_[index + 1].doc_begin : doc_bytes_.size();
  return std::string_view(doc_bytes_).substr(begin, end - begin);
}

std::string_view ListEncoder::FreqBytes(size_t index) const {
  const size_t begin = blocks_[index].freq_begin;
  const size_t end =
      index + 1 < blocks_.size() ? blocks_[index + 1].freq_begin : freq_bytes_.size();
  return std::string_view(freq_bytes_).substr(begin, end - begin);
}

void ListEncoder::AppendBlock(size_t index, bool dense, bool with_count, std::string* out) const {
  const Block& block = blocks_[index];
  DocShape shape = block.docs;
  if (dense) shape = {.codec = DocCodec::kBitmap};
  AppendPostingBlock(shape, dense ? std::string_view() : DocBytes(index), block.freqs,
                     FreqBytes(index), with_count ? block.count : 0, out);
}

// Encodes all blocks into `scratch_`, where each begins into `offsets_`.
absl::Status ListEncoder::EncodeBlocks(bool dense) {
  scratch_.clear();
  offsets_.clear();
  for (size_t i = 0; i < blocks_.size(); ++i) {
    if (scratch_.size() > UINT32_MAX) {
      return Error(ErrorCode::kResourceExhausted, "the postings of one term pass 4 GiB");
    }
    offsets_.push_back(static_cast<uint32_t>(scratch_.size()));
    // Only the last block can have another count than its rank says; it is
    // written there so that a block can be told apart when it is copied.
    AppendBlock(i, dense, blocks_[i].count != kBlockPostings, &scratch_);
  }
  return absl::OkStatus();
}

absl::Status ListEncoder::EncodeLongList(PaddedBytes* out) {
  const bool dense = IsDenseList(doc_freq_, options_.doc_count);
  const size_t kind_at = list_.size();
  list_.push_back(dense ? kDenseList : 0);
  AppendLittleEndian(last_doc_, 4, &list_);
  for (const Block& block : blocks_) AppendLittleEndian(block.first_doc, 4, &list_);
  SEGUE_RETURN_IF_ERROR(EncodeBlocks(dense));
  // A block has less than 1,600 bytes, so that the steps of 32 are never wide.
  [[maybe_unused]] const bool wide = AppendOffsetTable(offsets_, &list_);
  SEGUE_DCHECK(!wide);
  if (options_.has_positions) {
    offsets_.clear();
    for (const Block& block : blocks_) offsets_.push_back(block.position_offset);
    if (AppendOffsetTable(offsets_, &list_)) list_[kind_at] |= kWidePositionTable;
  }
  const size_t bitmap_at = list_.size();
  if (dense) AppendBitmap();
  list_.append(scratch_);
  const std::string_view bytes = list_;
  *out = {bytes.substr(0, bitmap_at), bytes.substr(bitmap_at), dense ? kBitmapAlignment : 0};
  return absl::OkStatus();
}

void ListEncoder::DecodeBlock(size_t index, DocId* out_docs, uint32_t* out_freqs) const {
  const Block& block = blocks_[index];
  const uint8_t* end = Bytes(doc_bytes_) + block.doc_begin + DocBytes(index).size();
  [[maybe_unused]] bool ok =
      DecodeDocBlock(block.docs, block.count, block.first_doc, options_.doc_count,
                     Bytes(doc_bytes_) + block.doc_begin, end, out_docs);
  SEGUE_DCHECK(ok);
  if (out_freqs == nullptr) return;
  FreqBlock view;
  const uint8_t* freq_begin = Bytes(freq_bytes_) + block.freq_begin;
  ok = view.Open(block.freqs, block.count, freq_begin, freq_begin + FreqBytes(index).size()) &&
       view.Decode(out_freqs);
  SEGUE_DCHECK(ok);
}

void ListEncoder::AppendBitmap() {
  const uint32_t windows = (options_.doc_count - 1) / kRankWindowDocs + 1;
  std::vector<uint64_t> words(size_t{windows} * (kRankWindowDocs / 64));
  doc_bytes_.reserve(doc_bytes_.size() + kSlackBytes);
  DocId block_docs[kBlockPostings];
  for (size_t i = 0; i < blocks_.size(); ++i) {
    DecodeBlock(i, block_docs, nullptr);
    ActiveKernels().set_bits(words.data(), 0, block_docs, blocks_[i].count);
  }
  list_.append(reinterpret_cast<const char*>(words.data()), words.size() * sizeof(uint64_t));
  uint64_t rank = 0;
  for (uint32_t window = 0; window < windows; ++window) {
    AppendLittleEndian(static_cast<uint32_t>(rank), 4, &list_);
    rank += ActiveKernels().count_words(&words[size_t{window} * 8], 8);
  }
}

void ListEncoder::EncodeBounds(PaddedBytes* out) {
  doc_bytes_.reserve(doc_bytes_.size() + kSlackBytes);
  freq_bytes_.reserve(freq_bytes_.size() + kSlackBytes);
  bounds_.StartList(doc_freq_);
  DocId block_docs[kBlockPostings];
  uint32_t block_freqs[kBlockPostings];
  for (size_t i = 0; i < blocks_.size(); ++i) {
    DecodeBlock(i, block_docs, block_freqs);
    bounds_.Add({block_docs, blocks_[i].count}, {block_freqs, blocks_[i].count});
  }
  bound_bytes_.clear();
  const size_t map_at = bounds_.FinishList(&bound_bytes_);
  const std::string_view bytes = bound_bytes_;
  *out = {bytes.substr(0, map_at), bytes.substr(map_at),
          map_at == bytes.size() ? 0 : kWindowPadding};
}

}  // namespace segue
