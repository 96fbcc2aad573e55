// SPDX-License-Identifier: Apache-2.0
//
// Blocks are decoded as a whole, positions too, and postings that are not wanted left out. Nothing
// here depends on what other batches hold, so that they may be read side by side.
#include "engine/write/merge_batch.h"

#include <algorithm>
#include <numeric>

namespace segue {
namespace {

// Positions of a block that are decoded together; documents with thousands of a word are rare.
constexpr uint64_t kMostPositionsAtOnce = 16384;
// What PositionReader::ReadSums() may write beyond them.
constexpr size_t kRoomForSums = 16;

}  // namespace

void MergeBatch::Clear() {
  pieces_.clear();
  size_ = 0;
}

void MergeBatch::Add(MergePiece piece) {
  size_ += piece.size + 1;
  pieces_.push_back(std::move(piece));
}

void MergeBatch::Read() {
  status_ = absl::OkStatus();
  ends_.clear();
  postings_.clear();
  position_count_ = 0;
  for (const MergePiece& piece : pieces_) {
    status_ = ReadPiece(piece);
    if (!status_.ok()) return;
    ends_.push_back(postings_.size());
  }
}

absl::Status MergeBatch::ReadPiece(const MergePiece& piece) {
  for (const MergeList& from : piece.lists) {
    SEGUE_ASSIGN_OR_RETURN(const PostingList list,
                           PostingList::Open(from.field->postings(), from.meta, spec_.positions));
    const uint32_t last_block = std::min(piece.last_block, list.block_count());
    for (uint32_t block = piece.first_block; block < last_block; ++block) {
      SEGUE_RETURN_IF_ERROR(ReadBlock(piece, from, list, block));
    }
  }
  if (!map_.reorders()) return absl::OkStatus();
  return sorter_.Take([this](DocId doc, uint32_t freq, std::span<const uint32_t> positions) {
    Append(doc, freq, positions);
    return absl::OkStatus();
  });
}

absl::Status MergeBatch::ReadBlock(const MergePiece& piece, const MergeList& from,
                                   const PostingList& list, uint32_t block) {
  DocId docs[kBlockPostings];
  uint32_t freqs[kBlockPostings];
  const uint32_t count = list.DecodeDocs(block, docs);
  if (count == 0) return list.status();
  if (spec_.freqs) {
    if (!list.DecodeFreqs(block, freqs)) return list.status();
  } else {
    std::fill_n(freqs, count, 1u);
  }
  PositionReader reader(&list);
  if (spec_.positions && !reader.EnterBlock(block)) return list.status();
  const bool all_read = spec_.positions && ReadPositions({freqs, count}, &reader);
  uint64_t end = 0;  // of the document's positions
  for (uint32_t i = 0; i < count; ++i) {
    const uint64_t begin = std::exchange(end, end + freqs[i]);
    SEGUE_RETURN_IF_ERROR(map_.CheckDoc(from.input, docs[i], spec_.name));
    const DocId doc = map_.Map(from.input, docs[i]);
    // A deleted document's number is beyond every range.
    if (doc < piece.first_doc || doc >= piece.last_doc) continue;
    std::span<const uint32_t> positions;
    if (all_read) {
      positions = std::span(block_positions_).subspan(begin, freqs[i]);
    } else if (spec_.positions) {
      const uint32_t position_count = reader.Read(i, &block_positions_);
      if (position_count == 0) return list.status();
      positions = std::span(block_positions_).first(position_count);
    }
    if (map_.reorders()) {
      sorter_.Add(doc, freqs[i], positions);
    } else {
      Append(doc, freqs[i], positions);
    }
  }
  return absl::OkStatus();
}

// Positions of all documents of the block, one after the other: one pass instead of one for each.
// False if that cannot be: they are many, or plain, or damaged.
bool MergeBatch::ReadPositions(std::span<const uint32_t> freqs, PositionReader* reader) {
  const uint64_t count = std::accumulate(freqs.begin(), freqs.end(), uint64_t{0});
  if (count > kMostPositionsAtOnce || count > reader->positions().capacity()) return false;
  sums_.resize(kMostPositionsAtOnce + kRoomForSums);
  if (block_positions_.size() < count) block_positions_.resize(count);
  if (!reader->ReadSums(0, static_cast<uint32_t>(count), sums_.data())) return false;
  size_t at = 0;
  uint32_t before = reader->positions().step();  // what is to be taken off a document's sums
  for (const uint32_t freq : freqs) {
    for (const size_t end = at + freq; at < end; ++at) block_positions_[at] = sums_[at] - before;
    before = sums_[at - 1] + reader->positions().step();
  }
  return true;
}

void MergeBatch::Append(DocId doc, uint32_t freq, std::span<const uint32_t> positions) {
  postings_.push_back({doc, freq});
  if (positions_.size() - position_count_ < positions.size()) {
    positions_.resize(2 * positions_.size() + positions.size());
  }
  // Mostly one or two: a call would cost more.
  for (const uint32_t position : positions) positions_[position_count_++] = position;
}

}  // namespace segue
