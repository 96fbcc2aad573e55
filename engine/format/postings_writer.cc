// SPDX-License-Identifier: Apache-2.0
//
// A list is collected block by block: when the 129th document comes, the 128
// before it are encoded, their positions go to the positions file at once, and
// the encoded documents and frequencies wait in memory, apart, because only the
// last document decides whether the list is short, sparse or dense. Bounds and
// bitmap are then made from the encoded blocks, by decoding them again: that is
// cheaper than keeping eight bytes for every posting of a frequent term.
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

#include "engine/format/postings_writer.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/byte_writer.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/bounds_writer.h"
#include "engine/format/offset_table.h"
#include "engine/format/position_block.h"
#include "engine/format/posting_block.h"
#include "engine/io/framed_file.h"
#include "engine/simd/kernels.h"

namespace segue {
namespace {

// Decoders may read this far past the end of a block.
constexpr size_t kSlackBytes = 64;

const uint8_t* Bytes(const std::string& s) { return reinterpret_cast<const uint8_t*>(s.data()); }

}  // namespace

struct PostingsWriter::State {
  // One encoded block.
  struct Block {
    DocShape docs;
    FreqShape freqs;
    uint32_t count = 0;
    DocId first_doc = 0;
    uint32_t position_offset = 0;
    size_t doc_begin = 0, freq_begin = 0;  // in doc_bytes, freq_bytes
  };

  FramedWriter* post = nullptr;
  FramedWriter* pos = nullptr;
  FramedWriter* bound = nullptr;
  PostingsWriterOptions options;
  std::unique_ptr<BoundsBuilder> bounds;
  absl::Status status;  // the first failure
  DocId doc_limit = 0;  // documents are below it

  // The term being written.
  uint32_t doc_freq = 0;
  uint64_t total_freq = 0;
  DocId last_doc = 0;
  uint64_t pos_begin = 0;
  // The block being filled.
  uint32_t pending = 0;
  DocId docs[kBlockPostings];
  uint32_t freqs[kBlockPostings];
  PositionBlockEncoder positions;
  // Finished blocks.
  std::vector<Block> blocks;
  std::string doc_bytes, freq_bytes;
  // Scratch.
  std::string list, scratch;
  std::vector<uint32_t> offsets;

  absl::Status Refusal(DocId doc, uint32_t freq, std::span<const uint32_t> given) const;
  absl::Status FlushBlock(bool short_list);
  absl::Status FlushPositions(bool short_list, Block* block);
  void DecodeBlock(size_t index, DocId* out_docs, uint32_t* out_freqs) const;
  std::string_view DocBytes(size_t index) const;
  std::string_view FreqBytes(size_t index) const;
  void AppendBlock(size_t index, bool dense, bool with_count, std::string* out) const;
  absl::Status EncodeBlocks(bool dense);
  absl::Status AppendLongList(uint64_t offset);
  void AppendBitmap();
  absl::Status WriteBounds(TermMeta* meta);
  absl::Status WriteTerm(TermMeta* meta);
};

PostingsWriter::PostingsWriter(FramedWriter* post, FramedWriter* pos, FramedWriter* bound)
    : state_(std::make_unique<State>()) {
  state_->post = post;
  state_->pos = pos;
  state_->bound = bound;
}

PostingsWriter::~PostingsWriter() = default;

void PostingsWriter::StartField(const PostingsWriterOptions& options) {
  SEGUE_DCHECK(options.has_freqs || !options.has_positions);
  SEGUE_DCHECK(!options.has_positions || state_->pos != nullptr);
  state_->options = options;
  state_->doc_limit = std::min<uint32_t>(options.doc_count, kEndOfDocs);
  state_->bounds = std::make_unique<BoundsBuilder>(
      options.doc_count, options.norms, TfNormTable(options.k1, options.b, options.average_length));
  StartTerm();
}

void PostingsWriter::StartTerm() {
  State& s = *state_;
  s.doc_freq = 0;
  s.total_freq = 0;
  s.pending = 0;
  s.positions.Clear();
  s.blocks.clear();
  s.doc_bytes.clear();
  s.freq_bytes.clear();
  s.pos_begin = s.pos == nullptr ? 0 : s.pos->offset();
}

// Says why a posting was refused.
absl::Status PostingsWriter::State::Refusal(DocId doc, uint32_t freq,
                                            std::span<const uint32_t> given) const {
  const auto refuse = [doc](std::string_view why) {
    return Error(ErrorCode::kInvalidArgument, Cat("posting of document ", doc, ": ", why));
  };
  if (doc >= options.doc_count || doc >= kEndOfDocs) return refuse("number beyond the segment");
  if (doc_freq != 0 && doc <= last_doc) return refuse("documents must ascend");
  if (freq == 0) return refuse("frequency 0");
  if (given.size() != (options.has_positions ? freq : 0)) {
    return refuse(Cat(given.size(), " positions for frequency ", freq));
  }
  return refuse("positions must not descend and be below 2^31");
}

absl::Status PostingsWriter::Add(DocId doc, uint32_t freq, std::span<const uint32_t> positions) {
  State& s = *state_;
  if (!s.status.ok()) return s.status;
  if (!s.options.has_freqs) freq = 1;
  if (s.pending == kBlockPostings) {
    s.status = s.FlushBlock(false);
    if (!s.status.ok()) return s.status;
  }
  const bool with_positions = s.options.has_positions;
  if (doc >= s.doc_limit || (s.doc_freq != 0 && doc <= s.last_doc) || freq == 0 ||
      positions.size() != (with_positions ? freq : 0) ||
      (with_positions && !s.positions.Add(positions))) [[unlikely]] {
    s.status = s.Refusal(doc, freq, positions);
    return s.status;
  }
  s.docs[s.pending] = doc;
  s.freqs[s.pending] = freq;
  ++s.pending;
  ++s.doc_freq;
  s.total_freq += freq;
  s.last_doc = doc;
  return absl::OkStatus();
}

absl::StatusOr<TermMeta> PostingsWriter::FinishTerm() {
  State& s = *state_;
  if (!s.status.ok()) return s.status;
  if (s.doc_freq == 0) {
    s.status = Error(ErrorCode::kInvalidArgument, "a term needs at least one document");
    return s.status;
  }
  TermMeta meta;
  s.status = s.WriteTerm(&meta);
  if (!s.status.ok()) return s.status;
  StartTerm();
  return meta;
}

absl::Status PostingsWriter::State::WriteTerm(TermMeta* meta) {
  const bool short_list = !HasSkipArrays(doc_freq);
  SEGUE_RETURN_IF_ERROR(FlushBlock(short_list));
  meta->doc_freq = doc_freq;
  meta->total_freq = total_freq;
  if (options.has_positions) {
    meta->pos_offset = pos_begin;
    meta->pos_bytes = pos->offset() - pos_begin;
  }
  meta->post_offset = post->offset();
  meta->bound_offset = bound->offset();
  if (doc_freq == 1) {
    meta->single_doc = last_doc;
    return absl::OkStatus();
  }
  list.clear();
  if (short_list) {
    AppendVarint(blocks[0].first_doc, &list);
    AppendBlock(0, /*dense=*/false, /*with_count=*/false, &list);
  } else {
    SEGUE_RETURN_IF_ERROR(AppendLongList(meta->post_offset));
  }
  SEGUE_RETURN_IF_ERROR(post->Append(list));
  meta->post_bytes = list.size();
  return doc_freq < kBoundMinDocFreq ? absl::OkStatus() : WriteBounds(meta);
}

absl::Status PostingsWriter::State::FlushBlock(bool short_list) {
  Block block;
  block.count = pending;
  block.first_doc = docs[0];
  block.doc_begin = doc_bytes.size();
  block.freq_begin = freq_bytes.size();
  if (doc_freq > 1) {  // else the dictionary has them
    block.docs = EncodeDocs({docs, pending}, &doc_bytes);
    block.freqs = EncodeFreqs({freqs, pending}, &freq_bytes);
  }
  if (options.has_positions) SEGUE_RETURN_IF_ERROR(FlushPositions(short_list, &block));
  blocks.push_back(block);
  pending = 0;
  return absl::OkStatus();
}

absl::Status PostingsWriter::State::FlushPositions(bool short_list, Block* block) {
  scratch.clear();
  if (short_list) {
    positions.EncodeShort(&scratch);
  } else {
    const uint64_t boundary = pos->offset() - pos_begin + positions.EncodeLong(&scratch);
    if (boundary > UINT32_MAX) {
      return Error(ErrorCode::kResourceExhausted, "the positions of one term pass 4 GiB");
    }
    block->position_offset = static_cast<uint32_t>(boundary);
  }
  return pos->Append(scratch);
}

std::string_view PostingsWriter::State::DocBytes(size_t index) const {
  const size_t begin = blocks[index].doc_begin;
  const size_t end = index + 1 < blocks.size() ? blocks[index + 1].doc_begin : doc_bytes.size();
  return std::string_view(doc_bytes).substr(begin, end - begin);
}

std::string_view PostingsWriter::State::FreqBytes(size_t index) const {
  const size_t begin = blocks[index].freq_begin;
  const size_t end = index + 1 < blocks.size() ? blocks[index + 1].freq_begin : freq_bytes.size();
  return std::string_view(freq_bytes).substr(begin, end - begin);
}

void PostingsWriter::State::AppendBlock(size_t index, bool dense, bool with_count,
                                        std::string* out) const {
  const Block& block = blocks[index];
  DocShape shape = block.docs;
  if (dense) shape = {.codec = DocCodec::kBitmap};
  AppendPostingBlock(shape, dense ? std::string_view() : DocBytes(index), block.freqs,
                     FreqBytes(index), with_count ? block.count : 0, out);
}

// Encodes all blocks into `scratch`, where each begins into `offsets`.
absl::Status PostingsWriter::State::EncodeBlocks(bool dense) {
  scratch.clear();
  offsets.clear();
  for (size_t i = 0; i < blocks.size(); ++i) {
    if (scratch.size() > UINT32_MAX) {
      return Error(ErrorCode::kResourceExhausted, "the postings of one term pass 4 GiB");
    }
    offsets.push_back(static_cast<uint32_t>(scratch.size()));
    // Only the last block can have another count than its rank says; it is
    // written there so that a block can be told apart when it is copied.
    AppendBlock(i, dense, blocks[i].count != kBlockPostings, &scratch);
  }
  return absl::OkStatus();
}

absl::Status PostingsWriter::State::AppendLongList(uint64_t offset) {
  const bool dense = IsDenseList(doc_freq, options.doc_count);
  const size_t kind_at = list.size();
  list.push_back(dense ? kDenseList : 0);
  AppendLittleEndian(last_doc, 4, &list);
  for (const Block& block : blocks) AppendLittleEndian(block.first_doc, 4, &list);
  SEGUE_RETURN_IF_ERROR(EncodeBlocks(dense));
  // A block has less than 1,600 bytes, so that the steps of 32 are never wide.
  [[maybe_unused]] const bool wide = AppendOffsetTable(offsets, &list);
  SEGUE_DCHECK(!wide);
  if (options.has_positions) {
    offsets.clear();
    for (const Block& block : blocks) offsets.push_back(block.position_offset);
    if (AppendOffsetTable(offsets, &list)) list[kind_at] |= kWidePositionTable;
  }
  if (dense) {
    const uint64_t at = offset + list.size();
    list.append((kBitmapAlignment - at % kBitmapAlignment) % kBitmapAlignment, '\0');
    AppendBitmap();
  }
  list.append(scratch);
  return absl::OkStatus();
}

void PostingsWriter::State::DecodeBlock(size_t index, DocId* out_docs, uint32_t* out_freqs) const {
  const Block& block = blocks[index];
  const uint8_t* end = Bytes(doc_bytes) + block.doc_begin + DocBytes(index).size();
  [[maybe_unused]] bool ok =
      DecodeDocBlock(block.docs, block.count, block.first_doc, options.doc_count,
                     Bytes(doc_bytes) + block.doc_begin, end, out_docs);
  SEGUE_DCHECK(ok);
  if (out_freqs == nullptr) return;
  FreqBlock view;
  const uint8_t* freq_begin = Bytes(freq_bytes) + block.freq_begin;
  ok = view.Open(block.freqs, block.count, freq_begin, freq_begin + FreqBytes(index).size()) &&
       view.Decode(out_freqs);
  SEGUE_DCHECK(ok);
}

void PostingsWriter::State::AppendBitmap() {
  const uint32_t windows = (options.doc_count - 1) / kRankWindowDocs + 1;
  std::vector<uint64_t> words(size_t{windows} * (kRankWindowDocs / 64));
  doc_bytes.reserve(doc_bytes.size() + kSlackBytes);
  DocId block_docs[kBlockPostings];
  for (size_t i = 0; i < blocks.size(); ++i) {
    DecodeBlock(i, block_docs, nullptr);
    ActiveKernels().set_bits(words.data(), 0, block_docs, blocks[i].count);
  }
  list.append(reinterpret_cast<const char*>(words.data()), words.size() * sizeof(uint64_t));
  uint64_t rank = 0;
  for (uint32_t window = 0; window < windows; ++window) {
    AppendLittleEndian(static_cast<uint32_t>(rank), 4, &list);
    rank += ActiveKernels().count_words(&words[size_t{window} * 8], 8);
  }
}

absl::Status PostingsWriter::State::WriteBounds(TermMeta* meta) {
  doc_bytes.reserve(doc_bytes.size() + kSlackBytes);
  freq_bytes.reserve(freq_bytes.size() + kSlackBytes);
  bounds->StartList(doc_freq);
  DocId block_docs[kBlockPostings];
  uint32_t block_freqs[kBlockPostings];
  for (size_t i = 0; i < blocks.size(); ++i) {
    DecodeBlock(i, block_docs, block_freqs);
    bounds->Add({block_docs, blocks[i].count}, {block_freqs, blocks[i].count});
  }
  scratch.clear();
  bounds->FinishList(meta->bound_offset, &scratch);
  meta->bound_bytes = scratch.size();
  return bound->Append(scratch);
}

}  // namespace segue
