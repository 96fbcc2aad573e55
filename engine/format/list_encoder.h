// SPDX-License-Identifier: Apache-2.0
//
// ListEncoder: one term's list after the other, encoded in memory.
//
//   encoder.StartTerm();
//   for each document, ascending: encoder.Add(doc, freq, positions), or many: encoder.Add(postings)
//   encoder.FinishTerm(&list)            views, until the next StartTerm
//
// What is made does not depend on where it will lie in its files: the only thing
// that does, padding, is added by whoever writes it (PostingsWriter::Append). So
// lists may be encoded in several threads, each with an encoder of its own.
//
// Memory: the encoded list, less the positions that were taken, and one block.
// One thread at a time. The first failure sticks.

#ifndef SEGUE_FORMAT_LIST_ENCODER_H_
#define SEGUE_FORMAT_LIST_ENCODER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "engine/base/types.h"
#include "engine/format/bounds_writer.h"
#include "engine/format/position_block.h"
#include "engine/format/posting_block.h"
#include "engine/format/postings_format.h"

namespace segue {

// What holds for all terms of one field.
struct PostingsWriterOptions {
  // Documents of the segment: every document number is below it.
  uint32_t doc_count = 0;
  // Norm byte of each document (a larger byte never scores higher), or nullptr
  // when all are 1. Must outlive the field's last FinishTerm().
  const uint8_t* norms = nullptr;
  // Without frequencies every document counts as holding a term once.
  bool has_freqs = true;
  bool has_positions = true;  // needs has_freqs
  // What the derived window maps are computed with (BM25, Lucene's form).
  float k1 = 1.2f;
  float b = 0.75f;
  float average_length = 1;
};

// Bytes of one list in one file: `head`, zeros to a multiple of `alignment` of the section (0:
// none), `tail`.
struct PaddedBytes {
  std::string_view head, tail;
  uint32_t alignment = 0;
};

// A term's list, not yet at its place in the files.
struct EncodedList {
  uint32_t doc_freq = 0;
  uint64_t total_freq = 0;
  DocId single_doc = 0;  // when doc_freq == 1
  PaddedBytes postings;
  std::string_view positions;
  PaddedBytes bounds;
};

class ListEncoder {
 public:
  explicit ListEncoder(const PostingsWriterOptions& options);

  void StartTerm();
  // As PostingsWriter::Add.
  absl::Status Add(DocId doc, uint32_t freq, std::span<const uint32_t> positions);
  // Whole documents, each posting document << 32 | position, ascending.
  absl::Status Add(std::span<const uint64_t> postings);
  // Positions of finished blocks may be taken away before the list is complete.
  std::string_view positions() const { return pos_bytes_; }
  void DropPositions() {
    pos_dropped_ += pos_bytes_.size();
    pos_bytes_.clear();
  }
  // A term needs at least one document. kResourceExhausted when the list passes 4 GiB in one file.
  absl::Status FinishTerm(EncodedList* list);

 private:
  // One encoded block.
  struct Block {
    DocShape docs;
    FreqShape freqs;
    uint32_t count = 0;
    DocId first_doc = 0;
    uint32_t position_offset = 0;
    size_t doc_begin = 0, freq_begin = 0;  // in doc_bytes_, freq_bytes_
  };

  size_t TakeDocuments(std::span<const uint64_t> postings);
  absl::Status Refusal(DocId doc, uint32_t freq, std::span<const uint32_t> given) const;
  absl::Status FlushBlock(bool short_list);
  absl::Status FlushPositions(bool short_list, Block* block);
  void DecodeBlock(size_t index, DocId* out_docs, uint32_t* out_freqs) const;
  std::string_view DocBytes(size_t index) const;
  std::string_view FreqBytes(size_t index) const;
  void AppendBlock(size_t index, bool dense, bool with_count, std::string* out) const;
  absl::Status EncodeBlocks(bool dense);
  absl::Status EncodeLongList(PaddedBytes* out);
  void AppendBitmap();
  void EncodeBounds(PaddedBytes* out);
  absl::Status EncodeList(EncodedList* out);

  const PostingsWriterOptions options_;
  const DocId doc_limit_;  // documents are below it
  BoundsBuilder bounds_;
  absl::Status status_;  // the first failure

  // The term being encoded.
  uint32_t doc_freq_ = 0;
  uint64_t total_freq_ = 0;
  DocId last_doc_ = 0;
  uint64_t pos_dropped_ = 0;  // bytes of its positions that were taken
  // The block being filled.
  uint32_t pending_ = 0;
  DocId docs_[kBlockPostings];
  uint32_t freqs_[kBlockPostings];
  PositionBlockEncoder positions_;
  // Finished blocks.
  std::vector<Block> blocks_;
  std::string doc_bytes_, freq_bytes_, pos_bytes_;
  // The list and its bounds.
  std::string list_, bound_bytes_;
  // Scratch.
  std::string scratch_;
  std::vector<uint32_t> offsets_;
};

inline absl::Status ListEncoder::Add(DocId doc, uint32_t freq,
                                     std::span<const uint32_t> positions) {
  if (!status_.ok()) return status_;
  if (!options_.has_freqs) freq = 1;
  if (pending_ == kBlockPostings) [[unlikely]] {
    status_ = FlushBlock(false);
    if (!status_.ok()) return status_;
  }
  const bool with_positions = options_.has_positions;
  if (doc >= doc_limit_ || (doc_freq_ != 0 && doc <= last_doc_) || freq == 0 ||
      positions.size() != (with_positions ? freq : 0) ||
      (with_positions && !positions_.Add(positions))) [[unlikely]] {
    status_ = Refusal(doc, freq, positions);
    return status_;
  }
  docs_[pending_] = doc;
  freqs_[pending_] = freq;
  ++pending_;
  ++doc_freq_;
  total_freq_ += freq;
  last_doc_ = doc;
  return absl::OkStatus();
}

}  // namespace segue

#endif  // SEGUE_FORMAT_LIST_ENCODER_H_
